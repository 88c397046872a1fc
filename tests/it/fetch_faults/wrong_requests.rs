//! Wishes that no exchange can fulfil, and lists of markets that do not come.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ct_host::data::exchange::{EventSink, ExchangeSettings, Exchanges, SourceEvent};
use ct_host::units::Timestamp;
use ct_tests::exchange_server::{
    AnswerFault, DeliveryFault, Endpoint, Exchange, Fault, Misbehaviour,
};
use tokio::runtime::Builder;

use super::quick_fetch::QuickFetch;
use super::stage::{EXCHANGES, Outcome, SYMBOL, Stage, each, run};
use crate::program::ct_host;

/// A command of its own: each flag once.
fn fetch(stage: &Stage, symbols: &[&str], interval: &str) -> Outcome {
    let mut command = ct_host(&stage.folder);
    command.args(["fetch", "--json", "--rate", "1000", "--exchange", stage.exchange.id()]);
    command.args(["--interval", interval, "--from", "2024-01-01", "--to", "2024-01-02T16:00"]);
    command.args(["--base-url", &format!("{}={}", stage.exchange.id(), stage.server.url())]);
    run(command.arg("--symbol").args(symbols))
}

#[test]
fn an_unknown_symbol_is_answered_with_one_that_is_like_it() {
    each(&EXCHANGES, |exchange| {
        let stage = Stage::new(exchange, 40, Vec::new());
        let outcome = fetch(&stage, &["BTC/USTD"], "1h");
        assert_eq!(outcome.exit_code, 2, "{outcome:?}");
        outcome.assert_told(&format!(
            "{}: there is no symbol 'BTC/USTD'; did you mean",
            exchange.id()
        ));
        outcome.assert_told("BTC/USDT");
        assert_eq!(stage.server.candle_requests(), []);
        assert_eq!(stage.store().keys().unwrap(), []);
    });
}

#[test]
fn an_unknown_symbol_does_not_stop_a_known_one() {
    let stage = Stage::new(Exchange::Bybit, 40, Vec::new());
    let outcome = fetch(&stage, &["NOPE/USDT", SYMBOL], "1h");
    assert_eq!(outcome.exit_code, 2, "{outcome:?}");
    outcome.assert_told("there is no symbol 'NOPE/USDT'");
    assert_eq!(outcome.report["series"][0]["status"], "failed");
    assert_eq!(outcome.report["series"][1]["status"], "updated");
    stage.assert_whole();
}

#[test]
fn an_unknown_exchange_is_answered_with_one_that_is_like_it() {
    let stage = Stage::new(Exchange::Binance, 40, Vec::new());
    for (flags, wrong, like) in [
        (&["--exchange", "binanse"][..], "binanse", "binance"),
        (&["--exchange", "binance", "--fallback", "krakem"][..], "krakem", "kraken"),
    ] {
        let mut command = ct_host(&stage.folder);
        command.args(["fetch", "--json", "--symbol", SYMBOL]).args(flags);
        let outcome = run(command.args(["--base-url", &format!("binance={}", stage.server.url())]));
        assert_eq!(outcome.exit_code, 2, "{outcome:?}");
        outcome.assert_told(&format!("{wrong}: no such exchange; did you mean {like}?"));
        outcome.assert_told("bitstamp");
    }
    assert_eq!(stage.server.requests(), []);
}

#[test]
fn an_interval_that_the_exchange_does_not_have_is_answered_with_those_that_it_has() {
    let wrong = [
        (Exchange::Kraken, "2h"),
        (Exchange::Binance, "7m"),
        (Exchange::Okx, "8h"),
        (Exchange::Bitfinex, "4h"),
        (Exchange::Bitstamp, "1w"),
        (Exchange::Kucoin, "3d"),
        (Exchange::Bybit, "8h"),
    ];
    for (exchange, interval) in wrong {
        let stage = Stage::new(exchange, 40, Vec::new());
        let outcome = fetch(&stage, &[SYMBOL], interval);
        assert_eq!(outcome.exit_code, 2, "{outcome:?}");
        outcome.assert_told(&format!("{}: has no bars of {interval}; it has 1", exchange.id()));
        outcome.assert_told("15m, 30m, 1h");
        assert_eq!(stage.server.candle_requests(), []);
    }
}

#[test]
fn a_list_of_markets_that_fails_for_a_moment_is_asked_for_again() {
    each(&EXCHANGES, |exchange| {
        let faults = vec![
            Fault::nth(1, AnswerFault::Html(503)).at(Endpoint::Markets),
            Fault::nth(2, AnswerFault::HalfBody).at(Endpoint::Markets),
        ];
        let stage = Stage::new(exchange, 40, faults);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        outcome.assert_told("is out of order: HTTP 503");
        outcome.assert_told("try 2 failed");
        stage.assert_whole();
    });
}

#[test]
fn without_a_list_of_markets_nothing_is_fetched_and_the_reason_is_told() {
    each(&EXCHANGES, |exchange| {
        let fault = Fault::always(AnswerFault::Html(403)).at(Endpoint::Markets);
        let stage = Stage::new(exchange, 40, vec![fault]);
        let outcome = stage.fetch(&[]);
        assert_eq!(outcome.exit_code, 1, "{outcome:?}");
        outcome.assert_told(&format!("{}: ", exchange.id()));
        outcome.assert_told("HTTP 403");
        assert_eq!(stage.server.candle_requests(), []);
        stage.server.clear_faults();
        stage.fetch(&[]).assert_updated();
        stage.assert_whole();

        let faults: [(Misbehaviour, &str); 3] = [
            (AnswerFault::Html(503).into(), "HTTP 503"),
            (AnswerFault::HalfBody.into(), "no JSON"),
            (DeliveryFault::CutMidBody.into(), "cut off"),
        ];
        for (fault, told) in faults {
            let stage = Stage::new(exchange, 40, vec![Fault::always(fault).at(Endpoint::Markets)]);
            let error = QuickFetch::of(&stage).run(&stage).error();
            assert!(error.contains(told), "{}: {error}", exchange.id());
            assert_eq!(stage.rows().time.len(), 0);
        }
    });
}

#[test]
fn the_rules_of_an_earlier_day_do_when_there_are_no_newer_ones() {
    let stage = Stage::new(Exchange::Binance, 40, Vec::new());
    stage.fetch(&[]).assert_updated();
    stage.server.add_fault(Fault::always(AnswerFault::Html(503)).at(Endpoint::Markets));
    let settings = ExchangeSettings {
        data_folder: Some(stage.folder.path().join("data")),
        ..QuickFetch::of(&stage).settings
    };
    let told = Arc::new(Mutex::new(Vec::new()));
    let events: EventSink = {
        let told = Arc::clone(&told);
        Arc::new(move |event: SourceEvent| told.lock().unwrap().push(event.to_string()))
    };
    let exchanges = Exchanges::new(settings, events).unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let source = exchanges.source("binance").unwrap();
    let now = "2100-01-01".parse::<Timestamp>().unwrap();
    let rules = source.rules(SYMBOL, now, Duration::from_hours(24));
    assert_eq!(runtime.block_on(rules).unwrap().tick.to_string(), "0.01");
    let told = told.lock().unwrap().join("\n");
    assert!(told.contains("HTTP 503"), "{told}");
    assert!(told.contains("the rules of BTC/USDT are those of 20"), "{told}");
}
