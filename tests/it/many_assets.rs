//! One account over sixteen assets gives the same bytes, however many threads read the prices.

use std::fmt::Write;
use std::path::PathBuf;

use ct_tests::real_data::real_hours;
use serde_json::Value;

use crate::program::{ct_host, folder};

const COINS: [&str; 16] = [
    "ADA", "ATOM", "AVAX", "BNB", "BTC", "DOGE", "DOT", "EOS", "ETH", "LINK", "LTC", "MATIC",
    "SOL", "TRX", "XLM", "XRP",
];

/// The result of an SMA crossover over `files`, without its timing.
fn result(files: &[PathBuf], jobs: &str) -> Value {
    let folder = folder();
    let mut command = ct_host(&folder);
    command.arg("backtest").arg("--data").args(files);
    command.args(["--strategy", "sma-crossover", "--quiet", "--json", "--jobs", jobs]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut result: Value = serde_json::from_slice(&output.stdout).unwrap();
    result.as_object_mut().unwrap().remove("timing").unwrap();
    result
}

/// Asserts that the number of threads does not show, and that every asset was traded by one account.
fn check(files: &[PathBuf]) -> Value {
    let one = result(files, "1");
    let four = result(files, "4");
    assert_eq!(one.to_string(), four.to_string());
    let traded = one["fills"].as_array().unwrap();
    for symbol in one["data"]["symbols"].as_array().unwrap() {
        assert!(traded.iter().any(|fill| fill["symbol"] == *symbol), "{symbol} was not traded");
    }
    one
}

#[test]
fn of_generated_prices() {
    let home = tempfile::tempdir().unwrap();
    let files = COINS.iter().zip(0..).map(|(coin, place)| {
        let mut text = "timestamp,open,high,low,close,volume\n".to_owned();
        for hour in 0..600_i64 {
            // Waves of different lengths, so that every asset crosses its averages.
            let phase = hour as f64 / (9.0 + f64::from(place));
            let close = 100.0 + 20.0 * phase.sin();
            let time = 1_704_067_200_000 + hour * 3_600_000;
            let line = writeln!(text, "{time},{close},{},{},{close},5", close + 1.0, close - 1.0);
            assert!(line.is_ok());
        }
        let path = home.path().join(format!("{coin}USDT.csv"));
        std::fs::write(&path, text).unwrap();
        path
    });
    check(&files.collect::<Vec<_>>());
}

/// Hourly bars of 2021 to 2023, where they are at hand.
#[test]
fn of_real_prices() {
    let files: Option<Vec<PathBuf>> =
        COINS.iter().map(|coin| real_hours(&format!("{coin}USDT"))).collect();
    let Some(files) = files else { return };
    let equity = check(&files)["final_equity"].as_f64().unwrap();
    assert!(equity > 0.0, "{equity}");
}
