//! What price files leave open: defects outside of the period, intervals of names, unfinished bars, volumes that are none.

use std::fs;
use std::path::Path;

use predicates::prelude::*;
use serde_json::Value;

use super::import_as;
use crate::program::{ct_host, folder, json};

/// Three hundred hours from 2024-01-01.
fn hours() -> Vec<String> {
    let row = |hour: i64| {
        let time = 1_704_067_200_000_i64 + hour * 3_600_000;
        let price = 1_000 + (hour * 37) % 11 + hour / 10;
        format!("{time},{price},{},{},{price},{}", price + 3, price - 3, 5 + hour)
    };
    (0..300).map(row).collect()
}

fn write(path: &Path, rows: &[String]) {
    let text = format!("timestamp,open,high,low,close,volume\n{}\n", rows.join("\n"));
    fs::write(path, text).unwrap();
}

const BACKTEST: [&str; 5] = ["backtest", "--strategy", "sma-crossover", "--data", "a.csv"];

#[test]
fn defects_outside_of_the_period_stop_no_run() {
    let folder = folder();
    let mut rows = hours();
    write(&folder.path().join("clean.csv"), &rows);
    rows[3] = rows[3].replace(",1", ",-1");
    rows[290] = rows[290].replace(",1", ",-1");
    write(&folder.path().join("a.csv"), &rows);
    let period = ["--from", "2024-01-06", "--to", "2024-01-11"];
    ct_host(&folder)
        .args(BACKTEST)
        .assert()
        .code(2)
        .stderr(predicate::str::contains("zero or less"));
    ct_host(&folder).args(BACKTEST).args(&period[..2]).assert().code(2);
    let result = |file: &str, more: &[&str]| {
        let run = [
            "backtest",
            "--strategy",
            "sma-crossover",
            "--json",
            "-",
            "--symbol",
            "A/USD",
            "--data",
            file,
        ];
        json(ct_host(&folder).args(run).args(period).args(more))
    };
    // Fifty bars of the strategy before the period, and no more, are looked at.
    for more in [&[][..], &["--resample", "2h"]] {
        let (cut, whole) = (result("a.csv", more), result("clean.csv", more));
        assert_eq!(cut["data"]["hash"], whole["data"]["hash"]);
        assert_eq!(cut["metrics"], whole["metrics"]);
        // Nor the same run again.
        let saved = folder.path().join("result.json");
        fs::write(&saved, cut.to_string()).unwrap();
        let again =
            json(ct_host(&folder).args(["backtest", "--from-run", "result.json", "--json"]));
        assert_eq!(again["data"]["hash"], cut["data"]["hash"]);
        assert_eq!(again["fills"], cut["fills"]);
    }
}

#[test]
fn the_interval_of_a_name_that_the_times_contradict_is_told() {
    let folder = folder();
    let rows: Vec<String> = hours().iter().map(|row| format!("[{row}]")).collect();
    fs::write(folder.path().join("A_USD-4h.json"), format!("[{}]", rows.join(","))).unwrap();
    let told = predicate::str::contains("says bars of 4h, but the times are those of bars of 1h");
    let validate = ["validate-data", "A_USD-4h.json"];
    ct_host(&folder).args(validate).assert().success().stderr(told.clone());
    let run = ["backtest", "--strategy", "sma-crossover", "--data", "A_USD-4h.json"];
    ct_host(&folder).args(run).assert().success().stderr(told);
    let imported = import_as(&folder, ["mine", "A/USD"], "A_USD-4h.json", &[]);
    assert_eq!((&imported["interval"], &imported["rows"]), (&"1h".into(), &300.into()));
}

#[test]
fn a_bar_that_has_not_closed_is_left_out_by_every_command() {
    let folder = folder();
    let mut rows = hours();
    // 2098: nobody has seen that bar close.
    rows.push("4039372800000,1030,1033,1027,1030,5".to_owned());
    write(&folder.path().join("a.csv"), &rows);
    let told = predicate::str::contains("1 bar(s) that have not closed are left out");
    ct_host(&folder).args(BACKTEST).assert().success().stderr(told.clone());
    let import = ["data", "import", "a.csv", "--exchange", "mine", "--symbol", "A/USD", "--json"];
    let assert = ct_host(&folder).args(import).assert().success().stderr(told);
    let imported: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    assert_eq!(imported["rows_imported"], 300);
}

#[test]
fn files_without_volumes_are_read_when_the_user_says_so() {
    let folder = folder();
    let rows: Vec<String> =
        hours().iter().map(|row| row.rsplit_once(',').unwrap().0.to_owned()).collect();
    let text = format!("timestamp,open,high,low,close\n{}\n", rows.join("\n"));
    fs::write(folder.path().join("a.csv"), text).unwrap();
    let import = ["data", "import", "a.csv", "--exchange", "mine", "--symbol", "A/USD"];
    for command in [&["validate-data", "a.csv"][..], &BACKTEST, &import] {
        let refused = ct_host(&folder).args(command).assert().code(2);
        refused.stderr(
            predicate::str::contains("no column for volume")
                .and(predicate::str::contains("--no-volume")),
        );
        let code = if command[0] == "validate-data" { 3 } else { 0 };
        ct_host(&folder).args(command).arg("--no-volume").assert().code(code);
    }
    fs::write(folder.path().join("c.yaml"), "costs: { participation: { rate: 0.1 } }\n").unwrap();
    let run = ct_host(&folder)
        .args(BACKTEST)
        .args(["--no-volume", "--config", "c.yaml"])
        .assert()
        .code(2);
    run.stderr(
        predicate::str::contains("costs.participation")
            .and(predicate::str::contains("needs volumes")),
    );
}

#[test]
fn times_are_named_by_flags() {
    let folder = folder();
    let text = "Date,Open,High,Low,Close,Volume\n1/2/2024,1,2,1,2,5\n2/2/2024,2,3,2,3,6\n3/2/2024,3,4,3,4,7\n";
    fs::write(folder.path().join("a.csv"), text).unwrap();
    let validate = ["validate-data", "a.csv"];
    ct_host(&folder)
        .args(validate)
        .assert()
        .code(2)
        .stderr(predicate::str::contains("--time-format"));
    let named =
        ["validate-data", "a.csv", "--time-format", "%d/%m/%Y", "--time-zone", "Asia/Tokyo"];
    let told = predicate::str::contains("local times of Asia/Tokyo");
    ct_host(&folder)
        .args(named)
        .assert()
        .stdout(predicate::str::contains("2024-01-31T15:00:00Z"))
        .stderr(told);
    ct_host(&folder).args(validate).args(["--time-zone", "Mars"]).assert().code(2);
}

#[test]
fn exports_that_mislead_are_refused_for_what_they_are() {
    for (name, expected) in [
        ("r20b_kraken_api_vwap.csv", "every volume lies between the low and the high"),
        ("r34_daily_newyork_midnight.csv", "open at 00:00 by the clock of America/New_York"),
        ("s20_long_two_symbols.csv", "2 instruments in the column 'symbol'"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cases").join(name);
        if !path.exists() {
            return;
        }
        let folder = folder();
        for command in [
            &["backtest", "--strategy", "sma-crossover", "--bad-data", "repair", "--data"][..],
            &["data", "import", "--exchange", "mine", "--bad-data", "repair"],
        ] {
            let refused = ct_host(&folder).args(command).arg(&path).assert().code(2);
            refused.stderr(predicate::str::contains(expected));
        }
    }
}
