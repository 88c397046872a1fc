//! Everything that a run remembers between two rows, and the steps that several parts of it take together.

use std::ops::Range;

use super::account::{Account, Execution};
use super::orders::{InstrumentOrders, Orders, WorkingOrder};
use super::quote::Moment;
use super::record::{FILLS_ROOM, Record};
use super::strategies::Failure;
use super::tape::{At, FillTime, Tape};
use super::venue::Venue;
use super::{Closed, FaultReport, Listing, StrategyFault, excursions};
use crate::market::{InstrumentId, PerInstrument};
use crate::order::{FillReason, Levels, Rule, Trade, Verdict};
use crate::risk::{Cut, Exit, Gate};
use crate::units::{CalendarPeriod, Quantity, UnitsError};

/// Everything that a run remembers between two rows: with it, the prices and the settings, it goes on anywhere.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) gate: Gate,
    pub(super) account: Account,
    pub(super) orders: Orders,
    pub(super) record: Record,
    /// What is known of instruments some of whose bars are missing.
    pub(super) listings: PerInstrument<Listing>,
    /// The account was worth nothing: it never trades again.
    pub(super) ruined: bool,
    /// Nothing is held, and nothing is opened any more.
    pub(super) closed: Option<Closed>,
}

impl State {
    /// That of a run over the rows of `tape`, of which those before `first_row` only warm the strategies up.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(super) fn new(tape: &Tape<'_>, first_row: usize) -> Result<Self, UnitsError> {
        let (instruments, rows) = (tape.panel.series().len(), tape.rows());
        let (setup, fills_room) = (tape.setup, rows.min(FILLS_ROOM));
        Ok(Self {
            gate: Gate::new(&setup.risk, tape.panel, setup.account.cash),
            account: Account::new(setup.account.cash, &setup.costs.fees, instruments, fills_room)?,
            orders: PerInstrument::new(instruments, |_| InstrumentOrders::default()),
            record: Record::new(setup.account.cash, first_row, rows),
            listings: PerInstrument::new(instruments, |_| Listing::default()),
            ruined: false,
            closed: None,
        })
    }

    /// The simulated venue, as it finds the account now.
    pub(super) const fn venue<'v>(&'v self, tape: &'v Tape<'v>) -> Venue<'v> {
        let Self { gate, account, orders, .. } = self;
        Venue { tape, account, orders, gate }
    }

    /// Base asset that is held of `instrument`; below zero when it is short.
    pub(super) fn held(&self, instrument: InstrumentId) -> Quantity {
        self.account.held(instrument)
    }

    /// What is held of `instrument`, and the levels that protect it, on the exchange's grid.
    pub(super) fn protected(
        &self,
        tape: &Tape<'_>,
        instrument: InstrumentId,
    ) -> (Quantity, Levels) {
        let held = self.held(instrument);
        (held, self.orders[instrument].levels_of(held, tape.tick(instrument)))
    }

    /// Whether no price of a bar can make `instrument` trade.
    pub(super) fn is_idle(&self, instrument: InstrumentId) -> bool {
        self.orders[instrument].is_idle(self.held(instrument).is_zero())
    }

    /// Whether no row can make anything trade: no order works or is on its way, and nothing that is held has a level or is owed for.
    pub(super) fn rests(&self) -> bool {
        let held = self.account.positions().iter();
        !self.account.is_on_margin()
            && self.orders.values().iter().zip(held).all(|(orders, position)| {
                orders.in_flight.is_empty() && orders.is_idle(position.is_flat())
            })
    }

    /// Books what has traded at `moment`, and records what came of it.
    ///
    /// # Errors
    /// [`UnitsError`] when a number leaves the range of exact money.
    pub(super) fn execute(
        &mut self,
        tape: &Tape<'_>,
        execution: Execution,
        moment: Moment,
    ) -> Result<(), UnitsError> {
        let at = execution.at;
        let (held, reference) = (self.held(at.instrument), execution.reference_price.to_f64());
        let enlarges = held.signum() * execution.side.sign() >= 0;
        assert!(
            !enlarges || !self.opens_nothing(at.instrument),
            "{at:?}: {execution:?} where nothing may be opened any more"
        );
        self.orders[at.instrument].add_traded(&execution, moment.segment, enlarges)?;
        let met = self.account.prices_of(at.instrument).map(|known| {
            let before = excursions::until(tape, at, known, (moment.point, reference));
            excursions::met(before, execution.price.to_f64())
        });
        if let Some(met) = met {
            self.account.set_prices_of(at.instrument, met);
        }
        let liquidation_fee = execution.liquidation_fee;
        let (fill, notional) = execution.into_fill()?;
        self.gate.add_traded(notional)?;
        let fill = self.record.add_fill(fill, notional, (at.row, tape.volume(at)))?;
        let trade = self.account.book(at, (fill, notional), liquidation_fee)?;
        let now = self.account.held(at.instrument);
        self.orders[at.instrument].look_at_cut(now, enlarges);
        if let Some(prices) = self.account.prices_of(at.instrument) {
            let on = excursions::go_on(prices, at.row, (moment.point, reference));
            let on = if enlarges { excursions::enlarged(on, held, (fill, notional))? } else { on };
            self.account.set_prices_of(at.instrument, on);
        }
        if let Some(mut trade) = trade {
            let Some(met) = met else {
                unreachable!("{at:?}: {trade:?} of a position that never was");
            };
            excursions::measure(&mut trade, met);
            self.orders[at.instrument].levels = Levels::default();
            if matches!(trade.exit_reason, FillReason::Stop | FillReason::TakeProfit) {
                let ended = self.orders[at.instrument].end_exits();
                let cut = Cut { rule: Rule::ProtectiveExit, value: 0.0, limit: 0.0 };
                self.refuse_all(tape, at, ended, cut);
            }
            self.pause_after(tape, &trade, at);
            self.record.add_trade(trade);
        }
        Ok(())
    }

    /// Instruments may have to pause after a round trip.
    fn pause_after(&mut self, tape: &Tape<'_>, trade: &Trade, at: At) {
        // Nothing comes after the end of a run.
        if !self.gate.pauses_mut().is_watching() || trade.exit_reason == FillReason::EndOfRun {
            return;
        }
        let exit = Exit {
            instrument: at.instrument,
            time: tape.time(at.row, FillTime::Open),
            close_ms: tape.close_ms(at.row),
            net_pnl: trade.net_pnl,
            reason: trade.exit_reason,
            equity: self.record.equity_at(at.row.saturating_sub(1)),
        };
        let pauses = self.gate.pauses_mut();
        pauses.note(&exit);
        self.record.add_breaker_events(pauses.drain_events());
        // A streak may be the whole strategy's.
        for instrument in tape.instruments() {
            self.make_reduce_only(tape, At { instrument, ..at });
        }
    }

    /// Orders of an instrument that work or are on their way open nothing any more, if a breaker or a pause says so at the close
    /// of `at`; each of them is told.
    pub(super) fn make_reduce_only(&mut self, tape: &Tape<'_>, at: At) {
        let instrument = at.instrument;
        let close_ms = tape.close_ms(at.row);
        let Some(cut) = self.gate.reduce_only_by(instrument, close_ms) else { return };
        let mut changed = self.orders[instrument].make_reduce_only();
        if self.held(instrument).is_zero() {
            // They have nothing to do any more.
            changed.extend(self.orders[instrument].cancel());
        }
        self.refuse_all(tape, at, changed, cut);
    }

    /// Goes to the UTC day of `row`, for what counts days. Times are another part of memory: nothing else looks at them.
    pub(super) fn start_day(&mut self, tape: &Tape<'_>, row: usize) {
        self.account.start_day(|| tape.open_ms(row));
        if self.gate.counts_days() {
            self.go_to_day(tape, tape.open_ms(row));
        }
    }

    /// Tells risk the UTC day of `time_ms`, whose limits are shares of the equity before its first row.
    pub(super) fn go_to_day(&mut self, tape: &Tape<'_>, time_ms: i64) {
        let record = &self.record;
        self.gate.go_to_day(time_ms, || {
            let start_ms = CalendarPeriod::Day.start_ms(CalendarPeriod::Day.number(time_ms));
            let first = tape.panel.row_times().first_from(start_ms);
            first
                .checked_sub(1)
                .map_or(tape.setup.account.cash.to_f64(), |before| record.equity_at(before))
        });
    }

    /// A rule refused an order, or cut it.
    pub(super) fn refuse(
        &mut self,
        tape: &Tape<'_>,
        at: At,
        decision: Option<u64>,
        (verdict, cut): (Verdict, Cut),
    ) {
        let place = (tape.time(at.row, FillTime::Open), tape.symbol(at.instrument));
        self.record.add_refusal(place, decision, verdict, cut);
    }

    /// A rule refused what each of `decisions` had on its way.
    pub(super) fn refuse_all(
        &mut self,
        tape: &Tape<'_>,
        at: At,
        decisions: Vec<Option<u64>>,
        cut: Cut,
    ) {
        for decision in decisions {
            self.refuse(tape, at, decision, (Verdict::Refused, cut));
        }
    }

    /// The order of events in the bar at `at` is unknown. A bar counts once.
    pub(super) fn note_ambiguous(&mut self, tape: &Tape<'_>, At { row, instrument }: At) {
        if self.orders[instrument].ambiguous_row.replace(row) != Some(row) {
            self.record.add_ambiguous(tape.time(row, FillTime::Open), tape.symbol(instrument));
        }
    }

    /// Whatever an instrument has on its way is cancelled, and what is held closed at the next open.
    pub(super) fn close_at_next_open(&mut self, tape: &Tape<'_>, at: At, reason: FillReason) {
        self.cancel(tape, at, reason);
        let flat = self.held(at.instrument).is_zero();
        let orders = &mut self.orders[at.instrument];
        orders.working = (!flat).then(|| WorkingOrder::closing(reason));
        assert!(orders.all_reduce_only(), "{at:?}: an order opens although {reason:?} closes");
    }

    /// Whatever an instrument has on its way is cancelled, and told unless it was told before.
    pub(super) fn cancel(&mut self, tape: &Tape<'_>, at: At, reason: FillReason) {
        let cancelled = self.orders[at.instrument].cancel();
        let rule = match reason {
            FillReason::Liquidation => Rule::Liquidation,
            FillReason::Ruin => Rule::Ruin,
            FillReason::Fault => Rule::Fault,
            FillReason::Manual => Rule::Halted,
            _ => {
                let breaker = self.gate.breakers().standing().tripped;
                let Some(by) = breaker else { unreachable!("{at:?}: cancelled by {reason:?}") };
                let cut = Cut { rule: by.rule, value: by.value, limit: by.limit };
                return self.refuse_all(tape, at, cancelled, cut);
            }
        };
        self.refuse_all(tape, at, cancelled, Cut { rule, value: 0.0, limit: 0.0 });
    }

    /// Whether nothing of `instrument` may be opened or enlarged, whoever says so.
    fn opens_nothing(&self, instrument: InstrumentId) -> bool {
        self.ruined || self.orders[instrument].closed || self.gate.trading_state().halted
    }

    /// The rule by which nothing is opened any more, unless an operator says otherwise, if there is one.
    pub(super) fn closed_for_good_by(&self) -> Option<Rule> {
        if self.ruined {
            return Some(Rule::Ruin);
        }
        if self.gate.trading_state().halted {
            return Some(Rule::Halted);
        }
        let breaker = self.gate.breakers().closed_for_good_by();
        breaker.or_else(|| self.orders.values().iter().all(|own| own.closed).then_some(Rule::Fault))
    }

    /// Finds out whether the account lies idle for good after `rows`, in the first of which something may have traded. `before` is
    /// the rule that held before them.
    pub(super) fn watch_for_the_end(&mut self, before: Option<Rule>, rows: Range<usize>) {
        assert!(!rows.is_empty(), "a span without a row at {}", rows.start);
        let rule = self.closed_for_good_by().filter(|_| !self.account.holds_anything());
        let row = if before.is_some() { rows.start + 1 } else { rows.end };
        self.closed = rule.map(|rule| self.closed.unwrap_or(Closed { row, rule }));
    }

    /// What an operator has done may let the account trade again.
    pub(super) fn watch_for_reopening(&mut self) {
        let rule = self.closed_for_good_by();
        self.closed = self.closed.filter(|_| rule.is_some());
    }

    /// A strategy failed: its instruments are left at the next open and stay flat.
    pub(super) fn retire(&mut self, tape: &Tape<'_>, failure: Failure) {
        let Failure { row, instruments, fault: StrategyFault { kind, detail } } = failure;
        let instruments = instruments.map(InstrumentId::new);
        for instrument in instruments.clone() {
            self.close_at_next_open(tape, At { row, instrument }, FillReason::Fault);
            self.orders[instrument].closed = true;
        }
        self.record.add_fault(FaultReport {
            time: tape.time(row, FillTime::Open),
            row: row.checked_sub(self.record.first_row()).map(|row| row as u64),
            symbols: instruments.map(|instrument| tape.symbol(instrument).clone()).collect(),
            kind,
            detail,
        });
    }

    /// An account that is worth nothing at the close of `row` leaves everything at the next open and never trades again.
    pub(super) fn watch_for_ruin(&mut self, tape: &Tape<'_>, row: usize) {
        if self.ruined || row < self.record.first_row() || self.record.equity_at(row) > 0.0 {
            return;
        }
        self.ruined = true;
        for instrument in tape.instruments() {
            self.close_at_next_open(tape, At { row, instrument }, FillReason::Ruin);
        }
    }
}

#[cfg(test)]
mod tests;
