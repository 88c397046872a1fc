//! The traded period.

use std::num::NonZeroU32;

use super::RunError;
use crate::config::DataConfig;
use ct_core::market::Panel;
use ct_core::units::{Interval, Timestamp};
use ct_data::TimeRange;

const DAY_MS: i64 = 86_400_000;

/// Days that are fetched when the user names no period.
const DAYS_FETCHED: u32 = 365;

/// The period of a run as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    days: Option<NonZeroU32>,
}

impl Period {
    pub(super) const fn of(data: &DataConfig) -> Self {
        Self { from: data.from, to: data.to, days: data.days }
    }

    /// The bars to fetch: from the start of the period, or the last year before `now`, and what a strategy warms up on.
    pub(super) fn range(
        self,
        now: Timestamp,
        warm_up_rows: usize,
        interval: Interval,
    ) -> TimeRange {
        let end = self.to.unwrap_or(now);
        let days = self.days.map_or(DAYS_FETCHED, NonZeroU32::get);
        let start_ms = self.from.map_or(end.as_ms() - i64::from(days) * DAY_MS, Timestamp::as_ms);
        let warm_up_ms =
            i64::try_from(warm_up_rows).unwrap_or(i64::MAX).saturating_mul(interval.as_ms());
        TimeRange::from_ms(start_ms.saturating_sub(warm_up_ms), end.as_ms())
    }

    /// The start of the period, if the user names it.
    pub(super) const fn start(self) -> Option<Timestamp> {
        self.from
    }

    /// The end of the period, if the user names it.
    pub(super) const fn end(self) -> Option<Timestamp> {
        self.to
    }

    /// Start and end of the period in the data; `None`: all of it.
    ///
    /// # Errors
    /// [`RunError::Input`] when the data has no part of the period.
    pub(super) fn within(self, panel: &Panel) -> Result<Option<(Timestamp, Timestamp)>, RunError> {
        let first = panel.time(0);
        let end_ms = panel.time(usize::MAX).as_ms().saturating_add(panel.interval().as_ms());
        let end = Timestamp::clamped(end_ms);
        if let Some(days) = self.days {
            return Ok(Some((Timestamp::clamped(end_ms - i64::from(days.get()) * DAY_MS), end)));
        }
        let outside = |flag: &str, time: Timestamp| {
            Err(RunError::input(format!(
                "{flag} {time} lies outside the data, which runs from {first} to {end}"
            )))
        };
        match (self.from, self.to) {
            (None, None) => Ok(None),
            (Some(from), _) if from >= end => outside("--from", from),
            (_, Some(to)) if to <= first => outside("--to", to),
            (from, to) => Ok(Some((from.unwrap_or(first), to.unwrap_or(end)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_core::market::{Bars, Instrument, RawColumns};

    fn period(from: Option<&str>, to: Option<&str>, days: Option<u32>) -> Period {
        let time = |text: &str| text.parse().unwrap();
        let days = days.and_then(NonZeroU32::new);
        Period { from: from.map(time), to: to.map(time), days }
    }

    /// Ten days of hours from 2024-01-01.
    fn panel() -> Panel {
        let time: Vec<i64> = (0..240).map(|hour| 1_704_067_200_000 + hour * 3_600_000).collect();
        let price = vec![1.0; time.len()];
        let columns = RawColumns {
            time,
            open: price.clone(),
            high: price.clone(),
            low: price.clone(),
            close: price.clone(),
            volume: price,
        };
        let bars = Bars::new("1h".parse().unwrap(), columns).unwrap();
        Panel::new(vec![(Instrument::unrestricted("A"), bars)]).unwrap()
    }

    fn shown(period: Period) -> Option<(String, String)> {
        period.within(&panel()).unwrap().map(|(from, to)| (from.to_string(), to.to_string()))
    }

    fn pair(from: &str, to: &str) -> (String, String) {
        (format!("{from}T00:00:00Z"), format!("{to}T00:00:00Z"))
    }

    #[test]
    fn days_are_counted_from_the_close_of_the_last_bar() {
        assert_eq!(shown(period(None, None, Some(3))), Some(pair("2024-01-08", "2024-01-11")));
    }

    #[test]
    fn what_is_not_given_is_taken_from_the_data() {
        assert_eq!(shown(period(None, None, None)), None);
        let from = period(Some("2024-01-05"), None, None);
        assert_eq!(shown(from), Some(pair("2024-01-05", "2024-01-11")));
        let to = period(None, Some("2024-01-05"), None);
        assert_eq!(shown(to), Some(pair("2024-01-01", "2024-01-05")));
    }

    #[test]
    fn a_period_outside_the_data_is_refused() {
        for outside in [
            period(Some("2024-01-11"), None, None),
            period(Some("2023-12-01"), Some("2024-01-01"), None),
        ] {
            let error = outside.within(&panel()).unwrap_err();
            let expected = "lies outside the data, which runs from 2024-01-01T00:00:00Z to 2024-01-11T00:00:00Z";
            assert!(error.to_string().ends_with(expected), "{error:?}");
        }
    }
}
