//! Dimensionless rates: fees, spreads, slippage, shares.

use serde::{Deserialize, Serialize};

use super::fixed::multiply;
use super::{Fixed, Price, Rounding, Unit, UnitsError};

/// An exact, non-negative rate, counted in 1e-12: 0.001 (10 basis points) is 1e9.
///
/// ```
/// use ct_core::units::{Money, Rate, Rounding};
/// let fee = Rate::from_bps(10.0)?;
/// let paid = fee.of(Money::from_f64(8_250.0)?, Rounding::Up)?;
/// assert_eq!(paid.to_string(), "8.25");
/// # Ok::<(), ct_core::units::UnitsError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(i128);

/// Largest rate: 100 000 %. Whatever is larger is a mistyped unit.
const RATE_MAX: f64 = 1e3;

impl Rate {
    /// No rate at all.
    pub const ZERO: Self = Self(0);
    /// The whole: 100 %.
    pub const ONE: Self = Self(1_000_000_000_000);

    /// The rate that is `fraction` of one: 0.001 for 10 basis points.
    ///
    /// # Errors
    /// [`UnitsError::OutOfRange`] unless 0 ≤ `fraction` ≤ 1000.
    pub fn from_fraction(fraction: f64) -> Result<Self, UnitsError> {
        if !(0.0..=RATE_MAX).contains(&fraction) {
            return Err(UnitsError::OutOfRange { value: fraction, expected: "rate of 0 or more" });
        }
        Price::from_f64(fraction).map(|fixed| Self(fixed.units()))
    }

    /// The rate that a number of this program's own says.
    ///
    /// # Panics
    /// When it is no rate.
    pub(crate) fn known(fraction: f64) -> Self {
        let Ok(rate) = Self::from_fraction(fraction) else { unreachable!("{fraction} is no rate") };
        rate
    }

    /// The rate of `bps` basis points (hundredths of a per cent).
    ///
    /// # Errors
    /// [`UnitsError::OutOfRange`] unless 0 ≤ `bps` ≤ 10 000 000.
    pub fn from_bps(bps: f64) -> Result<Self, UnitsError> {
        Self::from_fraction(bps / 10_000.0)
    }

    /// The rate as a fraction of one.
    pub fn to_fraction(self) -> f64 {
        Price::from_units(self.0).to_f64()
    }

    /// The rate in basis points.
    pub fn to_bps(self) -> f64 {
        Price::from_units(self.0.saturating_mul(10_000)).to_f64()
    }

    /// True for no rate at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Half the rate, rounded down to 1e-12.
    #[must_use]
    pub const fn half(self) -> Self {
        Self(self.0 / 2)
    }

    /// This rate of `amount`, with the amount's sign.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn of<U: Unit>(self, amount: Fixed<U>, rounding: Rounding) -> Result<Fixed<U>, UnitsError> {
        if self == Self::ONE {
            return Ok(amount);
        }
        multiply(self.0, amount.units(), rounding)
            .map(Fixed::from_units)
            .ok_or(UnitsError::Overflow { operation: "rate × amount" })
    }

    /// `amount` × (1 + rate).
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn added_to<U: Unit>(
        self,
        amount: Fixed<U>,
        rounding: Rounding,
    ) -> Result<Fixed<U>, UnitsError> {
        amount.plus(self.of(amount, rounding)?)
    }
}

impl Serialize for Rate {
    /// As a fraction of one.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.to_fraction())
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_fraction(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Money;

    #[test]
    fn basis_points_are_exact() {
        for (bps, fraction) in [(10.0, "0.001"), (7.5, "0.00075"), (0.01, "0.000001"), (0.0, "0")] {
            let rate = Rate::from_bps(bps).unwrap();
            assert_eq!(Price::from_units(rate.0).to_string(), fraction);
        }
        assert_eq!(Rate::from_fraction(1.0).unwrap(), Rate::ONE);
    }

    #[test]
    fn negative_and_absurd_rates_are_refused() {
        for fraction in [-0.001, f64::NAN, 1001.0] {
            assert!(Rate::from_fraction(fraction).is_err(), "{fraction}");
        }
    }

    #[test]
    fn a_fee_rounds_up_to_the_last_unit() {
        let fee = Rate::from_bps(10.0).unwrap();
        assert_eq!(fee.of(Money::from_units(1), Rounding::Up).unwrap(), 1);
        assert_eq!(fee.of(Money::from_units(1), Rounding::Down).unwrap(), 0);
    }
}
