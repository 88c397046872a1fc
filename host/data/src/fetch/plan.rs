//! What is wanted of a series, what of it is known, and what is still to be asked. Asks nothing itself.

use super::grid::{DAY_MS, Grid, settled};
use super::job::{FetchEnd, FetchJob, Refresh};
use super::report::{Missing, MissingReason};
use crate::source::PageLimits;
use crate::{Coverage, State, TimeRange};
use ct_core::units::Timestamp;

/// A range with more windows than this, with nothing known before it, may begin years before the listing: daily bars tell
/// with a few requests.
const WINDOWS_BEFORE_SEARCH: u64 = 20;

/// Every time there is.
pub(super) fn all_time() -> TimeRange {
    TimeRange::from_ms(0, i64::MAX)
}

/// The plan for one series. Times are opens of bars.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    grid: Grid,
    from: Timestamp,
    end: FetchEnd,
    /// What was known before, if that is to be used, and what was learnt since.
    known: Coverage,
    /// What was asked for in vain.
    set_aside: Vec<Missing>,
    /// Nothing before it is asked for, since the source only has its newest bars.
    pub(super) reach_from: Option<Timestamp>,
}

impl Plan {
    /// The plan for `job`, of which `missing` is not known.
    pub(super) fn new(job: &FetchJob, missing: &[TimeRange], refresh: Refresh) -> Self {
        let mut known = Coverage::new();
        if refresh == Refresh::Missing {
            known.set(all_time(), State::Held, "");
            for range in missing {
                known.clear(*range);
            }
        }
        let grid = Grid::new(job.key.interval);
        Self { grid, from: job.from, end: job.to, known, set_aside: Vec::new(), reach_from: None }
    }

    pub(super) const fn grid(&self) -> Grid {
        self.grid
    }

    /// Everything wanted that has closed when the clock shows `clock`.
    fn target(&self, clock: Timestamp) -> TimeRange {
        let closed_to = self.grid.closed_to(clock);
        let wanted_to = match self.end {
            FetchEnd::Now => closed_to,
            FetchEnd::At(end) => end,
        };
        let aligned = self.grid.aligned(TimeRange::new(self.from, wanted_to));
        TimeRange::new(aligned.from, aligned.to.min(closed_to))
    }

    /// Every bar in `range` is known now.
    pub(super) fn learn(&mut self, range: TimeRange) {
        self.known.set(range, State::Held, "");
    }

    /// What is not known of the range will not be asked for again.
    pub(super) fn set_aside(&mut self, missing: Missing) {
        self.set_aside.push(missing);
    }

    /// What is to be asked for, by time.
    pub(super) fn to_ask(&self, clock: Timestamp) -> Vec<TimeRange> {
        let mut known = self.known.clone();
        for Missing { range, .. } in &self.set_aside {
            known.set(*range, State::Empty, "");
        }
        let target = self.target(clock);
        let from = self.reach_from.map_or(target.from, |reach| target.from.max(reach));
        known.missing(TimeRange::new(from, target.to))
    }

    /// What is wanted and became known since `earlier`, an earlier state of this plan.
    pub(super) fn learnt_since(&self, earlier: &Self, clock: Timestamp) -> Vec<TimeRange> {
        let mut unknown = Coverage::new();
        for range in self.known.missing(self.target(clock)) {
            unknown.set(range, State::Empty, "");
        }
        let missing = earlier.known.missing(self.target(clock)).into_iter();
        missing.flat_map(|range| unknown.missing(range)).collect()
    }

    /// Number of bars in [`to_ask`](Self::to_ask), if none is absent.
    pub(super) fn bars_to_ask(&self, clock: Timestamp) -> u64 {
        self.to_ask(clock).iter().map(|range| range.bars(self.grid.interval)).sum()
    }

    /// What is wanted and not known, by time, and why.
    pub(super) fn missing(&self, clock: Timestamp) -> Vec<Missing> {
        let out_of_reach = self.out_of_reach(clock).into_iter();
        let out_of_reach =
            out_of_reach.map(|range| Missing { range, reason: MissingReason::OutOfReach });
        let reasons: Vec<Missing> = out_of_reach.chain(self.set_aside.iter().copied()).collect();
        let mut missing = Vec::new();
        for gap in self.known.missing(self.target(clock)) {
            let mut rest = Coverage::new();
            for Missing { range, reason } in &reasons {
                // Where two reasons meet, the first one stands.
                for part in rest.missing(gap.intersection(range)) {
                    rest.set(part, State::Empty, "");
                    missing.push(Missing { range: part, reason: *reason });
                }
            }
            let not_fetched = rest.missing(gap).into_iter();
            missing.extend(
                not_fetched.map(|range| Missing { range, reason: MissingReason::NotFetched }),
            );
        }
        missing.sort_by_key(|missing| missing.range);
        missing
    }

    /// The first closed bar that a source of its newest bars has.
    pub(super) fn reach(&self, clock: Timestamp, newest_rows: u32) -> Timestamp {
        // The newest bar is the one that has not closed yet.
        let closed_rows = i64::from(newest_rows.saturating_sub(1));
        let reach_ms = self.grid.step_ms().saturating_mul(closed_rows);
        Timestamp::clamped(self.grid.floor(clock.as_ms()).saturating_sub(reach_ms))
    }

    /// From the first to the last bar that is wanted and not known, but older than those that can be had.
    pub(super) fn out_of_reach(&self, clock: Timestamp) -> Option<TimeRange> {
        let target = self.target(clock);
        let beyond = TimeRange::new(target.from, target.to.min(self.reach_from?));
        let missing = self.known.missing(beyond);
        Some(TimeRange::new(missing.first()?.from, missing.last()?.to))
    }

    /// Whether something is wanted, but all of it is older than what can be had when the clock shows `clock`.
    pub(super) fn is_out_of_reach(&self, clock: Timestamp) -> bool {
        self.to_ask(clock).is_empty() && self.out_of_reach(clock).is_some()
    }

    /// The first range to ask for, if so much of it may lie before the listing that it is worth looking for that first.
    pub(super) fn before_listing(&self, clock: Timestamp, limits: PageLimits) -> Option<TimeRange> {
        let first = *self.to_ask(clock).first()?;
        let is_first_known = self.known.range().is_none_or(|known| first.from <= known.from);
        let bars_min = WINDOWS_BEFORE_SEARCH * u64::from(limits.rows_max);
        let is_worth_it = self.grid.step_ms() < DAY_MS
            && limits.newest_rows.is_none()
            && first.bars(self.grid.interval) > bars_min;
        (is_first_known && is_worth_it).then_some(first)
    }

    /// Where bars are known or wanted that cannot have closed by a clock that shows `clock`: then that clock may be behind,
    /// and there may be more bars after the time that is returned.
    pub(super) fn end_beyond(&self, clock: Timestamp) -> Option<Timestamp> {
        let wanted_from = self.target(clock).from;
        let end = self.known.range().map_or(wanted_from, |known| known.to.max(wanted_from));
        let is_wanted = match self.end {
            FetchEnd::Now => true,
            FetchEnd::At(wanted) => wanted > end,
        };
        (is_wanted && end > settled(clock)).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::SeriesKey;
    use crate::fetch::fake::{Fake, HOUR, hours};
    use crate::fetch::{Sources, SymbolSource};

    fn clock(hour: i64) -> Timestamp {
        Timestamp::clamped(hour * HOUR + 5_000)
    }

    fn plan(from: i64, to: FetchEnd, known: &[TimeRange]) -> Plan {
        let source: Arc<Fake> = Arc::new(Fake::default());
        let job = FetchJob {
            key: SeriesKey {
                exchange: "fake".to_owned(),
                symbol: "BTC/USDT".to_owned(),
                interval: "1h".parse().unwrap(),
            },
            from: Timestamp::clamped(from * HOUR),
            to,
            sources: Sources {
                exchange: SymbolSource { source, symbol: "BTC/USDT".to_owned() },
                archive: None,
                fallbacks: Vec::new(),
            },
        };
        let mut coverage = Coverage::new();
        for range in known {
            coverage.set(*range, State::Held, "fake");
        }
        Plan::new(&job, &coverage.missing(all_time()), Refresh::Missing)
    }

    fn limits(rows_max: u32, newest_rows: Option<u32>) -> PageLimits {
        PageLimits { rows_max, newest_rows, concurrency: 1 }
    }

    #[test]
    fn exactly_the_missing_closed_bars_are_asked_for() {
        let held = [hours(5, 10), hours(12, 15)];
        let now = plan(2, FetchEnd::Now, &held);
        assert_eq!(now.to_ask(clock(18)), [hours(2, 5), hours(10, 12), hours(15, 18)]);
        assert_eq!(now.bars_to_ask(clock(18)), 8);
        let past = plan(2, FetchEnd::At(clock(11)), &held);
        assert_eq!(past.to_ask(clock(18)), [hours(2, 5), hours(10, 12)]);
        assert_eq!(past.to_ask(clock(4)), [hours(2, 4)]);
    }

    #[test]
    fn what_is_missing_in_the_end_has_its_reason() {
        let mut plan = plan(0, FetchEnd::Now, &[hours(4, 6)]);
        plan.reach_from = Some(plan.reach(clock(10), 9));
        assert_eq!(plan.out_of_reach(clock(10)), Some(hours(0, 2)));
        plan.set_aside(Missing { range: hours(1, 3), reason: MissingReason::Unsound });
        plan.learn(hours(6, 9));
        assert_eq!(plan.to_ask(clock(10)), [hours(3, 4), hours(9, 10)]);
        let missing: Vec<_> =
            plan.missing(clock(10)).iter().map(|gap| (gap.range, gap.reason)).collect();
        let expected = [
            (hours(0, 2), MissingReason::OutOfReach),
            (hours(2, 3), MissingReason::Unsound),
            (hours(3, 4), MissingReason::NotFetched),
            (hours(9, 10), MissingReason::NotFetched),
        ];
        assert_eq!(missing, expected);
    }

    #[test]
    fn the_listing_is_looked_for_only_before_everything_known_and_if_it_saves_requests() {
        let limits = limits(10, None);
        let fresh = plan(0, FetchEnd::Now, &[]);
        assert_eq!(fresh.before_listing(clock(201), limits), Some(hours(0, 201)));
        assert_eq!(fresh.before_listing(clock(200), limits), None);
        let newest = PageLimits { newest_rows: Some(10), ..limits };
        assert_eq!(fresh.before_listing(clock(500), newest), None);
        let known = plan(10, FetchEnd::Now, &[hours(2, 10)]);
        assert_eq!(known.before_listing(clock(500), limits), None);
        let prepend = plan(0, FetchEnd::Now, &[hours(400, 410)]);
        assert_eq!(prepend.before_listing(clock(500), limits), Some(hours(0, 400)));
    }

    #[test]
    fn bars_that_close_in_the_future_prove_that_the_clock_is_behind() {
        let now = plan(0, FetchEnd::Now, &[hours(0, 10)]);
        assert_eq!(now.end_beyond(clock(10)), None);
        assert_eq!(now.end_beyond(clock(9)), Some(hours(0, 10).to));
        let past = plan(0, FetchEnd::At(hours(0, 10).to), &[hours(0, 10)]);
        assert_eq!(past.end_beyond(clock(9)), None);
        let fresh = plan(5, FetchEnd::At(hours(0, 10).to), &[]);
        assert_eq!(fresh.end_beyond(clock(5)), None);
        assert_eq!(fresh.end_beyond(clock(4)), Some(hours(0, 5).to));
    }
}
