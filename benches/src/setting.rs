//! The task of the benches: SMA 20/50 on 2.6 million one-minute bars, fees and slippage included.

use ct_host::backtest::{Dataset, Origin, Settings};
use ct_host::market::Instrument;
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
