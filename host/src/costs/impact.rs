//! Market impact: a large order moves the price against itself.

use serde::{Deserialize, Serialize};

use crate::units::{Price, Quantity, Rate, Rounding, UnitsError};

/// The square-root law: `impact = price × coefficient × √(quantity ÷ bar volume)`.
///
/// `coefficient` is the impact of an order as large as the bar's whole volume; empirically about one standard
/// deviation of the bar's return (Almgren et al. 2005; Tóth et al. 2011). The share is taken as 1 when the bar's volume
/// is zero or smaller than the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SquareRootImpact {
    /// Impact at a share of 1, as a share of the price.
    pub coefficient: Rate,
}

impl SquareRootImpact {
    /// The impact on the price of one base asset, rounded up to 1e-12.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn of(&self, price: Price, quantity: Quantity, volume: f64) -> Result<Price, UnitsError> {
        if self.coefficient.is_zero() {
            return Ok(Price::ZERO);
        }
        let share = quantity.abs().to_f64() / volume;
        let share = if share.is_finite() { share.min(1.0) } else { 1.0 };
        let rate = Rate::from_fraction(self.coefficient.to_fraction() * share.sqrt())?;
        rate.of(price, Rounding::Up)
    }
}
