//! Bars that are missing where one page ends and the next one begins, and nowhere else.

use std::slice;

use ct_host::units::Interval;
use ct_tests::exchange_server::{Behaviour, Exchange, ExchangeServer, History, Walk};

use super::customer::{Customer, flag, time_ms};
use super::page_form::rows_max;

const HOUR: Interval = Interval::HOUR;

/// Fetches three pages, with `missing` bars counted from the end of the first one, and fetches again.
fn check(exchange: Exchange, missing: [i64; 2]) {
    let page = rows_max(exchange);
    let bars = 2 * page + 17;
    let walk = Walk::new(31, time_ms(HOUR, 0), usize::try_from(bars + 1).unwrap());
    let [from_ms, to_ms] = missing.map(|bar| time_ms(HOUR, page + bar));
    let history = History::random("BTC/USDT", HOUR, &walk).without(from_ms, to_ms);
    let now_ms = history.end_ms() - HOUR.as_ms() / 2;
    let server = ExchangeServer::start(exchange, slice::from_ref(&history), Behaviour::at(now_ms));
    let (customer, from) = (Customer::new(), flag(time_ms(HOUR, 0)));
    let to = flag(time_ms(HOUR, bars));
    let mut flags = vec!["--symbol", "BTC/USDT", "--interval", "1h", "--from", &from];
    if exchange.newest_rows().is_none() {
        flags.extend(["--to", &to]);
    }
    customer.fetch(&[(exchange, &server)], &flags);
    customer.assert_keeps(exchange, &history, [time_ms(HOUR, 0), time_ms(HOUR, bars)]);
    server.forget_requests();
    customer.fetch(&[(exchange, &server)], &flags);
    assert!(server.requests().len() <= 1, "{exchange:?} {missing:?}: {:?}", server.requests());
}

fn check_all(missing: [i64; 2]) {
    for exchange in Exchange::ALL {
        // Kraken has one page, Bitfinex very long ones, and Gate tests of its own.
        if exchange.newest_rows().is_none() && exchange != Exchange::Bitfinex {
            check(exchange, missing);
        }
    }
}

#[test]
fn the_last_bars_of_a_page() {
    check_all([-3, 0]);
}

#[test]
fn the_first_bars_of_a_page() {
    check_all([0, 2]);
}

#[test]
fn bars_on_both_sides() {
    check_all([-2, 2]);
}

#[test]
fn the_last_bars_of_a_page_of_gate() {
    check(Exchange::Gate, [-3, 0]);
}

#[test]
fn the_first_bars_of_a_page_of_gate() {
    check(Exchange::Gate, [0, 2]);
}
