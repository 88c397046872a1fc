//! Why bars of several instruments make no panel.

use super::BarsError;
use crate::units::{Interval, Timestamp};

/// Why bars make no panel.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PanelError {
    /// No instrument at all, or too many.
    #[error("{0} instruments: expected 1 to 1024")]
    Count(usize),
    /// An instrument without bars.
    #[error("'{0}' has no bars")]
    Empty(String),
    /// Different bar intervals.
    #[error(
        "'{symbol}' has bars of {found}, but '{first}' has bars of {expected}: expected one interval"
    )]
    Interval {
        /// The instrument that differs.
        symbol: String,
        /// Its interval.
        found: Interval,
        /// The first instrument.
        first: String,
        /// Its interval.
        expected: Interval,
    },
    /// Bars that open at different times of their interval. A row is over when its last bar is, and the next one may open before
    /// that: the close of one instrument would be known when another one trades earlier.
    #[error(
        "'{earlier}' has a bar from {earlier_time}, and before that ends '{later}' has one from {later_time}: expected bars of {interval} that open at the same times; resample them to a common grid, or trade them apart"
    )]
    Grid {
        /// The instrument with the earlier bar.
        earlier: String,
        /// When that opens.
        earlier_time: Timestamp,
        /// The instrument with the later bar.
        later: String,
        /// When that opens.
        later_time: Timestamp,
        /// The interval of both.
        interval: Interval,
    },
    /// A price that is too small for the grid of exact money.
    #[error(
        "'{symbol}' is at {price} in the bar of {time}: expected prices of at least 0.0000001, since exact money is counted in steps of 1e-12 and costs would be lost in rounding; quote it in a larger unit, such as the price of 1,000,000: prices × 1,000,000, volumes ÷ 1,000,000"
    )]
    TooSmall {
        /// The instrument.
        symbol: String,
        /// Open time of the first bar with such a price.
        time: Timestamp,
        /// Its low.
        price: f64,
    },
    /// The same symbol twice.
    #[error("'{0}' is there twice: give each instrument a symbol of its own")]
    Duplicate(String),
    /// A row that is to be appended has another number of instruments.
    #[error("a row of {found} instruments: expected {expected}")]
    RowCount {
        /// Bars of the row.
        found: usize,
        /// Instruments of the panel.
        expected: usize,
    },
    /// The time of a row that is to be appended.
    #[error(transparent)]
    Time(BarsError),
    /// A row that is to be appended has what is no bar.
    #[error("'{symbol}': {error}")]
    Row {
        /// The instrument.
        symbol: String,
        /// What is wrong.
        error: BarsError,
    },
}
