//! Everything a run produced.

use std::collections::BTreeMap;
use std::ops::Range;

use super::StrategyFault;
use crate::order::{Explained, Fill, Refusal, Rule, Trade, Verdict};
use crate::portfolio::{CostTotals, Ledger, Position, Posting};
use crate::risk::BreakerEvent;
use crate::units::Money;

/// What came out of a run, apart from what was [drained](super::Machine::drain); counts and sums are of the whole run. Row numbers
/// are rows of the panel.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// First row on which a fill was possible; the rows before it warmed the strategy up.
    pub first_row: usize,
    /// Equity at the close of each row from `first_row` on, in quote asset; after draining, of the rows that were not given away,
    /// and of the last row once more where positions were closed at it.
    pub equity: Vec<f64>,
    /// Every fill, in order.
    pub fills: Vec<Fill>,
    /// Every completed round trip, in the order of exits.
    pub trades: Vec<Trade>,
    /// What was refused or cut, as far as it is kept in full.
    pub refusals: Vec<Refusal>,
    /// Refusals and cuts beyond those.
    pub refusals_dropped: u64,
    /// Number of refusals and cuts of each rule, those beyond included.
    pub refusal_counts: BTreeMap<(Rule, Verdict), u64>,
    /// Breakers that tripped or were armed again, in order.
    pub breaker_events: Vec<BreakerEvent>,
    /// Rows in which the order of events inside the bar is unknown and the worse one was taken, with their instrument.
    pub ambiguous: Vec<(usize, usize)>,
    /// Number of such rows; the list holds the first ones.
    pub ambiguous_total: u64,
    /// Strategies that failed.
    pub faults: Vec<FaultReport>,
    /// Number of decisions that the strategies made.
    pub decisions: u64,
    /// The way of each decision; empty unless it was wanted.
    pub explained: Vec<Explained>,
    /// Rows at whose close any position was held.
    pub rows_in_market: u64,
    /// Σ |price × quantity| of every fill, in quote asset.
    pub traded_notional: Money,
    /// Quote asset at hand at the end.
    pub cash: Money,
    /// Positions at the end.
    pub positions: Vec<Position>,
    /// What each friction cost.
    pub costs: CostTotals,
    /// Every movement of money.
    pub ledger: Ledger,
}

/// What a run has put out since it was asked last, each in the order in which it happened. Row numbers are rows of the panel.
#[derive(Clone, Debug, Default)]
pub struct Drained {
    /// Row of the first value of `equity`.
    pub first_row: usize,
    /// Equity at the close of each row, in quote asset.
    pub equity: Vec<f64>,
    /// Fills.
    pub fills: Vec<Fill>,
    /// Completed round trips, in the order of exits.
    pub trades: Vec<Trade>,
    /// What was refused or cut, as far as it is kept in full.
    pub refusals: Vec<Refusal>,
    /// Refusals and cuts beyond those.
    pub refusals_dropped: u64,
    /// Breakers that tripped or were armed again.
    pub breaker_events: Vec<BreakerEvent>,
    /// Rows in which the order of events inside the bar is unknown, with their instrument.
    pub ambiguous: Vec<(usize, usize)>,
    /// Strategies that failed.
    pub faults: Vec<FaultReport>,
    /// The way of each decision; empty unless it is wanted.
    pub explained: Vec<Explained>,
    /// Movements of money.
    pub postings: Vec<Posting>,
}

/// A strategy that failed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultReport {
    /// Row that the strategy was taking in.
    pub row: usize,
    /// Instruments that the failed instance looked after.
    pub instruments: Range<usize>,
    /// What happened.
    pub fault: StrategyFault,
}
