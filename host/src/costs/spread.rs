//! The bid-ask spread.

use serde::{Deserialize, Serialize};

use crate::units::{Price, Rate, Rounding, UnitsError};

/// A constant spread around the reference price. Whoever takes liquidity pays half of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedSpread {
    /// The whole spread, from bid to ask, as a share of the price.
    pub rate: Rate,
}

impl FixedSpread {
    /// `price × rate ÷ 2`, rounded up to 1e-12.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn half_of(&self, price: Price) -> Result<Price, UnitsError> {
        self.rate.half().of(price, Rounding::Up)
    }
}
