//! Whole runs: against the numbers of other tools, at the edges, and as JSON.

mod edges;
mod json;
mod reference;

use super::*;
use crate::order::{Direction, FillReason, Trade};
use crate::portfolio::{CostTotals, GrossExposure};
use crate::units::{Money, Quantity, Timestamp};

const HOUR_MS: i64 = 3_600_000;
const DAYS: usize = 400;
/// Days at the beginning for which the benchmark has no price.
const DAYS_WITHOUT_BENCHMARK: usize = 30;
/// 2022-11-17T00:00Z: the series spans the end of a year and two partial months.
const START: i64 = 1_668_643_200_000;

/// The linear congruential generator of "Numerical Recipes",
/// `s ← 1664525 s + 1013904223 (mod 2³²)`: three lines in any language.
struct Lcg(u32);

impl Lcg {
    fn integer(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0
    }

    /// Uniform in [0, 1): `s ÷ 2³²`.
    fn uniform(&mut self) -> f64 {
        f64::from(self.integer()) / 4_294_967_296.0
    }
}

/// A run without trades or costs, which tests fill in.
#[derive(Clone)]
struct Run {
    times: Vec<i64>,
    interval_ms: i64,
    equity: Vec<f64>,
    benchmark: Vec<f64>,
    trades: Vec<Trade>,
}

impl Run {
    fn daily(equity: &[f64]) -> Self {
        let times = (START..).step_by(86_400_000).take(equity.len()).collect();
        let equity = equity.to_vec();
        Self { times, interval_ms: DAY_MS, equity, benchmark: Vec::new(), trades: Vec::new() }
    }

    /// 400 days: `r = (u − 0.49) × 0.06` and for the benchmark `0.4 r + (u − 0.48) × 0.05`, drawn
    /// in turn with seed 7.
    fn reference() -> Self {
        let mut lcg = Lcg(7);
        let (mut equity, mut benchmark) = (Vec::new(), Vec::new());
        let (mut own, mut held) = (10_000.0, 20_000.0);
        for day in 0..DAYS {
            let own_return = (lcg.uniform() - 0.49) * 0.06;
            let held_return = 0.4 * own_return + (lcg.uniform() - 0.48) * 0.05;
            own *= 1.0 + own_return;
            held *= 1.0 + held_return;
            equity.push(own);
            benchmark.push(if day < DAYS_WITHOUT_BENCHMARK { f64::NAN } else { held });
        }
        Self { benchmark, ..Self::daily(&equity) }
    }

    fn metrics(&self) -> Metrics {
        Metrics::compute(&self.inputs())
    }

    fn inputs(&self) -> Inputs<'_> {
        Inputs {
            times: &self.times,
            interval_ms: self.interval_ms,
            initial_equity: 10_000.0,
            equity: &self.equity,
            traded_rows: self.times.len(),
            benchmark: &self.benchmark,
            trades: &self.trades,
            rows_in_market: self.times.len() as u64 / 2,
            gross_exposure: GrossExposure::default(),
            traded_notional: 40_000.0,
            costs: CostTotals {
                fees: money(20.0),
                spread: money(5.0),
                slippage: money(4.0),
                impact: money(2.0),
                funding: money(-2.0),
                borrow: money(2.5),
                liquidation: money(0.5),
            },
        }
    }
}

/// 60 hourly trades drawn with seed 11: `(u − 0.4) × 200` net, every tenth 0;
/// `(s >> 16) mod 50 + 1` rows; mae `−0.05 u`, mfe `0.08 u`; three rows between trades; long and
/// short in turn; 1 000 of notional each.
fn reference_trades() -> Vec<Trade> {
    let mut lcg = Lcg(11);
    let mut entry_row = 0;
    (0..60)
        .map(|index| {
            let drawn = (lcg.uniform() - 0.4) * 200.0;
            let net_pnl = if index % 10 == 9 { 0.0 } else { drawn };
            let rows = i64::from((lcg.integer() >> 16) % 50 + 1);
            let entry_ms = START + entry_row * HOUR_MS;
            entry_row += rows + 3;
            let direction = if index % 2 == 0 { Direction::Long } else { Direction::Short };
            Trade {
                direction,
                entry_time: Timestamp::clamped(entry_ms),
                exit_time: Timestamp::clamped(entry_ms + rows * HOUR_MS),
                bars_held: rows.unsigned_abs(),
                exit_price: 100.0 + f64::from(direction.sign()) * net_pnl / 10.0,
                gross_pnl: money(net_pnl + 2.0),
                mae: -lcg.uniform() * 0.05,
                mfe: lcg.uniform() * 0.08,
                ..trade(net_pnl)
            }
        })
        .collect()
}

/// A trade of one hour with the given net result, and 1 000 of notional.
fn trade(net_pnl: f64) -> Trade {
    Trade {
        symbol: "COIN0".into(),
        direction: Direction::Long,
        entry_time: Timestamp::clamped(START),
        exit_time: Timestamp::clamped(START + HOUR_MS),
        bars_held: 1,
        quantity: Quantity::from_f64(10.0).unwrap(),
        entry_price: 100.0,
        exit_price: 100.0 + net_pnl / 10.0,
        gross_pnl: money(net_pnl + 1.0),
        net_pnl: money(net_pnl),
        fees: Money::ZERO,
        carry: Money::ZERO,
        return_on_notional: net_pnl / 1_000.0,
        mae: -0.01,
        mfe: 0.02,
        exit_reason: FillReason::Exit,
    }
}

fn money(amount: f64) -> Money {
    Money::from_f64(amount).unwrap()
}
