//! Bringing positions back to their size.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Rate;

const DAY_MS: i64 = 86_400_000;

/// At the last close of every period, positions that have drifted from their size are brought back to what sizing grants
/// to their target then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rebalancing {
    /// How often.
    pub every: RebalancingPeriod,
    /// Drift that is left alone, as a share of the wanted size.
    #[serde(default = "quarter")]
    pub band: Rate,
}

/// How often positions are looked at, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RebalancingPeriod {
    /// Every day.
    Day,
    /// Every week, on Monday 00:00.
    Week,
}

fn quarter() -> Rate {
    Rate::ONE.half().half()
}

impl RebalancingPeriod {
    /// Number of the period that `time_ms`, UTC milliseconds, lies in; neighbouring periods have neighbouring numbers. Weeks
    /// start on Mondays.
    pub const fn number(self, time_ms: i64) -> i64 {
        let day = time_ms.div_euclid(DAY_MS);
        match self {
            Self::Day => day,
            // 1970-01-01 was a Thursday.
            Self::Week => (day + 3).div_euclid(7),
        }
    }

    /// Start of the period of this number, UTC milliseconds; the first or last `i64` where that leaves its range.
    pub const fn start_ms(self, number: i64) -> i64 {
        match self {
            Self::Day => number.saturating_mul(DAY_MS),
            Self::Week => (number.saturating_mul(7) - 3).saturating_mul(DAY_MS),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;
    use crate::units::Timestamp;

    fn ms(time: &str) -> i64 {
        time.parse::<Timestamp>().unwrap().as_ms()
    }

    #[test]
    fn a_week_starts_on_monday() {
        let week = |time| RebalancingPeriod::Week.number(ms(time));
        // 2024-02-26 was a Monday.
        assert_eq!(week("2024-02-26T00:00:00Z"), week("2024-03-03T23:59:59Z"));
        assert_eq!(week("2024-02-25T23:59:59Z") + 1, week("2024-02-26T00:00:00Z"));
        let start = RebalancingPeriod::Week.start_ms(week("2024-02-29T12:00:00Z"));
        assert_eq!(start, ms("2024-02-26T00:00:00Z"));
        // The first Monday after 1970-01-01.
        assert_eq!(RebalancingPeriod::Week.start_ms(1), ms("1970-01-05T00:00:00Z"));
    }

    #[test]
    fn a_day_starts_at_midnight() {
        let day = RebalancingPeriod::Day.number(ms("2024-02-29T23:59:59Z"));
        assert_eq!(day, RebalancingPeriod::Day.number(ms("2024-02-29T00:00:00Z")));
        assert_eq!(RebalancingPeriod::Day.start_ms(day), ms("2024-02-29T00:00:00Z"));
        assert_eq!(RebalancingPeriod::Day.start_ms(day + 1), ms("2024-03-01T00:00:00Z"));
    }

    proptest! {
        #[test]
        fn every_time_lies_in_its_period(time_ms in -4_000_000_000_000_i64..253_402_300_799_999) {
            for period in [RebalancingPeriod::Day, RebalancingPeriod::Week] {
                let number = period.number(time_ms);
                prop_assert!(period.start_ms(number) <= time_ms);
                prop_assert!(time_ms < period.start_ms(number + 1));
                let start = jiff::Timestamp::from_millisecond(period.start_ms(number)).unwrap();
                let start = start.to_zoned(TimeZone::UTC);
                prop_assert_eq!(start.time(), jiff::civil::Time::midnight());
                if period == RebalancingPeriod::Week {
                    prop_assert_eq!(start.weekday(), Weekday::Monday);
                }
            }
        }
    }
}
