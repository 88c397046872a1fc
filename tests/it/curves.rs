//! What a run over files tells of itself: the account bar by bar, as `--out` writes it, is the account that the result measures.

use std::fs;

use serde_json::{Value, json};

use crate::cli::{ROUND_TRIP, SIMPLE, write_bars};
use crate::program::{self, ct_host, folder, output};

/// A line of `equity.csv`; `None` where a cell is empty.
#[derive(Debug, PartialEq)]
struct Bar {
    time: String,
    close_time: String,
    numbers: [Option<f64>; 3],
}

fn bars(text: &str) -> Vec<Bar> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("time,close_time,equity,drawdown,benchmark"));
    let number = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
    let bar = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let [time, close_time, equity, drawdown, benchmark] = cells.try_into().unwrap();
        let numbers = [equity, drawdown, benchmark].map(number);
        Bar { time: time.to_owned(), close_time: close_time.to_owned(), numbers }
    };
    lines.map(bar).collect()
}

/// The result and the bars of a run with these arguments.
fn run(arguments: &[&str]) -> (Value, Vec<Bar>) {
    let folder = folder();
    write_bars(folder.path().join("prices.csv"), &ROUND_TRIP);
    let result =
        program::json(ct_host(&folder).args(arguments).args(["--out", "run", "--json", "--quiet"]));
    (result, bars(&fs::read_to_string(folder.path().join("run/equity.csv")).unwrap()))
}

#[test]
fn every_bar_stands_with_its_equity_drawdown_and_benchmark() {
    let (_, bars) = run(&[&SIMPLE[..], &["--data", "prices.csv"]].concat());
    // Ten units from the open at 12 to the open at 13; the benchmark has bought at the first close, which is 10.
    let expected = [
        (10_000.0, 0.0, 10_000.0),
        (10_000.0, 0.0, 10_000.0),
        (10_000.0, 0.0, 12_000.0),
        (10_020.0, 0.0, 14_000.0),
        (10_010.0, 10_010.0 / 10_020.0 - 1.0, 13_000.0),
        (10_010.0, 10_010.0 / 10_020.0 - 1.0, 13_000.0),
        (10_010.0, 10_010.0 / 10_020.0 - 1.0, 13_000.0),
    ];
    let numbers: Vec<[Option<f64>; 3]> = bars.iter().map(|bar| bar.numbers).collect();
    assert_eq!(numbers, expected.map(|(equity, depth, held)| [equity, depth, held].map(Some)));
    assert_eq!(bars[3].time, "2024-01-01T03:00:00Z");
    assert_eq!(bars[3].close_time, "2024-01-01T04:00:00Z");
}

#[test]
fn the_bars_are_those_that_the_statistics_measure() {
    for arguments in [
        &["backtest"][..],
        &["backtest", "--from", "2022-06-01", "--to", "2022-09-01", "--close-at-end"],
        // The account is closed for good long before the end.
        &["backtest", "--max-drawdown", "0.1"],
    ] {
        let (result, bars) = run(arguments);
        let metrics = &result["metrics"];
        assert_eq!(bars.len() as u64, result["data"]["rows"], "{arguments:?}");
        assert_eq!(bars[0].time, result["data"]["from"], "{arguments:?}");
        let [last, _, held] = bars.last().unwrap().numbers;
        assert_eq!(last, metrics["equity_final"].as_f64(), "{arguments:?}");
        let money = result["final_equity"].as_f64().unwrap();
        assert!((last.unwrap() - money).abs() < 1e-6, "{arguments:?}: {last:?} {money}");
        let depths = bars.iter().map(|bar| bar.numbers[1].unwrap());
        let deepest = depths.fold(0.0, f64::min);
        assert_eq!(Some(deepest), metrics["max_drawdown"].as_f64(), "{arguments:?}");
        let whole = &metrics["buy_and_hold_return_whole_period"];
        let expected = if whole.is_null() { &metrics["buy_and_hold_return"] } else { whole };
        let cash = result["initial_cash"].as_f64().unwrap();
        let difference = held.unwrap() / cash - 1.0 - expected.as_f64().unwrap();
        assert!(difference.abs() < 1e-12, "{arguments:?}: {difference}");
    }
}

#[test]
fn a_trade_has_the_tag_of_its_entry() {
    let folder = folder();
    write_bars(folder.path().join("prices.csv"), &ROUND_TRIP);
    ct_host(&folder)
        .args(SIMPLE)
        .args(["--data", "prices.csv", "--out", "run", "--quiet"])
        .assert()
        .success();
    let trades = fs::read_to_string(folder.path().join("run/trades.csv")).unwrap();
    let fills = fs::read_to_string(folder.path().join("run/fills.csv")).unwrap();
    let last = |line: &str| line.rsplit(',').next().unwrap().to_owned();
    let [header, trade] = trades.lines().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(last(header), "entry_tag");
    assert_eq!(last(trade), last(fills.lines().nth(1).unwrap()));
}

#[test]
fn a_position_whose_prices_have_ended_is_told_however_the_run_ends() {
    let folder = folder();
    write_bars(folder.path().join("short.csv"), &ROUND_TRIP[..4]);
    write_bars(folder.path().join("whole.csv"), &ROUND_TRIP);
    for at_end in [&[][..], &["--close-at-end"]] {
        let mut run = ct_host(&folder);
        run.args(SIMPLE).args([
            "--data",
            "short.csv",
            "whole.csv",
            "--symbol",
            "A,B",
            "--out",
            "run",
        ]);
        let shown = output(run.args(at_end).arg("--force"));
        let text = fs::read_to_string(folder.path().join("run/result.json")).unwrap();
        let result: Value = serde_json::from_str(&text).unwrap();
        let expected = json!([{"symbol": "A", "last_time": "2024-01-01T04:00:00Z", "last_price": 14.0,
            "age_ms": 10_800_000, "quantity": 10.0}]);
        assert_eq!(result["stale_marks"], expected, "{at_end:?}");
        let words: Vec<&str> = shown.split_whitespace().collect();
        let told =
            "OLD PRICE: A has no prices after 2024-01-01 04:00, 3h before the end. Its position";
        assert!(words.join(" ").contains(told), "{shown}");
        assert!(shown.contains(" Delisting "), "{shown}");
    }
}

#[test]
fn what_holds_of_many_files_is_told_once() {
    let folder = folder();
    let rows = (0..9).map(|hour| format!("2024-01-01 0{hour}:00,10,10,10,10,1"));
    let header = "time,open,high,low,close,volume".to_owned();
    let text = std::iter::once(header).chain(rows).collect::<Vec<_>>().join("\n");
    let names = ["a.csv", "b.csv", "c.csv", "d.csv"];
    for name in names {
        fs::write(folder.path().join(name), &text).unwrap();
    }
    let mut run = ct_host(&folder);
    run.args(SIMPLE).args(["--time-zone", "Europe/Berlin", "--data"]).args(names);
    let told = String::from_utf8(run.assert().success().get_output().stderr.clone()).unwrap();
    assert!(told.starts_with("note: 4 files (a.csv, b.csv, c.csv and 1 more): "), "{told}");
    assert_eq!(told.matches("a.csv").count(), 1, "{told}");
}
