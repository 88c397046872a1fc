//! What one run hands over to be measured: its marked equity, a benchmark, its closed trades and
//! totals.

use crate::order::Direction;

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
    /// Value of buy-and-hold at the close of each row, at any positive scale. As long as `times`,
    /// or empty when there is no benchmark. NaN where it has no price, as before the first bar.
    pub benchmark: &'a [f64],
    /// Closed round trips in the order of their exits.
    pub trades: &'a [TradeSample],
    /// Rows at whose close any position was held.
    pub rows_in_market: u64,
    /// Sum of |price × quantity| of all fills.
    pub traded_notional: f64,
    /// What trading cost.
    pub costs: CostTotals,
}

impl Inputs<'_> {
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
            self.benchmark.is_empty() || self.benchmark.len() == rows,
            "benchmark must be empty or have one value per row: expected {rows}, found {}",
            self.benchmark.len()
        );
    }
}

/// One closed round trip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TradeSample {
    /// Direction of the position.
    pub direction: Direction,
    /// Time of the fill that opened the position.
    pub entry_time: i64,
    /// Time of the fill that closed it, not before `entry_time`.
    pub exit_time: i64,
    /// Rows between entry and exit.
    pub bars_held: u64,
    /// Profit after all costs; negative for a loss.
    pub net_pnl: f64,
    /// Profit before costs.
    pub gross_pnl: f64,
    /// `net_pnl` ÷ notional at entry, a fraction.
    pub return_on_notional: f64,
    /// Maximum adverse excursion: the worst the price moved against the position, as a fraction of
    /// the entry price, at most 0.
    pub mae: f64,
    /// Maximum favourable excursion: the best the price moved for the position, as a fraction of
    /// the entry price, at least 0.
    pub mfe: f64,
}

impl TradeSample {
    /// Time from entry to exit, in milliseconds.
    pub fn holding_ms(&self) -> i64 {
        self.exit_time - self.entry_time
    }

    /// Won, lost, or neither: the sign of `net_pnl`.
    pub fn outcome(&self) -> Outcome {
        if self.net_pnl > 0.0 {
            Outcome::Win
        } else if self.net_pnl < 0.0 {
            Outcome::Loss
        } else {
            Outcome::BreakEven
        }
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

/// What trading cost over the run, in quote. Positive amounts were paid.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CostTotals {
    /// Exchange fees.
    pub fees: f64,
    /// Half of the bid-ask spread on every fill that crossed it.
    pub spread: f64,
    /// Fills worse than the quote.
    pub slippage: f64,
    /// Price moved by the run's own orders.
    pub impact: f64,
    /// Funding of perpetual positions; below 0 when more was received than paid.
    pub funding: f64,
    /// Interest on borrowed base and quote asset.
    pub borrow: f64,
    /// What liquidations cost beside their fees.
    pub liquidation: f64,
}

impl CostTotals {
    /// Sum of all costs, in quote.
    pub fn total(&self) -> f64 {
        self.fees
            + self.spread
            + self.slippage
            + self.impact
            + self.funding
            + self.borrow
            + self.liquidation
    }
}
