//! How large a position an order aims at.

use serde::{Deserialize, Serialize};

use crate::units::{Money, Quantity, Rate, Rounding, UnitsError};

/// The size of a position that an order aims at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Quote asset that the position is to be worth, the costs of the order included.
    Amount(Money),
    /// Base asset to hold.
    Units(Quantity),
}

impl Size {
    /// This part of the size, rounded down to 1e-12.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn part(self, part: Rate) -> Result<Self, UnitsError> {
        Ok(match self {
            Self::Amount(amount) => Self::Amount(part.of(amount, Rounding::Down)?),
            Self::Units(units) => Self::Units(part.of(units, Rounding::Down)?),
        })
    }

    /// The quantity in base asset, at a price of `mark`, which is above zero.
    ///
    /// # Errors
    /// [`UnitsError`] when there is no such price, or the quantity leaves the range.
    pub(crate) fn quantity_at(self, mark: f64) -> Result<Quantity, UnitsError> {
        match self {
            Self::Amount(amount) => Quantity::from_f64(amount.to_f64() / mark),
            Self::Units(units) => Ok(units),
        }
    }

    /// The value in quote asset, at a price of `mark`.
    pub fn value(self, mark: f64) -> f64 {
        match self {
            Self::Amount(amount) => amount.to_f64(),
            Self::Units(units) => units.to_f64() * mark,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_an_object_with_one_key() {
        let size = Size::Units(Quantity::from_f64(0.5).unwrap());
        let json = serde_json::to_string(&size).unwrap();
        assert!(json.starts_with(r#"{"units":"#), "{json}");
        assert_eq!(serde_json::from_str::<Size>(&json).unwrap(), size);
    }

    #[test]
    fn a_part_is_rounded_down() {
        let third = Rate::from_fraction(0.333_333_333_333).unwrap();
        let size = Size::Amount(Money::from_units(1_000_000_000_001));
        assert_eq!(size.part(third).unwrap(), Size::Amount(Money::from_units(333_333_333_333)));
    }

    #[test]
    fn units_are_worth_their_price() {
        assert!((Size::Units(Quantity::from_f64(2.0).unwrap()).value(10.5) - 21.0).abs() < 1e-12);
        assert!((Size::Amount(Money::from_f64(7.0).unwrap()).value(10.5) - 7.0).abs() < 1e-12);
    }
}
