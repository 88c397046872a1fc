//! UTC days and weeks.

const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;

/// 1970 began on a Thursday; the Monday before it was three days earlier.
const MONDAY_MS: i64 = -3 * DAY_MS;

/// A span of the calendar that losses are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    /// From 00:00 UTC.
    Day,
    /// From Monday, 00:00 UTC.
    Week,
}

impl Period {
    /// When the period of `time_ms` ends and the next begins, in milliseconds since 1970 UTC.
    pub(super) fn end_ms(self, time_ms: i64) -> i64 {
        let (origin_ms, length_ms) = match self {
            Self::Day => (0, DAY_MS),
            Self::Week => (MONDAY_MS, WEEK_MS),
        };
        let into_ms = time_ms.saturating_sub(origin_ms).rem_euclid(length_ms);
        time_ms.saturating_add(length_ms - into_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Timestamp;

    #[test]
    fn days_end_at_midnight_and_weeks_on_monday() {
        // 2024-01-01 was a Monday, 1970-01-01 a Thursday.
        for (period, time, end) in [
            (Period::Day, "2024-02-28T23:59:59.999", "2024-02-29"),
            (Period::Day, "2024-02-29", "2024-03-01"),
            (Period::Week, "2024-01-01", "2024-01-08"),
            (Period::Week, "2024-01-07T23:59:59.999", "2024-01-08"),
            (Period::Week, "1970-01-01", "1970-01-05"),
            (Period::Week, "2022-12-31T12:00", "2023-01-02"),
        ] {
            let ms = |text: &str| text.parse::<Timestamp>().unwrap().as_ms();
            assert_eq!(period.end_ms(ms(time)), ms(end), "{period:?} of {time}");
        }
    }
}
