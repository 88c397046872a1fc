//! Instants in UTC.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, from the year 1970 to the year 9999.
///
/// ```
/// use ct_core::units::Timestamp;
/// let time: Timestamp = "2024-01-02T03:04:05Z".parse()?;
/// assert_eq!(time.as_ms(), 1_704_164_645_000);
/// assert_eq!("2024-01-02".parse::<Timestamp>()?.to_string(), "2024-01-02T00:00:00Z");
/// # Ok::<(), ct_core::units::TimestampError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The last millisecond of the year 9999.
const MS_MAX: i64 = 253_402_300_799_999;

/// A time that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Before 1970 or after 9999.
    #[error("{0} ms is no time: expected milliseconds since 1970, up to the year 9999")]
    OutOfRange(i64),
    /// Text that is no time.
    #[error(
        "'{0}' is no time: expected for example 2024-01-31, 2024-01-31T12:00 (UTC) or 2024-01-31T12:00:00+02:00"
    )]
    Unreadable(String),
}

impl Timestamp {
    /// The instant `ms` milliseconds after the start of 1970, UTC.
    ///
    /// # Errors
    /// [`TimestampError::OutOfRange`] before 1970 or after 9999.
    pub const fn from_ms(ms: i64) -> Result<Self, TimestampError> {
        if ms < 0 || ms > MS_MAX {
            return Err(TimestampError::OutOfRange(ms));
        }
        Ok(Self(ms))
    }

    /// The instant `ms` after 1970, or the nearest one that is in range.
    pub const fn clamped(ms: i64) -> Self {
        Self(if ms < 0 {
            0
        } else if ms > MS_MAX {
            MS_MAX
        } else {
            ms
        })
    }

    /// Milliseconds since the start of 1970, UTC.
    pub const fn as_ms(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    /// ISO 8601 in UTC; milliseconds only where there are any.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => formatter.pad(&time.to_string()),
            Err(_) => write!(formatter, "{} ms", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    /// An ISO 8601 date, date and time (UTC unless an offset is given), or instant.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreadable = || TimestampError::Unreadable(text.to_owned());
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Self::from_ms(instant.as_millisecond());
        }
        let civil = match text.parse::<DateTime>() {
            Ok(time) => time,
            Err(_) => text.parse::<Date>().map_err(|_| unreadable())?.at(0, 0, 0, 0),
        };
        let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| unreadable())?;
        Self::from_ms(zoned.timestamp().as_millisecond())
    }
}

impl Serialize for Timestamp {
    /// ISO 8601 in UTC.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_usual_forms() {
        for (text, ms) in [
            ("1970-01-01", 0),
            ("2017-08-17T04:00:00Z", 1_502_942_400_000),
            ("2017-08-17 04:00", 1_502_942_400_000),
            ("2017-08-17T06:00:00+02:00", 1_502_942_400_000),
            ("2017-08-17T04:00:00.123Z", 1_502_942_400_123),
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap().as_ms(), ms, "{text}");
        }
        for text in ["", "yesterday", "2017-13-01", "1969-12-31", "17/08/2017"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_written_as_they_are_read() {
        let time = Timestamp::from_ms(1_502_942_400_123).unwrap();
        assert_eq!(time.to_string(), "2017-08-17T04:00:00.123Z");
        assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time);
    }
}
