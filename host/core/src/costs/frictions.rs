//! What trading adds to a price, friction by friction.

use crate::units::{Price, Rate, UnitsError};

/// What each friction adds to the price of one base asset; all zero or more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frictions {
    /// Half the spread.
    pub spread: Price,
    /// Slippage and the way to the next tick.
    pub slippage: Price,
    /// Market impact.
    pub impact: Price,
}

impl Frictions {
    /// All frictions together.
    pub(super) fn total(&self) -> Result<Price, UnitsError> {
        self.spread.plus(self.slippage)?.plus(self.impact)
    }

    /// The same frictions, of which together no more than `limit` is left: impact goes first, the spread last.
    pub(super) fn within(self, limit: Price) -> Result<Self, UnitsError> {
        let spread = self.spread.min(limit);
        let slippage = self.slippage.min(limit.minus(spread)?);
        let impact = self.impact.min(limit.minus(spread)?.minus(slippage)?);
        Ok(Self { spread, slippage, impact })
    }
}

/// A modelled friction as a rate: no friction is more than the whole price.
pub(super) fn bounded_rate(fraction: f64) -> Result<Rate, UnitsError> {
    Rate::from_fraction(fraction.min(1.0))
}
