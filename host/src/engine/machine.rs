//! The loop over spans.

use std::ops::{ControlFlow, Range};

use super::desk::{Desk, Working, WorkingEntry};
use super::feed::Word;
use super::{AccountView, FaultReport, Feed, Outcome, PositionView};
use crate::costs::CostModel;
use crate::market::Panel;
use crate::order::{
    Action, Decision, Direction, Entry, Exposure, Fill, FillReason, Levels, Refusal, Rule, Side,
    Trade, Verdict,
};
use crate::portfolio::Portfolio;
use crate::risk::{Approval, ApprovedOrder, Limits, Sizing};
use crate::units::{Money, UnitsError};

/// What a run is made of, beside prices and strategies.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Quote asset at the start.
    pub cash: Money,
    /// Frictions.
    pub costs: CostModel,
    /// How much capital a decision moves.
    pub sizing: Sizing,
    /// Limits on positions.
    pub limits: Limits,
    /// Whether positions are closed at the last close.
    pub at_end: AtEnd,
}

/// What happens to positions that are open when the rows end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AtEnd {
    /// They stay open, marked at the last close.
    #[default]
    Mark,
    /// They are closed at the last close.
    Close,
}

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

/// Refusals that are kept in full: a broke strategy is refused on every bar.
const REFUSALS_MAX: usize = 10_000;

/// The trading machine of one run.
#[derive(Debug)]
pub struct Machine<'a> {
    pub(super) panel: &'a Panel,
    pub(super) setup: &'a Setup,
    pub(super) portfolio: Portfolio,
    pub(super) desks: Vec<Desk>,
    pub(super) fills: Vec<Fill>,
    pub(super) trades: Vec<Trade>,
    pub(super) refusals: Vec<Refusal>,
    refusals_dropped: u64,
    pub(super) ambiguous: Vec<(usize, usize)>,
    pub(super) traded_notional: Money,
    first_row: usize,
    equity: Vec<f64>,
    standing: Vec<Option<Decision>>,
    faults: Vec<FaultReport>,
    decisions: u64,
    rows_in_market: u64,
    ruined: bool,
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
        let portfolio = Portfolio::new(setup.cash, instruments)
            .map_err(|source| MachineError::Units { row: 0, source })?;
        Ok(Self {
            panel,
            setup,
            portfolio,
            desks: std::iter::repeat_with(Desk::default).take(instruments).collect(),
            fills: Vec::new(),
            trades: Vec::new(),
            refusals: Vec::new(),
            refusals_dropped: 0,
            ambiguous: Vec::new(),
            traded_notional: Money::ZERO,
            first_row: first_row.min(rows),
            equity: Vec::with_capacity(rows - first_row.min(rows)),
            standing: vec![None; instruments],
            faults: Vec::new(),
            decisions: 0,
            rows_in_market: 0,
            ruined: false,
        })
    }

    /// Runs every row. `observe` is told the number of rows done before every span, which may be every row, and may break
    /// the run off.
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
            if observe(row).is_break() {
                return Err(MachineError::Cancelled { row });
            }
            row =
                self.span(&mut feed, row).map_err(|source| MachineError::Units { row, source })?;
        }
        let last = row.saturating_sub(1);
        self.finish().map_err(|source| MachineError::Units { row: last, source })
    }

    /// One span from `row` on: trades at its first row, marks, lets the strategies decide. Gives its end.
    fn span(&mut self, feed: &mut Feed<'_>, row: usize) -> Result<usize, UnitsError> {
        if row >= self.first_row {
            self.trade(row)?;
        }
        let known = feed.known_until(row);
        let quiet = self.next_event(row + 1..known);
        let quiet = self.mark(row..quiet);
        let end = feed.decide(&(row..quiet), |instruments| self.view(instruments));
        self.equity.truncate(end.saturating_sub(self.first_row));
        if self.portfolio.positions().iter().any(|position| !position.is_flat()) {
            self.rows_in_market += (end - row) as u64;
        }
        let last = end - 1;
        self.watch_for_ruin(last);
        while let Some(word) = feed.next_word(last) {
            match word {
                Word::Decision(decision) => self.hear(decision, feed.needs().reads_account)?,
                Word::Fault(report) => self.bury(report),
            }
        }
        if end == self.first_row {
            self.carry_out_standing()?;
        }
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
            if desk.trades_at_open() {
                return rows.start;
            }
            if let Some(last_row) = desk.expiry() {
                end = end.min((last_row + 1).max(rows.start));
            }
            let reached = desk.triggers(position).first_reached(series, rows.start..end);
            end = reached.unwrap_or(end);
        }
        end
    }

    /// Appends the equity at the close of each of `rows`, as far as the account is worth something: one past the first
    /// row without equity ends the span. Gives the end of the marked rows.
    fn mark(&mut self, rows: Range<usize>) -> usize {
        if rows.end <= self.first_row {
            return rows.end;
        }
        let start = self.equity.len();
        let cash = self.portfolio.cash().to_f64();
        // Short positions and debts can lose more than there is; long positions alone cannot.
        let mut at_risk = self.portfolio.cash() < Money::ZERO;
        let mut first = true;
        for (series, position) in self.panel.series().iter().zip(self.portfolio.positions()) {
            if position.is_flat() {
                continue;
            }
            at_risk |= position.quantity.signum() < 0;
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

    /// The account as the strategy of `instruments` sees it.
    fn view(&self, instruments: &Range<usize>) -> AccountView {
        let positions = self.portfolio.positions().get(instruments.clone()).unwrap_or_default();
        let desks = self.desks.get(instruments.clone()).unwrap_or_default();
        let positions = positions.iter().zip(desks).map(|(position, desk)| PositionView {
            quantity: position.quantity.to_f64(),
            average_price: position.average_price(),
            working: desk.working.is_some(),
        });
        AccountView { cash: self.portfolio.cash().to_f64(), positions: positions.collect() }
    }

    /// A decision: carried out from the next row on, or kept while the strategy warms up.
    fn hear(&mut self, decision: Decision, reads_account: bool) -> Result<(), UnitsError> {
        if decision.row + 1 >= self.first_row {
            self.decisions += 1;
            let standing = self.standing.get_mut(decision.instrument).and_then(Option::take);
            return self.carry_out(match (decision.action, standing) {
                // The last word of the warm-up moves the levels of what stands, or takes its place.
                (Action::Keep, Some(standing)) => {
                    Decision { row: decision.row, levels: decision.levels, ..standing }
                }
                _ => decision,
            });
        }
        // A strategy that reads its account sees that nothing was traded and decides anew.
        if !reads_account && let Some(standing) = self.standing.get_mut(decision.instrument) {
            match (decision.action, standing.as_mut()) {
                (Action::Keep, Some(standing)) => standing.levels = decision.levels,
                (Action::Keep, None) => {}
                (Action::Move { .. }, _) => *standing = Some(decision),
            }
        }
        Ok(())
    }

    /// What the strategies decided last while they warmed up is what the run starts with.
    fn carry_out_standing(&mut self) -> Result<(), UnitsError> {
        let Some(last) = self.first_row.checked_sub(1) else { return Ok(()) };
        for standing in std::mem::take(&mut self.standing).into_iter().flatten() {
            let flat = matches!(standing.action, Action::Move { target: Exposure::FLAT, .. });
            if !flat {
                self.decisions += 1;
                self.carry_out(Decision { row: last, ..standing })?;
            }
        }
        Ok(())
    }

    /// Puts the order of `decision` to work.
    fn carry_out(&mut self, decision: Decision) -> Result<(), UnitsError> {
        let Decision { row, instrument, action, levels, tag } = decision;
        let (target, entry) = match action {
            Action::Keep => {
                if let Some(desk) = self.desks.get_mut(instrument) {
                    desk.levels = levels;
                    if let Some(working) = &mut desk.working {
                        working.levels = working.levels.map(|_| levels);
                    }
                }
                return Ok(());
            }
            Action::Move { target, entry } => (target, entry),
        };
        if let Some(rule) = self.barred(instrument) {
            if target != Exposure::FLAT {
                let (verdict, asked) = (Verdict::Refused, target.share());
                self.refuse(Refusal { row, instrument, rule, verdict, asked, allowed: 0.0 });
            }
            return Ok(());
        }
        let approval = Approval {
            sizing: &self.setup.sizing,
            limits: &self.setup.limits,
            instruments: self.desks.len(),
        };
        let equity = Money::from_f64(self.equity_at(row))?;
        let (order, cut) = approval.order(target, equity)?;
        if let Some(cut) = cut {
            let verdict = Verdict::Cut;
            let (rule, asked, allowed) = (cut.rule, cut.asked, cut.allowed);
            self.refuse(Refusal { row, instrument, rule, verdict, asked, allowed });
        }
        let side = self.side_of(&order, instrument, row)?;
        let held = self.portfolio.position(instrument).quantity.signum();
        let reverses = order.direction().is_some_and(|direction| held * direction.sign() < 0);
        let Some(desk) = self.desks.get_mut(instrument) else { return Ok(()) };
        desk.working = side.map(|side| Working {
            order,
            entry: WorkingEntry::new(entry, side, row),
            levels: Some(levels),
            exit_reason: FillReason::Exit,
            rest: None,
            tag,
        });
        if desk.working.is_none() || entry == Entry::Market {
            // The levels of a reversal are those of the position to come.
            desk.levels = if reverses { Levels::default() } else { levels };
        }
        Ok(())
    }

    /// The rule that bars new positions in `instrument`, if any.
    fn barred(&self, instrument: usize) -> Option<Rule> {
        if self.desks.get(instrument).is_some_and(|desk| desk.closed) {
            return Some(Rule::Fault);
        }
        self.ruined.then_some(Rule::Ruin)
    }

    /// The side on which `order` trades first; `None` when it has nothing to do.
    fn side_of(
        &self,
        order: &ApprovedOrder,
        instrument: usize,
        row: usize,
    ) -> Result<Option<Side>, UnitsError> {
        let held = self.portfolio.position(instrument).quantity;
        let Some(direction) = order.direction() else {
            return Ok(match held.signum() {
                1 => Some(Side::Sell),
                -1 => Some(Side::Buy),
                _ => None,
            });
        };
        let towards = match direction {
            Direction::Long => Side::Buy,
            Direction::Short => Side::Sell,
        };
        if held.signum() * towards.sign() <= 0 {
            return Ok(Some(towards));
        }
        let larger = self.desired_at_mark(order, instrument, row)? >= held.abs();
        Ok(Some(if larger { towards } else { towards.opposite() }))
    }

    /// Records what a rule did; the first [`REFUSALS_MAX`] in full, the rest by number.
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        if self.refusals.len() < REFUSALS_MAX {
            self.refusals.push(refusal);
        } else {
            self.refusals_dropped += 1;
        }
    }

    /// A strategy failed: its instruments are left at the next open and stay flat.
    fn bury(&mut self, report: FaultReport) {
        for instrument in report.instruments.clone() {
            let flat = self.portfolio.position(instrument).is_flat();
            if let Some(desk) = self.desks.get_mut(instrument) {
                desk.closed = true;
                desk.working = (!flat).then(|| Working::closing(FillReason::Fault, None));
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
        for (desk, position) in self.desks.iter_mut().zip(self.portfolio.positions()) {
            desk.working = (!position.is_flat()).then(|| Working::closing(FillReason::Ruin, None));
        }
    }

    fn finish(mut self) -> Result<Outcome, UnitsError> {
        if self.setup.at_end == AtEnd::Close {
            self.close_all()?;
            if let Some(last) = self.equity.last_mut() {
                *last = self.portfolio.cash().to_f64();
            }
        }
        Ok(Outcome {
            first_row: self.first_row,
            equity: self.equity,
            fills: self.fills,
            trades: self.trades,
            refusals: self.refusals,
            refusals_dropped: self.refusals_dropped,
            ambiguous: self.ambiguous,
            faults: self.faults,
            decisions: self.decisions,
            rows_in_market: self.rows_in_market,
            traded_notional: self.traded_notional,
            cash: self.portfolio.cash(),
            positions: self.portfolio.positions().to_vec(),
            costs: self.portfolio.costs(),
            ledger: self.portfolio.into_ledger(),
        })
    }
}
