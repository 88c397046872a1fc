//! Backtests of kept prices: fetched, pinned, offline, and again on the data of an old result.

use std::path::Path;

use ct_host::data::SeriesKey;
use ct_host::data::store::Store;
use ct_host::market::{Bars, resample};
use ct_host::units::{Interval, Timestamp};
use ct_tests::exchange_server::{Behaviour, Exchange, ExchangeServer, History, Walk};
use predicates::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{ct_host, folder, json};

const HOUR_MS: i64 = 3_600_000;

/// 2024-01-01, a Monday.
const START_MS: i64 = 1_704_067_200_000;

/// Hours that the exchange has: 100 days.
const HOURS: usize = 2_400;

fn hours(symbol: &str, seed: u64, first_hour: i64) -> History {
    let first_ms = START_MS + first_hour * HOUR_MS;
    let rows = HOURS - usize::try_from(first_hour).unwrap();
    History::random(symbol, Interval::HOUR, &Walk::new(seed, first_ms, rows))
}

fn exchange(histories: &[History]) -> ExchangeServer {
    let now_ms = START_MS + i64::try_from(HOURS).unwrap() * HOUR_MS + HOUR_MS / 2;
    ExchangeServer::start(Exchange::Binance, histories, Behaviour::at(now_ms))
}

fn time(hour: i64) -> String {
    Timestamp::clamped(START_MS + hour * HOUR_MS).to_string()
}

/// A run of SMA crossover with averages of 5 and 10 hours, from hour 500 up to hour 1500, on prices of `server`.
fn run(folder: &TempDir, server: &ExchangeServer, more: &[&str]) -> assert_cmd::Command {
    let mut command = ct_host(folder);
    command.args(["backtest", "--symbol", "BTC/USDT", "--strategy", "sma-crossover"]);
    command.args(["--param", "fast=5", "--param", "slow=10"]);
    command.args(["--from", &time(500), "--to", &time(1_500), "--rate", "1000", "--json"]);
    command.args(["--base-url", &format!("binance={}", server.url())]);
    command.args(more);
    command
}

/// The result without what differs from run to run.
fn result(command: &mut assert_cmd::Command) -> Value {
    let mut result = json(command);
    result.as_object_mut().unwrap().remove("timing");
    result
}

fn store(folder: &TempDir) -> Store {
    Store::new(folder.path().join("data"))
}

fn key() -> SeriesKey {
    SeriesKey {
        exchange: "binance".to_owned(),
        symbol: "BTC/USDT".to_owned(),
        interval: Interval::HOUR,
    }
}

#[test]
fn what_is_missing_is_fetched_with_the_warm_up_and_never_again() {
    let (folder, truth) = (folder(), hours("BTC/USDT", 1, 0));
    let server = exchange(std::slice::from_ref(&truth));
    let first = result(&mut run(&folder, &server, &[]));
    assert_eq!(first["data"]["rows"], 1_000);
    assert_eq!(first["data"]["from"], time(500));
    let warm_up = first["data"]["warm_up_rows"].as_i64().unwrap();
    assert!(warm_up >= 9, "{warm_up}");

    let series = store(&folder).series(&key()).unwrap().unwrap();
    let from_ms = START_MS + (500 - warm_up) * HOUR_MS;
    let wanted = truth.columns_between(from_ms, START_MS + 1_500 * HOUR_MS);
    assert_eq!(series.bars().to_raw(), wanted);
    let source = &first["data"]["sources"][0];
    assert_eq!(source["symbol"], "BTC/USDT");
    assert_eq!(source["series"]["exchange"], "binance");
    assert_eq!(source["series"]["version"], series.version());

    server.forget_requests();
    let again = result(&mut run(&folder, &server, &[]));
    assert_eq!(server.requests(), []);
    assert_eq!(again, first);
    let offline = result(&mut run(&folder, &server, &["--offline"]));
    assert_eq!(server.requests(), []);
    assert_eq!(offline, first);
}

#[test]
fn the_last_days_end_with_the_last_closed_bar_of_the_exchange() {
    let folder = folder();
    // The command asks the machine's clock what the last days are.
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let end_ms = now_ms / HOUR_MS * HOUR_MS;
    let walk = Walk::new(3, end_ms - 3_000 * HOUR_MS, 3_001);
    let truth = History::random("BTC/USDT", Interval::HOUR, &walk);
    // The hour that begins at `end_ms` is open.
    let behaviour = Behaviour::at(end_ms + HOUR_MS / 2);
    let server = ExchangeServer::start(Exchange::Binance, &[truth], behaviour);
    let mut command = ct_host(&folder);
    command.args(["backtest", "--symbol", "BTC/USDT", "--strategy", "sma-crossover"]);
    command.args(["--days", "90", "--rate", "1000", "--json"]);
    command.args(["--base-url", &format!("binance={}", server.url())]);
    let result = json(&mut command);
    assert_eq!(result["data"]["rows"], 90 * 24);
    assert_eq!(result["data"]["to"], Timestamp::clamped(end_ms - HOUR_MS).to_string());
}

#[test]
fn the_exchanges_rules_and_fees_hold_unless_the_user_says_otherwise() {
    let folder = folder();
    let server = exchange(&[hours("BTC/USDT", 1, 0)]);
    let rules = Exchange::Binance.rules("BTC/USDT");
    let result = json(&mut run(&folder, &server, &[]));
    let instrument = &result["data"]["instruments"][0];
    assert_eq!(instrument["tick"].as_f64(), Some(rules.tick.unwrap().value()));
    assert_eq!(instrument["lot"].as_f64(), Some(rules.lot.unwrap().value()));
    assert_eq!(instrument["quantity_min"].as_f64(), Some(rules.quantity_min.unwrap().value()));
    assert_eq!(instrument["notional_min"].as_f64(), Some(rules.notional_min.unwrap().value()));
    // ccxt's fee of Binance's lowest tier.
    assert_eq!(result["configuration"]["costs"]["fees"]["taker"].as_f64(), Some(0.001));

    let flags = ["--tick", "0.5", "--min-notional", "77", "--fee-bps", "3"];
    let result = json(&mut run(&folder, &server, &flags));
    let instrument = &result["data"]["instruments"][0];
    assert_eq!(instrument["tick"].as_f64(), Some(0.5));
    assert_eq!(instrument["notional_min"].as_f64(), Some(77.0));
    assert_eq!(instrument["lot"].as_f64(), Some(rules.lot.unwrap().value()));
    assert_eq!(result["configuration"]["costs"]["fees"]["taker"].as_f64(), Some(0.0003));
}

#[test]
fn an_old_result_is_run_again_on_the_data_it_was_made_from() {
    let (folder, truth) = (folder(), hours("BTC/USDT", 1, 0));
    let server = exchange(std::slice::from_ref(&truth));
    let old = result(&mut run(&folder, &server, &[]));
    let hash = old["data"]["hash"].as_str().unwrap().to_owned();
    ct_host(&folder).args(["data", "snapshot", "old"]).assert().success();

    // The exchange corrects a bar, and the user finds out.
    server.set_history(&truth.revised(START_MS + 900 * HOUR_MS));
    let mut refresh = ct_host(&folder);
    refresh.args(["fetch", "--symbol", "BTC/USDT", "--from", &time(880), "--to", &time(920)]);
    refresh.args(["--refresh", "--rate", "1000", "--json"]);
    refresh.args(["--base-url", &format!("binance={}", server.url())]);
    assert_eq!(json(&mut refresh)["series"][0]["revised"], 1);

    let new = result(&mut run(&folder, &server, &[]));
    assert_ne!(new["data"]["hash"], old["data"]["hash"]);
    let again = result(&mut run(&folder, &server, &["--data-hash", &hash]));
    assert_eq!(again["data"]["hash"], old["data"]["hash"]);
    assert_eq!(again["run_id"], old["run_id"]);
    assert_eq!(again["fills"], old["fills"]);
    let pinned = result(&mut run(&folder, &server, &["--snapshot", "old"]));
    assert_eq!(pinned["run_id"], old["run_id"]);
    assert_eq!(pinned["data"]["sources"][0]["series"]["snapshot"], "old");

    let wrong = "0".repeat(64);
    let expected = predicate::str::contains("no data has the hash 0000")
        .and(predicate::str::contains(hash.as_str()));
    run(&folder, &server, &["--data-hash", &wrong]).assert().code(2).stderr(expected);
    run(&folder, &server, &["--snapshot", "nope"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("there is no snapshot 'nope'"));
}

#[test]
fn longer_bars_are_put_together_as_the_exchange_does() {
    let (folder, truth) = (folder(), hours("BTC/USDT", 1, 0));
    let server = exchange(std::slice::from_ref(&truth));
    let result = json(&mut run(&folder, &server, &["--resample", "4h"]));
    assert_eq!(result["data"]["interval"], "4h");
    assert_eq!(result["data"]["rows"], 250);
    assert_eq!(result["data"]["sources"][0]["resampled_from"], "1h");
    let four_hours: Interval = "4h".parse().unwrap();
    let bars = Bars::new(Interval::HOUR, truth.columns_between(START_MS, truth.end_ms())).unwrap();
    assert_eq!(
        resample(&bars, four_hours).unwrap().bars.times()[..2],
        [START_MS, START_MS + 4 * HOUR_MS]
    );
}

#[test]
fn symbols_that_start_later_and_have_holes_share_the_rows() {
    let folder = folder();
    let hole_ms = START_MS + 1_000 * HOUR_MS;
    let late = hours("ETH/USDT", 2, 700).without(hole_ms, hole_ms + 50 * HOUR_MS);
    let server = exchange(&[hours("BTC/USDT", 1, 0), late]);
    let mut command = run(&folder, &server, &[]);
    command.args(["--symbol", "ETH/USDT"]);
    let result = json(&mut command);
    assert_eq!(result["data"]["symbols"], serde_json::json!(["BTC/USDT", "ETH/USDT"]));
    assert_eq!(result["data"]["rows"], 1_000);
    let first_eth =
        result["fills"].as_array().unwrap().iter().find(|fill| fill["symbol"] == "ETH/USDT");
    assert!(first_eth.unwrap()["time"].as_str().unwrap() > time(700).as_str());
}

#[test]
fn damaged_prices_are_never_traded() {
    let folder = folder();
    let server = exchange(&[hours("BTC/USDT", 1, 0)]);
    let sound = result(&mut run(&folder, &server, &[]));
    let segment = segment(&folder.path().join("data/binance/BTC-USDT/1h"));
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    run(&folder, &server, &["--offline"])
        .assert()
        .code(1)
        .stderr(predicate::str::contains("data verify --heal"));
    // With the exchange at hand they are fetched again.
    let mut healed = run(&folder, &server, &[]);
    let healed = healed.assert().success().stderr(predicate::str::contains("set aside"));
    let mut healed: Value = serde_json::from_slice(&healed.get_output().stdout).unwrap();
    healed.as_object_mut().unwrap().remove("timing");
    assert_eq!(healed, sound);
}

fn segment(folder: &Path) -> std::path::PathBuf {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.into_iter().find(|path| path.extension().is_some_and(|end| end == "bars")).unwrap()
}

#[test]
fn what_cannot_be_had_is_said() {
    let folder = folder();
    let server = exchange(&[hours("BTC/USDT", 1, 0)]);
    let mut unknown = ct_host(&folder);
    unknown.args(["backtest", "--symbol", "BTC/USDR", "--days", "3"]);
    unknown.args(["--base-url", &format!("binance={}", server.url())]);
    unknown.assert().code(2).stderr(predicate::str::contains("BTC/USDT"));
    let mut nothing = ct_host(&folder);
    nothing.args(["backtest", "--symbol", "BTC/USDT", "--offline"]);
    nothing.assert().code(2).stderr(predicate::str::contains("fetch it first"));
    let mut elsewhere = ct_host(&folder);
    elsewhere.args(["backtest", "--symbol", "BTC/USDT", "--exchange", "binnance"]);
    elsewhere.assert().code(2).stderr(predicate::str::contains("binance"));
}
