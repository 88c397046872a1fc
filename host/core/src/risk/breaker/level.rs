//! One loss breaker: what it counts from, and whether it has tripped.

use super::closes::ClosedRow;
use super::extremes::{Extremes, higher};
use super::{BreakerEvent, BreakerEventKind, LossBreaker, Rearm};
use crate::order::Rule;
use crate::units::{CalendarPeriod, Rate, Timestamp, finite};

/// One loss breaker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    /// Which loss it counts.
    pub(super) rule: Rule,
    /// What trips it and what it does.
    pub(super) settings: LossBreaker,
    /// The part of the base that is left when it trips.
    keep: f64,
    counts_from: CountsFrom,
    /// Equity that the loss is counted from.
    base: f64,
    latch: Option<Latch>,
}

/// Where the base of a loss comes from while the breaker is armed.
#[derive(Clone, Copy, Debug)]
enum CountsFrom {
    /// The close at which it was armed.
    Arming,
    /// The highest close since it was armed.
    Peak,
    /// The start of the period, or the close at which it was armed in the period.
    Period(Running),
}

/// A period and its present instance.
#[derive(Clone, Copy, Debug)]
struct Running {
    period: CalendarPeriod,
    /// When the present one ends; `None` before the first row.
    end_ms: Option<i64>,
}

/// A breaker that has tripped.
#[derive(Clone, Copy, Debug)]
struct Latch {
    /// The loss at which it tripped.
    value: f64,
    /// From this close on it is armed again; `None` for by hand.
    due_ms: Option<i64>,
}

impl Level {
    /// An armed breaker of an account that has `cash` and has not traded.
    pub(super) fn new(rule: Rule, settings: LossBreaker, cash: f64) -> Self {
        let running = |period| CountsFrom::Period(Running { period, end_ms: None });
        let counts_from = match rule {
            Rule::DailyLoss => running(CalendarPeriod::Day),
            Rule::WeeklyLoss => running(CalendarPeriod::Week),
            Rule::Drawdown => CountsFrom::Peak,
            _ => CountsFrom::Arming,
        };
        // On the grid of rates, so that what is left of 90 % is 10 % and not a hair less.
        let keep = Rate::from_fraction(1.0 - settings.loss.to_fraction()).unwrap_or(Rate::ZERO);
        Self { rule, settings, keep: keep.to_fraction(), counts_from, base: cash, latch: None }
    }

    /// The loss at which it tripped; `None` while it is armed.
    pub(super) fn tripped_at(&self) -> Option<f64> {
        self.latch.map(|latch| latch.value)
    }

    /// Whether it has tripped and is armed again by hand only.
    pub(super) fn stays_tripped(&self) -> bool {
        self.latch.is_some_and(|latch| latch.due_ms.is_none())
    }

    /// A row opens at `open_ms`: where that is in a new period, losses count from `equity`, that of the close before.
    pub(super) fn open(&mut self, open_ms: i64, equity: f64) {
        if let CountsFrom::Period(running) = &mut self.counts_from
            && running.end_ms.is_none_or(|end_ms| open_ms >= end_ms)
        {
            let end_ms = running.period.end_ms(open_ms);
            assert!(end_ms > open_ms, "a period of {open_ms} ms that ends at {end_ms} ms");
            running.end_ms = Some(end_ms);
            self.base = equity;
        }
    }

    /// The first open time from which on more than the peak may change, for bars of `interval_ms`; the largest time for
    /// never.
    pub(super) fn wakes_ms(&self, interval_ms: i64) -> i64 {
        let new_period_ms = match self.counts_from {
            CountsFrom::Period(running) => running.end_ms,
            CountsFrom::Arming | CountsFrom::Peak => None,
        };
        let due_ms = self.latch.and_then(|latch| latch.due_ms);
        let due_ms = due_ms.map(|due_ms| due_ms.saturating_sub(interval_ms));
        new_period_ms.unwrap_or(i64::MAX).min(due_ms.unwrap_or(i64::MAX))
    }

    /// Equity that the loss is counted from.
    pub(super) const fn base(&self) -> f64 {
        self.base
    }

    /// The part of the base that is left when it trips.
    pub(super) const fn keep(&self) -> f64 {
        self.keep
    }

    /// Whether the base rises with equity.
    pub(super) const fn rises(&self) -> bool {
        matches!(self.counts_from, CountsFrom::Peak)
    }

    /// False where closes between the extremes do not trip it, whatever their order.
    pub(super) fn may_trip(&self, extremes: Extremes) -> bool {
        self.latch.is_none() && self.is_lost(extremes.lowest, self.base_at(extremes.highest))
    }

    /// Closes up to `highest` have passed that did not trip it, and in which no period started.
    pub(super) const fn pass(&mut self, highest: f64) {
        self.base = self.base_at(highest);
    }

    /// Takes in one close; what happens is added to `events`. A close that arms it again cannot trip it, unless its row opens in
    /// the next period.
    pub(super) fn close(&mut self, close: &ClosedRow, events: &mut Vec<BreakerEvent>) {
        if let Some(latch) = self.latch {
            let Some(due_ms) = latch.due_ms.filter(|due_ms| close.close_ms >= *due_ms) else {
                return;
            };
            let in_next = self.settings.rearm == Rearm::NextPeriod && close.open_ms >= due_ms;
            let base = if in_next { self.base } else { close.equity };
            self.arm(base);
            events.push(self.event(
                BreakerEventKind::Rearmed,
                Timestamp::clamped(close.open_ms),
                close.equity,
            ));
            if !in_next {
                return;
            }
        }
        self.base = self.base_at(close.equity);
        if self.is_lost(close.equity, self.base) {
            events.push(self.trip(close));
        }
    }

    /// Arms it again by hand, if it has tripped.
    pub(super) fn rearm(&mut self, time: Timestamp, equity: f64) -> Option<BreakerEvent> {
        self.latch?;
        self.arm(equity);
        Some(self.event(BreakerEventKind::Rearmed, time, equity))
    }

    fn trip(&mut self, close: &ClosedRow) -> BreakerEvent {
        assert!(
            self.latch.is_none(),
            "bar from {}: {:?} trips a second time",
            close.open_ms,
            self.rule
        );
        let due_ms = match (self.settings.rearm, self.counts_from) {
            (Rearm::After(time), _) => Some(close.close_ms.saturating_add(time.as_ms())),
            (Rearm::NextPeriod, CountsFrom::Period(running)) => running.end_ms,
            (Rearm::NextPeriod | Rearm::Manual, _) => None,
        };
        self.latch = Some(Latch { value: self.loss_at(close.equity), due_ms });
        self.event(BreakerEventKind::Tripped, Timestamp::clamped(close.open_ms), close.equity)
    }

    const fn arm(&mut self, base: f64) {
        self.latch = None;
        self.base = base;
    }

    /// The base once equity has been as high as `highest`.
    const fn base_at(&self, highest: f64) -> f64 {
        if self.rises() { higher(highest, self.base) } else { self.base }
    }

    /// Whether `equity` is the loss, or more. An account that has nothing cannot lose it.
    const fn is_lost(&self, equity: f64, base: f64) -> bool {
        base > 0.0 && equity <= base * self.keep
    }

    /// The loss as a share of the base; 0 where there is nothing to lose.
    fn loss_at(&self, equity: f64) -> f64 {
        if self.base > 0.0 { 1.0 - equity / self.base } else { 0.0 }
    }

    fn event(&self, kind: BreakerEventKind, time: Timestamp, equity: f64) -> BreakerEvent {
        BreakerEvent {
            time,
            rule: self.rule,
            kind,
            action: self.settings.action,
            symbol: None,
            value: finite(self.loss_at(equity)),
            limit: self.settings.loss.to_fraction(),
            equity,
        }
    }
}
