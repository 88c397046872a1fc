//! Backtests of kept prices: fetched, pinned, offline, and again on the data of an old result.

use std::path::{Path, PathBuf};

use ct_host::data::SeriesKey;
use ct_host::data::origin::kept_as;
use ct_host::data::store::Store;
use ct_host::units::{Interval, Timestamp};
use ct_tests::exchange_server::{
    AnswerFault, Behaviour, Candle, Decimal, Exchange, ExchangeServer, Fault, History, Walk,
};
use predicates::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{ct_host, folder, json, output};

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
    result_of(&command.assert().success())
}

fn result_of(run: &assert_cmd::assert::Assert) -> Value {
    let mut result: Value = serde_json::from_slice(&run.get_output().stdout).unwrap();
    result.as_object_mut().unwrap().remove("timing");
    result
}

/// The same as it was written.
fn bytes(command: &mut assert_cmd::Command) -> String {
    output(command).split_once("\"timing\"").unwrap().0.to_owned()
}

fn store(folder: &TempDir) -> Store {
    Store::new(folder.path().join("data"))
}

fn key(server: &ExchangeServer) -> SeriesKey {
    SeriesKey {
        exchange: kept_as("binance", &[&server.url()]),
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

    let series = store(&folder).series(&key(&server)).unwrap().unwrap();
    let from_ms = START_MS + (500 - warm_up) * HOUR_MS;
    let wanted = truth.columns_between(from_ms, START_MS + 1_500 * HOUR_MS);
    assert_eq!(series.bars().to_raw(), wanted);
    let source = &first["data"]["sources"][0];
    assert_eq!(source["symbol"], "BTC/USDT");
    assert_eq!(source["series"]["exchange"], key(&server).exchange);
    assert_eq!(source["series"]["version"], series.version());

    server.forget_requests();
    let again = result(&mut run(&folder, &server, &[]));
    assert_eq!(server.requests(), []);
    assert_eq!(again, first);
    let offline = run(&folder, &server, &["--offline"]).assert().success().stderr("");
    assert_eq!(server.requests(), []);
    assert_eq!(result_of(&offline), first);
}

#[expect(clippy::disallowed_methods, reason = "--days counts from the real time")]
fn now_ms() -> i64 {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since_1970.unwrap().as_millis()).unwrap()
}

#[test]
fn the_last_days_end_with_the_last_closed_bar_of_the_exchange() {
    let folder = folder();
    let end_ms = now_ms() / HOUR_MS * HOUR_MS;
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
    assert_eq!(result["configuration"]["costs"]["fees"]["taker_bps"].as_f64(), Some(10.0));

    let flags = ["--tick", "0.5", "--min-notional", "77", "--fee-bps", "3"];
    let result = json(&mut run(&folder, &server, &flags));
    let instrument = &result["data"]["instruments"][0];
    assert_eq!(instrument["tick"].as_f64(), Some(0.5));
    assert_eq!(instrument["notional_min"].as_f64(), Some(77.0));
    assert_eq!(instrument["lot"].as_f64(), Some(rules.lot.unwrap().value()));
    assert_eq!(result["configuration"]["costs"]["fees"]["taker_bps"].as_f64(), Some(3.0));
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
fn longer_bars_are_those_of_the_exchange() {
    let folder = folder();
    // Sums of whole volumes are exact, whoever adds them up.
    let rows = hours("BTC/USDT", 1, 0).rows().to_vec();
    let rows: Vec<Candle> = rows.into_iter().map(with_whole_volume).collect();
    let four_hours: Interval = "4h".parse().unwrap();
    let longer = rows.chunks(4).map(joined).collect();
    let longer = History::new("BTC/USDT", four_hours, longer);
    let server = exchange(&[History::new("BTC/USDT", Interval::HOUR, rows), longer]);
    let resampled = json(&mut run(&folder, &server, &["--resample", "4h"]));
    assert_eq!(resampled["data"]["interval"], "4h");
    assert_eq!(resampled["data"]["rows"], 250);
    assert_eq!(resampled["data"]["sources"][0]["resampled_from"], "1h");
    let own = json(&mut run(&folder, &server, &["--interval", "4h"]));
    assert_eq!(own["data"]["sources"][0]["resampled_from"], Value::Null);
    assert_eq!(resampled["data"]["hash"], own["data"]["hash"]);
    assert_eq!(resampled["fills"], own["fills"]);
    assert_ne!(own["fills"], serde_json::json!([]));
}

fn with_whole_volume(candle: Candle) -> Candle {
    let volume = Decimal::new(1 + candle.volume.padded(5).units() / 100_000, 0);
    let Candle { time_ms, open, high, low, close, .. } = candle;
    Candle::new(time_ms, [open, high, low, close, volume])
}

/// One bar of several.
fn joined(parts: &[Candle]) -> Candle {
    let units = |price: &Decimal| price.padded(2).units();
    let high = parts.iter().map(|part| part.high).max_by_key(units).unwrap();
    let low = parts.iter().map(|part| part.low).min_by_key(units).unwrap();
    let volume = Decimal::new(parts.iter().map(|part| part.volume.units()).sum(), 0);
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    Candle::new(first.time_ms, [first.open, high, low, last.close, volume])
}

#[test]
fn symbols_that_start_later_and_have_holes_share_the_rows() {
    let folder = folder();
    let hole_ms = START_MS + 1_000 * HOUR_MS;
    let late = hours("ETH/USDT", 2, 700).without(hole_ms, hole_ms + 50 * HOUR_MS);
    let server = exchange(&[hours("BTC/USDT", 1, 0), late]);
    let both = ["--symbol", "ETH/USDT"];
    let result = result(&mut run(&folder, &server, &both));
    assert_eq!(result["data"]["symbols"], serde_json::json!(["BTC/USDT", "ETH/USDT"]));
    assert_eq!(result["data"]["rows"], 1_000);
    let fills = result["fills"].as_array().unwrap();
    let times = |symbol: &str| -> Vec<String> {
        let of_symbol = fills.iter().filter(|fill| fill["symbol"] == symbol);
        of_symbol.map(|fill| fill["time"].as_str().unwrap().to_owned()).collect()
    };
    let (start, end) = (time(1_000), time(1_050));
    let in_hole = |times: &[String]| times.iter().any(|time| (&start..&end).contains(&time));
    let (btc, eth) = (times("BTC/USDT"), times("ETH/USDT"));
    assert!(btc[0] < time(700) && in_hole(&btc), "{btc:?}");
    assert!(eth[0] > time(700) && !in_hole(&eth), "{eth:?}");
    assert!(eth.last().unwrap() >= &end, "{eth:?}");
    for (place, symbol) in ["BTC/USDT", "ETH/USDT"].into_iter().enumerate() {
        let source = &result["data"]["sources"][place];
        let series =
            store(&folder).series(&SeriesKey { symbol: symbol.to_owned(), ..key(&server) });
        assert_eq!(source["symbol"], symbol);
        assert_eq!(source["series"]["version"], series.unwrap().unwrap().version());
    }
    // What ETH/USDT did not have is known to be empty.
    server.forget_requests();
    let again = json(&mut run(&folder, &server, &both));
    assert_eq!(again["fills"], result["fills"]);
    assert_eq!(server.requests(), []);
}

#[test]
fn damaged_prices_are_never_traded() {
    let folder = folder();
    let server = exchange(&[hours("BTC/USDT", 1, 0)]);
    let sound = result(&mut run(&folder, &server, &[]));
    let segment = segment(&kept_in(&folder));
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).unwrap();
    run(&folder, &server, &["--offline"])
        .assert()
        .code(1)
        .stderr(predicate::str::contains("data verify --heal").and(name(&segment)));
    // With the exchange at hand they are fetched again.
    let mut healed = run(&folder, &server, &[]);
    let healed = healed.assert().success().stderr(predicate::str::contains("set aside"));
    assert_eq!(result_of(&healed), sound);
}

/// Where the hours of BTC/USDT are, of the only exchange of which anything is kept.
fn kept_in(folder: &TempDir) -> PathBuf {
    let mut exchanges = std::fs::read_dir(folder.path().join("data")).unwrap();
    exchanges.next().unwrap().unwrap().path().join("BTC-USDT/1h")
}

fn name(path: &Path) -> impl Predicate<str> {
    predicate::str::contains(path.file_name().unwrap().to_str().unwrap())
}

fn segment(folder: &Path) -> PathBuf {
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

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let [one, other] = [folder(), folder()];
    let server = exchange(&[hours("BTC/USDT", 1, 0)]);
    let first = bytes(&mut run(&one, &server, &[]));
    // Fetched in other pieces.
    let mut fetch = ct_host(&other);
    fetch.args(["fetch", "--symbol", "BTC/USDT", "--from", &time(700), "--to", &time(800)]);
    fetch.args(["--rate", "1000", "--base-url", &format!("binance={}", server.url())]);
    fetch.assert().success();
    assert_eq!(bytes(&mut run(&other, &server, &[])), first);
    assert_eq!(bytes(&mut run(&one, &server, &["--offline", "--window", "1"])), first);
    // What was remembered of the prices decides nothing.
    let remembered = kept_in(&one).join("memory");
    assert!(remembered.is_dir());
    std::fs::remove_dir_all(remembered).unwrap();
    assert_eq!(bytes(&mut run(&one, &server, &["--offline"])), first);
}

#[test]
fn a_series_that_goes_on_is_asked_only_for_what_is_new() {
    let (folder, truth) = (folder(), hours("BTC/USDT", 1, 0));
    let server = exchange(std::slice::from_ref(&truth));
    let old = result(&mut run(&folder, &server, &[]));
    let warm_up = old["data"]["warm_up_rows"].as_i64().unwrap();
    ct_host(&folder).args(["data", "snapshot", "old"]).assert().success();
    let times = |name: &str| -> Vec<i64> {
        let requests = server.candle_requests();
        let hour = |text: &str| (text.parse::<i64>().unwrap() - START_MS).div_euclid(HOUR_MS);
        requests.iter().map(|recorded| hour(recorded.request.get(name).unwrap())).collect()
    };
    let longer = |flags: &[&str]| {
        server.forget_requests();
        let mut command = ct_host(&folder);
        command.args(["backtest", "--symbol", "BTC/USDT", "--rate", "1000", "--json"]);
        command.args(["--param", "fast=5", "--param", "slow=10"]);
        command.args(["--base-url", &format!("binance={}", server.url())]);
        result(command.args(flags))
    };
    let appended = longer(&["--from", &time(500), "--to", &time(1_600)]);
    assert_eq!(appended["data"]["rows"], 1_100);
    assert_eq!(times("startTime"), [1_500]);
    let prepended = longer(&["--from", &time(400), "--to", &time(1_600)]);
    assert_eq!(prepended["data"]["rows"], 1_200);
    assert_eq!(times("startTime"), [400 - warm_up]);
    assert!(times("endTime")[0] <= 500 - warm_up);

    // What a snapshot pins stays as it was, and so does the hash of a period.
    server.forget_requests();
    let mut pinned = result(&mut run(&folder, &server, &["--snapshot", "old"]));
    let series = pinned["data"]["sources"][0]["series"].as_object_mut().unwrap();
    assert_eq!(series.remove("snapshot"), Some("old".into()));
    assert_eq!(pinned, old);
    let hash = old["data"]["hash"].as_str().unwrap();
    let again = result(&mut run(&folder, &server, &["--data-hash", hash]));
    assert_eq!(again["run_id"], old["run_id"]);
    assert_eq!(again["fills"], old["fills"]);
    assert_eq!(server.requests(), []);
}

/// A symbol that was delisted at 42 000 and came back 500 hours later as another asset at 0.5.
fn reused() -> History {
    let later_ms = START_MS + 1_300 * HOUR_MS;
    let later = Walk { price: Decimal::new(50_000, 5), ..Walk::new(7, later_ms, 1_100) };
    let later = History::random("BTC/USDT", Interval::HOUR, &later);
    let first = hours("BTC/USDT", 1, 0).without(START_MS + 800 * HOUR_MS, i64::MAX);
    let rows = first.rows().iter().chain(later.rows()).copied().collect();
    History::new("BTC/USDT", Interval::HOUR, rows)
}

#[test]
fn prices_of_two_assets_are_refused_unless_the_user_says_otherwise() {
    let folder = folder();
    let server = exchange(&[reused()]);
    // No repair makes one asset of two.
    for flags in [&[] as &[&str], &["--bad-data", "repair"]] {
        let expected = predicate::str::contains("ticker reuse")
            .and(predicate::str::contains(time(800)))
            .and(predicate::str::contains("--bad-data"));
        run(&folder, &server, flags).assert().code(2).stdout("").stderr(expected);
    }
    let mut warned = run(&folder, &server, &["--bad-data", "warn"]);
    let warned = warned.assert().success().stderr(predicate::str::contains("ticker reuse"));
    // Rows of the pause have no bar of any symbol.
    assert_eq!(result_of(&warned)["data"]["rows"], 1_000 - 500);
    // One of the two is sound.
    let mut later = ct_host(&folder);
    later.args(["backtest", "--symbol", "BTC/USDT", "--offline", "--json"]);
    later.args(["--from", &time(1_400), "--to", &time(1_500)]);
    later.args(["--base-url", &format!("binance={}", server.url())]);
    assert_eq!(json(&mut later)["data"]["rows"], 100);
}

#[test]
fn repairs_change_a_run_and_not_what_is_kept() {
    let folder = folder();
    let hole_ms = START_MS + 900 * HOUR_MS;
    let holed = hours("BTC/USDT", 1, 0).without(hole_ms, hole_ms + 3 * HOUR_MS);
    let server = exchange(&[holed]);
    let plain = result(&mut run(&folder, &server, &[]));
    assert_eq!(plain["data"]["rows"], 997);
    let flags = ["--bad-data", "repair", "--fill-gaps", "3"];
    let repaired = result(&mut run(&folder, &server, &flags));
    assert_eq!(repaired["data"]["rows"], 1_000);
    let source = &repaired["data"]["sources"][0];
    assert_eq!(source["synthetic_bars"], 3);
    let repair = &source["repairs"][0];
    assert_eq!((&repair["action"], &repair["rows"]), (&"filled".into(), &3.into()));
    assert_eq!(repair["time"], time(900));
    assert_ne!(repaired["data"]["hash"], plain["data"]["hash"]);
    assert_eq!(source["series"], plain["data"]["sources"][0]["series"]);
    assert_eq!(result(&mut run(&folder, &server, &["--offline"])), plain);
}

#[test]
fn without_the_exchange_what_is_kept_is_enough() {
    let folder = folder();
    let server = exchange(&[hours("BTC/USDT", 1, 0)]);
    let first = result(&mut run(&folder, &server, &[]));
    // A ban of an hour is not waited for.
    let banned = AnswerFault::Banned { retry_after_s: Some(3_600) };
    server.add_fault(Fault::always(banned));
    let longer = |flags: &[&str]| {
        let mut command = ct_host(&folder);
        command.args(["backtest", "--symbol", "BTC/USDT", "--param", "fast=5", "--param"]);
        command.args(["slow=10", "--from", &time(500), "--to", &time(1_600), "--json"]);
        command.args(["--base-url", &format!("binance={}", server.url())]).args(flags);
        command
    };
    let expected = predicate::str::contains("binance")
        .and(predicate::str::contains("--offline takes what is kept"));
    longer(&[]).assert().code(1).stdout("").stderr(expected);
    // The user is told that the last hundred hours are not there.
    let unknown = format!("never fetched: {} to {}", time(1_500), time(1_600));
    let shorter = longer(&["--offline"]).assert().success();
    let shorter = shorter.stderr(predicate::str::contains(unknown));
    assert_eq!(result_of(&shorter), first);
    let url = server.url();
    drop(server);
    let mut held = ct_host(&folder);
    held.args(["backtest", "--symbol", "BTC/USDT", "--param", "fast=5", "--param", "slow=10"]);
    held.args(["--from", &time(500), "--to", &time(1_500), "--json"]);
    held.args(["--base-url", &format!("binance={url}")]);
    assert_eq!(result(&mut held), first);
}
