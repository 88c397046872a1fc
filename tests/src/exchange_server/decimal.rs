//! Numbers as exchanges write them.

use std::fmt;

use serde_json::Value;

/// A number with a fixed count of digits behind the point, so that it is written the same way each time.
///
/// Two that mean the same number are equal only when they have the same digits: `1.5` is not `1.50`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decimal {
    units: i64,
    digits: u8,
}

impl Decimal {
    /// `units` of the last of `digits` digits: `new(150, 2)` is `1.50`.
    pub const fn new(units: i64, digits: u8) -> Self {
        Self { units, digits }
    }

    /// The power of ten that has its one in the last of `digits` digits: `step(2)` is `0.01`.
    pub const fn step(digits: u8) -> Self {
        Self { units: 1, digits }
    }

    /// A plain number such as `-12.50`; `None` for anything else, exponents too.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let units = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { units, digits: u8::try_from(fraction.len()).ok()? })
    }

    /// The nearest `f64`: what a reader of the text gets.
    pub fn value(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// True for nothing at all.
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// How many of the last digit it is.
    pub const fn units(self) -> i64 {
        self.units
    }

    /// Digits behind the point.
    pub const fn digits(self) -> u8 {
        self.digits
    }

    /// The same number without zeros at the end.
    #[must_use]
    pub const fn trimmed(self) -> Self {
        let mut trimmed = self;
        while trimmed.digits > 0 && trimmed.units % 10 == 0 {
            trimmed.units /= 10;
            trimmed.digits -= 1;
        }
        trimmed
    }

    /// The same number with at least `digits` digits behind the point.
    #[must_use]
    pub const fn padded(self, digits: u8) -> Self {
        let mut padded = self;
        while padded.digits < digits {
            padded.units *= 10;
            padded.digits += 1;
        }
        padded
    }

    /// `self × other`, cut to `digits` digits.
    #[must_use]
    pub fn times(self, other: Self, digits: u8) -> Self {
        let product = i128::from(self.units) * i128::from(other.units);
        let surplus = u32::from(self.digits + other.digits).saturating_sub(u32::from(digits));
        let units = i64::try_from(product / 10_i128.pow(surplus)).unwrap_or(i64::MAX);
        Self { units, digits: digits.min(self.digits + other.digits) }
    }

    /// `self × part / whole`, cut to its own digits. A `whole` of zero gives zero.
    #[must_use]
    pub fn share(self, part: i64, whole: i64) -> Self {
        let product = i128::from(self.units) * i128::from(part);
        let units = product.checked_div(i128::from(whole)).unwrap_or(0);
        Self { units: i64::try_from(units).unwrap_or(i64::MAX), digits: self.digits }
    }

    /// As a JSON number.
    pub fn number(self) -> Value {
        let Self { units, digits } = self.trimmed();
        if digits == 0 { Value::from(units) } else { Value::from(self.value()) }
    }

    /// As a JSON text.
    pub fn text(self) -> Value {
        Value::from(self.to_string())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let scale = 10_u64.pow(u32::from(self.digits));
        let units = self.units.unsigned_abs();
        let (whole, fraction) = (units / scale, units % scale);
        match usize::from(self.digits) {
            0 => write!(formatter, "{sign}{whole}"),
            width => write!(formatter, "{sign}{whole}.{fraction:0width$}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_it_was_read() {
        for text in ["0", "43016", "43183.8", "6733.55000000", "0.00000001", "-12.50", "0.0"] {
            assert_eq!(Decimal::parse(text).unwrap().to_string(), text);
        }
        for text in ["", ".", "1e5", "1.2.3", "x"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn digits_come_and_go_without_changing_the_number() {
        let price = Decimal::new(4_337_500, 2);
        assert_eq!(price.trimmed().to_string(), "43375");
        assert_eq!(price.trimmed().padded(1).to_string(), "43375.0");
        assert_eq!(price.padded(8).to_string(), "43375.00000000");
        assert_eq!(price.number(), Value::from(43_375));
        assert_eq!(Decimal::new(5, 2).number(), Value::from(0.05));
    }

    #[test]
    fn products_and_shares_are_cut_not_rounded() {
        let volume = Decimal::new(404_740_173, 6);
        assert_eq!(volume.times(Decimal::new(430_599, 1), 4).to_string(), "17428071.3753");
        assert_eq!(Decimal::new(100, 2).share(1, 3).to_string(), "0.33");
        assert_eq!(Decimal::new(100, 2).share(1, 0), Decimal::new(0, 2));
    }
}
