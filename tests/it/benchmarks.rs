//! A run beside what it is compared with: buy and hold of its own, or what the user names.

use std::fs;

use serde_json::Value;

use crate::cli::{ROUND_TRIP, SIMPLE, write_bars};
use crate::program::{ct_host, folder, json, output};

/// Hourly closes from so many hours after 2024-01-01, as a price file without volumes.
fn closes(first_hour: i64, closes: &[f64]) -> String {
    let bars = (first_hour..).zip(closes).map(|(hour, close)| {
        let time = 1_704_067_200_000_i64 + hour * 3_600_000;
        format!("{time},{close},{close},{close},{close}")
    });
    let header = "timestamp,open,high,low,close".to_owned();
    std::iter::once(header).chain(bars).collect::<Vec<_>>().join("\n")
}

const FALLING: [f64; 7] = [100.0, 90.0, 80.0, 90.0, 80.0, 60.0, 50.0];

/// A folder with `prices.csv` and `index.csv`, whose bars begin so many hours later.
fn ground(first_hour: i64) -> tempfile::TempDir {
    let folder = folder();
    write_bars(folder.path().join("prices.csv"), &ROUND_TRIP);
    fs::write(folder.path().join("index.csv"), closes(first_hour, &FALLING)).unwrap();
    folder
}

const INDEX: [&str; 4] = ["--data", "prices.csv", "--benchmark", "index.csv"];

#[test]
fn a_price_file_takes_the_place_of_buy_and_hold() {
    let folder = ground(0);
    let result = json(ct_host(&folder).args(SIMPLE).args(INDEX).arg("--json"));
    let own = json(ct_host(&folder).args(SIMPLE).args(["--data", "prices.csv", "--json"]));
    let (metrics, of_own) = (&result["metrics"], &own["metrics"]);
    assert_eq!(metrics["buy_and_hold_return"], 0.5 - 1.0);
    assert_eq!(metrics["benchmark_max_drawdown"], 0.5 - 1.0);
    assert_eq!(metrics["excess_return"], 10_010.0 / 10_000.0 - 1.0 - (0.5 - 1.0));
    assert_eq!(of_own["buy_and_hold_return"], 13.0 / 10.0 - 1.0);
    assert_eq!(of_own["benchmark_max_drawdown"], 13.0 / 14.0 - 1.0);
    assert_eq!(result["benchmark"]["name"], "index");
    assert_eq!(result["benchmark"]["from"], "2024-01-01T00:00:00Z");
    assert_eq!(result["benchmark"]["to"], "2024-01-01T06:00:00Z");
    assert_eq!(own["benchmark"], Value::Null);
    // It is another run, but nothing of it traded otherwise, and nobody saw the other prices.
    assert_ne!(result["run_id"], own["run_id"]);
    for part in ["fills", "trades", "daily_equity", "data", "decisions", "costs"] {
        assert_eq!(result[part], own[part], "{part}");
    }

    let shown = output(ct_host(&folder).args(SIMPLE).args(INDEX));
    let line = |name: &str| shown.lines().rfind(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line(" Strategy  ").contains(" 0.10 % "), "{shown}");
    assert!(line(" index  ").contains(" -50.00 % "), "{shown}");
    let full = output(ct_host(&folder).args(SIMPLE).args(INDEX).arg("--full"));
    assert!(full.contains("Against buy and hold of index"), "{full}");
}

#[test]
fn an_instrument_of_the_run_is_a_benchmark_too() {
    let folder = ground(0);
    let data = ["--data", "prices.csv", "index.csv", "--symbol", "A/USDT,B/USDT", "--no-volume"];
    let result =
        json(ct_host(&folder).args(SIMPLE).args(data).args(["--benchmark", "B/USDT", "--json"]));
    assert_eq!(result["metrics"]["buy_and_hold_return"], 0.5 - 1.0);
    assert_eq!(result["benchmark"]["name"], "B/USDT");
}

#[test]
fn a_benchmark_of_another_time_is_told_and_one_without_any_is_refused() {
    let late = ground(3);
    let flags = ["--out", "run"];
    let shown = output(ct_host(&late).args(SIMPLE).args(INDEX).args(flags));
    let told: Vec<&str> = shown.split_whitespace().collect();
    let expected = "BENCHMARK OF ANOTHER TIME: index has prices in the bars from 2024-01-01 03:00 to 2024-01-01 06:00, the run is \
                    from 2024-01-01 00:00 to 2024-01-01 06:00. Its figures are of its own time; excess return is not told.";
    assert!(told.join(" ").contains(expected), "{shown}");
    let read = |name: &str| fs::read_to_string(late.path().join("run").join(name)).unwrap();
    let result: Value = serde_json::from_str(&read("result.json")).unwrap();
    assert_eq!(result["metrics"]["excess_return"], Value::Null);
    assert_eq!(result["metrics"]["buy_and_hold_return"], 90.0 / 100.0 - 1.0);
    let equity = read("equity.csv");
    assert!(equity.lines().nth(1).unwrap().ends_with(','), "{equity}");
    assert!(equity.lines().nth(4).unwrap().ends_with(",10000.0"), "{equity}");

    let outside = ground(100);
    for (benchmark, said) in [
        (
            "index.csv",
            "the benchmark index has no price in the run: its bars open from 2024-01-05T04:00:00Z to",
        ),
        ("gone.csv", "--benchmark gone.csv: "),
    ] {
        let mut run = ct_host(&outside);
        run.args(SIMPLE).args(["--data", "prices.csv", "--benchmark", benchmark]);
        let told = run.assert().code(2).get_output().stderr.clone();
        let told = String::from_utf8(told).unwrap();
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn a_run_is_made_again_with_its_benchmark() {
    let folder = ground(0);
    ct_host(&folder).args(SIMPLE).args(INDEX).args(["--out", "run", "--quiet"]).assert().success();
    let again = |flags: &[&str]| {
        let mut run = ct_host(&folder);
        run.args(["backtest", "--from-run", "run", "--json"]).args(flags);
        String::from_utf8(run.assert().success().get_output().stderr.clone()).unwrap()
    };
    assert!(again(&[]).contains("same run as run/result.json"), "{}", again(&[]));
    let other = again(&["--benchmark", "prices"]);
    assert!(other.contains("differs from run/result.json: benchmark"), "{other}");
    fs::write(folder.path().join("index.csv"), closes(0, &[1.0; 7])).unwrap();
    assert!(again(&[]).contains("differs from run/result.json: benchmark"), "{}", again(&[]));
}
