//! What is still held, and what was held of instruments whose prices had ended.

use serde::{Deserialize, Serialize};

use ct_core::market::Symbol;
use ct_core::units::{Quantity, Timestamp};

/// What is held of one instrument at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenPosition {
    /// The instrument.
    pub symbol: Symbol,
    /// Base asset; negative when short.
    pub quantity: Quantity,
    /// Average entry price before costs.
    pub average_price: f64,
    /// Last close.
    pub mark: f64,
    /// Profit at the last close, before costs, in quote asset.
    pub unrealised_pnl: f64,
}

/// A position that was marked, or closed at the end of the run, at a price from before the last bar of the run: the prices of its
/// instrument had ended, but not long enough ago to count as delisted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaleMark {
    /// The instrument.
    pub symbol: Symbol,
    /// End of its last bar.
    pub last_time: Timestamp,
    /// Its last close, in quote asset.
    pub last_price: f64,
    /// Time from then to the end of the run, in milliseconds.
    pub age_ms: i64,
    /// Base asset that is held, or was closed at the end; negative when short.
    pub quantity: Quantity,
}
