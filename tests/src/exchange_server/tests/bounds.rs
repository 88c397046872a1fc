//! The window, limit and order of every exchange, and what it says to a request that makes no sense.

use ct_host::units::Interval;

use super::client::get;
use super::format::{candle, rows};
use crate::exchange_server::{Behaviour, Exchange, ExchangeServer, History, Walk};

const HOUR_MS: i64 = 3_600_000;
/// Bars are numbered from the one that opens here on: 2024-02-01.
const FIRST_MS: i64 = 1_706_745_600_000;
const ROWS: usize = 12_000;

/// A server with 12 000 hourly bars, at the middle of the last of them.
fn server(exchange: Exchange) -> ExchangeServer {
    let interval = Interval::from_ms(HOUR_MS).unwrap();
    let history = History::random("BTC/USDT", interval, &Walk::new(11, FIRST_MS, ROWS));
    let now_ms = history.end_ms() - HOUR_MS / 2;
    ExchangeServer::start(exchange, &[history], Behaviour::at(now_ms))
}

/// Puts the time of the `n`-th bar for `{ms:n}` and `{s:n}`, an offset in seconds allowed: `{s:3+1}`.
fn filled_in(target: &str) -> String {
    let mut text = String::new();
    for part in target.split_inclusive('}') {
        let Some((before, mark)) = part.split_once('{') else {
            text.push_str(part);
            continue;
        };
        let (unit, place) = mark.trim_end_matches('}').split_once(':').unwrap();
        let at = place.find(['+', '-']).unwrap_or(place.len());
        let (bar, offset) = place.split_at(at);
        let offset: i64 = if offset.is_empty() { 0 } else { offset.parse().unwrap() };
        let time_ms = FIRST_MS + bar.parse::<i64>().unwrap() * HOUR_MS + offset * 1_000;
        let time = if unit == "s" { time_ms / 1_000 } else { time_ms };
        text = format!("{text}{before}{time}");
    }
    text
}

/// First and last bar of the answer in its own order, and how many there are.
fn asked(server: &ExchangeServer, exchange: Exchange, target: &str) -> (i64, i64, usize) {
    let answer = get(server, &filled_in(target));
    assert_eq!(answer.status, 200, "{target}: {}", answer.text());
    let body = answer.json();
    let place = |row| (candle(exchange, row).time_ms - FIRST_MS) / HOUR_MS;
    let rows = rows(exchange, &body);
    (rows.first().map_or(-1, place), rows.last().map_or(-1, place), rows.len())
}

fn check(exchange: Exchange, targets: &[(&str, (i64, i64, usize))]) {
    let server = server(exchange);
    for &(target, wanted) in targets {
        assert_eq!(asked(&server, exchange, target), wanted, "{target}");
    }
}

fn refuses(exchange: Exchange, targets: &[(&str, u16, &str)]) {
    let server = server(exchange);
    for &(target, status, words) in targets {
        let answer = get(&server, &filled_in(target));
        assert_eq!(answer.status, status, "{target}: {}", answer.text());
        assert!(answer.text().contains(words), "{target}: {}", answer.text());
    }
}

const NONE: (i64, i64, usize) = (-1, -1, 0);

#[test]
fn binance() {
    let page = "/api/v3/klines?symbol=BTCUSDT&interval=1h";
    let ask = |rest: &str| format!("{page}{rest}");
    check(
        Exchange::Binance,
        &[
            (&ask("&limit=3"), (11_997, 11_999, 3)),
            (page, (11_500, 11_999, 500)),
            (&ask("&limit=5000"), (11_000, 11_999, 1_000)),
            (&ask("&startTime={ms:5}&endTime={ms:5}"), (5, 5, 1)),
            (&ask("&startTime={ms:5+1}&endTime={ms:8-1}"), (6, 7, 2)),
            (&ask("&startTime={ms:5}&limit=3"), (5, 7, 3)),
            (&ask("&endTime={ms:5}&limit=3"), (3, 5, 3)),
            (&ask("&startTime={ms:0}&endTime={ms:9000}&limit=1000"), (0, 999, 1_000)),
            (&ask("&startTime={ms:8}&endTime={ms:5}"), NONE),
        ],
    );
    refuses(
        Exchange::Binance,
        &[
            (
                "/api/v3/klines?symbol=NONE&interval=1h",
                400,
                r#"{"code":-1121,"msg":"Invalid symbol."}"#,
            ),
            (
                "/api/v3/klines?symbol=BTCUSDT&interval=1H",
                400,
                r#"{"code":-1120,"msg":"Invalid interval."}"#,
            ),
            ("/api/v3/klines?symbol=BTCUSDT", 400, "-1102"),
            (&ask("&limit=x"), 400, "-1100"),
            ("/api/v3/nothing", 404, "Not Found"),
        ],
    );
}

#[test]
fn kraken() {
    let page = "/0/public/OHLC?pair=XBTUSDT&interval=60";
    let ask = |rest: &str| format!("{page}{rest}");
    check(
        Exchange::Kraken,
        &[
            (page, (11_279, 11_999, 721)),
            (&ask("&since={s:3}"), (11_279, 11_999, 721)),
            (&ask("&since={s:11990}"), (11_991, 11_999, 9)),
            (&ask("&since={s:11990-1}"), (11_990, 11_999, 10)),
        ],
    );
    let body = get(&server(Exchange::Kraken), page).json();
    assert_eq!(body["result"]["last"], (FIRST_MS + 11_998 * HOUR_MS) / 1_000);
    refuses(
        Exchange::Kraken,
        &[
            ("/0/public/OHLC?pair=NONE", 200, r#"{"error":["EQuery:Unknown asset pair"]}"#),
            (
                "/0/public/OHLC?pair=XBTUSDT&interval=7",
                200,
                r#"{"error":["EGeneral:Invalid arguments"]}"#,
            ),
        ],
    );
}

#[test]
fn kraken_answers_under_a_name_of_its_own() {
    let interval = Interval::from_ms(HOUR_MS).unwrap();
    let history = History::random("BTC/USD", interval, &Walk::new(1, 0, 3));
    let server = ExchangeServer::start(Exchange::Kraken, &[history], Behaviour::default());
    for name in ["XBTUSD", "XXBTZUSD"] {
        let body = get(&server, &format!("/0/public/OHLC?pair={name}&interval=60")).json();
        assert_eq!(body["result"]["XXBTZUSD"].as_array().unwrap().len(), 3, "{name}");
    }
}

#[test]
fn coinbase() {
    let page = "/api/v3/brokerage/market/products/BTC-USDT/candles?granularity=ONE_HOUR";
    let ask = |rest: &str| format!("{page}{rest}");
    check(
        Exchange::Coinbase,
        &[
            (&ask("&start={s:5}&end={s:8}"), (8, 5, 4)),
            (&ask("&start={s:5+1}&end={s:8-1}"), (7, 6, 2)),
            (&ask("&start={s:0}&end={s:350-1}"), (349, 0, 350)),
            (&ask("&start={s:11998}&end={s:12100}"), (11_999, 11_998, 2)),
        ],
    );
    refuses(
        Exchange::Coinbase,
        &[
            (
                &ask("&start={s:0}&end={s:350}"),
                400,
                "number of candles requested should be less than 350",
            ),
            (page, 400, "INVALID_ARGUMENT"),
            (
                "/api/v3/brokerage/market/products/NO-NE/candles?granularity=ONE_HOUR",
                404,
                "NOT_FOUND",
            ),
            (
                "/api/v3/brokerage/market/products/BTC-USDT/candles?granularity=FOUR_HOUR",
                400,
                "granularity argument is invalid",
            ),
        ],
    );
}

#[test]
fn okx() {
    let recent = "/api/v5/market/candles?instId=BTC-USDT&bar=1H";
    let ask = |rest: &str| format!("{recent}{rest}");
    let history =
        |rest: &str| format!("/api/v5/market/history-candles?instId=BTC-USDT&bar=1H{rest}");
    check(
        Exchange::Okx,
        &[
            (recent, (11_999, 11_900, 100)),
            (&ask("&limit=1000"), (11_999, 11_700, 300)),
            (&ask("&before={ms:11995}&after={ms:11998}"), (11_997, 11_996, 2)),
            (&ask("&before={ms:5}&limit=3"), (11_999, 11_997, 3)),
            (&ask("&after={ms:10562}"), (10_561, 10_559, 3)),
            (&ask("&after={ms:10559}"), NONE),
            (&history("&limit=2"), (11_998, 11_997, 2)),
            (&history("&before={ms:5}&after={ms:8}"), (7, 6, 2)),
            (&history("&before={ms:5}&after={ms:800}&limit=300"), (799, 500, 300)),
        ],
    );
    let body = get(&server(Exchange::Okx), &ask("&limit=2")).json();
    assert_eq!([&body["data"][0][8], &body["data"][1][8]], ["0", "1"]);
    refuses(
        Exchange::Okx,
        &[
            ("/api/v5/market/candles?instId=NONE", 200, r#""code":"51001""#),
            ("/api/v5/market/candles?instId=BTC-USDT&bar=1Z", 400, "Parameter bar error"),
        ],
    );
}

#[test]
fn bybit() {
    let page = "/v5/market/kline?category=spot&symbol=BTCUSDT&interval=60";
    let ask = |rest: &str| format!("{page}{rest}");
    check(
        Exchange::Bybit,
        &[
            (page, (11_999, 11_800, 200)),
            (&ask("&start={ms:5}&end={ms:8}"), (8, 5, 4)),
            (&ask("&start={ms:5+1}&end={ms:8-1}"), (7, 5, 3)),
            (&ask("&start={ms:5}&limit=3"), (7, 5, 3)),
            (&ask("&start={ms:5}&end={ms:2000}&limit=1000"), (2_000, 1_001, 1_000)),
            (&ask("&end={ms:8}&limit=2"), (8, 7, 2)),
        ],
    );
    refuses(
        Exchange::Bybit,
        &[
            ("/v5/market/kline?symbol=BTCUSDT&interval=60", 200, r#""retCode":10001"#),
            ("/v5/market/kline?category=spot&symbol=NONE&interval=60", 200, "symbol params err"),
            ("/v5/market/kline?category=spot&symbol=BTCUSDT&interval=1h", 200, "Invalid period!"),
        ],
    );
}

#[test]
fn kucoin() {
    let page = "/api/v1/market/candles?symbol=BTC-USDT&type=1hour";
    let ask = |rest: &str| format!("{page}{rest}");
    check(
        Exchange::Kucoin,
        &[
            (page, (11_999, 10_500, 1_500)),
            (&ask("&startAt={s:5}&endAt={s:8}"), (7, 5, 3)),
            (&ask("&startAt={s:5+1}&endAt={s:8+1}"), (8, 6, 3)),
            (&ask("&startAt={s:0}&endAt={s:1500}"), (1_499, 0, 1_500)),
            (&ask("&startAt={s:0}&endAt={s:1501}"), (1_500, 1, 1_500)),
        ],
    );
    refuses(
        Exchange::Kucoin,
        &[
            ("/api/v1/market/candles?symbol=NONE&type=1hour", 400, r#""code":"400100""#),
            ("/api/v1/market/candles?symbol=BTC-USDT&type=1h", 400, "Incorrect candlestick type"),
        ],
    );
}

#[test]
fn bitstamp() {
    let page = "/api/v2/ohlc/btcusdt/?step=3600";
    let ask = |rest: &str| format!("{page}{rest}");
    check(
        Exchange::Bitstamp,
        &[
            (&ask("&limit=3"), (11_997, 11_999, 3)),
            (&ask("&start={s:5}&end={s:8}&limit=1000"), (5, 8, 4)),
            (&ask("&start={s:5+1}&end={s:8-1}&limit=1000"), (6, 7, 2)),
            (&ask("&start={s:5}&end={s:2000}&limit=1000"), (1_001, 2_000, 1_000)),
            (&ask("&start={s:5}&limit=10"), (11_990, 11_999, 10)),
        ],
    );
    refuses(
        Exchange::Bitstamp,
        &[
            ("/api/v2/ohlc/none/?step=3600&limit=1", 404, r#""reason":"Not found""#),
            ("/api/v2/ohlc/btcusdt/?step=61&limit=1", 400, r#""status":"error""#),
            (&ask("&limit=1001"), 400, r#""limit""#),
        ],
    );
}

#[test]
fn gate() {
    let page = "/api/v4/spot/candlesticks?currency_pair=BTC_USDT&interval=1h";
    let ask = |rest: &str| format!("{page}{rest}");
    check(
        Exchange::Gate,
        &[
            (page, (11_900, 11_999, 100)),
            (&ask("&limit=1000"), (11_000, 11_999, 1_000)),
            (&ask("&from={s:5000}&to={s:5003}"), (5_000, 5_003, 4)),
            (&ask("&from={s:5000+1}&to={s:5003-1}"), (5_000, 5_002, 3)),
            (&ask("&from={s:5000}&to={s:5999}"), (5_000, 5_999, 1_000)),
            (&ask("&from={s:1999}&to={s:1999}"), (1_999, 1_999, 1)),
        ],
    );
    refuses(
        Exchange::Gate,
        &[
            (&ask("&from={s:5000}&limit=5"), 400, "Invalid request parameter `limit` value: 5"),
            (&ask("&to={s:5000}&limit=5"), 400, "Invalid request parameter `limit` value: 5"),
            (&ask("&from={s:5000}&to={s:6000}"), 400, "Candlestick range too broad"),
            (&ask("&from={s:1998}&to={s:1999}"), 400, "Candlestick too long ago"),
            ("/api/v4/spot/candlesticks?currency_pair=NO_NE", 400, "INVALID_CURRENCY_PAIR"),
        ],
    );
}

#[test]
fn bitfinex() {
    let page = "/v2/candles/trade:1h:tBTCUST/hist";
    let ask = |rest: &str| format!("{page}{rest}");
    check(
        Exchange::Bitfinex,
        &[
            (page, (11_999, 11_900, 100)),
            (&ask("?start={ms:5}&end={ms:8}"), (8, 5, 4)),
            (&ask("?start={ms:5}&end={ms:8}&sort=1"), (5, 8, 4)),
            (&ask("?start={ms:5}&limit=2&sort=1"), (5, 6, 2)),
            (&ask("?start={ms:5}&limit=2"), (11_999, 11_998, 2)),
            (&ask("?limit=10000&sort=1"), (0, 9_999, 10_000)),
        ],
    );
    refuses(
        Exchange::Bitfinex,
        &[
            ("/v2/candles/trade:1h:tNONE/hist", 500, r#"["error",10020,"symbol: invalid"]"#),
            ("/v2/candles/trade:4h:tBTCUST/hist", 500, "timeframe: invalid"),
            (&ask("?limit=10001"), 500, "limit: invalid"),
        ],
    );
}

#[test]
fn mexc() {
    let page = "/api/v3/klines?symbol=BTCUSDT&interval=60m";
    let ask = |rest: &str| format!("{page}{rest}");
    check(
        Exchange::Mexc,
        &[
            (page, (11_500, 11_999, 500)),
            (&ask("&limit=1000"), (11_500, 11_999, 500)),
            (&ask("&startTime={ms:5}&endTime={ms:8}"), (5, 7, 3)),
            (&ask("&startTime={ms:5}&endTime={ms:2000}&limit=1000"), (5, 504, 500)),
        ],
    );
    refuses(
        Exchange::Mexc,
        &[
            ("/api/v3/klines?symbol=NONE&interval=60m", 400, r#""code":-1121"#),
            ("/api/v3/klines?symbol=BTCUSDT&interval=1h", 400, "Invalid interval."),
            (&ask("&startTime={ms:5}"), 400, r#""code":-1128"#),
        ],
    );
}

#[test]
fn bars_without_trades_are_there_missing_or_made_up() {
    let interval = Interval::from_ms(HOUR_MS).unwrap();
    let walk = Walk { quiet: 0.2, missing: 0.1, ..Walk::new(5, FIRST_MS, 200) };
    let history = History::random("BTC/USDT", interval, &walk);
    for exchange in Exchange::ALL {
        let count = exchange.served(&history).rows().len();
        match exchange {
            Exchange::Kraken | Exchange::Bitstamp => assert_eq!(count, 200),
            Exchange::Bitfinex | Exchange::Coinbase => {
                assert_eq!(count, history.clone().traded().rows().len());
                assert!(count < history.rows().len());
            }
            _ => assert_eq!(count, history.rows().len()),
        }
    }
    let server = ExchangeServer::start(Exchange::Bitstamp, &[history], Behaviour::default());
    let target = "/api/v2/ohlc/btcusdt/?step=3600&start={s:0}&end={s:199}&limit=1000";
    assert_eq!(asked(&server, Exchange::Bitstamp, target), (0, 199, 200));
}
