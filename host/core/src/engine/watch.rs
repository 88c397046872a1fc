//! Breakers: the machine shows them every close and does what they say.

use std::ops::Range;

use super::desk::{Desk, Working, WorkingEntry};
use super::machine::Machine;
use crate::order::{FillReason, Refusal, Verdict};
use crate::risk::{ApprovedOrder, BreakerAction, BreakerEventKind, Breakers, Closes, Cut};
use crate::units::{CalendarPeriod, Rate, UnitsError};

/// What breakers made of rows that may still be cut short.
#[derive(Debug, Default)]
pub(super) struct Watched {
    tripped: bool,
    /// The breakers before those rows; kept where they may be cut short.
    before: Option<Breakers>,
}

impl Machine<'_> {
    /// Shows the breakers the marked `rows`. One past the first row at which one trips ends the span. Gives the end.
    pub(super) fn watch(
        &mut self,
        rows: Range<usize>,
        may_be_cut: impl FnOnce() -> bool,
    ) -> (usize, Watched) {
        if rows.end <= self.first_row || !self.gate.breakers().is_watching() {
            return (rows.end, Watched::default());
        }
        let before = may_be_cut().then(|| self.gate.breakers().clone());
        let (end, tripped) = self.take_in(rows);
        (end, Watched { tripped, before })
    }

    /// The strategies took in `rows` only, of those up to `shown` that the breakers were shown. Gives whether one tripped at
    /// their last row.
    pub(super) fn settle_watch(
        &mut self,
        rows: Range<usize>,
        shown: usize,
        watched: Watched,
    ) -> bool {
        let Watched { tripped, before } = watched;
        let tripped = match before {
            Some(before) if rows.end < shown => {
                *self.gate.breakers_mut() = before;
                self.take_in(rows).1
            }
            _ => tripped,
        };
        self.breaker_events.extend(self.gate.breakers_mut().drain_events());
        tripped
    }

    fn take_in(&mut self, rows: Range<usize>) -> (usize, bool) {
        let place = rows.start.saturating_sub(self.first_row);
        let equity = self.equity.get(place..).unwrap_or_default();
        let taken = self.gate.breakers_mut().take_in(&Closes {
            first_row: rows.start,
            times_ms: self.panel.times().get(rows.clone()).unwrap_or_default(),
            interval_ms: self.panel.interval().as_ms(),
            equity: equity.get(..rows.len()).unwrap_or_default(),
        });
        (rows.start + taken.rows, taken.tripped)
    }

    /// Tells risk the UTC day of `time_ms`, whose limits are shares of the equity before its first row.
    pub(super) fn go_to_day(&mut self, time_ms: i64) {
        let Self { gate, panel, equity, first_row, setup, .. } = self;
        gate.go_to_day(time_ms, || {
            let start_ms = CalendarPeriod::Day.start_ms(CalendarPeriod::Day.number(time_ms));
            let first = panel.times().partition_point(|time| *time < start_ms);
            let before = first.checked_sub(*first_row + 1).and_then(|place| equity.get(place));
            before.copied().unwrap_or_else(|| setup.cash.to_f64())
        });
    }

    /// A breaker tripped at the close of `row`: what it says happens at the next open.
    pub(super) fn obey_breakers(&mut self, row: usize) -> Result<(), UnitsError> {
        if self.ruined {
            return Ok(());
        }
        let standing = self.gate.breakers().standing();
        let latest = self.breaker_events.iter().rev().take_while(|event| event.row == row);
        let reduces = latest.into_iter().any(|event| {
            event.action == BreakerAction::Reduce && event.kind == BreakerEventKind::Tripped
        });
        match standing.tripped.map(|tripped| tripped.action) {
            Some(BreakerAction::Flatten) => {
                for instrument in 0..self.desks.len() {
                    self.bar_opening(instrument, row);
                    self.close_at_next_open((row, instrument), FillReason::Breaker);
                }
                return Ok(());
            }
            Some(BreakerAction::Halt | BreakerAction::Reduce) => {
                for instrument in 0..self.desks.len() {
                    self.bar_opening(instrument, row);
                }
            }
            None => {}
        }
        if let (true, Some(reduced)) = (reduces, standing.reduced) {
            let part = self.gate.breakers_mut().cut(reduced.to);
            let cut = Cut { rule: reduced.rule, value: reduced.value, limit: reduced.limit };
            for instrument in 0..self.desks.len() {
                self.reduce(instrument, row, (Rate::from_fraction(part)?, cut))?;
            }
        }
        Ok(())
    }

    /// Orders of `instrument` that are in the market or on their way open nothing any more, if a breaker or a rest says so at
    /// the close of `row`; each of them is told.
    pub(super) fn bar_opening(&mut self, instrument: usize, row: usize) {
        let Some(cut) = self.gate.barred(instrument, row) else { return };
        let flat = self.portfolio.position(instrument).is_flat();
        let Some(desk) = self.desks.get_mut(instrument) else { return };
        let barred = desk.bar_opening();
        if flat {
            // It has nothing to do any more.
            desk.call_back();
        }
        self.refuse_all(barred, (row, instrument), cut);
    }

    /// Cuts what is held of `instrument` to `part` when market orders trade next, unless it is being closed already. Nothing on
    /// its way opens or enlarges a position any more; what leaves goes on.
    fn reduce(
        &mut self,
        instrument: usize,
        row: usize,
        (part, cut): (Rate, Cut),
    ) -> Result<(), UnitsError> {
        let barred = self.desks.get_mut(instrument).map(Desk::bar_opening).unwrap_or_default();
        self.refuse_all(barred, (row, instrument), cut);
        let held = self.portfolio.position(instrument).quantity;
        let Some(desk) = self.desks.get_mut(instrument) else { return Ok(()) };
        if held.is_zero() {
            return Ok(());
        }
        // An order that leaves at the market goes on.
        let mut next = desk.working.iter().chain(&desk.in_flight);
        if next.any(|order| order.from_row <= row + 1 && order.leaves(held)) {
            return Ok(());
        }
        // What waits for its price waits until the position is smaller.
        let waiting = desk.working.take_if(|order| order.entry != WorkingEntry::Market);
        if let Some(waiting) = waiting {
            desk.in_flight.push_front(waiting);
        }
        desk.working = Some(Working {
            order: ApprovedOrder::reduced(held, part)?,
            levels: None,
            ..Working::closing(FillReason::Breaker).from(row + 1)
        });
        Ok(())
    }

    /// Tells of each of `decisions` that the rule refused it.
    pub(super) fn refuse_all(
        &mut self,
        decisions: Vec<Option<u64>>,
        (row, instrument): (usize, usize),
        Cut { rule, value, limit }: Cut,
    ) {
        for decision in decisions {
            let verdict = Verdict::Refused;
            self.refuse(Refusal { row, instrument, decision, rule, verdict, value, limit });
        }
    }
}
