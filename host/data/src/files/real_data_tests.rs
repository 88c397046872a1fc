//! Files of real exchanges, where they are at hand beside the workspace.

use std::path::{Path, PathBuf};

use super::*;
use crate::FileBudget;
use ct_core::market::{Bars, resample};
use ct_core::units::Interval;

/// The path of `name` in the folder of real data, if it is there.
fn real_file(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ohlcv").join(name);
    path.exists().then_some(path)
}

/// Binance's own ETH/BTC bars of an interval.
fn eth_btc(interval: &str) -> Option<Bars> {
    let path = real_file(&format!("binance_ETHBTC_multitf_2020/{interval}.csv"))?;
    let columns = read_file(&path, &FileBudget::default(), &mut |_| {}).unwrap().columns;
    Some(Bars::new(interval.parse().unwrap(), columns).unwrap())
}

/// Number of bars made of `from` that Binance has too; each must be equal.
fn agreeing(from: &str, to: &str) -> Option<usize> {
    let to_interval: Interval = to.parse().unwrap();
    let (bars, own) = (eth_btc(from)?, eth_btc(to)?);
    // The last bar of each file was still open, and another one in each.
    let made = resample(&bars.rows(0..bars.len() - 1), to_interval).unwrap();
    let mut agreeing = 0;
    for (row, time) in made.bars.times().iter().enumerate() {
        let Ok(place) = own.times().binary_search(time) else { continue };
        let prices = |bars: &Bars, row: usize| {
            [bars.open()[row], bars.high()[row], bars.low()[row], bars.close()[row]]
                .map(f64::to_bits)
        };
        assert_eq!(prices(&made.bars, row), prices(&own, place), "{from} to {to} at {time}");
        let (made, own) = (made.bars.volume()[row], own.volume()[place]);
        assert!((made / own - 1.0).abs() < 1e-9, "{from} to {to} at {time}: {made} {own}");
        agreeing += 1;
    }
    Some(agreeing)
}

#[test]
fn resampled_bars_are_those_of_the_exchange() {
    // How many bars there are to compare was counted in the files with pandas 3.1.1.
    for (from, to, expected) in [
        ("1m", "3m", 166),
        ("1m", "5m", 99),
        ("1m", "15m", 32),
        ("1m", "30m", 16),
        ("1m", "1h", 7),
        ("1m", "2h", 3),
        ("1m", "4h", 1),
        ("1m", "6h", 1),
        ("1h", "2h", 249),
        ("1h", "4h", 124),
        ("1h", "6h", 83),
        ("1h", "8h", 62),
        ("1h", "12h", 41),
        ("1h", "1d", 20),
        ("1h", "3d", 6),
        ("1h", "1w", 2),
        ("1d", "3d", 166),
        ("1d", "1w", 70),
    ] {
        let Some(agreeing) = agreeing(from, to) else { return };
        assert_eq!(agreeing, expected, "{from} to {to}");
    }
}
