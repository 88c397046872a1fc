//! The loop over spans.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::state::State;
use super::strategies::StrategyEvent;
use super::tape::{FillTime, Tape, part};
use super::{
    AccountView, Command, Drained, Member, Outcome, PositionView, Strategies, breakers, carry,
    check, commands, decisions, delisting, exposure, inside, liquidation, market_orders,
    rebalancing,
};
use crate::market::{Bars, Field, InstrumentId, Panel};
use crate::order::MarketFill;
use crate::risk::CapitalShare;
use crate::settings::{AtEnd, Settings};
use crate::units::{CalendarPeriod, UnitsError};

/// Why a run did not come to its end.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MachineError {
    /// The observer asked to stop.
    #[error("cancelled at row {row}")]
    Cancelled {
        /// First row that was not run.
        row: usize,
    },
    /// A number left the range of exact money.
    #[error("row {row}: {source}")]
    Units {
        /// The row.
        row: usize,
        /// What happened.
        source: UnitsError,
    },
    /// A command that cannot be carried out.
    #[error("row {row}: {problem}")]
    Command {
        /// The row after the last one that has been run.
        row: usize,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// More rows or instruments than row numbers can count.
    #[error("{rows} rows: expected at most {}", u32::MAX)]
    TooLong {
        /// Rows of the panel.
        rows: usize,
    },
}

/// The prices that a run reads.
#[derive(Clone, Copy, Debug)]
pub struct Prices<'a> {
    /// Bars of all instruments.
    pub panel: &'a Panel,
    /// Finer bars of each instrument, in the order of the panel, that show the way of the price inside a bar; may be left empty.
    /// They have to be there when their row is run: a row is run once. [`FinerBars`](crate::market::FinerBars) grow with a panel.
    pub finer: &'a [Option<Bars>],
}

impl<'a> From<&'a Panel> for Prices<'a> {
    /// Without finer bars.
    fn from(panel: &'a Panel) -> Self {
        Self { panel, finer: &[] }
    }
}

/// The trading machine of one run: everything it remembers. Prices and strategies are lent to it for each step, so that it can
/// be paused at any row, copied, moved, and gone on with over a panel that has grown.
#[derive(Clone, Debug)]
pub struct Machine {
    setup: Arc<Settings>,
    state: State,
    next_row: usize,
    /// Number of bookings that have been checked.
    checked: u64,
    /// Round trips of each instrument that were kept when the others were given away.
    trades_kept: Option<usize>,
    /// A run was broken off inside a span.
    is_broken_off: bool,
}

impl Machine {
    /// A machine over the rows of `panel`, of which those before `first_row` only warm the strategies up.
    ///
    /// # Errors
    /// [`MachineError`] when the panel is too long.
    pub fn new(panel: &Panel, setup: &Settings, first_row: usize) -> Result<Self, MachineError> {
        check_length(panel)?;
        let state = State::new(&Tape { panel, finer: &[], setup }, first_row)
            .map_err(|source| MachineError::Units { row: 0, source })?;
        Ok(Self {
            setup: Arc::new(setup.clone()),
            state,
            next_row: 0,
            checked: 0,
            trades_kept: None,
            is_broken_off: false,
        })
    }

    /// Keeps the way of every decision.
    #[must_use]
    pub fn explaining(mut self) -> Self {
        self.state.record.explain();
        self
    }

    /// Lists at most this many refusals, and as many ambiguous bars, between two times at which they are drained: 10 000, unless it
    /// is said. All are counted.
    #[must_use]
    pub const fn listing_at_most(mut self, most: usize) -> Self {
        self.state.record.list_at_most(most);
        self
    }

    /// Divides the equity among the instruments of several strategies, whose sizes are parts of their own share; what no share
    /// names has all of the equity, as in a run of one strategy.
    #[must_use]
    pub fn dividing_capital(mut self, shares: &[CapitalShare]) -> Self {
        self.state.gate.divide_capital(shares);
        self
    }

    /// The row with which it goes on.
    pub const fn next_row(&self) -> usize {
        self.next_row
    }

    /// Runs every row of `prices` that has not been run. What has been run before must be as it was. `observe` is told the
    /// number of rows done before every span, which may be every row, and again and again while a strategy that failed is taken
    /// through what it has seen; it may break the run off, after which it cannot be gone on with.
    ///
    /// # Errors
    /// [`MachineError`].
    ///
    /// # Panics
    /// When an invariant is broken, with its numbers.
    pub fn advance(
        &mut self,
        prices: Prices<'_>,
        strategies: &mut Strategies<'_>,
        mut observe: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<(), MachineError> {
        check_length(prices.panel)?;
        assert!(!self.is_broken_off, "the run was broken off inside row {}", self.next_row);
        let setup = Arc::clone(&self.setup);
        let tape = Tape { panel: prices.panel, finer: prices.finer, setup: &setup };
        while self.next_row < tape.rows() {
            let row = self.next_row;
            let mut is_cancelled = observe(row).is_break();
            if is_cancelled {
                return Err(MachineError::Cancelled { row });
            }
            let end = span(&mut self.state, &tape, strategies, row, &mut || {
                is_cancelled = is_cancelled || observe(row).is_break();
                !is_cancelled
            });
            if is_cancelled {
                self.is_broken_off = true;
                return Err(MachineError::Cancelled { row });
            }
            self.next_row = end.map_err(|source| MachineError::Units { row, source })?;
            check::check(&self.state, &tape, self.next_row, &mut self.checked);
        }
        Ok(())
    }

    /// Carries out what an operator asks, at the close of the last row that has been run; it holds from the next row on.
    ///
    /// # Errors
    /// [`MachineError::Command`] before the first row, for instruments that are not there, and for settings that look further
    /// back than what has not been forgotten or given away; nothing has changed then. [`MachineError::Units`] when a number leaves
    /// the range of exact money.
    pub fn command(&mut self, prices: Prices<'_>, command: &Command) -> Result<(), MachineError> {
        self.check_command(prices.panel, command)
            .map_err(|problem| MachineError::Command { row: self.next_row, problem })?;
        let row = self.next_row - 1;
        if let Command::Settings(setup) = command {
            let mut setup = (**setup).clone();
            setup.account.cash = self.setup.account.cash;
            self.setup = Arc::new(setup);
        }
        let setup = Arc::clone(&self.setup);
        let tape = Tape { panel: prices.panel, finer: prices.finer, setup: &setup };
        commands::carry_out(&mut self.state, &tape, row, command)
            .map_err(|source| MachineError::Units { row, source })?;
        self.state.watch_for_reopening();
        Ok(())
    }

    /// `member` takes the place of the strategy of the same instruments at the close of the last row that has been run; it decides
    /// from the next row on. Before that it sees the rows of its warm-up, or those until it is settled if they are there, with the
    /// account as it is now, and what it decides on them is thrown away. What the strategy before has decided and is not carried out is dropped; positions, their levels and orders
    /// that were sent stay. Where that one has failed, [`Command::Reopen`] lets the new one trade. The other strategies are not
    /// touched.
    ///
    /// # Errors
    /// [`MachineError::Command`] before the first row, when there is no strategy of these instruments, when rows of its warm-up have
    /// been forgotten or were never there, and when it fails in them; nothing has changed then.
    pub fn swap<'s>(
        &mut self,
        prices: Prices<'_>,
        strategies: &mut Strategies<'s>,
        member: Member<'s>,
    ) -> Result<(), MachineError> {
        let (state, row) = (&self.state, self.next_row);
        let instruments = member.instruments.clone();
        let view = |instruments: &Range<usize>| view(state, instruments);
        self.check_begun()
            .and_then(|()| strategies.swap(prices.panel, row, member, view))
            .map_err(|problem| MachineError::Command { row, problem })?;
        for instrument in instruments.map(InstrumentId::new) {
            self.state.orders[instrument].deferred = None;
        }
        Ok(())
    }

    /// Gives away what was put out since it was asked last, so that a run that goes on does not grow.
    pub fn drain(&mut self, prices: Prices<'_>) -> Drained {
        let State { record, account, .. } = &mut self.state;
        let before_day = row_before_day(prices.panel, self.next_row);
        let trades_kept = self.setup.risk.trades_lookback();
        self.trades_kept = Some(trades_kept);
        let drained = record.drain(before_day, trades_kept);
        Drained { postings: account.drain_postings(), ..drained }
    }

    fn check_begun(&self) -> Result<(), String> {
        if self.next_row > 0 {
            return Ok(());
        }
        Err("no row has been run: what is to hold from the first on belongs to the settings"
            .to_owned())
    }

    /// What is wrong with `command` now, if anything is.
    fn check_command(&self, panel: &Panel, command: &Command) -> Result<(), String> {
        self.check_begun()?;
        match command {
            Command::Reopen(instruments) if instruments.end > panel.series().len() => Err(format!(
                "instruments {instruments:?} are to be traded again: expected some of 0..{}",
                panel.series().len()
            )),
            Command::Settings(setup) => {
                let (rows, trades) = (looks_back(setup, panel), setup.risk.trades_lookback());
                let known = self.next_row - panel.first_row().min(self.next_row);
                if panel.first_row() > 0 && rows > known {
                    return Err(format!(
                        "settings that look {rows} rows back: {known} are not forgotten"
                    ));
                }
                match self.trades_kept {
                    Some(kept) if trades > kept => Err(format!(
                        "settings that look {trades} round trips back: {kept} of each instrument are kept"
                    )),
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Forgets rows of `panel` that nothing looks at any more, so that a run that goes on does not grow. `strategies` are those of
    /// the run; where they may be taken again through what they have seen, as in windows of more than one row, nothing is
    /// forgotten. Finer bars are not looked at once their row has been run:
    /// [`FinerBars::forget_before`](crate::market::FinerBars::forget_before) forgets those of the rows that `panel` has forgotten.
    pub fn forget(&mut self, panel: &mut Panel, strategies: &Strategies<'_>) {
        if strategies.may_replay() {
            return;
        }
        let looked_at = looks_back(&self.setup, panel).max(strategies.lead_rows());
        let row = self.next_row.saturating_sub(looked_at).min(row_before_day(panel, self.next_row));
        if row <= panel.first_row() {
            return;
        }
        let tape = Tape { panel, finer: &[], setup: &self.setup };
        self.state.account.take_in_prices(&tape, row);
        for instrument in tape.instruments() {
            self.state.orders[instrument].forget_before(&tape, instrument, row);
        }
        panel.forget_before(row);
    }

    /// What came out of a run whose rows are all those of `prices`.
    ///
    /// # Errors
    /// [`MachineError`] when closing what is open leaves the range of exact money.
    ///
    /// # Panics
    /// When it has rows that have not been run.
    pub fn finish(mut self, prices: Prices<'_>) -> Result<Outcome, MachineError> {
        let setup = Arc::clone(&self.setup);
        let tape = Tape { panel: prices.panel, finer: prices.finer, setup: &setup };
        assert!(self.next_row == tape.rows(), "{} of {} rows run", self.next_row, tape.rows());
        if setup.account.at_end == AtEnd::Close {
            let row = self.next_row.saturating_sub(1);
            market_orders::close_all(&mut self.state, &tape)
                .map_err(|source| MachineError::Units { row, source })?;
            self.state.record.set_last_equity(self.state.account.cash().to_f64());
            check::check(&self.state, &tape, self.next_row, &mut self.checked);
        }
        let closed = self.state.closed.filter(|closed| closed.row < tape.rows());
        Ok(Outcome { closed, ..self.state.record.into_outcome(self.state.account) })
    }

    /// Runs all rows of `prices`: [`advance`](Self::advance) and [`finish`](Self::finish).
    ///
    /// # Errors
    /// [`MachineError`].
    ///
    /// # Panics
    /// When an invariant is broken, with its numbers.
    pub fn run(
        mut self,
        prices: Prices<'_>,
        mut strategies: Strategies<'_>,
        observe: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<Outcome, MachineError> {
        self.advance(prices, &mut strategies, observe)?;
        self.finish(prices)
    }
}

/// Rows before the next one that risk and costs look at under `setup`; marks are looked at in the row before.
fn looks_back(setup: &Settings, panel: &Panel) -> usize {
    setup.risk.lookback_rows().max(setup.costs.lookback_rows(panel.interval())) + 1
}

/// The row before the UTC day of the last row before `next_row`: limits of a day are shares of its equity.
fn row_before_day(panel: &Panel, next_row: usize) -> usize {
    let Some(last) = next_row.checked_sub(1) else { return 0 };
    let day = CalendarPeriod::Day.number(panel.row_times().at(last));
    panel.row_times().first_from(CalendarPeriod::Day.start_ms(day)).saturating_sub(1)
}

fn check_length(panel: &Panel) -> Result<(), MachineError> {
    let rows = panel.rows();
    if u32::try_from(rows).is_err() { Err(MachineError::TooLong { rows }) } else { Ok(()) }
}

/// One span from `row` on: trades at its first row, marks, looks at breakers, lets the strategies decide. Gives its end,
/// which is void once `goes_on` has said no.
fn span(
    state: &mut State,
    tape: &Tape<'_>,
    strategies: &mut Strategies<'_>,
    row: usize,
    goes_on: &mut dyn FnMut() -> bool,
) -> Result<usize, UnitsError> {
    let first_row = state.record.first_row();
    let closed_before = state.closed_for_good_by();
    if row >= first_row {
        rebalancing::after_gap(state, tape, row)?;
        carry::over_gap(&mut state.account, tape, row, first_row)?;
        trade(state, tape, row)?;
    }
    let known = strategies.known_until(tape.panel, row, goes_on);
    assert!(known > row && known <= tape.rows(), "rows to {known} are known at row {row}");
    let quiet = next_event(state, tape, row + 1..known);
    assert!(quiet > row && quiet <= known, "rows to {quiet} of {known} at row {row}");
    let quiet = mark(state, tape, row..quiet);
    let (quiet, watched) = breakers::watch(state, tape, row..quiet, strategies.may_stop_early());
    let view = |instruments: &Range<usize>| view(state, instruments);
    let end = strategies.decide(tape.panel, &(row..quiet), view, goes_on);
    assert!(end > row && end <= quiet, "the span from row {row} to {quiet} ends at {end}");
    state.record.cut_equity(end);
    let tripped = breakers::settle(state, tape, row..end, (quiet, watched));
    exposure::take_in(state, tape, row..end);
    let last = end - 1;
    delisting::take_in(state, tape, row..end);
    state.watch_for_ruin(tape, last);
    if tripped {
        breakers::obey(state, tape, last)?;
    }
    // What is decided at one close is weighed together.
    let events: Vec<StrategyEvent> = std::iter::from_fn(|| strategies.next_event(last)).collect();
    for event in &events {
        if let StrategyEvent::Decision(decision) = event
            // What a strategy that reads its account decides while it warms up is void.
            && (last + 1 >= first_row || !strategies.reads_account(decision.instrument))
        {
            decisions::weigh(state, decision);
        }
    }
    for event in events {
        match event {
            StrategyEvent::Decision(decision) => {
                let reads_account = strategies.reads_account(decision.instrument);
                decisions::accept(state, tape, decision, reads_account)?;
            }
            StrategyEvent::Failure(failure) => state.retire(tape, failure),
        }
    }
    if end == first_row {
        decisions::carry_out_deferred(state, tape)?;
    }
    rebalancing::rebalance(state, tape, last)?;
    state.watch_for_the_end(closed_before, row..end);
    Ok(end)
}

/// Everything that trades in `row`.
fn trade(state: &mut State, tape: &Tape<'_>, row: usize) -> Result<(), UnitsError> {
    state.start_day(tape, row);
    // Most rows of a run that goes row by row: nothing works, and no price can hurt.
    if state.rests() && !carry::is_due(&state.account, tape) {
        return delisting::settle(state, tape, row);
    }
    for orders in state.orders.values_mut() {
        orders.arrive(row);
    }
    if tape.setup.fills.market == MarketFill::NextOpen {
        market_orders::trade(state, tape, row, FillTime::Open)?;
    }
    carry::inside_bar(&mut state.account, tape, row)?;
    inside::trade(state, tape, row)?;
    carry::at_close(&mut state.account, tape, row)?;
    if tape.setup.fills.market == MarketFill::NextClose {
        market_orders::trade(state, tape, row, FillTime::Close)?;
    }
    delisting::settle(state, tape, row)
}

/// The first of `rows` in which the account changes, or their end.
fn next_event(state: &State, tape: &Tape<'_>, rows: Range<usize>) -> usize {
    if rows.is_empty() {
        return rows.end;
    }
    let State { account, orders, record, listings, .. } = state;
    let mut end = rows.end;
    // Nothing trades while the strategy warms up, but the first row of the run starts a new span.
    if rows.start <= record.first_row() {
        end = end.min(record.first_row());
    }
    for instrument in tape.instruments() {
        let orders = &orders[instrument];
        if let Some(row) = orders.trades_at() {
            end = end.min(row.max(rows.start));
            if end == rows.start {
                return end;
            }
        }
        if let Some(last_row) = orders.expiry() {
            end = end.min((last_row + 1).max(rows.start));
        }
        let triggers = orders.triggers(account.held(instrument));
        end = triggers.first_reached(tape.series(instrument), rows.start..end).unwrap_or(end);
    }
    let end = carry::next(account, tape, rows.start..end);
    let end = liquidation::next(account, tape, rows.start..end);
    let end = delisting::next(listings, tape, record.first_row(), rows.start..end);
    rebalancing::next(tape, record.first_row(), rows.start..end)
}

/// Appends the equity at the close of each of `rows`, as far as the account is worth something: one past the first
/// row without equity ends the span. Gives the end of the marked rows.
fn mark(state: &mut State, tape: &Tape<'_>, rows: Range<usize>) -> usize {
    let State { account, record, .. } = state;
    if rows.end <= record.first_row() {
        return rows.end;
    }
    let cash = account.cash().to_f64();
    // Short positions and debts can lose more than there is; long positions that are paid for cannot.
    let at_risk = account.is_on_margin() || account.cash().is_zero();
    let recorded = record.equity_mut();
    let start = recorded.len();
    let mut first = true;
    for instrument in tape.instruments() {
        let held = account.held(instrument);
        if held.is_zero() {
            continue;
        }
        let quantity = held.to_f64();
        let marks = tape.series(instrument).rows(Field::Mark).of(rows.clone());
        if first {
            recorded.extend(marks.iter().map(|mark| cash + quantity * mark));
            first = false;
        } else {
            let equity = recorded.get_mut(start..).unwrap_or_default();
            for (equity, mark) in equity.iter_mut().zip(marks) {
                *equity += quantity * mark;
            }
        }
    }
    if first {
        recorded.resize(start + rows.len(), cash);
    }
    assert!(
        recorded.len() == start + rows.len(),
        "equity of rows {rows:?}: {start} to {}",
        recorded.len()
    );
    let equity = part(recorded, start..start + rows.len());
    let ruin = if at_risk { equity.iter().position(|equity| *equity <= 0.0) } else { None };
    ruin.map_or(rows.end, |place| rows.start + place + 1)
}

/// The account as the strategy of `instruments` sees it.
fn view(state: &State, instruments: &Range<usize>) -> AccountView {
    let positions = part(state.account.positions(), instruments.clone()).iter();
    let positions = positions.zip(instruments.clone()).map(|(position, place)| PositionView {
        quantity: position.quantity.to_f64(),
        average_price: position.average_price(),
        working: state.orders[InstrumentId::new(place)].is_working(),
    });
    AccountView { cash: state.account.cash().to_f64(), positions: positions.collect() }
}

#[cfg(test)]
mod tests;
