//! The rules of one tradable symbol.

use serde::{Deserialize, Serialize};

use crate::units::{Money, Price, Quantity};

/// A symbol and the grid on which its exchange takes orders. Zero means that there is no such rule.
///
/// ```
/// use ct_core::market::Instrument;
/// use ct_core::units::{Money, Quantity};
/// let mut instrument = Instrument::unrestricted("BTC/USDT");
/// instrument.lot = Quantity::from_f64(0.00001)?;
/// instrument.notional_min = Money::from_f64(5.0)?;
/// # Ok::<(), ct_core::units::UnitsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// Base and quote asset, such as `BTC/USDT`.
    pub symbol: String,
    /// Prices are multiples of this, in quote asset.
    pub tick: Price,
    /// Quantities are multiples of this, in base asset.
    pub lot: Quantity,
    /// Smaller orders are refused, in base asset.
    #[serde(default)]
    pub quantity_min: Quantity,
    /// Orders worth less than this are refused, in quote asset.
    pub notional_min: Money,
}

impl Instrument {
    /// An instrument without tick, lot or minimum: nothing is rounded beyond 1e-12.
    pub fn unrestricted(symbol: impl Into<String>) -> Self {
        Self {
            symbol: symbol.into(),
            tick: Price::ZERO,
            lot: Quantity::ZERO,
            quantity_min: Quantity::ZERO,
            notional_min: Money::ZERO,
        }
    }
}
