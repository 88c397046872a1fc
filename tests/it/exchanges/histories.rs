//! A long history with missing bars, quiet bars and an open one, from each exchange.

use std::slice;

use ct_host::units::Interval;
use ct_tests::exchange_server::{Behaviour, Exchange, ExchangeServer, History, Walk};

use super::customer::{Customer, Fetched, flag, time_ms};
use super::page_form::{asked, rows_max};

const HOUR: Interval = Interval::HOUR;

/// Bars before the listing that are asked for too.
const BARS_BEFORE: i64 = 30;

/// Bars of the newest that a client may leave out where older ones are an error: time goes on while it asks.
const SPARE_BARS: i64 = 101;

/// Two pages and a remainder; where only the newest can be had, more than those.
fn rows(exchange: Exchange) -> i64 {
    match exchange {
        Exchange::Gate => 10_345,
        _ => 2 * rows_max(exchange) + 345,
    }
}

/// Fetches everything, compares everything, and fetches again.
fn check(exchange: Exchange) {
    let rows = rows(exchange);
    let seed = 40 + exchange as u64;
    let walk = Walk::new(seed, time_ms(HOUR, 0), usize::try_from(rows).unwrap());
    let walk = Walk { missing: 0.004, quiet: 0.01, ..walk };
    let history = History::random("BTC/USDT", HOUR, &walk);
    let now_ms = history.end_ms() - HOUR.as_ms() / 2;
    let server = ExchangeServer::start(exchange, slice::from_ref(&history), Behaviour::at(now_ms));

    let (customer, from_ms) = (Customer::new(), time_ms(HOUR, -BARS_BEFORE));
    let (from, to) = (flag(from_ms), flag(time_ms(HOUR, rows + 2)));
    let mut flags = vec!["--symbol", "BTC/USDT", "--interval", "1h", "--from", &from];
    if exchange.newest_rows().is_none() {
        flags.extend(["--to", &to]);
    }
    let fetched = customer.fetch(&[(exchange, &server)], &flags);
    let series = customer.series(exchange, &history);
    let closed_ms = time_ms(HOUR, rows - 1);
    let known_from_ms = match exchange.newest_rows() {
        None => {
            assert_eq!(fetched.notices, [""; 0]);
            assert_eq!(fetched.series[0]["status"], "updated");
            from_ms
        }
        Some(newest) => {
            assert_told_what_is_out_of_reach(&fetched, &from);
            let oldest_ms = closed_ms - i64::try_from(newest).unwrap() * HOUR.as_ms();
            let known_from_ms = series.coverage().range().unwrap().from.as_ms();
            let spare = if exchange == Exchange::Gate { SPARE_BARS } else { 0 };
            let late = (known_from_ms - oldest_ms) / HOUR.as_ms();
            assert!((0..=spare).contains(&late), "{late} bars that can be had were not asked for");
            known_from_ms
        }
    };
    customer.assert_keeps(exchange, &history, [known_from_ms, closed_ms]);
    assert_eq!(fetched.series[0]["rows_held"], series.rows());
    assert_eq!(fetched.series[0]["version"], series.version());
    // Each page once more for what it lacks, and now and then for what lies at its ends.
    let pages = (closed_ms - known_from_ms) / HOUR.as_ms() / rows_max(exchange) + 1;
    assert_allowed(exchange, &server, usize::try_from(4 * pages + 2).unwrap());

    server.forget_requests();
    customer.fetch(&[(exchange, &server)], &flags);
    assert!(server.requests().len() <= 1, "seed {seed}: {:?}", server.requests());
    customer.assert_keeps(exchange, &history, [known_from_ms, closed_ms]);
    assert_eq!(customer.series(exchange, &history).version(), series.version());
}

fn assert_told_what_is_out_of_reach(fetched: &Fetched, from: &str) {
    let Fetched { series, notices } = fetched;
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].contains(" only has its newest "), "{notices:?}");
    assert_eq!(series[0]["status"], "partial");
    assert_eq!(series[0]["missing"][0]["from"], from);
    assert_eq!(series[0]["missing"][0]["reason"], "out_of_reach");
}

/// Each request for bars is one that the exchange allows, and there are no more than `requests_max`.
fn assert_allowed(exchange: Exchange, server: &ExchangeServer, requests_max: usize) {
    let requests = server.candle_requests();
    for request in &requests {
        asked(exchange, request);
    }
    assert!(requests.len() <= requests_max, "{} of {requests_max} requests", requests.len());
}

#[test]
fn binance() {
    check(Exchange::Binance);
}

#[test]
fn bitfinex() {
    check(Exchange::Bitfinex);
}

#[test]
fn bitstamp() {
    check(Exchange::Bitstamp);
}

#[test]
fn bybit() {
    check(Exchange::Bybit);
}

#[test]
fn coinbase() {
    check(Exchange::Coinbase);
}

#[test]
fn gate() {
    check(Exchange::Gate);
}

#[test]
fn kraken() {
    check(Exchange::Kraken);
}

#[test]
fn kucoin() {
    check(Exchange::Kucoin);
}

#[test]
fn mexc() {
    check(Exchange::Mexc);
}

#[test]
fn okx() {
    check(Exchange::Okx);
}
