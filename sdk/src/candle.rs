//! Prices of one interval as a plain value.

use serde::{Deserialize, Serialize};

/// Open, high, low and close prices and the volume of one interval.
///
/// [`Bar`](crate::Bar) is the host's view of a row; a candle stands on its own, so it can be
/// stored, aggregated or written down in a test.
///
/// ```
/// use ct_sdk::Candle;
///
/// let still = Candle::flat(0, 100.0);
/// assert_eq!((still.high, still.low, still.volume), (100.0, 100.0, 1.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Candle {
    /// Open time in milliseconds since 1970-01-01T00:00:00Z.
    pub time: i64,
    /// First price, in the quote asset.
    pub open: f64,
    /// Highest price, in the quote asset.
    pub high: f64,
    /// Lowest price, in the quote asset.
    pub low: f64,
    /// Last price, in the quote asset.
    pub close: f64,
    /// Traded amount of the base asset.
    pub volume: f64,
}

impl Candle {
    /// A candle that never left `price` and traded one unit.
    pub fn flat(time: i64, price: f64) -> Self {
        Self { time, open: price, high: price, low: price, close: price, volume: 1.0 }
    }
}
