//! Runs that are made again from their results: the same bytes, whatever has changed around them, or a refusal.

use std::fs;
use std::path::Path;

use ct_host::units::{Interval, Timestamp};
use ct_tests::exchange_server::{
    Behaviour, Candle, Decimal, Exchange, ExchangeServer, History, Walk,
};
use predicates::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{ct_host, folder, json, output};

const HOUR_MS: i64 = 3_600_000;

/// 2024-01-01, a Monday.
const START_MS: i64 = 1_704_067_200_000;

/// Closes on which averages of 1 and 2 bars buy once at 12 and sell once at 13.
const CLOSES: [f64; 7] = [10.0, 10.0, 12.0, 14.0, 13.0, 13.0, 13.0];

fn write_bars(folder: &TempDir, name: &str, closes: &[f64]) {
    let opens = closes.iter().take(1).chain(closes);
    let times = (START_MS..).step_by(3_600_000);
    let bars = times.zip(opens.zip(closes)).map(|(time, (&open, &close))| {
        format!("{time},{open},{},{},{close},100\n", open.max(close), open.min(close))
    });
    let text: String =
        std::iter::once("timestamp,open,high,low,close,volume\n".to_owned()).chain(bars).collect();
    fs::write(folder.path().join(name), text).unwrap();
}

/// A run that is saved in the folder `run`, ten units in each position.
fn save_run(folder: &TempDir, more: &[&str]) {
    let flags = ["backtest", "--param", "fast=1", "--param", "slow=2", "--units", "10"];
    let quiet = ["--out", "run", "--quiet"];
    ct_host(folder).args(flags).args(more).args(quiet).assert().success();
}

fn again(folder: &TempDir, more: &[&str]) -> assert_cmd::Command {
    let mut command = ct_host(folder);
    command.args(["backtest", "--from-run", "run", "--json"]).args(more);
    command
}

/// Everything but how long it took.
fn bytes(result: &str) -> String {
    result.split_once("\"timing\"").unwrap().0.to_owned()
}

fn saved(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("run/result.json")).unwrap()
}

#[test]
fn a_run_is_made_again_whatever_the_configuration_says_now() {
    let folder = folder();
    write_bars(&folder, "prices.csv", &CLOSES);
    save_run(&folder, &["--data", "prices.csv", "--fee-bps", "7", "--fill", "next-close"]);
    let file = "costs: { fees: { taker_bps: 99 } }\nrisk: { groups: { all: { symbols: [prices], exposure_max: 0.1 } } }\n";
    fs::write(folder.path().join("ct-host.yaml"), file).unwrap();
    let mut command = again(&folder, &[]);
    command.env("CT_HOST__ACCOUNT__CASH", "5");
    assert_eq!(bytes(&output(&mut command)), bytes(&saved(&folder)));
}

#[test]
fn what_flags_change_is_changed_and_nothing_else() {
    let folder = folder();
    write_bars(&folder, "prices.csv", &CLOSES);
    save_run(&folder, &["--data", "prices.csv", "--fee-bps", "0", "--slippage-bps", "0"]);
    let result = json(&mut again(&folder, &["--fee-bps", "100"]));
    // 100 basis points of 120 and of 130.
    assert_eq!(result["costs"]["fees"], 2.5);
    assert_eq!(result["costs"]["slippage"], 0.0);
    let other = json(&mut again(&folder, &["--strategy", "rsi-mean-reversion"]));
    assert_eq!(other["plugin"]["name"], "rsi-mean-reversion");
    assert_eq!(other["parameters"].get("fast"), None);
    assert_eq!(
        other["configuration"],
        serde_json::from_str::<Value>(&saved(&folder)).unwrap()["configuration"]
    );
}

#[test]
fn a_file_that_grew_gives_the_same_run() {
    let folder = folder();
    write_bars(&folder, "prices.csv", &CLOSES[..6]);
    save_run(&folder, &["--data", "prices.csv"]);
    write_bars(&folder, "prices.csv", &CLOSES);
    assert_eq!(bytes(&output(&mut again(&folder, &[]))), bytes(&saved(&folder)));
}

#[test]
fn other_prices_are_refused_unless_they_are_named() {
    let folder = folder();
    write_bars(&folder, "prices.csv", &CLOSES);
    save_run(&folder, &["--data", "prices.csv"]);
    let hash = serde_json::from_str::<Value>(&saved(&folder)).unwrap()["data"]["hash"].to_string();
    write_bars(&folder, "prices.csv", &[10.0, 10.0, 12.0, 15.0, 13.0, 13.0, 13.0]);
    again(&folder, &[]).assert().code(2).stdout("").stderr(
        predicate::str::contains("the prices are not what they were")
            .and(predicate::str::contains(hash.trim_matches('"'))),
    );
    let named = json(&mut again(&folder, &["--data", "prices.csv"]));
    assert_ne!(named["data"]["hash"].to_string(), hash);
}

/// What the run that is made again says of itself.
fn said(folder: &TempDir, more: &[&str]) -> String {
    let assert = again(folder, more).assert().success();
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

#[test]
fn a_file_that_was_moved_keeps_its_symbol() {
    let folder = folder();
    write_bars(&folder, "prices.csv", &CLOSES);
    save_run(&folder, &["--data", "prices.csv", "--symbol", "BTC/USDT"]);
    let (old, new) = (folder.path().join("prices.csv"), folder.path().join("moved.csv"));
    fs::rename(old, new).unwrap();
    let refused = predicate::str::contains("prices.csv is not there; it is named in")
        .and(predicate::str::contains("result.json: if it was moved, give --data FILE"));
    again(&folder, &[]).assert().code(2).stdout("").stderr(refused);
    let moved = json(&mut again(&folder, &["--data", "moved.csv"]));
    assert_eq!(moved["data"]["symbols"][0], "BTC/USDT");
    assert!(said(&folder, &["--data", "moved.csv"]).contains("note: same run as "));
}

#[test]
fn a_run_says_whether_it_is_the_same() {
    let folder = folder();
    write_bars(&folder, "prices.csv", &CLOSES);
    save_run(&folder, &["--data", "prices.csv"]);
    let result: Value = serde_json::from_str(&saved(&folder)).unwrap();
    let id = &result["run_id"].as_str().unwrap()[..8];
    let path = Path::new("run").join("result.json");
    let (same, differs) = (
        format!("note: same run as {} ({id})\n", path.display()),
        format!("note: differs from {}: ", path.display()),
    );
    assert_eq!(said(&folder, &[]), same);
    for (flags, parts) in [
        (&["--fee-bps", "3", "--param", "slow=3"] as &[&str], "parameters, configuration"),
        (&["--days", "1"], "data"),
        (&["--lot", "0.1"], "data"),
    ] {
        // The whole data is a day or less, so that the period is the same.
        let expected =
            if flags[0] == "--days" { same.clone() } else { format!("{differs}{parts}\n") };
        assert_eq!(said(&folder, flags), expected, "{flags:?}");
    }
    let tampered = |change: &dyn Fn(&mut Value)| {
        let mut result = result.clone();
        change(&mut result);
        fs::write(folder.path().join("run/result.json"), result.to_string()).unwrap();
        said(&folder, &[])
    };
    let other_id = tampered(&|result| result["run_id"] = "0".repeat(64).into());
    assert!(other_id.starts_with(&format!("{differs}its run_id is not")), "{other_id}");
    let engine = tampered(&|result| result["engine"]["version"] = "0.0.1".into());
    assert_eq!(engine, format!("{differs}engine version\n"));
    let outcome = tampered(&|result| result["final_equity"] = 1e6.into());
    assert!(outcome.starts_with(&format!("{differs}its results are not")), "{outcome}");
}

#[test]
fn another_strategy_is_refused_unless_it_is_named() {
    let folder = folder();
    let prebuilt = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/prebuilt");
    let plugin = folder.path().join("own.wasm");
    fs::copy(prebuilt.join("sma_crossover.wasm"), &plugin).unwrap();
    write_bars(&folder, "prices.csv", &CLOSES);
    save_run(&folder, &["--data", "prices.csv", "--plugin", "own.wasm"]);
    assert_eq!(bytes(&output(&mut again(&folder, &[]))), bytes(&saved(&folder)));
    fs::copy(prebuilt.join("bollinger_breakout.wasm"), &plugin).unwrap();
    let refused = predicate::str::contains("the strategy sma-crossover is not what it was")
        .and(predicate::str::contains("--plugin"));
    again(&folder, &[]).assert().code(2).stdout("").stderr(refused);
    let mut named = again(&folder, &["--plugin", "own.wasm"]);
    // The parameters of the result belong to the plugin of that name.
    named.assert().code(2).stderr(predicate::str::contains("has no parameter 'fast'"));
}

#[test]
fn a_result_that_does_not_say_how_it_was_asked_for_is_refused() {
    let folder = folder();
    write_bars(&folder, "prices.csv", &CLOSES);
    save_run(&folder, &["--data", "prices.csv"]);
    let mut result: Value = serde_json::from_str(&saved(&folder)).unwrap();
    result["request"] = Value::Null;
    fs::write(folder.path().join("run/result.json"), result.to_string()).unwrap();
    let expected = predicate::str::contains("does not say how it was asked for");
    again(&folder, &[]).assert().code(2).stderr(expected);
    let mut none = ct_host(&folder);
    none.args(["backtest", "--from-run", "nowhere"]).assert().code(2);
}

#[test]
fn kept_prices_are_those_of_the_earlier_run() {
    let folder = folder();
    let walk = Walk::new(1, START_MS, 2_400);
    let truth = History::random("BTC/USDT", Interval::HOUR, &walk);
    let now_ms = START_MS + 2_400 * HOUR_MS + HOUR_MS / 2;
    let server = ExchangeServer::start(
        Exchange::Binance,
        std::slice::from_ref(&truth),
        Behaviour::at(now_ms),
    );
    let time = |hour: i64| Timestamp::clamped(START_MS + hour * HOUR_MS).to_string();
    let reached = ["--rate", "1000", "--base-url", &format!("binance={}", server.url())];
    let mut run = ct_host(&folder);
    run.args(["backtest", "--symbol", "btcusdt", "--param", "fast=5", "--param", "slow=10"]);
    run.args(["--from", &time(500), "--to", &time(1_500), "--out", "run", "--quiet"]).args(reached);
    run.assert().success();
    ct_host(&folder).args(["data", "snapshot", "old"]).assert().success();

    // The exchange corrects a bar, and the user finds out.
    server.set_history(&truth.revised(START_MS + 900 * HOUR_MS));
    let mut refresh = ct_host(&folder);
    refresh.args(["fetch", "--symbol", "BTC/USDT", "--from", &time(880), "--to", &time(920)]);
    assert_eq!(
        json(refresh.args(["--refresh", "--json"]).args(reached))["series"][0]["revised"],
        1
    );

    let repeated = output(again(&folder, &[]).args(reached));
    assert_eq!(bytes(&repeated), bytes(&saved(&folder)));
    assert!(said(&folder, &reached).contains("note: same run as "));
    // Other parameters trade the same prices.
    let other = json(again(&folder, &["--param", "slow=40"]).args(reached));
    let earlier: Value = serde_json::from_str(&saved(&folder)).unwrap();
    let version = |result: &Value| result["data"]["sources"][0]["series"]["version"].clone();
    assert_eq!(version(&other), version(&earlier));
    assert_eq!(other["data"]["rows"], earlier["data"]["rows"]);
    // A shorter period has the same prices and rules too.
    let shorter = json(again(&folder, &["--to", &time(1_400)]).args(reached));
    assert_eq!(shorter["data"]["rows"], 900);
    assert_eq!(version(&shorter), version(&earlier));
    assert_eq!(shorter["data"]["instruments"], earlier["data"]["instruments"]);
    // A period that they do not reach takes the prices of now, and says so.
    let mut longer = again(&folder, &["--to", &time(1_600)]);
    let assert = longer.args(reached).assert().success();
    let said = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
    assert!(said.contains("do not reach this period") && said.contains(": data\n"), "{said}");
    let longer: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    assert_eq!(longer["data"]["rows"], 1_100);
    assert_ne!(version(&longer), version(&earlier));
    // What is held needs no exchange.
    drop(server);
    let alone = [&reached[..], &["--retries", "0", "--timeout", "1"]].concat();
    let alone = alone.as_slice();
    let repeated = output(again(&folder, &[]).args(alone));
    assert_eq!(bytes(&repeated), bytes(&saved(&folder)));
    let shorter = json(again(&folder, &["--to", &time(1_400)]).args(alone));
    assert_eq!(version(&shorter), version(&earlier));
    again(&folder, &["--to", &time(1_700)]).args(alone).assert().code(1).stdout("");
}

/// The run has fewer rows to warm up on than the strategy wants: before the first kept bar, nobody was asked, or nothing was there.
#[test]
fn a_run_from_the_first_kept_bar_needs_no_exchange() {
    let time = |hour: i64| Timestamp::clamped(START_MS + hour * HOUR_MS).to_string();
    let whole: &[&str] = &["--from", &time(0), "--to", &time(400)];
    let whole_offline: &[&str] = &["--from", &time(0), "--to", &time(400), "--offline"];
    for period in [whole, whole_offline] {
        let folder = folder();
        let truth = History::random("BTC/USDT", Interval::HOUR, &Walk::new(1, START_MS, 600));
        let now_ms = START_MS + 600 * HOUR_MS + HOUR_MS / 2;
        let server = ExchangeServer::start(Exchange::Binance, &[truth], Behaviour::at(now_ms));
        let reached = ["--rate", "1000", "--base-url", &format!("binance={}", server.url())];
        let mut fetch = ct_host(&folder);
        fetch.args(["fetch", "--symbol", "BTC/USDT", "--from", &time(0), "--to", &time(500)]);
        fetch.args(reached).assert().success();
        let mut run = ct_host(&folder);
        run.args(["backtest", "--symbol", "BTC/USDT", "--out", "run", "--quiet"]).args(period);
        run.args(reached).assert().success();
        drop(server);
        let alone = [&reached[..], &["--retries", "0", "--timeout", "1"]].concat();
        let repeated = output(again(&folder, &[]).args(alone));
        assert_eq!(bytes(&repeated), bytes(&saved(&folder)));
    }
}

#[test]
fn finer_bars_are_fetched_and_are_there_again() {
    let folder = folder();
    let rows = 400;
    let fine = History::random("BTC/USDT", Interval::HOUR, &Walk::new(1, START_MS, rows));
    let four_hours: Interval = "4h".parse().unwrap();
    let coarse: Vec<Candle> = fine.rows().chunks(4).map(joined).collect();
    let coarse = History::new("BTC/USDT", four_hours, coarse);
    let now_ms = START_MS + 400 * HOUR_MS;
    let server = ExchangeServer::start(Exchange::Binance, &[fine, coarse], Behaviour::at(now_ms));
    let reached = ["--rate", "1000", "--base-url", &format!("binance={}", server.url())];
    let time = |hour: i64| Timestamp::clamped(START_MS + hour * HOUR_MS).to_string();
    let mut run = ct_host(&folder);
    run.args(["backtest", "--symbol", "BTC/USDT", "--param", "fast=2", "--param", "slow=5"]);
    run.args(["--interval", "4h", "--detail-interval", "1h", "--out", "run", "--quiet"]);
    run.args(["--from", &time(100), "--to", &time(380)]).args(reached).assert().success();
    let repeated = output(again(&folder, &[]).args(reached));
    assert_eq!(bytes(&repeated), bytes(&saved(&folder)));
    let without = json(again(&folder, &["--intrabar", "stop-first"]).args(reached));
    let earlier: Value = serde_json::from_str(&saved(&folder)).unwrap();
    assert_ne!(without["data"]["hash"], earlier["data"]["hash"]);
}

/// One bar of several.
fn joined(parts: &[Candle]) -> Candle {
    let units = |price: &Decimal| price.padded(2).units();
    let high = parts.iter().map(|part| part.high).max_by_key(units).unwrap();
    let low = parts.iter().map(|part| part.low).min_by_key(units).unwrap();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    Candle::new(first.time_ms, [first.open, high, low, last.close, first.volume])
}
