//! Days and weeks of the UTC calendar.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Interval;

/// A day or a week, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarPeriod {
    /// Every day, from 00:00.
    Day,
    /// Every week, from Monday 00:00.
    Week,
}

impl CalendarPeriod {
    /// Number of the period that `time_ms`, UTC milliseconds, lies in; neighbouring periods have neighbouring numbers.
    pub const fn number(self, time_ms: i64) -> i64 {
        let day = time_ms.div_euclid(Interval::DAY.as_ms());
        match self {
            Self::Day => day,
            // 1970-01-01 was a Thursday.
            Self::Week => (day + 3).div_euclid(7),
        }
    }

    /// Start of the period of this number, UTC milliseconds; the first or last `i64` where that leaves its range.
    pub const fn start_ms(self, number: i64) -> i64 {
        let first_day = match self {
            Self::Day => number,
            Self::Week => number.saturating_mul(7).saturating_sub(3),
        };
        first_day.saturating_mul(Interval::DAY.as_ms())
    }

    /// When the period that `time_ms` lies in ends and the next begins, UTC milliseconds.
    pub const fn end_ms(self, time_ms: i64) -> i64 {
        self.start_ms(self.number(time_ms) + 1)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;
    use crate::units::Timestamp;

    #[test]
    fn days_end_at_midnight_and_weeks_on_monday() {
        // 2024-01-01 was a Monday, 1970-01-01 a Thursday.
        for (period, time, start, end) in [
            (CalendarPeriod::Day, "2024-02-28T23:59:59.999", "2024-02-28", "2024-02-29"),
            (CalendarPeriod::Day, "2024-02-29", "2024-02-29", "2024-03-01"),
            (CalendarPeriod::Week, "2024-01-01", "2024-01-01", "2024-01-08"),
            (CalendarPeriod::Week, "2024-01-07T23:59:59.999", "2024-01-01", "2024-01-08"),
            (CalendarPeriod::Week, "1970-01-05", "1970-01-05", "1970-01-12"),
            (CalendarPeriod::Week, "2022-12-31T12:00", "2022-12-26", "2023-01-02"),
        ] {
            let ms = |text: &str| text.parse::<Timestamp>().unwrap().as_ms();
            let found = (period.start_ms(period.number(ms(time))), period.end_ms(ms(time)));
            assert_eq!(found, (ms(start), ms(end)), "{period:?} of {time}");
        }
        assert_eq!(CalendarPeriod::Week.end_ms(0), 4 * Interval::DAY.as_ms());
    }

    proptest! {
        #[test]
        fn every_time_lies_in_its_period(time_ms in -4_000_000_000_000_i64..253_402_300_799_999) {
            for period in [CalendarPeriod::Day, CalendarPeriod::Week] {
                let number = period.number(time_ms);
                prop_assert!(period.start_ms(number) <= time_ms);
                prop_assert!(time_ms < period.end_ms(time_ms));
                prop_assert_eq!(period.number(period.end_ms(time_ms)), number + 1);
                let start = jiff::Timestamp::from_millisecond(period.start_ms(number)).unwrap();
                let start = start.to_zoned(TimeZone::UTC);
                prop_assert_eq!(start.time(), jiff::civil::Time::midnight());
                if period == CalendarPeriod::Week {
                    prop_assert_eq!(start.weekday(), Weekday::Monday);
                }
            }
        }
    }
}
