//! What is still held.

use serde::{Deserialize, Serialize};

use ct_core::market::Symbol;
use ct_core::units::Quantity;

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
