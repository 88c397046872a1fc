//! Checked parameters of indicators, and the error that says which one is wrong.

use core::{error::Error, fmt};

use serde::{Deserialize, Serialize};

/// The longest period, in rows: almost two years of one-minute bars. It bounds the memory of each
/// window to 16 MB, so that a mistaken parameter is an error and not an exhausted guest.
pub const PERIOD_MAX_ROWS: u32 = 1_000_000;

/// A parameter with which an indicator cannot be made.
///
/// It converts into the `String` that a strategy gives when it refuses its configuration, so `?` is
/// enough there.
///
/// ```
/// use ct_sdk::indicators::Sma;
///
/// let error = Sma::new(0).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "Sma period: expected 1 to 1000000 rows, found 0; choose a period in that range",
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidParameter {
    parameter: &'static str,
    problem: Problem,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Problem {
    Period { least: u32, most: u32, found: u32 },
    Width { found: &'static str },
}

impl fmt::Display for InvalidParameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameter = self.parameter;
        match self.problem {
            Problem::Period { least, most, found } => write!(
                formatter,
                "{parameter}: expected {least} to {most} rows, found {found}; \
                 choose a period in that range"
            ),
            Problem::Width { found } => write!(
                formatter,
                "{parameter}: expected a finite number above 0, found {found}; \
                 choose a positive width"
            ),
        }
    }
}

impl Error for InvalidParameter {}

impl From<InvalidParameter> for String {
    fn from(error: InvalidParameter) -> Self {
        error.to_string()
    }
}

/// A number of rows from 1 to [`PERIOD_MAX_ROWS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Period(u32);

impl Period {
    /// Takes `rows` as the parameter that the error shall name.
    pub(super) fn new(parameter: &'static str, rows: u32) -> Result<Self, InvalidParameter> {
        Self::at_least(1, parameter, rows)
    }

    /// As [`Period::new`], for what is undefined over fewer than `least` rows.
    pub(super) fn at_least(
        least: u32,
        parameter: &'static str,
        rows: u32,
    ) -> Result<Self, InvalidParameter> {
        Self::between(least, PERIOD_MAX_ROWS, parameter, rows)
    }

    /// As [`Period::new`], for a period that must be shorter than `other`.
    pub(super) fn below(
        other: Self,
        parameter: &'static str,
        rows: u32,
    ) -> Result<Self, InvalidParameter> {
        Self::between(1, other.0 - 1, parameter, rows)
    }

    fn between(
        least: u32,
        most: u32,
        parameter: &'static str,
        rows: u32,
    ) -> Result<Self, InvalidParameter> {
        if (least..=most).contains(&rows) {
            Ok(Self(rows))
        } else {
            let problem = Problem::Period { least, most, found: rows };
            Err(InvalidParameter { parameter, problem })
        }
    }

    pub(super) fn rows(self) -> u32 {
        self.0
    }

    /// `1 / period`: a multiplication by it costs a third of a division and is within two units in
    /// the last place of one.
    pub(super) fn reciprocal(self) -> f64 {
        1.0 / f64::from(self.0)
    }
}

/// Takes `width` as a positive multiple of a deviation or range.
///
/// What was found is told in words: the code that prints an `f64` would add 27 kB to a plugin.
pub(super) fn checked_width(parameter: &'static str, width: f64) -> Result<f64, InvalidParameter> {
    let found = if width.is_nan() {
        "NaN"
    } else if width.is_infinite() {
        "an infinite one"
    } else if width == 0.0 {
        "0"
    } else if width < 0.0 {
        "a negative one"
    } else {
        return Ok(width);
    };
    Err(InvalidParameter { parameter, problem: Problem::Width { found } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_limits_at_both_ends() {
        assert!(Period::new("Sma period", 0).is_err());
        assert_eq!(Period::new("Sma period", 1).unwrap().rows(), 1);
        assert_eq!(Period::new("Sma period", PERIOD_MAX_ROWS).unwrap().rows(), PERIOD_MAX_ROWS);
        assert!(Period::new("Sma period", PERIOD_MAX_ROWS + 1).is_err());
        assert!(Period::at_least(2, "Macd slow_period", 1).is_err());
    }

    #[test]
    fn the_error_tells_the_range_and_what_was_found() {
        let slow = Period::new("Macd slow_period", 26).unwrap();
        let text = String::from(Period::below(slow, "Macd fast_period", 26).unwrap_err());
        assert_eq!(
            text,
            "Macd fast_period: expected 1 to 25 rows, found 26; choose a period in that range"
        );
    }

    #[test]
    fn a_width_is_finite_and_positive() {
        assert_eq!(checked_width("width", 2.0), Ok(2.0));
        for (width, found) in [
            (f64::NAN, "NaN"),
            (f64::INFINITY, "an infinite one"),
            (-1.0, "a negative one"),
            (0.0, "found 0"),
        ] {
            let text = checked_width("BollingerBands width", width).unwrap_err().to_string();
            assert!(text.contains(found), "{text}");
        }
    }
}
