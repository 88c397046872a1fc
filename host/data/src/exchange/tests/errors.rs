//! What errors are taken for.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{opened, recorded};
use crate::exchange::failure;
use crate::source::SourceErrorKind::{
    self, BadAnswer, RateLimited, Refused, Symbol, Timeout, Unavailable,
};
use ct_dialects::ReportedAnswer;

const LIMITED: SourceErrorKind = RateLimited(None);

fn kind_of(id: &str, status: u16, body: &Value, wait: Option<Duration>) -> Option<SourceErrorKind> {
    let (dialect, profile) = opened(id);
    let status = StatusCode::from_u16(status).unwrap();
    let text = body.to_string();
    let reported = ReportedAnswer {
        status: status.as_u16(),
        reason: "",
        url: "https://example.com",
        headers: ct_dialects::Value::Map(<_>::default()),
        body: &text,
        json: ct_dialects::Value::from_json(body),
    };
    let error = dialect.check(reported).err();
    failure::kind(&profile, status, &text, error.as_ref(), wait)
}

#[test]
fn the_errors_of_each_exchange_are_told_apart() {
    for (id, status, body, expected) in [
        ("binance", 429, json!({"code": -1003, "msg": "Too much request weight used."}), LIMITED),
        ("binance", 400, json!({"code": -1121, "msg": "Invalid symbol."}), Symbol),
        ("binance", 400, json!({"code": -1120, "msg": "Invalid interval."}), Refused),
        ("binance", 403, json!({"code": 0, "msg": "restricted location"}), Refused),
        ("bitfinex", 429, json!(["error", 11010, "ratelimit: error"]), LIMITED),
        ("bitfinex", 500, json!(["error", 10020, "symbol: invalid"]), Symbol),
        ("bitstamp", 404, json!({"status": "error", "reason": "Not found", "code": "404"}), Symbol),
        (
            "bybit",
            200,
            json!({"retCode": 10006, "retMsg": "Too many visits!", "result": {}}),
            LIMITED,
        ),
        (
            "bybit",
            403,
            json!({"retMsg": "access too frequent"}),
            RateLimited(Some(Duration::from_mins(10))),
        ),
        (
            "coinbase",
            429,
            json!({"errors": [{"id": "rate_limit_exceeded", "message": "Rate"}]}),
            LIMITED,
        ),
        ("coinbase", 404, json!({"errors": [{"id": "not_found", "message": "Not found"}]}), Symbol),
        ("gate", 429, json!({"label": "TOO_MANY_REQUESTS", "message": "Rate limit"}), LIMITED),
        ("gate", 400, json!({"label": "INVALID_CURRENCY_PAIR", "message": "Invalid"}), Symbol),
        ("kraken", 200, json!({"error": ["EGeneral:Too many requests"]}), LIMITED),
        ("kraken", 200, json!({"error": ["EAPI:Rate limit exceeded"]}), LIMITED),
        ("kraken", 200, json!({"error": ["EQuery:Unknown asset pair"]}), Symbol),
        ("kraken", 200, json!({"error": ["EService:Unavailable"]}), Unavailable),
        ("kucoin", 429, json!({"code": "429000", "msg": "Too Many Requests"}), LIMITED),
        ("kucoin", 200, json!({"code": "429000", "msg": "Too Many Requests"}), LIMITED),
        ("kucoin", 200, json!({"code": "400100", "msg": "bad parameter"}), Refused),
        ("mexc", 429, json!({"code": 429, "msg": "Too Many Requests"}), LIMITED),
        ("mexc", 400, json!({"code": -1121, "msg": "Invalid symbol."}), Symbol),
        ("okx", 200, json!({"code": "50011", "data": [], "msg": "Rate limit reached."}), LIMITED),
        (
            "okx",
            200,
            json!({"code": "51001", "data": [], "msg": "Instrument ID doesn't exist."}),
            Symbol,
        ),
        ("okx", 400, json!({"code": "51000", "data": [], "msg": "Parameter bar error"}), Refused),
    ] {
        assert_eq!(kind_of(id, status, &body, None), Some(expected), "{id} {status} {body}");
    }
}

#[test]
fn a_status_alone_says_enough() {
    for (status, expected) in [
        (200, None),
        (302, Some(Refused)),
        (404, Some(Refused)),
        (408, Some(Timeout)),
        (418, Some(RateLimited(Some(Duration::from_mins(2))))),
        (429, Some(LIMITED)),
        (451, Some(Refused)),
        (500, Some(Unavailable)),
        (503, Some(Unavailable)),
        (504, Some(Timeout)),
        (520, Some(Unavailable)),
    ] {
        let (_, profile) = opened("binance");
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(failure::kind(&profile, status, "<html>", None, None), expected, "{status}");
    }
}

#[test]
fn a_stated_wait_is_kept() {
    let body = json!({"code": -1003, "msg": "Way too much request weight used; IP banned."});
    let wait = Some(Duration::from_secs(77));
    assert_eq!(kind_of("binance", 418, &body, wait), Some(RateLimited(wait)));
}

#[test]
fn a_stumble_of_ccxt_is_a_bad_answer() {
    let (_, profile) = opened("binance");
    let error = ct_dialects::ExchangeError::new("0", "index out of bounds");
    let found = failure::kind(&profile, StatusCode::OK, "[]", Some(&error), None);
    assert_eq!(found, Some(BadAnswer));
}

#[test]
fn recorded_errors_are_classified_as_by_the_original_or_better() {
    for (id, fixture) in recorded("ohlcv") {
        for error in fixture["errors"].as_array().unwrap() {
            let status = error["http"].as_u64().unwrap().try_into().unwrap();
            let class = error["ccxt_class"].as_str().unwrap();
            let found = kind_of(&id, status, &error["body"], None).unwrap();
            let body = error["body"].to_string();
            let expected = match class {
                _ if body.contains("429000") => LIMITED,
                _ if body.contains("Unknown asset") || status == 404 => Symbol,
                "BadSymbol" => Symbol,
                "RateLimitExceeded" | "DDoSProtection" => LIMITED,
                _ => Refused,
            };
            let found = if status == 418 { LIMITED } else { found };
            assert_eq!(found, expected, "{id} {status} {body}");
        }
    }
}

#[test]
fn messages_say_how_long_a_ban_lasts() {
    for (seconds, text) in [(1, "1 s"), (119, "119 s"), (600, "10 min"), (259_200, "72 h")] {
        assert_eq!(failure::seconds(Duration::from_secs(seconds)), text);
    }
    let kind = RateLimited(Some(Duration::from_mins(10)));
    let message = failure::message(kind, StatusCode::FORBIDDEN, "access too\n frequent");
    assert_eq!(message, "wants no requests for 10 min: HTTP 403 access too  frequent");
}
