//! The times at which bars of an interval open, and which of them have closed.

use crate::TimeRange;
use ct_core::units::{Interval, Timestamp};

/// How long after its end a bar counts as closed: exchanges may still book the last trades of a bar a moment after it.
const SETTLE_MS: i64 = 2_000;

pub(super) const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;
/// 1970 began on a Thursday, and weeks start on Monday.
const FIRST_MONDAY_MS: i64 = 4 * DAY_MS;

/// The grid of an interval: multiples of it since 1970; for whole weeks, since the first Monday of 1970.
///
/// Bars shorter than a day open on it. Longer ones may not: an exchange's day may start at 16:00 UTC, and its three days
/// on any of three. For them the grid only says where requests are cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) interval: Interval,
    offset_ms: i64,
}

impl Grid {
    pub(super) fn new(interval: Interval) -> Self {
        let whole_weeks = interval.as_ms() % WEEK_MS == 0;
        Self { interval, offset_ms: if whole_weeks { FIRST_MONDAY_MS } else { 0 } }
    }

    /// Length of a bar in milliseconds.
    pub(super) const fn step_ms(self) -> i64 {
        self.interval.as_ms()
    }

    /// The last grid time that is not after `ms`.
    pub(super) const fn floor(self, ms: i64) -> i64 {
        ms - (ms - self.offset_ms).rem_euclid(self.step_ms())
    }

    /// The first grid time that is not before `ms`.
    pub(super) const fn ceil(self, ms: i64) -> i64 {
        self.floor(ms.saturating_add(self.step_ms() - 1))
    }

    /// True where a bar may open.
    pub(super) const fn allows(self, ms: i64) -> bool {
        !self.is_fixed() || self.floor(ms) == ms
    }

    /// The time that a bar which opens at `ms` takes; both times of the grid that one off the grid touches.
    pub(super) fn slot(self, ms: i64) -> TimeRange {
        let end = ms.saturating_add(self.step_ms());
        if self.is_fixed() {
            TimeRange::from_ms(self.floor(ms), self.ceil(end))
        } else {
            TimeRange::from_ms(ms, end)
        }
    }

    /// Whether exchanges agree on the grid.
    const fn is_fixed(self) -> bool {
        self.step_ms() < DAY_MS
    }

    /// The range widened or narrowed to the grid so that it holds the same opens; where the grid is not certain, it is
    /// widened, so that no bar is missed.
    pub(super) fn aligned(self, range: TimeRange) -> TimeRange {
        let from = range.from.as_ms();
        let from = if self.is_fixed() { self.ceil(from) } else { self.floor(from) };
        TimeRange::from_ms(from, self.ceil(range.to.as_ms()))
    }

    /// The first time at which a bar opens, or would, that is not closed yet when the clock shows `clock`.
    pub(super) fn closed_to(self, clock: Timestamp) -> Timestamp {
        let settled = settled(clock).as_ms();
        Timestamp::clamped(if self.is_fixed() {
            self.floor(settled)
        } else {
            // Wherever its grid lies, a bar that opens here or later ends after the settled time.
            settled - self.step_ms() + 1
        })
    }

    /// `range` cut into windows of at most `bars` bars, the oldest first.
    pub(super) fn windows(self, range: TimeRange, bars: u32) -> impl Iterator<Item = TimeRange> {
        let length_ms = self.step_ms().saturating_mul(i64::from(bars.max(1)));
        let (mut from, to) = (range.from.as_ms(), range.to.as_ms());
        std::iter::from_fn(move || {
            let end = self.ceil(from).saturating_add(length_ms);
            // A start off the grid must not add a bar to the window.
            let end = if self.ceil(from) == from { end } else { end - self.step_ms() };
            let window = TimeRange::from_ms(from, end.max(from + 1).min(to));
            from = window.to.as_ms();
            (!window.is_empty()).then_some(window)
        })
    }
}

/// A bar that ends by this time has closed when the clock shows `clock`.
pub(super) fn settled(clock: Timestamp) -> Timestamp {
    Timestamp::clamped(clock.as_ms() - SETTLE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(interval: &str) -> Grid {
        Grid::new(interval.parse().unwrap())
    }

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn weeks_start_on_monday() {
        let week = grid("1w");
        let monday = time("2024-01-01").as_ms();
        assert_eq!(week.floor(time("2024-01-07T23:59").as_ms()), monday);
        assert_eq!(week.ceil(monday), monday);
        assert_eq!(week.ceil(monday + 1), monday + WEEK_MS);
        assert_eq!(grid("1d").floor(time("2024-01-03T05:00").as_ms()), time("2024-01-03").as_ms());
    }

    #[test]
    fn a_bar_is_closed_when_it_has_settled() {
        let hour = grid("1h");
        let open = time("2024-01-01T10:00");
        for (clock, closed) in [
            ("2024-01-01T11:00:00Z", false),
            ("2024-01-01T11:00:01.999Z", false),
            ("2024-01-01T11:00:02Z", true),
        ] {
            assert_eq!(open < hour.closed_to(time(clock)), closed, "{clock}");
        }
    }

    #[test]
    fn days_that_open_at_any_hour_are_closed_a_day_later() {
        let day = grid("1d");
        let open = time("2024-01-01T16:00");
        assert!(open >= day.closed_to(time("2024-01-02T16:00:01.999Z")));
        assert!(open < day.closed_to(time("2024-01-02T16:00:02Z")));
        assert!(day.allows(open.as_ms()) && !grid("4h").allows(open.as_ms() + 1));
    }

    #[test]
    fn windows_cover_a_range_without_overlap_and_are_never_too_long() {
        let hour = grid("1h");
        let range = TimeRange::from_ms(1, 10 * 3_600_000 + 5);
        let windows: Vec<_> = hour.windows(range, 4).collect();
        assert_eq!(windows.first().unwrap().from, range.from);
        assert_eq!(windows.last().unwrap().to, range.to);
        assert!(windows.windows(2).all(|pair| pair[0].to == pair[1].from));
        assert!(windows.iter().all(|window| window.bars(hour.interval) <= 4));
        assert_eq!(windows.len(), 3);
        let off_grid = TimeRange::from_ms(DAY_MS / 2, 9 * DAY_MS / 2);
        assert_eq!(grid("1d").windows(off_grid, 1).map(|one| one.length_ms()).max(), Some(DAY_MS));
        assert_eq!(hour.windows(TimeRange::from_ms(5, 5), 3).count(), 0);
    }

    #[test]
    fn alignment_keeps_the_bars_that_open_in_a_range() {
        let range = TimeRange::new(time("2024-01-01T10:30"), time("2024-01-01T12:01"));
        let aligned = TimeRange::new(time("2024-01-01T11:00"), time("2024-01-01T13:00"));
        assert_eq!(grid("1h").aligned(range), aligned);
        assert_eq!(
            grid("1d").aligned(range),
            TimeRange::new(time("2024-01-01"), time("2024-01-02"))
        );
    }
}
