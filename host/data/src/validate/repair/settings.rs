//! What a repair may do.

use serde::{Deserialize, Serialize};

use crate::validate::ValidationSettings;
use ct_core::units::Timestamp;

/// Which of several rows with one time and different values is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictRule {
    /// The one with the largest volume: it has seen the most trades. Of equal ones, the last in the file.
    #[default]
    MoreVolume,
    /// The first in the file.
    First,
    /// The last in the file: a correction, where the source appends them.
    Last,
}

/// What happens to rows off the time grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffGridRule {
    /// They are dropped.
    #[default]
    Drop,
    /// They are kept, but for those that overlap the row before.
    Keep,
}

/// What happens to bad ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clipping {
    /// They stay: a wick may be a real trade.
    #[default]
    Keep,
    /// The bar's prices are cut to what its neighbours reached.
    Neighbours,
}

/// What a repair may do. Rows that cannot be bars and repeated rows are always dropped, and the rest is sorted; the
/// default does no more than also drop what is off the time grid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RepairSettings {
    /// Which of several versions of a bar is kept.
    pub conflicts: ConflictRule,
    /// What happens to rows off the time grid.
    pub off_grid: OffGridRule,
    /// Bars that close after this time are dropped; `None` keeps them.
    pub now: Option<Timestamp>,
    /// What happens to bad ticks.
    pub bad_ticks: Clipping,
    /// Gaps of up to this many bars are filled with made-up ones, flat at the last close and without volume; 0 fills none.
    pub filled_bars_max: usize,
    /// What a bad tick is.
    pub thresholds: ValidationSettings,
}
