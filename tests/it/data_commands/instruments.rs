//! Files with rows of several instruments: refused by name, or one of them taken, by every command.

use std::fs;

use predicates::prelude::*;
use tempfile::TempDir;

use crate::program::{ct_host, folder, json};

/// Two hundred hours of two instruments, in turns.
fn stage() -> TempDir {
    let folder = folder();
    let row = |hour: i64| {
        let time = 1_704_067_200_000_i64 + hour * 3_600_000;
        let price = 1_000 + hour;
        let bar = |factor: i64| {
            let [open, high, low] = [price, price + 1, price - 1].map(|price| price * factor);
            format!("{open},{high},{low},{open},{}", 5 + hour)
        };
        format!("{time},BTCUSDT,{}\n{time},ETHUSDT,{}\n", bar(10), bar(1))
    };
    let rows: String = (0..200).map(row).collect();
    let text = format!("timestamp,symbol,open,high,low,close,volume\n{rows}");
    fs::write(folder.path().join("both.csv"), text).unwrap();
    folder
}

/// The commands that read a price file.
const COMMANDS: [&[&str]; 4] = [
    &["validate-data", "both.csv"],
    &["validate-data", "both.csv", "--repair-to", "clean.csv"],
    &["data", "import", "both.csv", "--exchange", "mine", "--bad-data", "repair"],
    &["backtest", "--data", "both.csv", "--strategy", "sma-crossover", "--bad-data", "repair"],
];

#[test]
fn several_instruments_are_refused_by_name_and_never_mixed_by_a_repair() {
    let folder = stage();
    for command in COMMANDS {
        ct_host(&folder).args(command).assert().code(2).stderr(predicate::str::contains(
            "2 instruments in the column 'symbol': 'BTCUSDT' (200 rows), 'ETHUSDT' (200 rows)",
        ));
        ct_host(&folder)
            .args(command)
            .args(["--instrument", "SOL/USDT"])
            .assert()
            .code(2)
            .stderr(predicate::str::contains("no 'SOL/USDT' in the column 'symbol'"));
    }
}

#[test]
fn one_instrument_is_taken_by_its_name() {
    let folder = stage();
    for command in COMMANDS {
        ct_host(&folder).args(command).args(["--instrument", "ETH/USDT"]).assert().success();
    }
    let again = ["validate-data", "clean.csv", "--json"];
    let report = json(ct_host(&folder).args(again));
    assert_eq!(report[0]["rows"], 200);
    // Both of them, from the same file, in one run.
    let both = [
        "backtest",
        "--data",
        "both.csv",
        "both.csv",
        "--strategy",
        "sma-crossover",
        "--json",
        "-",
    ];
    for names in [["--instrument", "BTCUSDT,ETHUSDT"], ["--symbol", "BTC/USDT,ETH/USDT"]] {
        let result = json(ct_host(&folder).args(both).args(names));
        assert_eq!(result["data"]["symbols"].as_array().unwrap().len(), 2, "{}", result["data"]);
    }
}

#[test]
fn a_file_of_another_instrument_than_was_asked_for_is_told() {
    let folder = stage();
    let text = fs::read_to_string(folder.path().join("both.csv")).unwrap();
    let one: String = text.split_inclusive('\n').filter(|line| !line.contains("ETH")).collect();
    fs::write(folder.path().join("one.csv"), one).unwrap();
    let run = ["backtest", "--data", "one.csv", "--strategy", "sma-crossover", "--symbol"];
    let told = predicate::str::contains("the column 'symbol' says 'BTCUSDT'");
    ct_host(&folder).args(run).arg("ETH/USDT").assert().success().stderr(told.clone());
    ct_host(&folder).args(run).arg("BTC/USDT").assert().success().stderr(told.not());
}
