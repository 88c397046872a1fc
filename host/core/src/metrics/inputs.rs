//! What one run hands over to be measured: its marked equity, a benchmark, its closed trades and
//! totals.

use std::cmp::Ordering;

use crate::order::Trade;
use crate::portfolio::{CostTotals, GrossExposure};
use crate::units::Money;

/// Everything the statistics of one run are computed from.
///
/// All times are UTC milliseconds. All amounts are in the quote asset. The slices are borrowed,
/// because a run on minute bars has millions of rows.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// Open time of each row, strictly ascending. Gaps are allowed.
    pub times: &'a [i64],
    /// Length of a row in milliseconds, above 0. A row closes at its open time plus this.
    pub interval_ms: i64,
    /// Equity before the first row.
    pub initial_equity: f64,
    /// Equity marked at the close of each row. As long as `times`, finite.
    pub equity: &'a [f64],
    /// Rows in which the run could trade: all of them, or those before an account that was closed for
    /// good lay idle. What is per year, and all that is measured in days, is of these rows.
    pub traded_rows: usize,
    /// Value of buy-and-hold at the close of each row, at any positive scale. As long as `times`,
    /// or empty when there is no benchmark. NaN where it has no price, as before the first bar.
    pub benchmark: &'a [f64],
    /// Closed round trips in the order of their exits.
    pub trades: &'a [Trade],
    /// Rows at whose close any position was held.
    pub rows_in_market: u64,
    /// What part of the equity was in positions at those closes.
    pub gross_exposure: GrossExposure,
    /// Sum of |price × quantity| of all fills.
    pub traded_notional: f64,
    /// What trading cost.
    pub costs: CostTotals,
}

impl<'a> Inputs<'a> {
    /// The run up to the row in which it lay idle for good.
    pub(super) fn traded(&self) -> Self {
        let part = |column: &'a [f64]| column.get(..self.traded_rows).unwrap_or(column);
        Self {
            times: self.times.get(..self.traded_rows).unwrap_or(self.times),
            equity: part(self.equity),
            benchmark: part(self.benchmark),
            ..*self
        }
    }

    /// Whether the run lay idle for good before its end.
    pub(super) const fn lay_idle(&self) -> bool {
        self.traded_rows < self.times.len()
    }

    /// Time from the open of the first row to the close of the last one, in milliseconds. 0 without
    /// rows.
    pub fn duration_ms(&self) -> i64 {
        match (self.times.first(), self.times.last()) {
            (Some(first), Some(last)) => last - first + self.interval_ms,
            _ => 0,
        }
    }

    /// Equity at the close of the last row, or the initial equity when there are no rows.
    pub fn final_equity(&self) -> f64 {
        self.equity.last().copied().unwrap_or(self.initial_equity)
    }

    /// Stops on columns that do not belong together: that is a mistake of the caller, not of the
    /// data.
    pub(super) fn assert_consistent(&self) {
        let rows = self.times.len();
        assert!(self.interval_ms > 0, "interval_ms must be above 0, found {}", self.interval_ms);
        assert!(
            self.equity.len() == rows,
            "equity must have one value per row: expected {rows}, found {}",
            self.equity.len()
        );
        assert!(
            self.traded_rows <= rows,
            "traded_rows must be at most {rows}, found {}",
            self.traded_rows
        );
        assert!(
            self.benchmark.is_empty() || self.benchmark.len() == rows,
            "benchmark must be empty or have one value per row: expected {rows}, found {}",
            self.benchmark.len()
        );
    }
}

/// How a trade ended, after costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// `net_pnl` above 0.
    Win,
    /// `net_pnl` below 0.
    Loss,
    /// `net_pnl` exactly 0.
    BreakEven,
}

impl Outcome {
    /// That of a trade: the sign of its `net_pnl`.
    pub fn of(trade: &Trade) -> Self {
        match trade.net_pnl.cmp(&Money::ZERO) {
            Ordering::Greater => Self::Win,
            Ordering::Less => Self::Loss,
            Ordering::Equal => Self::BreakEven,
        }
    }
}
