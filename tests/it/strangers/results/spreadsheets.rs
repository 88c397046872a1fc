//! Names that a spreadsheet would compute are texts in the tables of a run.

use std::fs;

use super::prices;
use crate::program::{ct_host, folder};

#[test]
fn a_symbol_is_no_formula_and_a_loss_is_a_number() {
    let folder = folder();
    // A rise and a fall, so that something is bought and lost.
    let rise = (0..60).map(|hour| 100.0 + 0.5 * f64::from(hour));
    let decline = (0..30).map(|hour| 100.0 - f64::from(hour));
    let text = prices(rise.chain(decline));
    fs::write(folder.path().join("prices.csv"), text).unwrap();
    let mut run = ct_host(&folder);
    run.args(["backtest", "--data", "prices.csv", "--symbol", "=cmd|' /C calc'!A0"]);
    run.args(["--param", "fast=2", "--param", "slow=5", "--out", "run", "--quiet"]);
    run.assert().success();
    let read = |name: &str| fs::read_to_string(folder.path().join("run").join(name)).unwrap();
    let (fills, trades) = (read("fills.csv"), read("trades.csv"));
    let fill = fills.lines().nth(1).unwrap();
    assert!(fill.contains(",'=cmd|' /C calc'!A0,buy,"), "{fill}");
    let trade = trades.lines().nth(1).unwrap();
    assert!(trade.starts_with("'=cmd|' /C calc'!A0,long,"), "{trade}");
    assert!(trade.contains(",-"), "a loss has its sign and no apostrophe: {trade}");
    assert!(!trade.contains("'-"), "{trade}");
}
