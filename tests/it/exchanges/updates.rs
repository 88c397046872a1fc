//! A kept series costs no more than what it lacks: earlier bars, new ones, or nothing.

use std::slice;

use ct_host::units::Interval;
use ct_tests::exchange_server::{Behaviour, Exchange, ExchangeServer, History, Walk};
use serde_json::Value;

use super::customer::{Customer, flag, time_ms};
use super::page_form::{asked, rows_max};

const HOUR: Interval = Interval::HOUR;

/// An exchange with complete hours, in which something is traded.
struct Hours {
    exchange: Exchange,
    history: History,
    server: ExchangeServer,
    customer: Customer,
}

impl Hours {
    /// It is the middle of the hour `open`.
    fn new(exchange: Exchange, open: i64) -> Self {
        let walk = Walk::new(3, time_ms(HOUR, 0), usize::try_from(open + 100).unwrap());
        let history = History::random("BTC/USDT", HOUR, &walk);
        let behaviour = Behaviour::at(middle_ms(open));
        let server = ExchangeServer::start(exchange, slice::from_ref(&history), behaviour);
        Self { exchange, history, server, customer: Customer::new() }
    }

    /// Fetches from the hour `from` up to the hour `to`, and returns the report. Who only has the newest bars is asked up to
    /// now, since the end is long past by the clock of the machine.
    fn fetch(&self, from: i64, to: i64) -> Value {
        let [from, to] = [from, to].map(|hour| flag(time_ms(HOUR, hour)));
        let mut flags = vec!["--symbol", "BTC/USDT", "--interval", "1h", "--from", &from];
        if self.exchange.newest_rows().is_none() {
            flags.extend(["--to", &to]);
        }
        let mut fetched = self.customer.fetch(&[(self.exchange, &self.server)], &flags);
        assert_eq!(fetched.notices, [""; 0], "{:?}", self.exchange);
        fetched.series.remove(0)
    }

    /// The hours that were asked for since the last call, as the first and the last of each request, in order. What comes
    /// after the open hour is left out: who only has the newest bars is asked for what would be the newest by the clock of
    /// the machine, once, and answers with its own clock.
    fn asked(&self, open: i64) -> Vec<(i64, i64)> {
        let requests = self.server.candle_requests();
        self.server.forget_requests();
        let windows = requests.iter().map(|request| asked(self.exchange, request));
        let mut windows: Vec<_> =
            windows.map(|(first, last)| (hour_of(first), hour_of(last).min(open))).collect();
        windows.sort_unstable();
        if self.exchange.newest_rows().is_some() {
            assert!(windows.pop().is_some_and(|(first, _)| first > open), "{:?}", self.exchange);
        }
        windows
    }

    fn assert_keeps(&self, from: i64, to: i64) {
        let range = [time_ms(HOUR, from), time_ms(HOUR, to)];
        self.customer.assert_keeps(self.exchange, &self.history, range);
    }
}

fn middle_ms(hour: i64) -> i64 {
    time_ms(HOUR, hour) + HOUR.as_ms() / 2
}

fn hour_of(time_ms: i64) -> i64 {
    (time_ms - self::time_ms(HOUR, 0)) / HOUR.as_ms()
}

/// Adjoining requests of one page each, from the hour `from` up to the hour `to`.
fn pages(exchange: Exchange, from: i64, to: i64) -> Vec<(i64, i64)> {
    let page = usize::try_from(rows_max(exchange)).unwrap();
    // Its requests have no end.
    let end = |first: i64| match exchange {
        Exchange::Kraken => i64::MAX,
        _ => (first + rows_max(exchange)).min(to) - 1,
    };
    (from..to).step_by(page).map(|first| (first, end(first))).collect()
}

#[test]
fn complete_bars_cost_one_request_a_page() {
    for exchange in Exchange::ALL {
        let open = if exchange == Exchange::Kraken { 700 } else { 2 * rows_max(exchange) + 17 };
        let hours = Hours::new(exchange, open);
        let report = hours.fetch(0, open);
        let wanted = pages(exchange, 0, open);
        let wanted: Vec<_> =
            wanted.iter().map(|(first, last)| (*first, *last.min(&open))).collect();
        assert_eq!(hours.asked(open), wanted, "{exchange:?}");
        assert_eq!(report["rows_added"], open, "{exchange:?}");
        hours.assert_keeps(0, open);
    }
}

#[test]
fn what_is_known_is_not_asked_for_again() {
    for exchange in Exchange::ALL {
        let hours = Hours::new(exchange, 400);
        let first = hours.fetch(0, 400);
        hours.server.forget_requests();
        let again = hours.fetch(0, 400);
        // By the clock of the machine there are newer ones, and only the exchange can tell that there are not.
        let requests_max = usize::from(exchange.newest_rows().is_some());
        assert_eq!(hours.server.requests().len(), requests_max, "{exchange:?}");
        assert_eq!(again["status"], "up_to_date", "{exchange:?}");
        assert_eq!((&again["rows_added"], &again["requests"]), (&0.into(), &requests_max.into()));
        assert_eq!(again["version"], first["version"], "{exchange:?}");
        hours.assert_keeps(0, 400);
    }
}

#[test]
fn earlier_bars_are_fetched_without_the_later_ones() {
    for exchange in Exchange::ALL {
        let open = match exchange {
            Exchange::Kraken => 700,
            // Its pages are so long that one has to do.
            Exchange::Bitfinex => 900,
            _ => 2 * rows_max(exchange) + 30,
        };
        let hours = Hours::new(exchange, open);
        hours.fetch(open - 200, open);
        hours.assert_keeps(open - 200, open);
        hours.server.forget_requests();
        let report = hours.fetch(0, open);
        let wanted = pages(exchange, 0, open - 200);
        let wanted: Vec<_> =
            wanted.iter().map(|(first, last)| (*first, *last.min(&open))).collect();
        assert_eq!(hours.asked(open), wanted, "{exchange:?}");
        assert_eq!(report["rows_added"], open - 200, "{exchange:?}");
        hours.assert_keeps(0, open);
    }
}

#[test]
fn new_bars_cost_one_request_and_the_open_one_is_taken_when_it_has_closed() {
    for exchange in Exchange::ALL {
        let mut hours = Hours::new(exchange, 400);
        hours.fetch(0, 500);
        hours.assert_keeps(0, 400);
        for open in [401, 404] {
            let held =
                i64::try_from(hours.customer.series(exchange, &hours.history).rows()).unwrap();
            hours.server.forget_requests();
            hours.server.set_now(middle_ms(open));
            let report = hours.fetch(0, 500);
            assert_eq!(report["rows_added"], open - held, "{exchange:?}");
            assert_eq!(report["revised"], 0, "{exchange:?}");
            let asked = hours.asked(open);
            assert_eq!((asked.len(), asked[0].0), (1, held), "{exchange:?}");
            hours.assert_keeps(0, open);
        }
        // A bar that has just ended may still change.
        hours.server.set_now(time_ms(HOUR, 405));
        hours.fetch(0, 500);
        hours.assert_keeps(0, 404);
        hours.history = hours.history.revised(time_ms(HOUR, 404));
        hours.server.set_history(&hours.history);
        hours.server.set_now(middle_ms(405));
        hours.fetch(0, 500);
        hours.assert_keeps(0, 405);
    }
}
