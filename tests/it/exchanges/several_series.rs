//! Several symbols, intervals and exchanges in one command.

use ct_host::units::Interval;
use ct_tests::exchange_server::{Behaviour, Exchange, ExchangeServer, History, Walk};

use super::customer::{Customer, START_MS, flag};
use super::page_form::asked;

const SYMBOLS: [&str; 2] = ["BTC/USDT", "ETH/USDT"];
const DAY_MS: i64 = 86_400_000;

/// 104 weeks after the start, a Monday.
const TODAY_MS: i64 = START_MS + 104 * 7 * DAY_MS;

/// Ten o'clock, and some seconds in which the bar before may still change.
const NOW_MS: i64 = TODAY_MS + 10 * 3_600_000 + 5_000;

/// Bars of `interval` from `from_ms` up to the open one. The last closed one is there.
fn history(symbol: &str, interval: &str, from_ms: i64) -> History {
    let interval: Interval = interval.parse().unwrap();
    let rows = usize::try_from((NOW_MS - from_ms) / interval.as_ms() + 1).unwrap();
    let seed = 5 + symbol.len() as u64 + u64::from(symbol.starts_with("ETH"));
    let walk = Walk { missing: 0.02, quiet: 0.02, ..Walk::new(seed, from_ms, rows) };
    History::random(symbol, interval, &walk)
}

/// Fetches two symbols of all `exchanges` and `intervals` from `from_ms` on in one command, and compares all of them.
fn check(exchanges: &[Exchange], intervals: &[&str], from_ms: i64) {
    let of_symbol = |symbol| intervals.iter().map(move |name| history(symbol, name, from_ms));
    let histories: Vec<History> = SYMBOLS.into_iter().flat_map(of_symbol).collect();
    let days = SYMBOLS.map(|symbol| history(symbol, "1d", START_MS));
    let held = if intervals.contains(&"1d") {
        histories.clone()
    } else {
        [&histories[..], &days].concat()
    };
    let open = |&exchange: &Exchange| {
        (exchange, ExchangeServer::start(exchange, &held, Behaviour::at(NOW_MS)))
    };
    let servers: Vec<(Exchange, ExchangeServer)> = exchanges.iter().map(open).collect();
    let servers: Vec<(Exchange, &ExchangeServer)> =
        servers.iter().map(|(exchange, server)| (*exchange, server)).collect();
    let from = flag(from_ms);
    let mut flags = vec!["--from", &from, "--interval"];
    flags.extend(intervals);
    flags.push("--symbol");
    flags.extend(SYMBOLS);

    let customer = Customer::new();
    let fetched = customer.fetch(&servers, &flags);
    let count = exchanges.len() * histories.len();
    assert_eq!(fetched.notices, [""; 0]);
    assert_eq!(fetched.series.len(), count);
    assert_eq!(customer.store().keys().unwrap().len(), count);
    for &(exchange, server) in &servers {
        for history in &histories {
            let length_ms = history.interval().as_ms();
            let closed_ms = from_ms + (NOW_MS - from_ms) / length_ms * length_ms;
            customer.assert_keeps(exchange, history, [from_ms, closed_ms]);
        }
        for request in &server.candle_requests() {
            asked(exchange, request);
        }
    }
    for (_, server) in &servers {
        server.forget_requests();
    }
    let again = customer.fetch(&servers, &flags);
    for (first, again) in fetched.series.iter().zip(&again.series) {
        assert_eq!((&again["version"], &again["rows_added"]), (&first["version"], &0.into()));
        assert!(again["requests"].as_u64() <= Some(1), "{again}");
    }
}

#[test]
fn minutes_and_hours_of_all_exchanges() {
    check(&Exchange::ALL, &["1m", "1h"], TODAY_MS);
}

#[test]
fn days_of_all_exchanges() {
    check(&Exchange::ALL, &["1d"], TODAY_MS - 700 * DAY_MS);
}

#[test]
fn days_and_weeks_of_the_exchanges_whose_weeks_begin_on_monday() {
    check(&[Exchange::Binance, Exchange::Bybit, Exchange::Okx], &["1d", "1w"], START_MS);
}
