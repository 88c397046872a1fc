//! Slippage: the price moves between decision and fill.

use serde::{Deserialize, Serialize};

use crate::units::{Price, Rate, Rounding, UnitsError};

/// A constant share of the price, always against the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedSlippage {
    /// Share of the price.
    pub rate: Rate,
}

impl FixedSlippage {
    /// `price × rate`, rounded up to 1e-12.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn of(&self, price: Price) -> Result<Price, UnitsError> {
        self.rate.of(price, Rounding::Up)
    }
}
