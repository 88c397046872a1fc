//! Lengths of bars.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The length of a bar: a whole number of milliseconds from one second to one year.
///
/// Written as the field writes it: `1m`, `15m`, `1h`, `4h`, `1d`, `1w`.
///
/// ```
/// use ct_core::units::Interval;
/// let interval: Interval = "15m".parse()?;
/// assert_eq!(interval.as_ms(), 900_000);
/// assert_eq!(Interval::from_ms(14_400_000)?.to_string(), "4h");
/// # Ok::<(), ct_core::units::IntervalError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval(i64);

const SECOND_MS: i64 = 1_000;
const DAY_MS: i64 = 86_400 * SECOND_MS;
const YEAR_MS: i64 = 366 * DAY_MS;

/// Suffixes and their lengths, longest first.
const UNITS: [(&str, i64); 5] =
    [("w", 7 * DAY_MS), ("d", DAY_MS), ("h", 3_600_000), ("m", 60_000), ("s", SECOND_MS)];

/// A length that no bar has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no bar interval: expected a number and a unit from 1s to 52w, such as 1m, 15m, 1h, 4h, 1d or 1w"
)]
pub struct IntervalError(String);

impl Interval {
    /// The interval of `ms` milliseconds.
    ///
    /// # Errors
    /// Shorter than a second or longer than a year.
    pub fn from_ms(ms: i64) -> Result<Self, IntervalError> {
        if (SECOND_MS..=YEAR_MS).contains(&ms) {
            Ok(Self(ms))
        } else {
            Err(IntervalError(format!("{ms} ms")))
        }
    }

    /// One hour.
    pub const HOUR: Self = Self(3_600_000);

    /// One day.
    pub const DAY: Self = Self(DAY_MS);

    /// Seven days.
    pub const WEEK: Self = Self(7 * DAY_MS);

    /// Bars in a year of 365 days.
    pub fn rows_per_year(self) -> f64 {
        365.0 * Self::DAY.0 as f64 / self.0 as f64
    }

    /// Length in milliseconds.
    pub const fn as_ms(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS.iter().find(|(_, length)| self.0 % length == 0) {
            Some((suffix, length)) => formatter.pad(&format!("{}{suffix}", self.0 / length)),
            None => formatter.pad(&format!("{}ms", self.0)),
        }
    }
}

impl FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || IntervalError(text.to_owned());
        if let Some(ms) = text.strip_suffix("ms") {
            return Self::from_ms(ms.parse().map_err(|_| unknown())?);
        }
        let unit =
            UNITS.iter().find_map(|(suffix, length)| Some((text.strip_suffix(suffix)?, length)));
        let (count, length) = unit.ok_or_else(unknown)?;
        let count: i64 = count.parse().map_err(|_| unknown())?;
        Self::from_ms(count.checked_mul(*length).ok_or_else(unknown)?).map_err(|_| unknown())
    }
}

impl Serialize for Interval {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_written_as_they_are_read() {
        for text in ["1s", "1m", "3m", "15m", "1h", "12h", "1d", "3d", "1w", "1500ms"] {
            assert_eq!(text.parse::<Interval>().unwrap().to_string(), text);
        }
        assert_eq!("60m".parse::<Interval>().unwrap().to_string(), "1h");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "h", "1", "0m", "-1h", "1x", "60w", "99999999999999999999m", "1M"] {
            assert!(text.parse::<Interval>().is_err(), "{text}");
        }
    }
}
