//! Exchanges that are asked over a real connection, and everything that can go wrong on it.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;

use super::server::{Reply, Server, answer, cut_answer};
use super::{MARKET_IDS, hours};
use crate::TimeRange;
use crate::exchange::line::{self, Line};
use crate::exchange::profile::Profile;
use crate::exchange::request::HttpRequest;
use crate::exchange::venue::Venue;
use crate::exchange::{EventSink, ExchangeSettings, Exchanges, SourceEvent};
use crate::source::{BarSource, Page, PageRequest, SourceError, SourceErrorKind};
use ct_core::units::Timestamp;

const ROWS: &str = r#"[[1706745600000,"42569.76","42700","42500.5","42600","12.5"]]"#;
const MARKETS: &str = r#"{"symbols":[{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT",
    "isSpotTradingAllowed":true,"filters":[{"filterType":"PRICE_FILTER","tickSize":"0.01"}]}]}"#;
const DATE: &str = "Date: Wed, 13 Mar 2024 11:40:00 GMT\r\n";
const HOUR: Duration = Duration::from_hours(1);

type Events = Arc<Mutex<Vec<SourceEvent>>>;

/// Exchanges that are all found at `url`, with delays of a test, and what they tell.
fn exchanges(url: &str, data_folder: Option<&Path>) -> (Exchanges, Events) {
    let events = Events::default();
    let told = Arc::clone(&events);
    let sink: EventSink = Arc::new(move |event| told.lock().unwrap().push(event));
    let ids = Exchanges::ids().into_iter();
    let settings = ExchangeSettings {
        base_urls: ids.map(|id| (id.to_owned(), url.to_owned())).collect(),
        requests_per_second: std::num::NonZeroU32::new(10_000),
        timeout: Duration::from_secs(5),
        retries: 2,
        retry_delay: Duration::from_millis(1),
        data_folder: data_folder.map(Path::to_owned),
        ..ExchangeSettings::default()
    };
    (Exchanges::new(settings, sink).unwrap(), events)
}

/// Asks Binance for three hours; the first reply is the list of its markets.
async fn page_of(replies: Vec<Reply>) -> (Result<Page, SourceError>, Server, Vec<SourceEvent>) {
    let markets = answer("200 OK", DATE, MARKETS);
    let server = Server::replying(std::iter::once(markets).chain(replies).collect());
    let (exchanges, events) = exchanges(&server.url, None);
    let page = exchanges.source("binance").unwrap().page(&hours(3)).await;
    let told = events.lock().unwrap().clone();
    (page, server, told)
}

/// The kinds of errors that were followed by another try.
fn retried(events: &[SourceEvent]) -> Vec<SourceErrorKind> {
    let kind = |event: &SourceEvent| match event {
        SourceEvent::Retrying { error, .. } => Some(error.kind),
        _ => None,
    };
    events.iter().filter_map(kind).collect()
}

#[tokio::test]
async fn a_page_is_asked_for_and_read() {
    let (page, server, events) = page_of(vec![answer("200 OK", DATE, ROWS)]).await;
    let page = page.unwrap();
    assert_eq!(page.rows.open, [42569.76]);
    assert_eq!(page.server_time.map(Timestamp::as_ms), Some(1_710_330_000_000));
    assert_eq!(
        server.requests(),
        [
            "GET /api/v3/exchangeInfo HTTP/1.1",
            "GET /api/v3/klines?interval=1h&limit=3&symbol=BTCUSDT&startTime=1706745600000&endTime=1706756399999 HTTP/1.1",
        ]
    );
    assert_eq!(events, []);
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    let rate = r#"{"code":-1003,"msg":"Too much request weight used."}"#;
    for (bad, kind) in [
        (answer("503 Service Unavailable", "", "<html>down</html>"), SourceErrorKind::Unavailable),
        (answer("200 OK", "", "<html>\u{1b}[31mmaintenance"), SourceErrorKind::BadAnswer),
        (answer("200 OK", "", r#"[[1706745600000,"1","2"#), SourceErrorKind::BadAnswer),
        (
            answer("200 OK", "", r#"[[1706745600000,"1","2",null,"1","1"]]"#),
            SourceErrorKind::BadAnswer,
        ),
        (answer("200 OK", "", "{}"), SourceErrorKind::BadAnswer),
        (cut_answer(ROWS), SourceErrorKind::BadAnswer),
        (Reply::Bytes(String::new()), SourceErrorKind::Unreachable),
        (Reply::Bytes("HTTP/1.1 200".to_owned()), SourceErrorKind::Unreachable),
        (
            answer("429 Too Many Requests", "Retry-After: 0\r\n", rate),
            SourceErrorKind::RateLimited(Some(Duration::ZERO)),
        ),
        (answer("429 Too Many Requests", "", rate), SourceErrorKind::RateLimited(None)),
    ] {
        let (page, server, events) = page_of(vec![bad, answer("200 OK", "", ROWS)]).await;
        assert_eq!(page.unwrap().rows.time, [1_706_745_600_000], "{kind:?}");
        assert_eq!(retried(&events), [kind]);
        assert_eq!(server.requests().len(), 3, "{kind:?}");
    }
}

#[tokio::test]
async fn what_does_not_pass_is_given_up() {
    let replies = || (0..3).map(|_| cut_answer(ROWS)).collect();
    let (page, server, events) = page_of(replies()).await;
    let error = page.unwrap_err();
    assert_eq!(error.kind, SourceErrorKind::BadAnswer);
    assert!(error.to_string().starts_with("binance: its answer was cut off: "), "{error}");
    assert_eq!((server.requests().len(), retried(&events).len()), (4, 2));
}

#[tokio::test]
async fn what_is_no_json_is_shown_without_its_control_characters() {
    let replies = (0..3).map(|_| answer("200 OK", "", "<html>\u{1b}[31m\nmaintenance")).collect();
    let error = page_of(replies).await.0.unwrap_err();
    assert_eq!(
        error.message,
        "its answer is no JSON, or is cut off; it begins '<html> [31m maintenance'"
    );
}

#[tokio::test]
async fn what_is_refused_is_not_tried_again() {
    let symbol = r#"{"code":-1121,"msg":"Invalid symbol."}"#;
    for (status, headers, body, kind) in [
        ("400 Bad Request", "", symbol, SourceErrorKind::Symbol),
        ("451 Unavailable", "", "{}", SourceErrorKind::Refused),
        ("302 Found", "Location: http://example.invalid/\r\n", "", SourceErrorKind::Refused),
    ] {
        let (page, server, events) = page_of(vec![answer(status, headers, body)]).await;
        assert_eq!(page.unwrap_err().kind, kind, "{status}");
        assert_eq!((server.requests().len(), events.len()), (2, 0), "{status}");
    }
}

#[tokio::test]
async fn a_long_ban_is_an_error_and_nobody_asks_meanwhile() {
    let body = r#"{"code":-1003,"msg":"Way too much request weight used; IP banned."}"#;
    let server = Server::replying(vec![
        answer("200 OK", DATE, MARKETS),
        answer("418 I'm a teapot", "Retry-After: 3600\r\n", body),
    ]);
    let (exchanges, events) = exchanges(&server.url, None);
    let source = exchanges.source("binance").unwrap();
    let error = source.page(&hours(3)).await.unwrap_err();
    assert_eq!(error.kind, SourceErrorKind::RateLimited(Some(HOUR)));
    assert!(error.message.starts_with("wants no requests for 60 min: HTTP 418"), "{error}");
    let error = source.page(&hours(3)).await.unwrap_err();
    assert!(error.message.starts_with("wants no requests for another 60 min"), "{error}");
    assert_eq!(server.requests().len(), 2);
    assert_eq!(*events.lock().unwrap(), []);
}

#[tokio::test]
async fn a_limit_that_runs_out_is_waited_for_and_told() {
    let nearly_used =
        "gw-ratelimit-limit: 2000\r\ngw-ratelimit-remaining: 3\r\ngw-ratelimit-reset: 260\r\n";
    let markets = json!({"code": "200000", "data": [{"symbol": "BTC-USDT", "baseCurrency": "BTC",
        "quoteCurrency": "USDT", "priceIncrement": "0.1", "enableTrading": true}]});
    let rows = r#"{"code":"200000","data":[["1706745600","1","1","1","1","1","1"]]}"#;
    let server = Server::replying(vec![
        answer("200 OK", nearly_used, &markets.to_string()),
        answer("200 OK", "", rows),
    ]);
    let (exchanges, events) = exchanges(&server.url, None);
    let page = exchanges.source("kucoin").unwrap().page(&hours(1)).await.unwrap();
    assert_eq!(page.rows.close, [1.0]);
    let expected = SourceEvent::Waiting {
        source: "kucoin".to_owned(),
        delay: Duration::from_millis(260),
        reason: "only 3 of 2000 requests are left".to_owned(),
    };
    assert_eq!(*events.lock().unwrap(), [expected]);
}

#[tokio::test]
async fn an_exchange_that_is_not_there_is_named() {
    let url = Server::replying(Vec::new()).url;
    let (exchanges, events) = exchanges(&url, None);
    let error = loop {
        // The listener of a server without replies closes in its own time; until then connections are cut.
        let error = exchanges.source("binance").unwrap().page(&hours(3)).await.unwrap_err();
        if error.message.contains("cannot reach") {
            break error;
        }
    };
    assert_eq!(error.kind, SourceErrorKind::Unreachable);
    assert!(error.message.starts_with("cannot reach 127.0.0.1: "), "{error}");
    let advice = "; check the network, and the base URL and the proxy if you have named any";
    assert!(error.message.contains(advice), "{error}");
    // What is tried in vain before the first answer is told once, in the end.
    let is_told = |kind: &SourceErrorKind| *kind == SourceErrorKind::Unreachable;
    assert!(retried(&events.lock().unwrap()).iter().all(is_told));
}

#[tokio::test]
async fn a_host_that_was_never_there_is_given_up_after_three_tries() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for url in [format!("http://127.0.0.1:{port}"), "http://no-such-host.invalid".to_owned()] {
        let ids = Exchanges::ids().into_iter();
        let events = Events::default();
        let told = Arc::clone(&events);
        let settings = ExchangeSettings {
            base_urls: ids.map(|id| (id.to_owned(), url.clone())).collect(),
            retries: 20,
            retry_delay: Duration::from_millis(1),
            ..ExchangeSettings::default()
        };
        let sink: EventSink = Arc::new(move |event| told.lock().unwrap().push(event));
        let exchanges = Exchanges::new(settings, sink).unwrap();
        let binance = exchanges.source("binance").unwrap();
        let error = binance.page(&hours(3)).await.unwrap_err();
        let host = url.trim_start_matches("http://").split(':').next().unwrap();
        assert_eq!(error.kind, SourceErrorKind::Unreachable);
        assert!(error.message.starts_with(&format!("cannot reach {host}: ")), "{error}");
        assert!(error.message.ends_with("(tried 3 times)"), "{error}");
        assert_eq!(*events.lock().unwrap(), [], "{url}");
        // Nobody asks it as often again.
        assert!(!binance.page(&hours(1)).await.unwrap_err().message.contains("tried"));
    }
}

#[tokio::test]
async fn silence_ends_in_time() {
    let server = Server::replying(vec![Reply::Silence]);
    let settings =
        ExchangeSettings { timeout: Duration::from_millis(100), ..ExchangeSettings::default() };
    let error = line(settings).send(&get(&server.url), 10).await.unwrap_err();
    assert_eq!(error.kind, SourceErrorKind::Timeout);
    assert_eq!(error.message, "no complete answer from 127.0.0.1 within 0.1 s");
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_held() {
    let server = Server::replying(vec![
        answer("200 OK", "", "1234567890"),
        answer("200 OK", "", "1234567890"),
    ]);
    let line = line(ExchangeSettings::default());
    let error = line.send(&get(&server.url), 9).await.unwrap_err();
    assert_eq!(error.kind, SourceErrorKind::BadAnswer);
    assert_eq!(error.message, "its answer is longer than 9 bytes");
    assert_eq!(line.send(&get(&server.url), 10).await.unwrap().body, "1234567890");
}

#[tokio::test]
async fn redirects_are_followed_within_a_host_only() {
    let server = Server::replying(vec![
        answer("302 Found", "Location: /elsewhere\r\n", ""),
        answer("200 OK", "", "there"),
    ]);
    let line = line(ExchangeSettings::default());
    let found = line.send(&get(&server.url), 100).await.unwrap();
    assert_eq!((found.status, found.body.as_str()), (StatusCode::OK, "there"));
    assert_eq!(server.requests()[1], "GET /elsewhere HTTP/1.1");
}

#[tokio::test]
async fn rules_are_kept_between_runs() {
    let folder = tempfile::tempdir().unwrap();
    let server =
        Server::replying(vec![answer("200 OK", DATE, MARKETS), answer("200 OK", "", ROWS)]);
    let now = Timestamp::from_ms(1_710_330_000_000).unwrap();
    let (first, _) = exchanges(&server.url, Some(folder.path()));
    let rules = first.source("binance").unwrap().rules("btc-usdt", now, HOUR).await.unwrap();
    assert_eq!((rules.symbol.as_str(), rules.tick.to_string().as_str()), ("BTC/USDT", "0.01"));
    assert_eq!(rules.fetched, now);

    let (second, events) = exchanges(&server.url, Some(folder.path()));
    let source = second.source("binance").unwrap();
    assert_eq!(source.rules("BTCUSDT", now, HOUR).await.unwrap(), rules);
    assert_eq!(source.page(&hours(3)).await.unwrap().rows.time.len(), 1);
    assert_eq!(server.requests().len(), 2, "one for the rules, one for the page");
    assert_eq!(*events.lock().unwrap(), []);
}

#[tokio::test]
async fn old_rules_are_used_when_there_are_no_newer_ones() {
    let folder = tempfile::tempdir().unwrap();
    let down = || answer("503 Service Unavailable", "", "");
    let server = Server::replying(vec![answer("200 OK", DATE, MARKETS), down(), down(), down()]);
    let now = Timestamp::from_ms(1_710_330_000_000).unwrap();
    let (exchanges, events) = exchanges(&server.url, Some(folder.path()));
    let source = exchanges.source("binance").unwrap();
    let rules = source.rules("BTC/USDT", now, HOUR).await.unwrap();
    let later = Timestamp::from_ms(now.as_ms() + 3_600_001).unwrap();
    assert_eq!(source.rules("BTC/USDT", later, HOUR).await.unwrap(), rules);
    let told = events.lock().unwrap().pop();
    let Some(SourceEvent::OldRules { symbol, fetched, error, .. }) = told else {
        panic!("{told:?}")
    };
    assert_eq!(
        (symbol.as_str(), fetched, error.kind),
        ("BTC/USDT", now, SourceErrorKind::Unavailable)
    );
}

#[tokio::test]
async fn damaged_rules_are_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::from_ms(1_710_330_000_000).unwrap();
    let server = Server::replying((0..4).map(|_| answer("200 OK", DATE, MARKETS)).collect());
    let fetch = async || {
        let before = server.requests().len();
        let (exchanges, _) = exchanges(&server.url, Some(folder.path()));
        exchanges.source("binance").unwrap().rules("BTC/USDT", now, HOUR).await.unwrap();
        server.requests().len() - before
    };
    assert_eq!(fetch().await, 1);
    assert_eq!(fetch().await, 0);
    let exchange = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap();
    let path = exchange.path().join("BTC-USDT.rules.json");
    let sound = std::fs::read_to_string(&path).unwrap();
    for damaged in
        [sound.replacen("0.01", "0.02", 1), sound[..sound.len() / 2].to_owned(), String::new()]
    {
        std::fs::write(&path, damaged).unwrap();
        assert_eq!(fetch().await, 1);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), sound);
    }
}

#[tokio::test]
async fn an_unknown_symbol_is_answered_with_similar_ones() {
    let server = Server::replying(vec![answer("200 OK", DATE, MARKETS)]);
    let (exchanges, _) = exchanges(&server.url, None);
    let source = exchanges.source("binance").unwrap();
    for _ in 0..2 {
        let request = PageRequest { symbol: "BTC/USD".to_owned(), ..hours(3) };
        let error = source.page(&request).await.unwrap_err();
        assert_eq!(error.kind, SourceErrorKind::Symbol);
        assert_eq!(error.message, "there is no symbol 'BTC/USD'; did you mean BTC/USDT?");
    }
    assert_eq!(server.requests().len(), 1, "the list is asked for once");
}

#[tokio::test]
async fn an_endpoint_that_no_longer_has_the_bars_is_noticed() {
    let markets = json!({"code": "0", "data": [{"instId": "BTC-USDT", "instType": "SPOT", "baseCcy": "BTC",
        "quoteCcy": "USDT", "tickSz": "0.1", "state": "live"}]});
    let server = Server::replying(vec![
        answer("200 OK", "", &markets.to_string()),
        answer("200 OK", "Date: Wed, 01 Jan 2200 00:00:00 GMT\r\n", r#"{"code":"0","data":[]}"#),
    ]);
    let (exchanges, _) = exchanges(&server.url, None);
    // For this machine's clock these bars are still to come, so they are asked for where the newest are.
    let year_2150_ms = 5_680_281_600_000;
    let range = TimeRange::from_ms(year_2150_ms, year_2150_ms + 3_600_000);
    let request = PageRequest { range, ..hours(1) };
    let error = exchanges.source("okx").unwrap().page(&request).await.unwrap_err();
    assert_eq!(error.kind, SourceErrorKind::Refused);
    assert!(error.message.starts_with("it is 2200-01-01T00:00:00Z there"), "{error}");
}

#[tokio::test]
async fn an_exchange_that_cannot_page_back_is_noticed() {
    // The only row opens an hour before the time of the answer, far after the window.
    let newest = r#"[[1710327600000,"1","1","1","1","1"]]"#;
    let profile = Profile { rows_at: None, ..Profile::of("binance") };
    let server =
        Server::replying(vec![answer("200 OK", DATE, newest), answer("200 OK", DATE, newest)]);
    let venue =
        Venue::new(profile, super::entry("binance").open, Some(server.url), line(<_>::default()));
    venue.know("BTC/USDT", &json!({"id": "BTCUSDT", "symbol": "BTC/USDT", "spot": true}));
    let error = venue.page(&hours(3)).await.unwrap_err();
    assert_eq!(error.kind, SourceErrorKind::Refused);
    assert!(error.message.starts_with("gives its newest bars whatever"), "{error}");

    let range = TimeRange::from_ms(1_710_327_600_000, 1_710_331_200_000);
    let page = venue.page(&PageRequest { range, ..hours(1) }).await.unwrap();
    assert_eq!(page.rows.time, [1_710_327_600_000]);
}

#[test]
fn limits_and_intervals_are_known_without_asking() {
    let (exchanges, _) = exchanges("http://127.0.0.1:9", None);
    let kraken = exchanges.source("kraken").unwrap();
    let limits = kraken.limits("1h".parse().unwrap()).unwrap();
    assert_eq!((limits.rows_max, limits.newest_rows), (720, Some(721)));
    let error = kraken.limits("2h".parse().unwrap()).unwrap_err();
    assert_eq!(error.kind, SourceErrorKind::Interval);
    assert_eq!(error.to_string(), "kraken: has no bars of 2h; it has 1m, 5m, 15m, 30m, 1h, 4h, 1d");
    for (id, _) in MARKET_IDS {
        assert!(exchanges.source(id).unwrap().limits("1h".parse().unwrap()).is_ok(), "{id}");
    }
}

#[test]
fn an_unknown_exchange_is_answered_with_those_there_are() {
    let (exchanges, _) = exchanges("http://127.0.0.1:9", None);
    let error = exchanges.source("binanse").unwrap_err();
    let start = "binanse: no such exchange; did you mean binance? There are ";
    assert!(error.to_string().starts_with(start), "{error}");
    assert!(error.message.contains("binance, bitfinex, "), "{error}");
    let error = exchanges.source("nyse").unwrap_err();
    assert!(error.to_string().starts_with("nyse: no such exchange. There are "), "{error}");
}

#[test]
fn a_base_url_that_is_none_is_refused() {
    for url in ["localhost", "127.0.0.1:80", "http://", ""] {
        let (exchanges, _) = exchanges(url, None);
        let error = exchanges.source("binance").unwrap_err();
        assert!(error.message.contains("no base URL"), "{error}");
    }
}

fn line(settings: ExchangeSettings) -> Line {
    let client = line::client(&settings).unwrap();
    Line::new(&Profile::of("binance"), client, Arc::new(settings), Arc::new(|_| ()))
}

fn get(url: &str) -> HttpRequest {
    HttpRequest { url: url.to_owned(), headers: <_>::default(), body: None }
}
