//! Prices are cut to the period before they are checked, whoever names it, and the finer bars with them.

use std::fs;

use predicates::prelude::*;

use crate::program::{ct_host, folder, json};

/// Two hundred hours from 2024-01-01 in bars of so many minutes. In the fifth hour a high is below its low.
fn bars(minutes: i64) -> String {
    let row = |bar: i64| {
        let time = 1_704_067_200_000_i64 + bar * minutes * 60_000;
        let chance = ((bar + 3) * (bar + 977) * 2_654_435_761) >> 11;
        let open = 100 + chance % 5;
        let high = if bar == 300 / minutes { open - 9 } else { open + 1 };
        format!("{time},{open},{high},{},{open},{}\n", open - 1, chance % 9_973 + 1)
    };
    let header = "timestamp,open,high,low,close,volume\n".to_owned();
    std::iter::once(header).chain((0..200 * 60 / minutes).map(row)).collect()
}

#[test]
fn defects_outside_of_the_period_stop_no_run() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("bad.csv"), bars(60)).unwrap();
    let sound: String = bars(60)
        .lines()
        .filter(|line| !line.contains("1704085200000"))
        .fold(String::new(), |text, line| text + line + "\n");
    fs::write(path.join("sound.csv"), sound).unwrap();
    fs::write(path.join("finer.csv"), bars(30)).unwrap();
    let run =
        ["backtest", "--strategy", "sma-crossover", "--param", "slow=20", "--param", "fast=5"];
    let bad = ["--data", "bad.csv"];
    let finer = ["--data", "sound.csv", "--detail-data", "finer.csv"];
    for (data, file) in [(&bad[..], "bad.csv"), (&finer, "finer.csv")] {
        for period in
            [&["--days", "3"][..], &["--from", "2024-01-05"], &["--days", "2", "--resample", "2h"]]
        {
            ct_host(&folder).args(run).args(data).args(period).assert().success();
        }
        for period in [&[][..], &["--days", "9"], &["--to", "2024-01-05"]] {
            let assert = ct_host(&folder).args(run).args(data).args(period).assert().code(2);
            assert.stderr(predicate::str::contains(format!("{file}: the data has errors")));
        }
    }
}

#[test]
fn bars_of_a_file_before_the_period_are_warmed_up_on() {
    let folder = folder();
    let sound: String = bars(60)
        .lines()
        .filter(|line| !line.contains("1704085200000"))
        .fold(String::new(), |text, line| text + line + "\n");
    fs::write(folder.path().join("sound.csv"), sound).unwrap();
    let run =
        ["backtest", "--strategy", "sma-crossover", "--param", "slow=20", "--param", "fast=5"];
    let data = ["--data", "sound.csv", "--json", "-"];
    let result = |period: &[&str]| json(ct_host(&folder).args(run).args(data).args(period));
    let days = result(&["--days", "3"]);
    // The last bar closes at eight on the ninth.
    let from = result(&["--from", "2024-01-06T08:00"]);
    assert!(days["data"]["warm_up_rows"].as_u64() > Some(0), "{}", days["data"]);
    assert_eq!(days["data"], from["data"]);
    assert_eq!(days["run_id"], from["run_id"]);
}
