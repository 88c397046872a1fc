//! A run of a period decides as a run of all prices does there: averages that forget slowly are handed the bars they need.

use std::fs;

use ct_host::backtest::{Backtest, Dataset, Origin, RunResult};
use ct_host::market::Instrument;
use ct_host::plugin::{Plugin, built_in};
use ct_host::units::Timestamp;
use ct_tests::bars::{HOUR_MS, random_walk};
use ct_tests::plugins::{runtime, sound};
use serde_json::Value;

use crate::program::{ct_host, folder, json};

/// RSI(14) has its first value after 15 rows, and (13/14)³⁷³ is the first power below 1e-12.
const SETTLED_ROWS: u64 = 15 + 373;

/// The strategy that returns to the mean of RSI(14).
fn rsi() -> Plugin {
    let built_in = built_in("rsi-mean-reversion").unwrap();
    sound(runtime().load(built_in.bytes))
}

/// Time and target of every decision from `from` on.
fn decisions(result: &RunResult, from: Timestamp) -> Vec<(Timestamp, f64)> {
    let explained = result.explained.iter().filter(|decision| decision.time >= from);
    explained.map(|decision| (decision.time, decision.target)).collect()
}

#[test]
fn whatever_the_first_day_rsi_decides_as_in_a_run_of_all_prices() {
    let bars = random_walk(11, 3000, HOUR_MS);
    let data = Dataset::new(vec![(Instrument::unrestricted("A/B"), bars)], Origin::Market).unwrap();
    let plugin = rsi();
    let whole = sound(Backtest::new(&plugin, &data).explaining().run());
    assert_eq!(whole.data.unsettled_rows, SETTLED_ROWS);
    let (panel, mut compared) = (data.panel(), 0);
    for first in (450..2500).step_by(41) {
        let (from, to) = (panel.time(first), Timestamp::clamped(i64::MAX));
        let part = sound(Backtest::new(&plugin, &data).explaining().period(from, to).run());
        assert_eq!((part.data.warm_up_rows, part.data.unsettled_rows), (SETTLED_ROWS, 0));
        assert_eq!(decisions(&part, from), decisions(&whole, from), "from row {first}");
        compared += 1;
    }
    assert!(compared >= 30, "{compared}");
}

#[test]
fn a_run_says_so_when_older_bars_are_missing() {
    let run = |arguments: &[&str]| {
        let folder = folder();
        let mut command = ct_host(&folder);
        command.args(["backtest", "--strategy", "rsi-mean-reversion", "--json"]).args(arguments);
        let output = command.assert().success().get_output().clone();
        let result: Value = serde_json::from_slice(&output.stdout).unwrap();
        (result["data"].clone(), String::from_utf8(output.stderr).unwrap())
    };
    let (data, told) = run(&["--days", "30"]);
    assert_eq!(data["warm_up_rows"], SETTLED_ROWS);
    assert!(data.get("unsettled_rows").is_none() && !told.contains("settled"), "{told}");
    let (data, told) = run(&[]);
    assert_eq!((&data["warm_up_rows"], &data["unsettled_rows"]), (&0.into(), &SETTLED_ROWS.into()));
    let expected = "settled after 388 bars of each instrument, and the prices have fewer before the first row that is traded: \
                    what it decides in the first 388 rows depends on where the prices begin";
    assert!(told.contains(expected), "{told}");
    let (data, told) = run(&["--param", "period=100", "--days", "700"]);
    let (warm_up, unsettled) = (&data["warm_up_rows"], &data["unsettled_rows"]);
    assert!(warm_up.as_u64() > Some(0) && unsettled.as_u64() > Some(0), "{data}");
    assert!(told.contains(&format!("in the first {unsettled} rows depends")), "{told}");
}

#[test]
fn a_file_is_warmed_up_on_before_from() {
    let folder = folder();
    let closes = (0..600).map(|row| 100.0 + 10.0 * (f64::from(row) / 9.0).sin());
    let line = |(row, close): (usize, f64)| {
        format!("{},{close},{close},{close},{close},1\n", 1_704_067_200 + row * 3600)
    };
    let lines: String = closes.enumerate().map(line).collect();
    fs::write(folder.path().join("a.csv"), format!("time,open,high,low,close,volume\n{lines}"))
        .unwrap();
    let mut command = ct_host(&folder);
    command.args(["backtest", "--strategy", "rsi-mean-reversion", "--json", "--data", "a.csv"]);
    let result = json(command.args(["--from", "2024-01-21"]));
    assert_eq!(
        (&result["data"]["rows"], &result["data"]["warm_up_rows"]),
        (&120.into(), &SETTLED_ROWS.into())
    );
}
