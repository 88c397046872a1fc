//! The task of the benches: SMA 20/50 on 2.6 million one-minute bars, fees and slippage included.

use ct_host::backtest::{Dataset, Origin, Settings};
use ct_host::engine::Outcome;
use ct_host::market::{Instrument, Panel};
use ct_host::metrics::{CostTotals, Inputs, Metrics, TradeSample};
use ct_host::risk::Sizing;
use ct_host::units::{Money, Quantity};
use ct_tests::bars::random_walk;

/// Five years of minutes.
pub const ROWS: usize = 2_600_000;

/// One unit of the base asset in each trade, out of an account that 60 000 round trips of fees do not empty.
pub fn settings() -> Settings {
    let cash = Money::from_f64(CASH).unwrap_or_default();
    let quantity = Quantity::from_f64(1.0).unwrap_or_default();
    Settings { cash, sizing: Sizing::Units(quantity), ..Settings::default() }
}

/// Quote asset at the start.
pub const CASH: f64 = 1e8;

/// `rows` one-minute bars of one instrument.
///
/// # Panics
/// Never: the bars are made to be sound.
pub fn dataset(rows: usize) -> Dataset {
    let bars = random_walk(7, rows, 60_000);
    let instruments = vec![(Instrument::unrestricted("TEST/USD"), bars)];
    match Dataset::new(instruments, Origin::Synthetic) {
        Ok(dataset) => dataset,
        Err(error) => unreachable!("bench data: {error}"),
    }
}

/// The statistics of a run of the engine, as a result has them.
pub fn metrics(panel: &Panel, settings: &Settings, outcome: &Outcome) -> Metrics {
    let trades: Vec<TradeSample> = outcome
        .trades
        .iter()
        .map(|trade| TradeSample {
            direction: trade.direction,
            entry_time: panel.time(trade.entry_row as usize).as_ms(),
            exit_time: panel.time(trade.exit_row as usize).as_ms(),
            bars_held: u64::from(trade.exit_row - trade.entry_row),
            net_pnl: trade.net_pnl.to_f64(),
            gross_pnl: trade.gross_pnl.to_f64(),
            return_on_notional: trade.return_on_notional(),
            mae: trade.mae,
            mfe: trade.mfe,
        })
        .collect();
    let benchmark = panel.series().first().map_or(&[][..], |series| series.marks());
    Metrics::compute(&Inputs {
        times: panel.times(),
        interval_ms: panel.interval().as_ms(),
        initial_equity: settings.cash.to_f64(),
        equity: &outcome.equity,
        benchmark,
        trades: &trades,
        rows_in_market: outcome.rows_in_market,
        traded_notional: outcome.traded_notional.to_f64(),
        costs: CostTotals {
            fees: outcome.costs.fees.to_f64(),
            slippage: outcome.costs.slippage.to_f64(),
            ..CostTotals::default()
        },
    })
}
