//! How times are written, as a user says it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{DateTime, Time};
use jiff::fmt::strtime::BrokenDownTime;

/// A pattern of `strptime`, such as `%d/%m/%Y %H:%M`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimePattern(String);

/// A pattern that reads no times.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no format of times: expected one as of strptime, such as '%d/%m/%Y %H:%M' ({1})")]
pub struct UnreadablePattern(String, String);

/// What is written: an instant, or a local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// UTC milliseconds.
    Instant(i64),
    Local(DateTime),
}

impl TimePattern {
    /// The time that `text` writes in this pattern.
    pub(super) fn read(&self, text: &str) -> Option<Written> {
        let parts = BrokenDownTime::parse(&self.0, text).ok()?;
        if let Ok(instant) = parts.to_timestamp() {
            return Some(Written::Instant(instant.as_millisecond()));
        }
        let date = parts.to_date().ok()?;
        // A pattern of days alone has no time of day.
        let time = parts.to_time().unwrap_or(Time::midnight());
        Some(Written::Local(date.to_datetime(time)))
    }
}

impl FromStr for TimePattern {
    type Err = UnreadablePattern;

    /// Any pattern that reads what it writes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = |reason: String| UnreadablePattern(text.to_owned(), reason);
        let example = jiff::civil::date(2024, 1, 31).at(23, 0, 0, 0);
        let example = example
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_err(|error| refused(error.to_string()))?;
        let written = BrokenDownTime::from(&example).to_string(text);
        let written = written.map_err(|error| refused(error.to_string()))?;
        let pattern = Self(text.to_owned());
        match pattern.read(&written) {
            Some(_) => Ok(pattern),
            None => Err(refused("it does not tell day, month and year".to_owned())),
        }
    }
}

impl fmt::Display for TimePattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_reads_what_it_writes() {
        for (pattern, text, expected) in [
            ("%d/%m/%Y %H:%M", "02/01/2024 03:00", "2024-01-02T03:00:00"),
            ("%m/%d/%y", "01/02/24", "2024-01-02T00:00:00"),
            ("%Y%m%d", "20240102", "2024-01-02T00:00:00"),
            ("%d %b %Y %I:%M %p", "02 Jan 2024 03:00 PM", "2024-01-02T15:00:00"),
        ] {
            let pattern: TimePattern = pattern.parse().unwrap();
            let Some(Written::Local(local)) = pattern.read(text) else { panic!("{pattern}") };
            assert_eq!(local.to_string(), expected);
        }
        let zoned: TimePattern = "%Y-%m-%d %H:%M %z".parse().unwrap();
        assert_eq!(zoned.read("2024-01-02 03:00 +0100"), Some(Written::Instant(1_704_160_800_000)));
        for pattern in ["%H:%M", "yyyy-mm-dd", "%Q"] {
            assert!(pattern.parse::<TimePattern>().is_err(), "{pattern}");
        }
    }
}
