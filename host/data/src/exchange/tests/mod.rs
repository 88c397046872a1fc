//! Tests of the exchanges together: their requests, answers, errors, markets and the line to them.
//!
//! Each has small bodies written out here. Where the folder of recorded bodies is at hand, those are read as well.

mod answers;
mod errors;
mod loopback;
mod markets;
mod server;
mod windows;

use std::path::PathBuf;

use ct_dialects::{EXCHANGES, Entry, Value};
use serde_json::json;

use super::dialect::Dialect;
use super::profile::Profile;
use super::profiles::PROFILES;
use crate::TimeRange;
use crate::source::PageRequest;

/// Each of the ten, with what it calls BTC/USDT.
const MARKET_IDS: [(&str, &str); 10] = [
    ("binance", "BTCUSDT"),
    ("bitfinex", "tBTCUST"),
    ("bitstamp", "btcusdt"),
    ("bybit", "BTCUSDT"),
    ("coinbase", "BTC-USDT"),
    ("gate", "BTC_USDT"),
    ("kraken", "XBTUSDT"),
    ("kucoin", "BTC-USDT"),
    ("mexc", "BTCUSDT"),
    ("okx", "BTC-USDT"),
];

/// The exchange that ccxt calls `id`.
pub(super) fn entry(id: &str) -> &'static Entry {
    EXCHANGES.iter().find(|entry| entry.id == id).unwrap()
}

/// An exchange and its profile.
fn opened(id: &str) -> (Dialect, Profile) {
    let entry = entry(id);
    (Dialect::new(entry.open), Profile::of(entry.id))
}

/// The same, knowing `symbol`.
fn knowing(id: &str, symbol: &str, market_id: &str) -> (Dialect, Profile) {
    let (mut dialect, profile) = opened(id);
    let (base, quote) = symbol.split_once('/').unwrap();
    let market = json!({
        "id": market_id, "symbol": symbol, "base": base, "quote": quote, "baseId": base,
        "quoteId": quote, "spot": true, "type": "spot", "precision": {}, "limits": {}
    });
    dialect.state_mut().markets = Value::from_json(&json!({ symbol: market }));
    (dialect, profile)
}

/// A request for the bars of BTC/USDT in the hours from 2024-02-01T00:00Z.
fn hours(count: i64) -> PageRequest {
    const START_MS: i64 = 1_706_745_600_000;
    PageRequest {
        symbol: "BTC/USDT".to_owned(),
        interval: "1h".parse().unwrap(),
        range: TimeRange::from_ms(START_MS, START_MS + count * 3_600_000),
    }
}

/// The recorded bodies of one kind: each file's exchange and content. Empty when the folder is not at hand.
fn recorded(kind: &str) -> Vec<(String, serde_json::Value)> {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/exchange").join(kind);
    let checked = PROFILES.iter().filter(|profile| profile.rows_at.is_some());
    let read = |profile: &Profile| {
        let text = std::fs::read_to_string(folder.join(format!("{}.json", profile.id))).ok()?;
        Some((profile.id.to_owned(), serde_json::from_str(&text).unwrap()))
    };
    checked.filter_map(read).collect()
}
