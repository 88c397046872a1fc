//! Exchange fees.

use serde::{Deserialize, Serialize};

use crate::units::{Money, Rate, Rounding, UnitsError};

/// Whether an order waited in the book or took from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Liquidity {
    /// A resting limit or take-profit order.
    Maker,
    /// A market or stop order.
    Taker,
}

/// Fees as shares of the notional, taken in quote asset on every fill, buys and sells alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeSchedule {
    /// For orders that waited in the book.
    pub maker: Rate,
    /// For orders that took from the book.
    pub taker: Rate,
}

impl FeeSchedule {
    /// The rate for this kind of order.
    pub const fn rate(&self, liquidity: Liquidity) -> Rate {
        match liquidity {
            Liquidity::Maker => self.maker,
            Liquidity::Taker => self.taker,
        }
    }

    /// `notional × rate`, rounded up to 1e-12.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn fee(&self, notional: Money, liquidity: Liquidity) -> Result<Money, UnitsError> {
        self.rate(liquidity).of(notional.abs(), Rounding::Up)
    }
}
