//! Each fault as a client meets it.

use std::time::Duration;

use ct_host::units::Interval;
use serde_json::Value;

use super::client::{get, try_get};
use super::format::{candle, rows};
use crate::exchange_server::{
    AnswerFault, Behaviour, DeliveryFault, Endpoint, Exchange, ExchangeServer, Fault, History,
    RowFault, ValueFault, Walk,
};

const MINUTE_MS: i64 = 60_000;
/// Ten bars, five of them within the page that is asked for: the third to the seventh.
const PAGE: &str =
    "/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=180000&endTime=420000&limit=1000";

fn history() -> History {
    History::random("BTC/USDT", Interval::from_ms(MINUTE_MS).unwrap(), &Walk::new(2, 0, 10))
}

fn server(exchange: Exchange, fault: Fault) -> ExchangeServer {
    ExchangeServer::start(exchange, &[history()], Behaviour::default().with(fault))
}

/// The bars of the page of a Binance that has `fault`.
fn places(fault: RowFault) -> Vec<i64> {
    let server = server(Exchange::Binance, Fault::always(fault));
    let body = get(&server, PAGE).json();
    let place = |row| candle(Exchange::Binance, row).time_ms / MINUTE_MS;
    rows(Exchange::Binance, &body).iter().map(place).collect()
}

#[test]
fn rows_go_missing_come_twice_and_lose_their_order() {
    assert_eq!(places(RowFault::AtMost(9)), [3, 4, 5, 6, 7]);
    assert_eq!(places(RowFault::Empty), [0; 0]);
    assert_eq!(places(RowFault::AtMost(2)), [3, 4]);
    assert_eq!(places(RowFault::Overlapping(2)), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(places(RowFault::Repeated), [3, 3, 4, 4, 5, 5, 6, 6, 7, 7]);
    assert_eq!(places(RowFault::Conflicting), [3, 4, 5, 5, 6, 7]);
    assert_eq!(places(RowFault::Reversed), [7, 6, 5, 4, 3]);
    let mut shuffled = places(RowFault::Shuffled(1));
    assert_ne!(shuffled, [3, 4, 5, 6, 7]);
    shuffled.sort_unstable();
    assert_eq!(shuffled, [3, 4, 5, 6, 7]);
}

#[test]
fn conflicting_rows_differ_in_close_and_volume() {
    let server = server(Exchange::Binance, Fault::always(RowFault::Conflicting));
    let body = get(&server, PAGE).json();
    let [first, second] = [2, 3].map(|place| candle(Exchange::Binance, &body[place]));
    assert_eq!((first.time_ms, first.open), (second.time_ms, second.open));
    assert_ne!(first.close.value().to_bits(), second.close.value().to_bits());
    assert_ne!(first.volume.value().to_bits(), second.volume.value().to_bits());
}

#[test]
fn values_are_none() {
    let middle = |fault: ValueFault| -> Value {
        let server = server(Exchange::Binance, Fault::always(fault));
        get(&server, PAGE).json()[2].clone()
    };
    assert_eq!(middle(ValueFault::Null)[2], Value::Null);
    assert_eq!(middle(ValueFault::Word)[2], "n/a");
    assert_eq!(middle(ValueFault::WordForTime)[0], "yesterday");
    assert_eq!(middle(ValueFault::MissingColumns).as_array().unwrap().len(), 3);
    let server = server(Exchange::Binance, Fault::always(ValueFault::ObjectForRows));
    assert!(get(&server, PAGE).json().is_object());
}

#[test]
fn bodies_are_cut_or_no_json() {
    let whole = get(&server(Exchange::Binance, Fault::nth(9, RowFault::Empty)), PAGE).body;
    let half = get(&server(Exchange::Binance, Fault::always(AnswerFault::HalfBody)), PAGE);
    assert!(half.is_whole() && serde_json::from_slice::<Value>(&half.body).is_err());
    assert_eq!(half.body, whole[..whole.len() / 2]);
    let page = get(&server(Exchange::Binance, Fault::always(AnswerFault::Html(200))), PAGE);
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html")));
    let down = get(&server(Exchange::Binance, Fault::always(AnswerFault::Html(502))), PAGE);
    assert_eq!(down.status, 502);
}

#[test]
fn connections_break_where_they_should() {
    let ask = |fault, patience_ms| {
        let server = server(Exchange::Binance, Fault::always(fault));
        try_get(&server, PAGE, Duration::from_millis(patience_ms))
    };
    let drip = DeliveryFault::Drip { bytes: 100, pause: Duration::from_millis(1) };
    let whole = ask(drip, 30_000).unwrap();
    assert!(whole.is_whole() && whole.json().is_array());
    let cut = ask(DeliveryFault::CutMidBody, 30_000).unwrap();
    assert_eq!(cut.body, whole.body[..whole.body.len() / 2]);
    assert!(!cut.is_whole());
    assert!(ask(DeliveryFault::Closed, 30_000).is_err());
    let silence = ask(DeliveryFault::Silence, 50).unwrap_err();
    assert!(
        matches!(silence.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut),
        "{silence}"
    );
}

#[test]
fn each_exchange_says_no_in_its_own_words() {
    let told = |exchange: Exchange, fault: AnswerFault| {
        let server = server(exchange, Fault::always(fault).at(Endpoint::Markets));
        let target = match exchange {
            Exchange::Binance | Exchange::Mexc => "/api/v3/exchangeInfo",
            Exchange::Kraken => "/0/public/AssetPairs",
            Exchange::Coinbase => "/api/v3/brokerage/market/products",
            Exchange::Okx => "/api/v5/public/instruments",
            Exchange::Bybit => "/v5/market/instruments-info",
            Exchange::Kucoin => "/api/v2/symbols",
            Exchange::Bitstamp => "/api/v2/markets/",
            Exchange::Gate => "/api/v4/spot/currency_pairs",
            Exchange::Bitfinex => "/v2/conf/pub:info:pair",
        };
        let answer = get(&server, target);
        (answer.status, answer.text(), answer.header("retry-after").map(str::to_owned))
    };
    let seven = AnswerFault::TooMany { retry_after_s: Some(7) };
    for exchange in Exchange::ALL {
        let (status, _, retry_after) = told(exchange, seven);
        assert_eq!((status, retry_after.as_deref()), (429, Some("7")), "{}", exchange.id());
    }
    let in_body = [
        (Exchange::Kraken, 200, r#"{"error":["EGeneral:Too many requests"]}"#),
        (Exchange::Okx, 200, r#""code":"50011""#),
        (Exchange::Bybit, 200, r#""retCode":10006,"retMsg":"Too many visits!""#),
        (Exchange::Kucoin, 429, r#"{"code":"429000","msg":"Too Many Requests"}"#),
        (Exchange::Bitfinex, 429, r#"["error",11010,"ratelimit: error"]"#),
    ];
    for (exchange, wanted, words) in in_body {
        let (status, text, _) = told(exchange, AnswerFault::TooManyInBody);
        assert!(status == wanted && text.contains(words), "{}: {status} {text}", exchange.id());
    }
    let banned = AnswerFault::Banned { retry_after_s: Some(120) };
    let statuses = [(Exchange::Binance, 418), (Exchange::Mexc, 418), (Exchange::Bybit, 403)];
    for (exchange, wanted) in statuses {
        let (status, _, retry_after) = told(exchange, banned);
        assert_eq!((status, retry_after.as_deref()), (wanted, Some("120")), "{}", exchange.id());
    }
}

#[test]
fn headers_tell_the_time_and_what_is_left() {
    let date =
        |fault| get(&server(Exchange::Binance, fault), PAGE).header("date").map(str::to_owned);
    let on_time = date(Fault::nth(9, RowFault::Empty));
    assert_eq!(on_time.as_deref(), Some("Thu, 01 Jan 1970 00:10:00 GMT"));
    let ahead = date(Fault::always(AnswerFault::ClockOff(90_000)));
    assert_eq!(ahead.as_deref(), Some("Thu, 01 Jan 1970 00:11:30 GMT"));
    let left = |exchange, name: &str, target: &str| {
        let server = server(exchange, Fault::always(AnswerFault::Allowance(10)));
        get(&server, target).header(name).map(str::to_owned)
    };
    let used = left(Exchange::Binance, "x-mbx-used-weight-1m", PAGE);
    assert_eq!(used.as_deref(), Some("5400"));
    let page = "/api/v4/spot/candlesticks?currency_pair=BTC_USDT&interval=1m";
    let remain = left(Exchange::Gate, "x-gate-ratelimit-requests-remain", page);
    assert_eq!(remain.as_deref(), Some("20"));
}

#[test]
fn a_server_can_be_changed_while_it_runs() {
    let behaviour = Behaviour::at(7 * MINUTE_MS + 30_000);
    let server = ExchangeServer::start(Exchange::Binance, &[history()], behaviour);
    let last = || {
        let body = get(&server, PAGE).json();
        candle(Exchange::Binance, rows(Exchange::Binance, &body).last().unwrap())
    };
    let open = last();
    assert!(open.volume.value() < history().rows()[7].volume.value());
    let closed = history().rows()[7];
    server.set_now(8 * MINUTE_MS);
    assert_eq!(last().close.trimmed(), closed.close);
    server.set_history(&history().revised(7 * MINUTE_MS));
    assert_eq!(last().close.trimmed(), closed.open);
    assert_ne!(closed.open, closed.close);
    server.add_fault(Fault::always(AnswerFault::Html(500)));
    assert_eq!(get(&server, PAGE).status, 500);
    server.clear_faults();
    assert_eq!(get(&server, PAGE).status, 200);
    let statuses: Vec<u16> =
        server.candle_requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [200, 200, 200, 500, 200]);
    assert_eq!(server.requests()[0].rows, 5);
    assert_eq!(server.requests()[0].request.get("endTime"), Some("420000"));
    server.forget_requests();
    assert!(server.requests().is_empty());
}

#[test]
fn a_fault_strikes_the_page_that_covers_a_time() {
    let server = server(Exchange::Binance, Fault::touching(5 * MINUTE_MS, RowFault::Empty));
    let count = |from: i64, limit: usize| {
        let from_ms = from * MINUTE_MS;
        let target =
            format!("/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime={from_ms}&limit={limit}");
        get(&server, &target).json().as_array().unwrap().len()
    };
    assert_eq!([count(0, 5), count(0, 6), count(5, 2), count(6, 2)], [5, 0, 0, 2]);
}
