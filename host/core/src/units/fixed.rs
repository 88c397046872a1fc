//! Exact decimal numbers: `i128` counts of 1e-12, one type per unit.

use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Units per whole: every [`Fixed`] counts 1e-12 of its unit.
const SCALE: u64 = 1_000_000_000_000;

/// What a [`Fixed`] counts. Implemented by the markers in [`mod@unit`] only.
pub trait Unit: Copy + fmt::Debug + Default + Eq + Ord {
    /// The name used in error messages.
    const NAME: &'static str;
    /// The same of one of them, as in "expected an amount above 0".
    const CALLED: &'static str;
}

/// The markers of [`Price`], [`Quantity`] and [`Money`].
pub mod unit {
    /// Quote asset per one base asset.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct PerBase;
    /// Base asset.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Base;
    /// Quote asset.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Quote;

    impl super::Unit for PerBase {
        const NAME: &'static str = "price";
        const CALLED: &'static str = "a price";
    }
    impl super::Unit for Base {
        const NAME: &'static str = "quantity";
        const CALLED: &'static str = "a quantity";
    }
    impl super::Unit for Quote {
        const NAME: &'static str = "amount of money";
        const CALLED: &'static str = "an amount";
    }
}

/// An exact number of 1e-12 units, from -1.7e26 to 1.7e26 whole units.
///
/// Sums are exact. Products and quotients round once, as their [`Rounding`] says. Whatever does not fit
/// is an error, never a wrap.
///
/// ```
/// use ct_core::units::{Price, Quantity, Rounding};
/// let price = Price::from_f64(16_500.37)?;
/// let quantity = Quantity::from_f64(0.5)?;
/// assert_eq!(price.notional(quantity, Rounding::Nearest)?.to_string(), "8250.185");
/// # Ok::<(), ct_core::units::UnitsError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fixed<U> {
    units: i128,
    unit: PhantomData<U>,
}

/// Quote asset per one base asset.
pub type Price = Fixed<unit::PerBase>;
/// Base asset; negative for a short position.
pub type Quantity = Fixed<unit::Base>;
/// Quote asset; negative for a debt or a loss.
pub type Money = Fixed<unit::Quote>;

/// Where a result goes that lies between two units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
    /// To the nearest, halves away from zero.
    Nearest,
}

/// A number that fixed-point arithmetic cannot hold.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum UnitsError {
    /// The result lies beyond ±1.7e26.
    #[error("{operation} overflows: the exact result lies beyond ±1.7e26")]
    Overflow {
        /// What was computed.
        operation: &'static str,
    },
    /// A floating-point number that is not finite, or lies beyond ±1e17.
    #[error("{value} is no {expected}: expected a finite number within ±1e17")]
    OutOfRange {
        /// The number found.
        value: f64,
        /// The name of the unit.
        expected: &'static str,
    },
    /// A division by zero.
    #[error("{operation} divides by zero")]
    DivisionByZero {
        /// What was computed.
        operation: &'static str,
    },
}

/// Largest magnitude that [`Fixed::from_f64`] takes: its units still leave room for sums.
const F64_MAX: f64 = 1e17;

impl<U: Unit> Fixed<U> {
    /// Nothing.
    pub const ZERO: Self = Self::from_units(0);

    /// The number that is `units` × 1e-12.
    pub const fn from_units(units: i128) -> Self {
        Self { units, unit: PhantomData }
    }

    /// The number counted in 1e-12.
    pub const fn units(self) -> i128 {
        self.units
    }

    /// The decimal number of at most 15 significant digits and 12 decimals that is nearest to `value`.
    /// A price that was written with 15 digits or fewer is therefore taken over exactly as written.
    ///
    /// # Errors
    /// [`UnitsError::OutOfRange`] when `value` is not finite or beyond ±1e17.
    pub fn from_f64(value: f64) -> Result<Self, UnitsError> {
        let magnitude = value.abs();
        if magnitude < 1e3 {
            // Below 1e3 twelve decimals are at most 15 digits: one exact rounding.
            #[expect(clippy::cast_possible_truncation, reason = "below 1e15")]
            return Ok(Self::from_units(i128::from((value * 1e12).round() as i64)));
        }
        if magnitude.is_nan() || magnitude > F64_MAX {
            return Err(UnitsError::OutOfRange { value, expected: U::NAME });
        }
        // `digits` decimals keep 15 significant digits; powers of ten up to 1e12 are exact, so the product is
        // the correctly rounded one and its nearest integer is the number as it was typed.
        let (power, rest) = decimals_kept(magnitude);
        #[expect(clippy::cast_possible_truncation, reason = "below 1e17")]
        let kept = (value * power).round() as i64;
        Ok(Self::from_units(i128::from(kept) * i128::from(rest)))
    }

    /// The nearest floating-point number, within one unit in the last place.
    pub fn to_f64(self) -> f64 {
        const SCALE_F64: f64 = 1e12;
        if let Ok(units) = i64::try_from(self.units) {
            let scale = SCALE.cast_signed();
            return (units / scale) as f64 + (units % scale) as f64 / SCALE_F64;
        }
        let (whole, rest) = divide_by_scale(self.units.unsigned_abs());
        let whole = u64::try_from(whole).map_or_else(|_| whole as f64, |whole| whole as f64);
        let magnitude = whole + rest as f64 / SCALE_F64;
        if self.units < 0 { -magnitude } else { magnitude }
    }

    /// `self + other`.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, UnitsError> {
        let sum = self.units.checked_add(other.units);
        sum.map(Self::from_units).ok_or(UnitsError::Overflow { operation: "a sum" })
    }

    /// `self - other`.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, UnitsError> {
        let difference = self.units.checked_sub(other.units);
        difference.map(Self::from_units).ok_or(UnitsError::Overflow { operation: "a difference" })
    }

    /// The magnitude without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self::from_units(self.units.saturating_abs())
    }

    /// The same magnitude with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self::from_units(self.units.saturating_neg())
    }

    /// -1, 0 or 1.
    pub const fn signum(self) -> i128 {
        self.units.signum()
    }

    /// True for nothing.
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// The nearest multiple of `step` in the direction of `rounding`. A step of zero changes nothing.
    #[must_use]
    pub(crate) fn rounded_to(self, step: Self, rounding: Rounding) -> Self {
        let step = step.units.unsigned_abs();
        if step == 0 {
            return self;
        }
        let magnitude = self.units.unsigned_abs();
        let rest = magnitude % step;
        let down = magnitude - rest;
        let up = match rounding {
            Rounding::Down => false,
            Rounding::Up => rest > 0,
            Rounding::Nearest => rest >= step - rest && rest > 0,
        };
        let magnitude = if up { down.saturating_add(step) } else { down };
        Self::signed(magnitude, self.units < 0).unwrap_or(self)
    }

    /// `self × share`, where `share` = `numerator` ÷ `denominator` of one unit.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`] and [`UnitsError::DivisionByZero`].
    pub fn share<V: Unit>(
        self,
        numerator: Fixed<V>,
        denominator: Fixed<V>,
    ) -> Result<Self, UnitsError> {
        const OPERATION: &str = "a proportional share";
        if denominator.units == 0 {
            return Err(UnitsError::DivisionByZero { operation: OPERATION });
        }
        let overflow = UnitsError::Overflow { operation: OPERATION };
        let product = self
            .units
            .unsigned_abs()
            .checked_mul(numerator.units.unsigned_abs())
            .ok_or(overflow.clone())?;
        let negative = (self.units < 0) ^ (numerator.units < 0) ^ (denominator.units < 0);
        Self::signed(product / denominator.units.unsigned_abs(), negative).ok_or(overflow)
    }

    fn signed(magnitude: u128, negative: bool) -> Option<Self> {
        let magnitude = i128::try_from(magnitude).ok()?;
        Some(Self::from_units(if negative { -magnitude } else { magnitude }))
    }
}

impl Price {
    /// What `quantity` is worth at this price, with the sign of the quantity.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn notional(self, quantity: Quantity, rounding: Rounding) -> Result<Money, UnitsError> {
        multiply(self.units, quantity.units, rounding)
            .map(Money::from_units)
            .ok_or(UnitsError::Overflow { operation: "price × quantity" })
    }
}

impl Money {
    /// How much this amount buys at `price` each, rounded down.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`], and [`UnitsError::DivisionByZero`] when the price is zero.
    pub(crate) fn quantity_at(self, price: Price) -> Result<Quantity, UnitsError> {
        const OPERATION: &str = "amount ÷ price";
        if price.units == 0 {
            return Err(UnitsError::DivisionByZero { operation: OPERATION });
        }
        let overflow = UnitsError::Overflow { operation: OPERATION };
        let scaled =
            self.units.unsigned_abs().checked_mul(u128::from(SCALE)).ok_or(overflow.clone())?;
        let negative = (self.units < 0) ^ (price.units < 0);
        Quantity::signed(scaled / price.units.unsigned_abs(), negative).ok_or(overflow)
    }
}

/// `a × b` of two counts of 1e-12, as a count of 1e-12.
pub(super) fn multiply(a: i128, b: i128, rounding: Rounding) -> Option<i128> {
    if a == 0 || b == 0 {
        return Some(0);
    }
    let (negative, a, b) = ((a < 0) ^ (b < 0), a.unsigned_abs(), b.unsigned_abs());
    let product = match (u64::try_from(a), u64::try_from(b)) {
        // Most of them are below 18 million: one multiplication, which cannot overflow.
        (Ok(a), Ok(b)) => u128::from(a) * u128::from(b),
        _ => a.checked_mul(b)?,
    };
    let (whole, rest) = divide_by_scale(product);
    let up = match rounding {
        Rounding::Down => false,
        Rounding::Up => rest > 0,
        Rounding::Nearest => rest >= SCALE / 2,
    };
    let magnitude = i128::try_from(whole + u128::from(up)).ok()?;
    Some(if negative { -magnitude } else { magnitude })
}

/// Quotient and remainder of `value` ÷ 1e12. As 1e12 = 2^12 × 5^12 and 5^12 has 28 bits, three 64-bit divisions
/// by a constant do what the 128-bit division does in ten times the time.
#[expect(clippy::cast_possible_truncation, reason = "the halves of a 128-bit number")]
fn divide_by_scale(value: u128) -> (u128, u64) {
    const FIVES: u64 = 244_140_625;
    const TWOS: u32 = 12;
    let high = (value >> (64 + TWOS)) as u64;
    let low = (value >> TWOS) as u64;
    let middle = ((high % FIVES) << 32) | (low >> 32);
    let last = ((middle % FIVES) << 32) | (low & 0xffff_ffff);
    // Both parts are quotients of less than FIVES × 2^32.
    let lower = ((middle / FIVES) << 32) + last / FIVES;
    let quotient = (u128::from(high / FIVES) << 64) + u128::from(lower);
    let rest = ((last % FIVES) << TWOS) | (value as u64 & ((1 << TWOS) - 1));
    (quotient, rest)
}

/// For a magnitude of at least 1e3: 10^decimals that keep 15 significant digits, and 1e12 ÷ that power.
fn decimals_kept(magnitude: f64) -> (f64, u64) {
    const POWERS: [(f64, f64, u64); 12] = [
        (1e4, 1e11, 10),
        (1e5, 1e10, 100),
        (1e6, 1e9, 1_000),
        (1e7, 1e8, 10_000),
        (1e8, 1e7, 100_000),
        (1e9, 1e6, 1_000_000),
        (1e10, 1e5, 10_000_000),
        (1e11, 1e4, 100_000_000),
        (1e12, 1e3, 1_000_000_000),
        (1e13, 1e2, 10_000_000_000),
        (1e14, 1e1, 100_000_000_000),
        (f64::INFINITY, 1.0, SCALE),
    ];
    let found = POWERS.iter().find(|(limit, ..)| magnitude < *limit);
    found.map_or((1.0, SCALE), |&(_, power, rest)| (power, rest))
}

impl<U: Unit> PartialEq<i128> for Fixed<U> {
    fn eq(&self, units: &i128) -> bool {
        self.units == *units
    }
}

impl<U: Unit> PartialOrd<i128> for Fixed<U> {
    fn partial_cmp(&self, units: &i128) -> Option<Ordering> {
        self.units.partial_cmp(units)
    }
}

impl<U: Unit> fmt::Display for Fixed<U> {
    /// The exact decimal, without trailing zeros.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = divide_by_scale(self.units.unsigned_abs());
        let digits = format!("{whole}.{rest:012}");
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        formatter.pad_integral(self.units >= 0, "", digits)
    }
}

impl<U: Unit> fmt::Debug for Fixed<U> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// As a JSON number, for the tools that read results; exact to 15 significant digits.
impl<U: Unit> Serialize for Fixed<U> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.to_f64())
    }
}

impl<'de, U: Unit> Deserialize<'de> for Fixed<U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Self::from_f64(value).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_are_taken_over_as_written() {
        for text in [
            "16500.37",
            "0.00001234",
            "64999.99",
            "1",
            "0.1",
            "123456789.123456",
            "0.000000000001",
            "4261.48",
            "99999999999999",
            "-7.25",
            "1000",
            "999.999999999999",
        ] {
            let value: f64 = text.parse().unwrap();
            assert_eq!(Price::from_f64(value).unwrap().to_string(), text);
        }
    }

    #[test]
    fn numbers_beyond_the_range_are_errors() {
        for value in [f64::NAN, f64::INFINITY, -f64::INFINITY, 1.1e17] {
            assert!(Money::from_f64(value).is_err(), "{value}");
        }
        let large = Money::from_units(i128::MAX);
        assert!(large.plus(Money::from_units(1)).is_err());
        assert!(
            Price::from_units(i128::MAX)
                .notional(Quantity::from_units(i128::MAX), Rounding::Down)
                .is_err()
        );
        assert!(Money::from_units(1).quantity_at(Price::ZERO).is_err());
    }

    #[test]
    fn products_round_as_told() {
        // 1e-12 × 0.5 = half a unit.
        let tiny = Price::from_units(1);
        let half = Quantity::from_f64(0.5).unwrap();
        assert_eq!(tiny.notional(half, Rounding::Down).unwrap(), 0);
        assert_eq!(tiny.notional(half, Rounding::Nearest).unwrap(), 1);
        assert_eq!(tiny.notional(half, Rounding::Up).unwrap(), 1);
        assert_eq!(tiny.notional(half.negated(), Rounding::Up).unwrap(), -1);
    }

    #[test]
    fn lots_and_ticks_round_as_told() {
        let lot = Quantity::from_f64(0.25).unwrap();
        let quantity = Quantity::from_f64(1.1).unwrap();
        assert_eq!(quantity.rounded_to(lot, Rounding::Down).to_string(), "1");
        assert_eq!(quantity.rounded_to(lot, Rounding::Up).to_string(), "1.25");
        assert_eq!(quantity.rounded_to(lot, Rounding::Nearest).to_string(), "1");
        assert_eq!(quantity.rounded_to(Quantity::ZERO, Rounding::Down), quantity);
    }

    proptest! {
        #[test]
        fn division_by_the_scale_is_exact(value: u128) {
            let scale = u128::from(SCALE);
            let (whole, rest) = divide_by_scale(value);
            prop_assert_eq!((whole, u128::from(rest)), (value / scale, value % scale));
        }

        #[test]
        fn what_an_amount_buys_costs_no_more_than_it(amount in 0i128..10_i128.pow(22), price in 1i128..10_i128.pow(20)) {
            let (amount, price) = (Money::from_units(amount), Price::from_units(price));
            if let Ok(quantity) = amount.quantity_at(price) {
                prop_assert!(price.notional(quantity, Rounding::Up).unwrap() <= amount);
            }
        }

        #[test]
        fn floats_survive_the_round_trip(units in -10_i128.pow(15)..10_i128.pow(15)) {
            let money = Money::from_units(units);
            prop_assert_eq!(Money::from_f64(money.to_f64()).unwrap(), money);
        }
    }
}
