//! The same task in one hand-written loop: what a careful programmer would write for this strategy alone.
//!
//! Floating-point money, no abstraction, the strategy inlined; but the whole job: fills at the next open with fee and
//! slippage, a ledger, round trips with their excursions, equity at every close, and the same statistics.

use crate::setting::CASH;
use ct_host::market::Panel;
use ct_host::metrics::{Inputs, Metrics};
use ct_host::order::{Direction, FillReason, Trade};
use ct_host::portfolio::{CostTotals, GrossExposure};
use ct_host::units::{Money, Quantity};

/// One movement of money.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// Row.
    pub row: u32,
    /// Cash, position, fees or slippage.
    pub account: u8,
    /// Debit above zero.
    pub amount: f64,
}

/// One fill.
#[derive(Clone, Copy, Debug)]
pub struct Fill {
    /// Row.
    pub row: u32,
    /// Bought above zero, sold below.
    pub quantity: f64,
    /// Price, slippage included.
    pub price: f64,
    /// Fee.
    pub fee: f64,
}

/// Everything the loop produces.
#[derive(Debug)]
pub struct NativeRun {
    /// Fills.
    pub fills: Vec<Fill>,
    /// Ledger.
    pub ledger: Vec<Posting>,
    /// Equity at each close.
    pub equity: Vec<f64>,
    /// Statistics.
    pub metrics: Metrics,
}

/// A simple moving average.
struct Average {
    ring: Vec<f64>,
    next: usize,
    seen: usize,
    sum: f64,
}

impl Average {
    fn new(length: usize) -> Self {
        Self { ring: vec![0.0; length], next: 0, seen: 0, sum: 0.0 }
    }

    #[inline]
    fn update(&mut self, value: f64) -> Option<f64> {
        let length = self.ring.len();
        let oldest = self.ring.get_mut(self.next)?;
        self.sum += value - *oldest;
        *oldest = value;
        self.next += 1;
        if self.next == length {
            self.next = 0;
        }
        if self.seen < length {
            self.seen += 1;
        }
        (self.seen == length).then(|| self.sum / length as f64)
    }
}

const FEE: f64 = 0.001;
const SLIPPAGE: f64 = 0.000_5;
const UNITS: f64 = 1.0;

/// An amount, as the statistics take it.
fn money(amount: f64) -> Money {
    Money::from_f64(amount).unwrap_or_default()
}

/// SMA 20/50, long or flat, one unit in each trade, over the first instrument of `panel`.
#[expect(clippy::too_many_lines, reason = "the point is to have it all in one loop")]
pub fn sma_crossover(panel: &Panel) -> NativeRun {
    let Some(series) = panel.series().first() else { unreachable!("a panel has an instrument") };
    let rows = panel.rows();
    let (mut fast, mut slow) = (Average::new(20), Average::new(50));
    let (mut cash, mut quantity, mut wanted) = (CASH, 0.0_f64, false);
    let (mut fills, mut ledger, mut trades) = (Vec::new(), Vec::new(), Vec::new());
    let mut equity = Vec::with_capacity(rows);
    let (mut fees, mut slippage, mut turnover, mut rows_in_market) = (0.0, 0.0, 0.0, 0_u64);
    let mut gross_exposure = GrossExposure::default();
    let mut entry = (0_usize, 0.0, 0.0);
    let (mut low_since, mut high_since) = (f64::INFINITY, f64::NEG_INFINITY);
    let bars = series.open().iter().zip(series.high()).zip(series.low()).zip(series.close());
    for (row, (((&open, &high), &low), &close)) in bars.enumerate() {
        if wanted != (quantity > 0.0) {
            let price = if wanted { open * (1.0 + SLIPPAGE) } else { open * (1.0 - SLIPPAGE) };
            let traded_quantity =
                if wanted { UNITS.min(cash / (price * (1.0 + FEE))) } else { quantity };
            let notional = traded_quantity * price;
            let fee = notional * FEE;
            let slipped = (price - open).abs() * traded_quantity;
            let number = u32::try_from(row).unwrap_or(u32::MAX);
            if wanted {
                cash -= notional + fee;
                quantity = traded_quantity;
                entry = (row, price, notional + fee);
                (low_since, high_since) = (f64::INFINITY, f64::NEG_INFINITY);
            } else {
                cash += notional - fee;
                quantity = 0.0;
                let net_pnl = notional - fee - entry.2;
                trades.push(Trade {
                    symbol: series.symbol().clone(),
                    direction: Direction::Long,
                    entry_time: panel.time(entry.0),
                    exit_time: panel.time(row),
                    bars_held: (row - entry.0) as u64,
                    quantity: Quantity::from_f64(traded_quantity).unwrap_or_default(),
                    entry_price: entry.1,
                    exit_price: price,
                    gross_pnl: money(net_pnl + 2.0 * fee),
                    net_pnl: money(net_pnl),
                    fees: money(2.0 * fee),
                    carry: Money::ZERO,
                    return_on_notional: net_pnl / entry.2,
                    mae: (low_since.min(price) / entry.1 - 1.0).min(0.0),
                    mfe: (high_since.max(price) / entry.1 - 1.0).max(0.0),
                    exit_reason: FillReason::Exit,
                });
            }
            fees += fee;
            slippage += slipped;
            turnover += notional;
            let signed = if wanted { traded_quantity } else { -traded_quantity };
            fills.push(Fill { row: number, quantity: signed, price, fee });
            let position = if wanted { notional - slipped } else { -notional - slipped };
            for (account, amount) in
                [(0, -position - fee - slipped), (1, position), (2, fee), (3, slipped)]
            {
                ledger.push(Posting { row: number, account, amount });
            }
        }
        if quantity > 0.0 {
            rows_in_market += 1;
            low_since = low_since.min(low);
            high_since = high_since.max(high);
            let exposure = quantity * close / (cash + quantity * close);
            gross_exposure.sum += exposure;
            gross_exposure.max = gross_exposure.max.max(exposure);
        }
        equity.push(cash + quantity * close);
        if let Some((fast, slow)) = fast.update(close).zip(slow.update(close)) {
            wanted = fast > slow;
        }
    }
    let metrics = Metrics::compute(&Inputs {
        times: panel.times(),
        interval_ms: panel.interval().as_ms(),
        initial_equity: CASH,
        equity: &equity,
        traded_rows: equity.len(),
        benchmark: series.marks(),
        trades: &trades,
        rows_in_market,
        gross_exposure,
        traded_notional: turnover,
        costs: CostTotals { fees: money(fees), slippage: money(slippage), ..CostTotals::default() },
    });
    NativeRun { fills, ledger, equity, metrics }
}
