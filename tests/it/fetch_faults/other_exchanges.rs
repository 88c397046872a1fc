//! Exchanges that fail beside others that work, and others that stand in for them.

use std::slice::from_ref;

use assert_cmd::Command;
use ct_host::data::State;
use ct_host::data::origin::exchange_of;
use ct_host::data::store::HistoryRecord;
use ct_tests::exchange_server::{
    AnswerFault, Behaviour, Exchange, ExchangeServer, Fault, History, Walk,
};
use serde_json::Value;

use super::stage::{START_MS, SYMBOL, Stage, bits, hour, run};

const BAN: AnswerFault = AnswerFault::Banned { retry_after_s: Some(3_600) };

/// Bars that no exchange has, so that it shows whose were taken.
fn other_truth(seed: u64, rows: usize) -> History {
    History::random(SYMBOL, hour(), &Walk::new(seed, START_MS, rows))
}

/// Fetches `stage` with `flags`, while `other` can be reached too.
fn fetch_beside(
    stage: &Stage,
    (other, server): (Exchange, &ExchangeServer),
    flags: &[&str],
) -> Command {
    let mut command = stage.command();
    command.args(["--base-url", &format!("{}={}", other.id(), server.url())]).args(flags);
    command
}

#[test]
fn one_that_fails_does_not_stop_the_others_and_is_named() {
    let bad = Stage::new(Exchange::Okx, 40, vec![Fault::always(BAN)]);
    let good =
        [Exchange::Binance, Exchange::Kucoin].map(|exchange| Stage::new(exchange, 40, Vec::new()));
    let mut command = bad.command();
    for stage in &good {
        command.args(["--exchange", stage.exchange.id()]);
        command.args(["--base-url", &format!("{}={}", stage.exchange.id(), stage.server.url())]);
    }
    let outcome = run(&mut command);
    assert_eq!(outcome.exit_code, 1, "{outcome:?}");
    outcome.assert_told("1 of 3 series could not be fetched: okx: ");
    outcome.assert_told("60 min");
    let all = outcome.report["series"].as_array().unwrap();
    let status = |id: &str| {
        let is_of =
            |series: &&Value| exchange_of(series["key"]["exchange"].as_str().unwrap()) == id;
        all.iter().find(is_of).unwrap()["status"].clone()
    };
    assert_eq!(["okx", "binance", "kucoin"].map(status), ["failed", "updated", "updated"]);
    assert_eq!(bad.rows().time.len(), 0);
    for stage in good {
        let series = bad.store().series(&stage.key()).unwrap().unwrap();
        let whole = stage.truth.columns_between(0, i64::MAX);
        assert!(bits(&series.bars().to_raw()) == bits(&whole), "{}", stage.exchange.id());
    }
}

#[test]
fn nobody_stands_in_for_an_exchange_unasked() {
    let stage = Stage::new(Exchange::Binance, 40, vec![Fault::always(BAN)]);
    let truth = other_truth(99, 40);
    let server = ExchangeServer::start(
        Exchange::Okx,
        from_ref(&truth),
        Behaviour::at(truth.end_ms() + 9_000),
    );
    let outcome = run(&mut fetch_beside(&stage, (Exchange::Okx, &server), &[]));
    assert_eq!(outcome.exit_code, 1, "{outcome:?}");
    assert_eq!(server.requests(), []);
    assert_eq!(stage.rows().time.len(), 0);
}

#[test]
fn who_stands_in_is_recorded() {
    let stage = Stage::new(Exchange::Binance, 40, vec![Fault::always(BAN)]);
    let truth = other_truth(99, 40);
    let now = Behaviour::at(truth.end_ms() + 9_000);
    let server = ExchangeServer::start(Exchange::Okx, from_ref(&truth), now);
    let fallback = ["--fallback", "okx"];
    let outcome = run(&mut fetch_beside(&stage, (Exchange::Okx, &server), &fallback));
    outcome.assert_updated();
    outcome.assert_told("okx is asked for the rest");
    outcome.assert_told("were taken from okx");
    assert_eq!(outcome.series["sources"], serde_json::json!(["okx"]));
    stage.assert_holds(&truth);
    let series = stage.series().unwrap();
    let [span] = series.coverage().spans() else { panic!("{:?}", series.coverage()) };
    assert_eq!((span.state, &*span.source), (State::Held, "okx"));
    let records = stage.records();
    let [HistoryRecord::Fallback { range, source, instead_of }] = &records[..] else {
        panic!("{records:?}")
    };
    assert_eq!((source.as_str(), instead_of.as_str()), ("okx", "binance"));
    assert_eq!((range.from.as_ms(), range.to.as_ms()), (START_MS, truth.end_ms()));

    // The exchange itself is believed as soon as it can be asked.
    stage.server.clear_faults();
    let refreshed = stage.fetch(&["--refresh"]);
    refreshed.assert_updated();
    assert_eq!(refreshed.count("revised"), 40);
    stage.assert_whole();
    let series = stage.series().unwrap();
    assert!(series.coverage().spans().iter().all(|span| &*span.source == "binance"));
}

#[test]
fn a_stand_in_gives_only_what_the_exchange_did_not() {
    let stage = Stage::new(Exchange::Binance, 2_500, vec![Fault::nth(2, BAN)]);
    let truth = other_truth(98, 2_500);
    let now = Behaviour::at(truth.end_ms() + 9_000);
    let server = ExchangeServer::start(Exchange::Bybit, from_ref(&truth), now);
    let fallback = ["--fallback", "bybit"];
    let outcome = run(&mut fetch_beside(&stage, (Exchange::Bybit, &server), &fallback));
    outcome.assert_updated();
    let series = stage.series().unwrap();
    let mut mixed = Vec::new();
    for span in series.coverage().spans() {
        assert_eq!(span.state, State::Held);
        let of = if &*span.source == "bybit" { &truth } else { &stage.truth };
        mixed.extend_from_slice(of.rows_between(span.range.from.as_ms(), span.range.to.as_ms()));
    }
    stage.assert_holds(&History::new(SYMBOL, hour(), mixed));
    let sources: Vec<&str> = series.coverage().spans().iter().map(|span| &*span.source).collect();
    assert!(sources.contains(&"binance") && sources.contains(&"bybit"), "{sources:?}");
    assert_eq!(outcome.series["sources"].as_array().map(Vec::len), Some(2));
    let is_fallback = |record: &&HistoryRecord| matches!(record, HistoryRecord::Fallback { .. });
    assert!(stage.records().iter().filter(is_fallback).count() >= 1);
}

#[test]
fn an_exchange_that_refuses_a_symbol_is_not_replaced() {
    let stage = Stage::new(Exchange::Binance, 40, Vec::new());
    let truth = other_truth(99, 40);
    let server = ExchangeServer::start(Exchange::Okx, &[truth], Behaviour::default());
    let mut command = fetch_beside(&stage, (Exchange::Okx, &server), &["--fallback", "okx"]);
    let outcome = run(command.args(["--symbol", "SOL/USDT"]));
    assert_eq!(outcome.exit_code, 2, "{outcome:?}");
    outcome.assert_told("there is no symbol 'SOL/USDT'");
}
