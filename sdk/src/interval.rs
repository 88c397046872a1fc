//! The length of a bar.

use serde::{Deserialize, Serialize};
use std::fmt;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
const WEEK_MS: i64 = 7 * DAY_MS;
/// 1970-01-01 was a Thursday: the first Monday came four days later.
const FIRST_MONDAY_MS: i64 = 4 * DAY_MS;

/// The length of a bar: a positive number of milliseconds.
///
/// Bars start at whole multiples of their interval since 1970-01-01T00:00:00Z. Whole weeks start on
/// Monday.
///
/// ```
/// use ct_sdk::Interval;
///
/// assert_eq!(Interval::HOUR.milliseconds(), 3_600_000);
/// assert_eq!(Interval::from_milliseconds(14_400_000).unwrap(), Interval::hours(4).unwrap());
/// // Wednesday 2024-05-15T10:30Z belongs to the week of Monday 2024-05-13.
/// assert_eq!(Interval::WEEK.start_of(1_715_769_000_000), 1_715_558_400_000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Interval(i64);

impl Interval {
    /// One minute.
    pub const MINUTE: Self = Self(MINUTE_MS);
    /// One hour.
    pub const HOUR: Self = Self(60 * MINUTE_MS);
    /// One day, starting at midnight UTC.
    pub const DAY: Self = Self(DAY_MS);
    /// One week, starting on Monday at midnight UTC.
    pub const WEEK: Self = Self(WEEK_MS);

    /// An interval of so many milliseconds.
    ///
    /// # Errors
    /// When `milliseconds` is not positive.
    pub const fn from_milliseconds(milliseconds: i64) -> Result<Self, InvalidInterval> {
        if milliseconds > 0 {
            Ok(Self(milliseconds))
        } else {
            Err(InvalidInterval { milliseconds })
        }
    }

    /// An interval of so many minutes.
    ///
    /// # Errors
    /// When `minutes` is 0.
    pub const fn minutes(minutes: u32) -> Result<Self, InvalidInterval> {
        Self::from_milliseconds(minutes as i64 * MINUTE_MS)
    }

    /// An interval of so many hours.
    ///
    /// # Errors
    /// When `hours` is 0.
    pub const fn hours(hours: u32) -> Result<Self, InvalidInterval> {
        Self::from_milliseconds(hours as i64 * 60 * MINUTE_MS)
    }

    /// The length in milliseconds.
    pub const fn milliseconds(self) -> i64 {
        self.0
    }

    /// Whether a bar of this interval is made of a whole number of `lower` bars.
    pub const fn is_multiple_of(self, lower: Self) -> bool {
        self.0 % lower.0 == 0
    }

    /// Open time of the bar that contains `time`.
    pub const fn start_of(self, time: i64) -> i64 {
        let offset = if self.0 % WEEK_MS == 0 { FIRST_MONDAY_MS } else { 0 };
        time - (time - offset).rem_euclid(self.0)
    }
}

impl TryFrom<i64> for Interval {
    type Error = InvalidInterval;

    fn try_from(milliseconds: i64) -> Result<Self, InvalidInterval> {
        Self::from_milliseconds(milliseconds)
    }
}

impl From<Interval> for i64 {
    fn from(interval: Interval) -> Self {
        interval.0
    }
}

/// A length that is not positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidInterval {
    milliseconds: i64,
}

impl fmt::Display for InvalidInterval {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an interval is longer than 0 milliseconds, found {}", self.milliseconds)
    }
}

impl std::error::Error for InvalidInterval {}

impl From<InvalidInterval> for String {
    fn from(error: InvalidInterval) -> Self {
        error.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_start_on_the_utc_grid() {
        // 1969-12-31T23:30Z: times before 1970 round down as well.
        let cases = [
            (Interval::HOUR, 3_600_000 * 5 + 1, 3_600_000 * 5),
            (Interval::HOUR, -1_800_000, -3_600_000),
            (Interval::DAY, 1_715_769_000_000, 1_715_731_200_000),
            // Sunday 2024-05-12T23:59:59.999Z is the last moment of the week of Monday 2024-05-06.
            (Interval::WEEK, 1_715_558_399_999, 1_714_953_600_000),
            (Interval::WEEK, 1_715_558_400_000, 1_715_558_400_000),
        ];
        for (interval, time, expected) in cases {
            assert_eq!(interval.start_of(time), expected, "{interval:?} {time}");
        }
    }

    #[test]
    fn refuses_what_is_not_positive() {
        let message = Interval::from_milliseconds(0).unwrap_err().to_string();
        assert_eq!(message, "an interval is longer than 0 milliseconds, found 0");
    }
}
