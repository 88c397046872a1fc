//! The loss breakers of an account.

use super::closes::{ClosedRow, Closes, Taken};
use super::extremes::{Extremes, higher};
use super::guard::Guard;
use super::level::Level;
use super::{
    BreakerAction, BreakerEvent, BreakerEventKind, BreakerSettings, Reduced, Standing, Tripped,
};
use crate::order::Rule;
use crate::units::{Rate, Timestamp};

/// The loss breakers of an account, with what they remember.
///
/// They are shown equity at closes, in order. How the rows are cut when they are shown changes nothing.
///
/// - An armed breaker trips at the first close at which `equity ≤ base × (1 − loss)`. Its value is `1 − equity ÷ base`.
/// - The base is the starting cash for `portfolio_stop`, the highest close for `drawdown`, and for `daily_loss` and
///   `weekly_loss` the close of the last row before the UTC day or week (from Monday) that the row opens in. Before the first
///   row all of them are the starting cash. A base of 0 or less leaves nothing to lose, and nothing trips.
/// - A tripped breaker does not trip again before it is armed, and looks again from the close after that.
/// - With a time it is armed again at the first close that long after the one that tripped it, or later. Its base is then the
///   equity at that close. So it is when it is armed by hand.
/// - With `next_period` it is armed again at the first later close at or after the end of its day or week. Its base is the
///   equity at the start of the new one. For other losses, which have no period, `next_period` is `manual`.
///
/// There may be any number of levels. Away from their floors they cost nothing per row, and little per day or week.
#[derive(Clone, Debug)]
pub struct Breakers {
    levels: Vec<Level>,
    /// Equity at the last close taken in; the starting cash before the first.
    equity: f64,
    /// The row after the last one that was taken in.
    next_row: usize,
    guard: Guard,
    events: Vec<BreakerEvent>,
    /// Part of their size that positions have been cut to.
    cut_to: Rate,
}

/// Rows that are looked at as one as long as nothing in them can trip.
const BLOCK_ROWS: usize = 64;

impl Breakers {
    /// Armed breakers of an account that starts with `cash`, in quote asset.
    pub fn new(settings: &BreakerSettings, cash: f64) -> Self {
        let kinds = [
            (Rule::PortfolioStop, settings.portfolio_stop.as_slice()),
            (Rule::DailyLoss, &settings.daily_loss),
            (Rule::WeeklyLoss, &settings.weekly_loss),
            (Rule::Drawdown, &settings.drawdown),
        ];
        let levels = kinds.into_iter().flat_map(|(rule, breakers)| {
            breakers.iter().map(move |breaker| Level::new(rule, *breaker, cash))
        });
        Self {
            levels: levels.collect(),
            equity: cash,
            next_row: 0,
            guard: Guard::STALE,
            events: Vec::new(),
            cut_to: Rate::ONE,
        }
    }

    /// The same breakers under other settings, after a close at which the account is worth `equity`: levels whose settings are as
    /// they were go on, new ones count from there.
    pub(crate) fn under(mut self, settings: &BreakerSettings, equity: f64) -> Self {
        self.tell_levels();
        let mut new = Self::new(settings, equity);
        for level in &mut new.levels {
            let same =
                |before: &&Level| before.rule == level.rule && before.settings == level.settings;
            if let Some(before) = self.levels.iter().find(same) {
                *level = *before;
            }
        }
        let mut under = Self { levels: new.levels, guard: Guard::STALE, ..self };
        under.let_grow();
        under
    }

    /// Whether there is any loss breaker. If not, there is no need to show them rows.
    pub(crate) const fn is_watching(&self) -> bool {
        !self.levels.is_empty()
    }

    /// The breaker that lets nothing be opened any more until it is armed by hand, if one has tripped.
    pub(crate) fn closed_for_good_by(&self) -> Option<Rule> {
        let closes = |level: &&Level| {
            level.stays_tripped() && level.settings.action != BreakerAction::Reduce
        };
        let strongest = self.levels.iter().filter(closes).max_by_key(|level| level.settings.action);
        strongest.map(|level| level.rule)
    }

    /// Takes in rows in order, up to and including the first at which a breaker trips.
    ///
    /// # Panics
    /// When there are not as many times as values of equity, or rows come a second time.
    pub fn take_in(&mut self, closes: &Closes<'_>) -> Taken {
        let (first, next) = (closes.first_row, self.next_row);
        assert!(first >= next, "row {first} is taken in after row {next} was to come");
        let taken = self.take_in_in_order(closes);
        self.next_row = first + taken.rows;
        let rows = closes.rows();
        assert!(taken.tripped || taken.rows == rows, "{taken:?} of {rows} rows from {first}");
        taken
    }

    fn take_in_in_order(&mut self, closes: &Closes<'_>) -> Taken {
        let rows = closes.rows();
        assert!(closes.interval_ms > 0, "bars of {} ms", closes.interval_ms);
        if !self.is_watching() {
            return Taken { rows, tripped: false };
        }
        let mut done = 0;
        while done < rows {
            let rest = closes.part(done..rows);
            // Times are another part of memory: where none matters, none is looked at.
            let quiet = if self.guard.sleeps() { rest.rows() } else { self.quiet_rows(&rest) };
            let taken = match quiet {
                0 => self.take_in_each(&rest.part(0..1)),
                quiet => self.take_in_quiet(&rest.part(0..quiet)),
            };
            assert!(
                (1..=rest.rows()).contains(&taken.rows),
                "{} of {} rows from {} are taken in",
                taken.rows,
                rest.rows(),
                rest.first_row
            );
            done += taken.rows;
            if taken.tripped {
                return Taken { rows: done, tripped: true };
            }
        }
        Taken { rows, tripped: false }
    }

    /// Starts the periods that start with the first row. Gives the rows, from it on, in which no other one starts and no
    /// breaker is due to be armed.
    fn quiet_rows(&mut self, closes: &Closes<'_>) -> usize {
        let Some(open_ms) = closes.times_ms.first() else { return 0 };
        if *open_ms >= self.guard.wakes_ms {
            self.wake(*open_ms, closes.interval_ms);
        }
        closes.opening_before(self.guard.wakes_ms)
    }

    /// What holds after the last row that was taken in.
    pub(crate) fn standing(&self) -> Standing {
        let mut standing = Standing::default();
        for level in &self.levels {
            let Some(value) = level.tripped_at() else { continue };
            let (rule, limit) = (level.rule, level.settings.loss.to_fraction());
            let (action, to) = (level.settings.action, level.settings.reduce_to);
            if action == BreakerAction::Reduce {
                if standing.reduced.is_none_or(|reduced| to < reduced.to) {
                    standing.reduced = Some(Reduced { rule, to, value, limit });
                }
            } else if standing.tripped.is_none_or(|tripped| action > tripped.action) {
                standing.tripped = Some(Tripped { rule, action, value, limit });
            }
        }
        standing
    }

    /// Arms every tripped breaker by hand, at the close of the bar that opened at `time`. Losses count from `equity`, that at the close.
    pub fn rearm(&mut self, time: Timestamp, equity: f64) {
        self.tell_levels();
        self.guard = Guard::STALE;
        let events = self.levels.iter_mut().filter_map(|level| level.rearm(time, equity));
        self.events.extend(events);
        self.let_grow();
    }

    /// The share of what is held that is left when positions are cut to `to` of their size: earlier cuts count.
    ///
    /// # Panics
    /// When they were cut to nothing before.
    pub fn cut(&mut self, to: Rate) -> f64 {
        assert!(!self.cut_to.is_zero(), "positions that were cut to nothing are cut to {to:?}");
        let left = to.to_fraction() / self.cut_to.to_fraction();
        self.cut_to = to;
        left.min(1.0)
    }

    /// A level was armed again, or is gone: positions may grow back to what the others leave.
    fn let_grow(&mut self) {
        let left = self.standing().reduced.map_or(Rate::ONE, |reduced| reduced.to);
        self.cut_to = self.cut_to.max(left);
    }

    /// Gives away what has happened since it was asked last, in order of rows.
    pub(crate) fn drain_events(&mut self) -> impl Iterator<Item = BreakerEvent> {
        self.events.drain(..)
    }

    /// Starts the periods that start with a row that opens at `open_ms`.
    fn wake(&mut self, open_ms: i64, interval_ms: i64) {
        let mut guard = Guard::WITHOUT_LEVELS;
        for level in &mut self.levels {
            level.pass(self.guard.highest);
            level.open(open_ms, self.equity);
            guard.add(level, interval_ms);
        }
        self.guard = guard;
    }

    /// Tells the levels what has passed the guard without them.
    fn tell_levels(&mut self) {
        for level in &mut self.levels {
            level.pass(self.guard.highest);
        }
    }

    /// Takes in rows in which no period starts and no breaker is due to be armed.
    fn take_in_quiet(&mut self, closes: &Closes<'_>) -> Taken {
        let mut done = 0;
        for block in closes.equity.chunks(BLOCK_ROWS) {
            let extremes = Extremes::of(block);
            let end = done + block.len();
            if self.guard.may_trip(extremes) && self.any_may_trip(extremes) {
                let taken = self.take_in_each(&closes.part(done..end));
                if taken.tripped {
                    return Taken { rows: done + taken.rows, tripped: true };
                }
            } else {
                self.guard.pass(extremes);
            }
            done = end;
        }
        let Some(last) = closes.equity.last() else {
            unreachable!("no rows from {} are taken in", closes.first_row);
        };
        self.equity = *last;
        Taken { rows: done, tripped: false }
    }

    /// Whether one of the levels may trip: the guard does not know which of them has which base.
    fn any_may_trip(&self, extremes: Extremes) -> bool {
        let highest = higher(extremes.highest, self.guard.highest);
        self.levels.iter().any(|level| level.may_trip(Extremes { highest, ..extremes }))
    }

    /// Takes in rows one by one, up to the first at which a breaker trips.
    fn take_in_each(&mut self, closes: &Closes<'_>) -> Taken {
        self.tell_levels();
        let trip = closes.iter().position(|row| self.take_in_one(&row));
        self.guard = Guard::of(&self.levels, closes.interval_ms);
        Taken { rows: trip.map_or(closes.rows(), |place| place + 1), tripped: trip.is_some() }
    }

    /// Takes in one row. Gives whether a breaker tripped.
    fn take_in_one(&mut self, row: &ClosedRow) -> bool {
        self.equity = row.equity;
        let known = self.events.len();
        for level in &mut self.levels {
            level.close(row, &mut self.events);
        }
        let Some(news) = self.events.get(known..) else {
            unreachable!(
                "bar from {}: {} events are left of {known}",
                row.open_ms,
                self.events.len()
            );
        };
        let tripped = news.iter().any(|event| event.kind == BreakerEventKind::Tripped);
        if news.iter().any(|event| event.kind == BreakerEventKind::Rearmed) {
            self.let_grow();
        }
        tripped
    }
}
