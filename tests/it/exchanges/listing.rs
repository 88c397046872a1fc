//! The years before a listing cost a few requests, not thousands of empty pages.

use ct_host::units::{Interval, Timestamp};
use ct_tests::exchange_server::{Behaviour, Exchange, ExchangeServer, History, Walk};

use super::customer::{Customer, flag, time_ms};
use super::page_form::asked;

const HOUR: Interval = Interval::HOUR;

/// The smallest pages have 300 bars: 18 of days, asked for twice since they are empty, and a few of hours. There would be
/// more than 800 of hours otherwise.
const REQUESTS_MAX: usize = 2 * 18 + 6;

/// Hours from the listing to now.
const HOURS: i64 = 500;

/// Bars of an hour since 13:00, and those of the days.
fn histories() -> [History; 2] {
    let hours = Walk::new(9, time_ms(HOUR, 13), usize::try_from(HOURS).unwrap());
    let days = Walk::new(9, time_ms(Interval::DAY, 0), usize::try_from(HOURS / 24 + 1).unwrap());
    [History::random("BTC/USDT", HOUR, &hours), History::random("BTC/USDT", Interval::DAY, &days)]
}

#[test]
fn the_years_before_a_listing_cost_a_few_requests() {
    let from: Timestamp = "2010-01-01".parse().unwrap();
    let histories = histories();
    let [hours, _] = &histories;
    for exchange in Exchange::ALL {
        if exchange.newest_rows().is_some() {
            continue;
        }
        let behaviour = Behaviour::at(hours.end_ms() + HOUR.as_ms() / 2);
        let server = ExchangeServer::start(exchange, &histories, behaviour);
        let customer = Customer::new();
        let flags = ["--symbol", "BTC/USDT", "--interval", "1h", "--from", "2010-01-01"];
        let to = flag(hours.end_ms());
        let fetched =
            customer.fetch(&[(exchange, &server)], &[&flags[..], &["--to", &to]].concat());
        assert_eq!(fetched.notices, [""; 0], "{exchange:?}");
        customer.assert_keeps(exchange, hours, [from.as_ms(), hours.end_ms()]);
        let requests = server.candle_requests();
        assert!(requests.len() <= REQUESTS_MAX, "{exchange:?}: {} requests", requests.len());
        for request in &requests {
            asked(exchange, request);
        }

        server.forget_requests();
        customer.fetch(&[(exchange, &server)], &[&flags[..], &["--to", &to]].concat());
        assert_eq!(server.requests(), [], "{exchange:?}");
    }
}
