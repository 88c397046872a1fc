//! The loop over spans.

use std::ops::{ControlFlow, Range};

use super::desk::{Desk, Working};
use super::feed::Word;
use super::refusals::Refusals;
use super::{AccountView, FaultReport, Feed, Outcome, PositionView, Setup};
use crate::costs::FeeMeter;
use crate::market::{Bars, Panel};
use crate::order::{Decision, Explained, Fill, FillReason, FillTime, Refusal, Rule, Trade};
use crate::portfolio::Portfolio;
use crate::risk::{BreakerEvent, Cut, Gate};
use crate::units::{Money, UnitsError};

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
    /// More rows or instruments than row numbers can count.
    #[error("{rows} rows: expected at most {}", u32::MAX)]
    TooLong {
        /// Rows of the panel.
        rows: usize,
    },
}

/// Fills for which there is room from the start, unless there are fewer rows: records that grow are copied. What was not needed
/// is given back at the end.
const FILLS_ROOM: usize = 1 << 16;

/// The trading machine of one run.
#[derive(Debug)]
pub struct Machine<'a> {
    pub(super) panel: &'a Panel,
    pub(super) setup: &'a Setup,
    /// Finer bars of each instrument, where there are any.
    pub(super) details: &'a [Option<Bars>],
    pub(super) gate: Gate<'a>,
    pub(super) meter: FeeMeter,
    pub(super) portfolio: Portfolio,
    pub(super) desks: Vec<Desk>,
    pub(super) fills: Vec<Fill>,
    pub(super) trades: Vec<Trade>,
    pub(super) refusals: Refusals,
    pub(super) ambiguous: Vec<(usize, usize)>,
    pub(super) ambiguous_total: u64,
    /// Where in the row orders trade, and at which prices positions count meanwhile.
    pub(super) now: FillTime,
    pub(super) traded_notional: Money,
    pub(super) first_row: usize,
    pub(super) equity: Vec<f64>,
    pub(super) standing: Vec<Option<Decision>>,
    pub(super) decisions: u64,
    pub(super) explained: Option<Vec<Explained>>,
    pub(super) ruined: bool,
    /// The account is short or in debt.
    pub(super) on_margin: bool,
    pub(super) breaker_events: Vec<BreakerEvent>,
    faults: Vec<FaultReport>,
    rows_in_market: u64,
}

impl<'a> Machine<'a> {
    /// A machine over the rows of `panel`, of which those before `first_row` only warm the strategies up.
    ///
    /// # Errors
    /// [`MachineError`] when the panel is too long.
    pub fn new(panel: &'a Panel, setup: &'a Setup, first_row: usize) -> Result<Self, MachineError> {
        let instruments = panel.series().len();
        let rows = panel.rows();
        if u32::try_from(rows).is_err() {
            return Err(MachineError::TooLong { rows });
        }
        let fills_room = rows.min(FILLS_ROOM);
        let portfolio = Portfolio::new(setup.cash, instruments, fills_room)
            .map_err(|source| MachineError::Units { row: 0, source })?;
        Ok(Self {
            panel,
            setup,
            details: &[],
            gate: Gate::new(&setup.risk, panel, setup.cash),
            meter: FeeMeter::new(&setup.costs.fees),
            portfolio,
            desks: std::iter::repeat_with(Desk::default).take(instruments).collect(),
            fills: Vec::with_capacity(fills_room),
            trades: Vec::with_capacity(fills_room / 2),
            refusals: Refusals::default(),
            ambiguous: Vec::new(),
            ambiguous_total: 0,
            now: FillTime::Open,
            traded_notional: Money::ZERO,
            first_row: first_row.min(rows),
            equity: Vec::with_capacity(rows - first_row.min(rows)),
            standing: vec![None; instruments],
            decisions: 0,
            explained: None,
            ruined: false,
            on_margin: false,
            breaker_events: Vec::new(),
            faults: Vec::new(),
            rows_in_market: 0,
        })
    }

    /// With finer bars of the instruments, in their order, that show the way of the price inside a bar.
    #[must_use]
    pub const fn with_details(mut self, details: &'a [Option<Bars>]) -> Self {
        self.details = details;
        self
    }

    /// Keeps the way of every decision.
    #[must_use]
    pub fn explaining(mut self) -> Self {
        self.explained = Some(Vec::new());
        self
    }

    /// Runs every row. `observe` is told the number of rows done before every span, which may be every row, and again and
    /// again while a strategy that failed is taken through what it has seen; it may break the run off.
    ///
    /// # Errors
    /// [`MachineError`].
    pub fn run(
        mut self,
        mut feed: Feed<'_>,
        mut observe: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<Outcome, MachineError> {
        let mut row = 0;
        while row < self.panel.rows() {
            let mut is_cancelled = observe(row).is_break();
            if is_cancelled {
                return Err(MachineError::Cancelled { row });
            }
            let end = self.span(&mut feed, row, &mut || {
                is_cancelled = is_cancelled || observe(row).is_break();
                !is_cancelled
            });
            if is_cancelled {
                return Err(MachineError::Cancelled { row });
            }
            row = end.map_err(|source| MachineError::Units { row, source })?;
        }
        let last = row.saturating_sub(1);
        self.finish().map_err(|source| MachineError::Units { row: last, source })
    }

    /// One span from `row` on: trades at its first row, marks, looks at breakers, lets the strategies decide. Gives its end,
    /// which is void once `goes_on` has said no.
    fn span(
        &mut self,
        feed: &mut Feed<'_>,
        row: usize,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> Result<usize, UnitsError> {
        if row >= self.first_row {
            self.carry_over_gap(row)?;
            self.trade(row)?;
        }
        let known = feed.known_until(row, goes_on);
        let quiet = self.next_event(row + 1..known);
        let quiet = self.mark(row..quiet);
        let (quiet, tripped) = self.watch(row..quiet, || feed.may_stop_early());
        let end = feed.decide(&(row..quiet), |instruments| self.view(instruments), goes_on);
        self.equity.truncate(end.saturating_sub(self.first_row));
        let tripped = self.settle_watch(row..end, quiet, tripped);
        if self.portfolio.positions().iter().any(|position| !position.is_flat()) {
            self.rows_in_market += (end - row) as u64;
        }
        let last = end - 1;
        self.watch_for_ruin(last);
        if tripped {
            self.obey_breakers(last)?;
        }
        while let Some(word) = feed.next_word(last) {
            match word {
                Word::Decision(decision) => self.hear(decision, feed.needs().reads_account)?,
                Word::Fault(report) => self.bury(report),
            }
        }
        if end == self.first_row {
            self.carry_out_standing()?;
        }
        self.rebalance(last)?;
        Ok(end)
    }

    /// The first of `rows` in which the account changes, or their end.
    fn next_event(&self, rows: Range<usize>) -> usize {
        if rows.is_empty() {
            return rows.end;
        }
        let mut end = rows.end;
        // Nothing trades while the strategy warms up, but the first row of the run starts a new span.
        if rows.start <= self.first_row {
            end = end.min(self.first_row);
        }
        for ((desk, series), &position) in
            self.desks.iter().zip(self.panel.series()).zip(self.portfolio.positions())
        {
            if let Some(row) = desk.trades_at() {
                end = end.min(row.max(rows.start));
                if end == rows.start {
                    return end;
                }
            }
            if let Some(last_row) = desk.expiry() {
                end = end.min((last_row + 1).max(rows.start));
            }
            let reached = desk.triggers(position).first_reached(series, rows.start..end);
            end = reached.unwrap_or(end);
        }
        let end = self.next_carry(rows.start..end);
        let end = self.next_liquidation(rows.start..end);
        self.next_rebalancing(rows.start..end)
    }

    /// Appends the equity at the close of each of `rows`, as far as the account is worth something: one past the first
    /// row without equity ends the span. Gives the end of the marked rows.
    fn mark(&mut self, rows: Range<usize>) -> usize {
        if rows.end <= self.first_row {
            return rows.end;
        }
        let start = self.equity.len();
        let cash = self.portfolio.cash().to_f64();
        // Short positions and debts can lose more than there is; long positions that are paid for cannot.
        let at_risk = self.on_margin || self.portfolio.cash().is_zero();
        let mut first = true;
        for (series, position) in self.panel.series().iter().zip(self.portfolio.positions()) {
            if position.is_flat() {
                continue;
            }
            let quantity = position.quantity.to_f64();
            let marks = series.marks().get(rows.clone()).unwrap_or_default();
            if first {
                self.equity.extend(marks.iter().map(|mark| cash + quantity * mark));
                first = false;
            } else {
                let equity = self.equity.get_mut(start..).unwrap_or_default();
                for (equity, mark) in equity.iter_mut().zip(marks) {
                    *equity += quantity * mark;
                }
            }
        }
        if first {
            self.equity.resize(start + rows.len(), cash);
        }
        let equity = self.equity.get(start..).unwrap_or_default();
        let ruin = if at_risk { equity.iter().position(|equity| *equity <= 0.0) } else { None };
        ruin.map_or(rows.end, |place| rows.start + place + 1)
    }

    /// Equity at the close of `row`; the starting cash before the first row.
    pub(super) fn equity_at(&self, row: usize) -> f64 {
        let place = row.checked_sub(self.first_row);
        let equity = place.and_then(|place| self.equity.get(place));
        equity.copied().unwrap_or_else(|| self.setup.cash.to_f64())
    }

    /// Last known close of `instrument` at `row`; NaN before its first bar.
    pub(super) fn mark_at(&self, instrument: usize, row: usize) -> f64 {
        let series = self.panel.series().get(instrument);
        series.and_then(|series| series.marks().get(row)).copied().unwrap_or(f64::NAN)
    }

    /// Time at which `row` is known.
    pub(super) fn close_ms(&self, row: usize) -> i64 {
        self.panel.time(row).as_ms().saturating_add(self.panel.interval().as_ms())
    }

    /// The account as the strategy of `instruments` sees it.
    fn view(&self, instruments: &Range<usize>) -> AccountView {
        let positions = self.portfolio.positions().get(instruments.clone()).unwrap_or_default();
        let desks = self.desks.get(instruments.clone()).unwrap_or_default();
        let positions = positions.iter().zip(desks).map(|(position, desk)| PositionView {
            quantity: position.quantity.to_f64(),
            average_price: position.average_price(),
            working: desk.is_working(),
        });
        AccountView { cash: self.portfolio.cash().to_f64(), positions: positions.collect() }
    }

    /// Records what a rule did.
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refusals.add(refusal);
    }

    /// A strategy failed: its instruments are left at the next open and stay flat.
    fn bury(&mut self, report: FaultReport) {
        for instrument in report.instruments.clone() {
            self.close_at_next_open((report.row, instrument), FillReason::Fault);
            if let Some(desk) = self.desks.get_mut(instrument) {
                desk.closed = true;
            }
        }
        self.faults.push(report);
    }

    /// An account that is worth nothing leaves everything at the next open and never trades again.
    fn watch_for_ruin(&mut self, row: usize) {
        if self.ruined || row < self.first_row || self.equity_at(row) > 0.0 {
            return;
        }
        self.ruined = true;
        for instrument in 0..self.desks.len() {
            self.close_at_next_open((row, instrument), FillReason::Ruin);
        }
    }

    /// Whatever `instrument` has on its way is called back, and what is held closed at the next open.
    pub(super) fn close_at_next_open(
        &mut self,
        (row, instrument): (usize, usize),
        reason: FillReason,
    ) {
        let flat = self.portfolio.position(instrument).is_flat();
        self.call_back((row, instrument), reason);
        if let Some(desk) = self.desks.get_mut(instrument) {
            desk.working = (!flat).then(|| Working::closing(reason));
        }
    }

    /// Whatever `instrument` has on its way is called back at `row`; what might have opened or enlarged a position is told.
    pub(super) fn call_back(&mut self, (row, instrument): (usize, usize), reason: FillReason) {
        let Some(desk) = self.desks.get_mut(instrument) else { return };
        let barred = desk.bar_opening();
        desk.call_back();
        let rule = match reason {
            FillReason::Liquidation => Rule::Liquidation,
            FillReason::Ruin => Rule::Ruin,
            FillReason::Fault => Rule::Fault,
            // A breaker has told already.
            _ => return,
        };
        self.refuse_all(barred, (row, instrument), Cut { rule, value: 0.0, limit: 0.0 });
    }

    fn finish(mut self) -> Result<Outcome, UnitsError> {
        if self.setup.at_end == super::AtEnd::Close {
            self.close_all()?;
            if let Some(last) = self.equity.last_mut() {
                *last = self.portfolio.cash().to_f64();
            }
        }
        self.fills.shrink_to(2 * self.fills.len());
        self.trades.shrink_to(2 * self.trades.len());
        Ok(Outcome {
            first_row: self.first_row,
            equity: self.equity,
            fills: self.fills,
            trades: self.trades,
            refusals_dropped: self.refusals.dropped(),
            refusals: self.refusals.kept,
            refusal_counts: self.refusals.counts,
            breaker_events: self.breaker_events,
            ambiguous: self.ambiguous,
            ambiguous_total: self.ambiguous_total,
            faults: self.faults,
            decisions: self.decisions,
            explained: self.explained.unwrap_or_default(),
            rows_in_market: self.rows_in_market,
            traded_notional: self.traded_notional,
            cash: self.portfolio.cash(),
            positions: self.portfolio.positions().to_vec(),
            costs: self.portfolio.costs(),
            ledger: self.portfolio.into_ledger(),
        })
    }
}
