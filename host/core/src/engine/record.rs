//! Everything that a run has put out so far.

use std::collections::BTreeMap;
use std::ops::Range;

use super::account::Account;
use super::tape::part;
use super::{AmbiguousBar, Delisting, Drained, FaultReport, Outcome, VolumeUse};
use crate::market::Symbol;

use crate::order::{Explained, Fill, Refusal, Rule, Trade, Verdict};
use crate::portfolio::GrossExposure;
use crate::risk::{BreakerEvent, Cut};
use crate::units::{Money, Timestamp, UnitsError, finite};

/// Fills for which there is room from the start, unless there are fewer rows: records that grow are copied. What was not needed
/// is given back at the end.
pub(super) const FILLS_ROOM: usize = 1 << 16;

/// Refusals, and ambiguous bars, that are listed between two times at which they are given away, unless the reader says otherwise:
/// a broke strategy is refused on every bar. All are counted.
const LISTED_MAX: usize = 10_000;

/// What a run has put out so far. Nothing is taken back but equity of rows that turn out to belong to a later span.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// First row on which a fill is possible.
    first_row: usize,
    /// Quote asset at the start: what the account was worth before the first row.
    starting_cash: f64,
    /// Equity at the close of each row from `equity_start` on.
    equity: Vec<f64>,
    /// The first row whose equity is still known.
    equity_start: usize,
    /// The first row whose equity has not been given away.
    equity_new_from: usize,
    fills: Vec<Fill>,
    trades: Vec<Trade>,
    /// Round trips at the start of `trades` that have been given away.
    trades_given: usize,
    /// The row of the latest fill.
    last_fill_row: usize,
    /// Refusals, and ambiguous bars, that are listed between two times at which they are given away.
    listed_max: usize,
    refusals: Vec<Refusal>,
    /// Refusals since the last time that are not kept in full.
    refusals_dropped: u64,
    refusal_counts: BTreeMap<(Rule, Verdict), u64>,
    ambiguous: Vec<AmbiguousBar>,
    ambiguous_total: u64,
    volume_use: VolumeUse,
    breaker_events: Vec<BreakerEvent>,
    faults: Vec<FaultReport>,
    delistings: Vec<Delisting>,
    decisions: u64,
    /// `None` where the way of decisions is not wanted.
    explained: Option<Vec<Explained>>,
    rows_in_market: u64,
    gross_exposure: GrossExposure,
    traded_notional: Money,
}

impl Record {
    /// An empty record of a run that starts with `cash` and has about `rows` rows, of which those before `first_row` warm up.
    pub(super) fn new(cash: Money, first_row: usize, rows: usize) -> Self {
        let room = rows.min(FILLS_ROOM);
        Self {
            first_row,
            starting_cash: cash.to_f64(),
            equity: Vec::with_capacity(rows.saturating_sub(first_row)),
            equity_start: first_row,
            equity_new_from: first_row,
            fills: Vec::with_capacity(room),
            trades: Vec::with_capacity(room / 2),
            trades_given: 0,
            last_fill_row: 0,
            listed_max: LISTED_MAX,
            refusals: Vec::new(),
            refusals_dropped: 0,
            refusal_counts: BTreeMap::new(),
            ambiguous: Vec::new(),
            ambiguous_total: 0,
            volume_use: VolumeUse::default(),
            breaker_events: Vec::new(),
            faults: Vec::new(),
            delistings: Vec::new(),
            decisions: 0,
            explained: None,
            rows_in_market: 0,
            gross_exposure: GrossExposure::default(),
            traded_notional: Money::ZERO,
        }
    }

    /// Keeps the way of every decision from now on.
    pub(super) fn explain(&mut self) {
        self.explained.get_or_insert_default();
    }

    /// Lists at most this many refusals, and ambiguous bars, between two times at which they are given away.
    pub(super) const fn list_at_most(&mut self, most: usize) {
        self.listed_max = most;
    }

    /// Whether the way of decisions is kept.
    pub(super) const fn explains(&self) -> bool {
        self.explained.is_some()
    }

    /// First row on which a fill is possible.
    pub(super) const fn first_row(&self) -> usize {
        self.first_row
    }

    /// Equity at the close of `row`; what the account started with before the first row.
    pub(super) fn equity_at(&self, row: usize) -> f64 {
        if row < self.first_row {
            return self.starting_cash;
        }
        let Some(place) = row.checked_sub(self.equity_start) else {
            unreachable!("equity of row {row}: known from row {} on", self.equity_start);
        };
        let Some(equity) = self.equity.get(place) else {
            unreachable!("equity of row {row}: known up to row {}", self.equity_end());
        };
        *equity
    }

    /// The row after the last one whose equity is recorded.
    pub(super) const fn equity_end(&self) -> usize {
        self.equity_start + self.equity.len()
    }

    /// Equity at the closes of `rows`.
    pub(super) fn equity_of(&self, rows: Range<usize>) -> &[f64] {
        let start = self.equity_start;
        assert!(rows.start >= start, "equity of rows {rows:?}: known from row {start} on");
        part(&self.equity, rows.start - start..rows.end - start)
    }

    /// Equity of the rows that are recorded, to append more.
    pub(super) const fn equity_mut(&mut self) -> &mut Vec<f64> {
        &mut self.equity
    }

    /// What is left at the last close of the run is `equity`, which is told, if need be once more.
    pub(super) fn set_last_equity(&mut self, equity: f64) {
        if let Some(last) = self.equity.last_mut() {
            *last = equity;
            self.equity_new_from = self.equity_new_from.min(self.equity_end() - 1);
        }
    }

    /// Takes back the equity of rows from `row` on.
    pub(super) fn cut_equity(&mut self, row: usize) {
        let (start, end) = (self.equity_start, self.equity_end());
        assert!(
            row >= start || end == start,
            "equity from row {row} on is taken back: known from {start} on"
        );
        self.equity.truncate(row.saturating_sub(self.equity_start));
    }

    /// Every fill so far.
    pub(super) fn fills(&self) -> &[Fill] {
        &self.fills
    }

    /// Every round trip so far.
    pub(super) fn trades(&self) -> &[Trade] {
        &self.trades
    }

    /// Every breaker event since the last time that they were given away.
    pub(super) fn breaker_events(&self) -> &[BreakerEvent] {
        &self.breaker_events
    }

    /// How often orders came to nothing, or to less, because of what other instruments hold or trade.
    pub(super) fn shortages(&self) -> u64 {
        let counts = self.refusal_counts.iter();
        counts.filter(|((rule, _), _)| rule.is_shared()).map(|(_, count)| count).sum()
    }

    /// Breaker events at the close of the bars that opened at `time`, the latest first.
    pub(super) fn breaker_events_at(&self, time: Timestamp) -> impl Iterator<Item = &BreakerEvent> {
        self.breaker_events.iter().rev().take_while(move |event| event.time == time)
    }

    /// The number of the next decision.
    pub(super) const fn number_decision(&mut self) -> u64 {
        let number = self.decisions;
        self.decisions += 1;
        number
    }

    /// Takes in a fill of a row, and the volume of its bar. Gives it back to be booked.
    #[inline]
    pub(super) fn add_fill(
        &mut self,
        fill: Fill,
        notional: Money,
        (row, volume): (usize, f64),
    ) -> Result<&Fill, UnitsError> {
        let last = std::mem::replace(&mut self.last_fill_row, row);
        assert!(last <= row, "a fill in row {row} after one in row {last}");
        self.volume_use.add(fill.quantity, volume);
        self.traded_notional = self.traded_notional.plus(notional)?;
        Ok(self.fills.push_mut(fill))
    }

    pub(super) fn add_trade(&mut self, trade: Trade) {
        let (entry, exit) = (trade.entry_time, trade.exit_time);
        assert!(entry <= exit, "a round trip from {entry} to {exit}");
        self.trades.push(trade);
    }

    /// A rule refused an order, or cut it, of the instrument that is called `symbol`, in the bar that opened at `time`.
    pub(super) fn add_refusal(
        &mut self,
        (time, symbol): (Timestamp, &Symbol),
        decision: Option<u64>,
        verdict: Verdict,
        cut: Cut,
    ) {
        let Cut { rule, value, limit } = cut;
        *self.refusal_counts.entry((rule, verdict)).or_default() += 1;
        if self.refusals.len() < self.listed_max {
            let (value, limit, symbol) = (finite(value), finite(limit), symbol.clone());
            self.refusals.push(Refusal { time, symbol, decision, rule, verdict, value, limit });
        } else {
            self.refusals_dropped += 1;
        }
    }

    /// The order of events in a bar is unknown.
    pub(super) fn add_ambiguous(&mut self, time: Timestamp, symbol: &Symbol) {
        self.ambiguous_total += 1;
        if self.ambiguous.len() < self.listed_max {
            self.ambiguous.push(AmbiguousBar { time, symbol: symbol.clone() });
        }
    }

    pub(super) fn add_breaker_events(&mut self, events: impl Iterator<Item = BreakerEvent>) {
        self.breaker_events.extend(events);
    }

    pub(super) fn add_fault(&mut self, report: FaultReport) {
        self.faults.push(report);
    }

    pub(super) fn add_delisting(&mut self, delisting: Delisting) {
        self.delistings.push(delisting);
    }

    pub(super) fn add_explained(&mut self, explained: Explained) {
        if let Some(known) = &mut self.explained {
            known.push(explained);
        }
    }

    /// Gross exposure of the rows so far.
    pub(super) const fn gross_exposure(&self) -> GrossExposure {
        self.gross_exposure
    }

    /// Takes in `rows` at whose close something was held, with which the gross exposure is now `exposure`.
    pub(super) const fn add_in_market(&mut self, rows: u64, exposure: GrossExposure) {
        self.rows_in_market += rows;
        self.gross_exposure = exposure;
    }

    /// Gives away what was put out since it was asked last. What later rows look at is kept as well: the equity of rows from
    /// `equity_row` on, and the latest `trades_kept` round trips of each instrument.
    pub(super) fn drain(&mut self, equity_row: usize, trades_kept: usize) -> Drained {
        let first_row = self.equity_new_from;
        let equity = self.equity_of(first_row..self.equity_end()).to_vec();
        self.equity_new_from = self.equity_end();
        let forgotten = equity_row.min(self.equity_end()).saturating_sub(self.equity_start);
        self.equity.drain(..forgotten);
        self.equity_start += forgotten;
        let trades = self.trades.get(self.trades_given..).unwrap_or_default().to_vec();
        self.keep_latest_trades(trades_kept);
        Drained {
            first_row,
            equity,
            fills: std::mem::take(&mut self.fills),
            trades,
            refusals: std::mem::take(&mut self.refusals),
            refusals_dropped: std::mem::take(&mut self.refusals_dropped),
            breaker_events: std::mem::take(&mut self.breaker_events),
            ambiguous: std::mem::take(&mut self.ambiguous),
            faults: std::mem::take(&mut self.faults),
            delistings: std::mem::take(&mut self.delistings),
            explained: self.explained.as_mut().map(std::mem::take).unwrap_or_default(),
            postings: Vec::new(),
        }
    }

    /// Forgets all but the latest `kept` round trips of each instrument.
    fn keep_latest_trades(&mut self, kept: usize) {
        let mut counts = BTreeMap::<&Symbol, usize>::new();
        let mut latest: Vec<bool> = Vec::with_capacity(self.trades.len());
        for trade in self.trades.iter().rev() {
            let count = counts.entry(&trade.symbol).or_default();
            // Sizing looks at returns only.
            let counts = trade.return_on_notional.is_finite();
            *count += usize::from(counts);
            latest.push(counts && *count <= kept);
        }
        self.trades.retain(|_| latest.pop().unwrap_or_default());
        self.trades_given = self.trades.len();
    }

    /// What came out of the run, whose account is `account`.
    pub(super) fn into_outcome(mut self, account: Account) -> Outcome {
        let (kept, given) = (self.trades.len(), self.trades_given);
        assert!(given <= kept, "{given} round trips were given away, of {kept}");
        let given = self.equity_new_from - self.equity_start;
        self.equity.drain(..given.min(self.equity.len()));
        self.trades.drain(..self.trades_given);
        self.fills.shrink_to(2 * self.fills.len());
        self.trades.shrink_to(2 * self.trades.len());
        let portfolio = account.into_portfolio();
        Outcome {
            first_row: self.equity_new_from,
            equity: self.equity,
            fills: self.fills,
            trades: self.trades,
            refusals_dropped: self.refusals_dropped,
            refusals: self.refusals,
            refusal_counts: self.refusal_counts,
            breaker_events: self.breaker_events,
            ambiguous: self.ambiguous,
            ambiguous_total: self.ambiguous_total,
            volume_use: self.volume_use,
            faults: self.faults,
            delistings: self.delistings,
            decisions: self.decisions,
            explained: self.explained.unwrap_or_default(),
            closed: None,
            rows_in_market: self.rows_in_market,
            gross_exposure: self.gross_exposure,
            traded_notional: self.traded_notional,
            cash: portfolio.cash(),
            positions: portfolio.positions().to_vec(),
            costs: portfolio.costs(),
            ledger: portfolio.into_ledger(),
        }
    }
}

#[cfg(test)]
mod tests;
