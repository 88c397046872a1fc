//! Names that a spreadsheet would compute are texts in the tables of a run.

use std::fs;

use super::prices;
use crate::program::{ct_host, folder};

#[test]
fn a_symbol_is_no_formula_and_a_loss_is_a_number() {
    let folder = folder();
    // A rise and a fall, so that something is bought and lost.
    let close = |hour: i64| 100.0 + if hour < 60 { 0.5 * hour as f64 } else { 60.0 - hour as f64 };
    let rows: Vec<String> = (0..90)
        .map(|hour| {
            let price = close(hour);
            format!(
                "{},{price},{price},{price},{price},1000\n",
                1_704_067_200_000 + hour * 3_600_000
            )
        })
        .collect();
    let rows = rows.concat();
    let text = format!("timestamp,open,high,low,close,volume\n{rows}");
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
