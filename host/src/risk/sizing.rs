//! How much capital a decision moves.

use serde::{Deserialize, Serialize};

use crate::order::Exposure;
use crate::units::{Money, Quantity, Rate, Rounding, UnitsError};

/// The rule that turns a target exposure into a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sizing {
    /// `rate × |target| × equity ÷ instruments`, in quote asset, costs included. Equity is marked at the close on which
    /// the decision was made.
    Fraction(Rate),
    /// `|target| × quantity`, in base asset.
    Units(Quantity),
}

/// The size of a position that an order aims at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Quote asset to spend, costs included.
    Amount(Money),
    /// Base asset to hold.
    Units(Quantity),
}

impl Sizing {
    /// The size for `target`, when `equity` is shared by `instruments` instruments.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn size(
        &self,
        target: Exposure,
        equity: Money,
        instruments: usize,
    ) -> Result<Size, UnitsError> {
        let share = Rate::from_fraction(target.share().abs())?;
        match *self {
            Self::Fraction(rate) => {
                let granted =
                    rate.of(share.of(equity.max(Money::ZERO), Rounding::Down)?, Rounding::Down)?;
                let count = i128::try_from(instruments.max(1)).unwrap_or(i128::MAX);
                Ok(Size::Amount(Money::from_units(granted.units() / count)))
            }
            Self::Units(quantity) => share.of(quantity, Rounding::Down).map(Size::Units),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_by_hand() {
        let equity = Money::from_f64(10_000.0).unwrap();
        let half = Exposure::new(-0.5).unwrap();
        let fraction = Sizing::Fraction(Rate::from_fraction(0.8).unwrap());
        // 0.8 × 0.5 × 10 000 ÷ 4 = 1 000.
        assert_eq!(
            fraction.size(half, equity, 4),
            Ok(Size::Amount(Money::from_f64(1_000.0).unwrap()))
        );
        assert_eq!(fraction.size(half, equity.negated(), 4), Ok(Size::Amount(Money::ZERO)));
        let units = Sizing::Units(Quantity::from_f64(3.0).unwrap());
        assert_eq!(units.size(half, equity, 4), Ok(Size::Units(Quantity::from_f64(1.5).unwrap())));
    }
}
