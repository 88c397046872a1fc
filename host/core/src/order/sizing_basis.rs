//! What a position was sized by.

use serde::{Deserialize, Serialize};

use crate::units::Price;

/// What sizing measured for a decision, beside the equity. Rules that measure nothing have none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SizingBasis {
    /// The way from the decision's close to its stop, in quote asset.
    Stop {
        /// The distance.
        distance: Price,
    },
    /// The multiple of the average true range that stands for a stop, in quote asset.
    AverageTrueRange {
        /// The distance.
        distance: Price,
    },
    /// The volatility that a target was compared with.
    Volatility {
        /// Volatility per year of 365 days.
        annual: f64,
        /// Share of the instrument's capital that it makes.
        share: f64,
    },
    /// The record that a Kelly fraction comes from.
    Kelly {
        /// The fraction, as the record has it; `None` while the record is too short.
        fraction: Option<f64>,
        /// Trades or returns in the record.
        sample: usize,
        /// Share of the instrument's capital that it makes, the fallback for a short record.
        share: f64,
    },
    /// The instrument's part among those whose risk is made equal.
    EqualRisk {
        /// Volatility per year of 365 days.
        annual: f64,
        /// Share of the capital of all instruments.
        weight: f64,
    },
}
