//! The rules of instruments: what each exchange tells of them, kept for later processes.

use std::sync::Arc;

use ct_host::data::exchange::{ExchangeSettings, Exchanges, InstrumentRules};
use ct_host::units::{Interval, Rate};
use ct_tests::exchange_server::{
    Behaviour, Decimal, Endpoint, Exchange, ExchangeServer, History, Walk,
};

use super::customer::{Customer, flag, time_ms};

const SYMBOLS: [&str; 3] = ["BTC/USDT", "BTC/USD", "ZORK/USDT"];

fn histories() -> Vec<History> {
    let series = SYMBOLS.iter().flat_map(|symbol| {
        [Interval::HOUR, Interval::DAY].map(|interval| {
            History::random(symbol, interval, &Walk::new(1, time_ms(interval, 0), 24))
        })
    });
    series.collect()
}

/// The rules of `symbol` at the exchange in the data folder of `customer`.
fn kept(
    customer: &Customer,
    (exchange, server): (Exchange, &ExchangeServer),
    symbol: &str,
) -> InstrumentRules {
    let data_folder = Some(customer.store().folder().to_owned());
    let base_urls = [(exchange.id().to_owned(), server.url())].into();
    let settings = ExchangeSettings { base_urls, data_folder, ..ExchangeSettings::default() };
    let exchanges = Exchanges::new(settings, Arc::new(|_| ())).unwrap();
    let rules = exchanges.source(exchange.id()).unwrap().kept_rules(symbol);
    rules.unwrap_or_else(|| panic!("no rules of {symbol} at {exchange:?}"))
}

fn check(exchange: Exchange, symbol: &str, rules: &InstrumentRules) {
    let told = exchange.rules(symbol);
    let zero_or = |told: Option<Decimal>| told.map_or(0.0, Decimal::value);
    let lot = match exchange {
        // Not told, but documented: eight decimals for all assets.
        Exchange::Bitfinex => 1e-8,
        _ => zero_or(told.lot),
    };
    let place = format!("{exchange:?} {symbol}");
    let found = [
        rules.tick.to_f64(),
        rules.lot.to_f64(),
        rules.quantity_min.to_f64(),
        rules.notional_min.to_f64(),
    ];
    let wanted = [zero_or(told.tick), lot, zero_or(told.quantity_min), zero_or(told.notional_min)];
    assert_eq!(found.map(Some), wanted.map(Some), "tick, lot and minimums of {place}");
    // What is not told may be known from elsewhere.
    for (found, told) in [(rules.maker_fee, told.maker_fee), (rules.taker_fee, told.taker_fee)] {
        // KuCoin's have a test of their own.
        if let (Some(told), true) = (told, exchange != Exchange::Kucoin) {
            assert_eq!(found.map(Rate::to_fraction), Some(told.value()), "fee of {place}");
        }
    }
}

/// Fetches all symbols at one interval, and returns the number of requests that were not for bars.
fn fetch(
    customer: &Customer,
    (exchange, server): (Exchange, &ExchangeServer),
    interval: &str,
) -> usize {
    let [from, to] = [0, 24].map(|day| flag(time_ms(Interval::DAY, day)));
    let mut flags = vec!["--interval", interval, "--from", &from, "--to", &to, "--symbol"];
    flags.extend(SYMBOLS);
    server.forget_requests();
    customer.fetch(&[(exchange, server)], &flags);
    let requests = server.requests();
    requests.iter().filter(|recorded| recorded.endpoint != Endpoint::Candles).count()
}

fn open(exchange: Exchange) -> ExchangeServer {
    let now_ms = time_ms(Interval::DAY, 23) + 1_000_000;
    ExchangeServer::start(exchange, &histories(), Behaviour::at(now_ms))
}

#[test]
fn the_rules_that_an_exchange_tells_are_kept_and_not_asked_for_again() {
    for exchange in Exchange::ALL {
        let (server, customer) = (open(exchange), Customer::new());
        let requests = fetch(&customer, (exchange, &server), "1h");
        assert!((1..=3).contains(&requests), "{exchange:?}: {:?}", server.requests());
        for symbol in SYMBOLS {
            check(exchange, symbol, &kept(&customer, (exchange, &server), symbol));
        }
        assert_eq!(fetch(&customer, (exchange, &server), "1d"), 0, "{exchange:?}");
    }
}
