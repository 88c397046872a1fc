//! A stretch of time.

use std::fmt;

use serde::{Deserialize, Serialize};

use ct_core::units::{Interval, Timestamp};

/// From one time up to, but not including, another. The bars of a range are those that open in it.
///
/// ```
/// use ct_data::TimeRange;
/// let january = TimeRange::new("2024-01-01".parse()?, "2024-02-01".parse()?);
/// assert_eq!(january.bars("1d".parse()?), 31);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimeRange {
    /// First time of the range.
    pub from: Timestamp,
    /// First time after the range.
    pub to: Timestamp,
}

impl TimeRange {
    /// The range from `from` to `to`; an empty one at `from` when `to` is earlier.
    pub fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to: to.max(from) }
    }

    /// The range between two times in UTC milliseconds, each cut to 1970 … 9999.
    pub fn from_ms(from_ms: i64, to_ms: i64) -> Self {
        Self::new(Timestamp::clamped(from_ms), Timestamp::clamped(to_ms))
    }

    /// True when no time is in it.
    pub fn is_empty(&self) -> bool {
        self.from >= self.to
    }

    /// True when `time_ms`, in UTC milliseconds, is in it.
    pub fn contains(&self, time_ms: i64) -> bool {
        (self.from.as_ms()..self.to.as_ms()).contains(&time_ms)
    }

    /// What is in both ranges.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// Length in milliseconds.
    pub const fn length_ms(&self) -> i64 {
        self.to.as_ms() - self.from.as_ms()
    }

    /// Number of bars of `interval` that fit, a last one cut short included.
    pub fn bars(&self, interval: Interval) -> u64 {
        u64::try_from(self.length_ms())
            .unwrap_or_default()
            .div_ceil(interval.as_ms().unsigned_abs())
    }
}

impl fmt::Display for TimeRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} to {}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_not_part_of_a_range() {
        let range = TimeRange::from_ms(1_000, 3_000);
        assert_eq!(
            [999, 1_000, 2_999, 3_000].map(|ms| range.contains(ms)),
            [false, true, true, false]
        );
    }

    #[test]
    fn ranges_that_do_not_meet_have_nothing_in_common() {
        let (early, late) = (TimeRange::from_ms(0, 1_000), TimeRange::from_ms(1_000, 2_000));
        assert!(early.intersection(&late).is_empty());
        assert!(TimeRange::from_ms(5, 4).is_empty());
        let overlap = TimeRange::from_ms(500, 1_500);
        assert_eq!(early.intersection(&overlap), TimeRange::from_ms(500, 1_000));
    }

    #[test]
    fn a_bar_that_is_cut_short_counts() {
        let minute: Interval = "1m".parse().unwrap();
        for (to_ms, bars) in [(0, 0), (1, 1), (60_000, 1), (60_001, 2)] {
            assert_eq!(TimeRange::from_ms(0, to_ms).bars(minute), bars, "{to_ms}");
        }
    }
}
