//! Bybit spot: `/v5/market/kline` and `/v5/market/instruments-info`.

use serde_json::{Value, json};

use crate::exchange_server::book::{Book, Keep};
use crate::exchange_server::protocol::{Endpoint, Page, Protocol, interval_called, limit_of};
use crate::exchange_server::reply::Reply;
use crate::exchange_server::request::{NotWhole, Request};
use crate::exchange_server::{Candle, Listing, Rules};

/// Requests that an address may make in five seconds.
const REQUESTS_MAX: u32 = 600;

#[derive(Debug)]
pub(in crate::exchange_server) struct Bybit;

impl Protocol for Bybit {
    fn market_id(&self, listing: &Listing) -> String {
        format!("{}{}", listing.base, listing.quote)
    }

    fn intervals(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("1m", "1"),
            ("3m", "3"),
            ("5m", "5"),
            ("15m", "15"),
            ("30m", "30"),
            ("1h", "60"),
            ("2h", "120"),
            ("4h", "240"),
            ("6h", "360"),
            ("12h", "720"),
            ("1d", "D"),
            ("1w", "W"),
        ]
    }

    fn endpoint(&self, path: &str) -> Endpoint {
        match path {
            "/v5/market/kline" => Endpoint::Candles,
            "/v5/market/instruments-info" => Endpoint::Markets,
            _ => Endpoint::Unknown,
        }
    }

    fn markets(&self, request: &Request, book: &Book) -> Reply {
        let category = request.text("category");
        let list: Vec<Value> = match category {
            "spot" => {
                let instruments = book.listings.iter();
                instruments.map(|listing| instrument(&self.market_id(listing), listing)).collect()
            }
            _ => Vec::new(),
        };
        let result = json!({ "category": category, "list": list, "nextPageCursor": "" });
        Reply::json(200, &told(0, "OK", &result, book.now_ms))
    }

    /// A `start` within a bar gives that bar. The window is read from `start` on when there is no `end`, and up to `end`
    /// otherwise.
    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply> {
        let wrong = |text: &str| Reply::json(200, &told(10_001, text, &json!({}), book.now_ms));
        // Without a category Bybit looks among its linear contracts, and this server has none.
        let spot = request.get("category") == Some("spot");
        let listing = book.listed(self, request.text("symbol")).filter(|_| spot);
        let listing = listing.ok_or_else(|| wrong("symbol params err"))?;
        let interval = interval_called(self, request.text("interval"));
        let interval = interval.ok_or_else(|| wrong("Invalid period!"))?;
        let whole = |name| request.whole(name).map_err(|NotWhole| wrong("params error"));
        let (start, end) = (whole("start")?, whole("end")?);
        let limit = limit_of(whole("limit")?, 200, 1_000);
        let keep = match (start, end) {
            (Some(_), None) => Keep::Oldest(limit),
            _ => Keep::Newest(limit),
        };
        let first_ms = start.map_or(0, |start| start - start.rem_euclid(interval.as_ms()));
        let asked = (first_ms, end.unwrap_or(i64::MAX));
        Ok(book.page(listing, interval, asked, keep).descending())
    }

    fn row(&self, candle: &Candle, _page: &Page<'_>) -> Value {
        json!([
            candle.time_ms.to_string(),
            candle.open.text(),
            candle.high.text(),
            candle.low.text(),
            candle.close.text(),
            candle.volume.text(),
            candle.turnover.text(),
        ])
    }

    fn body(&self, rows: Value, page: &Page<'_>) -> Value {
        let symbol = self.market_id(page.listing);
        let result = json!({ "category": "spot", "symbol": symbol, "list": rows });
        told(0, "OK", &result, page.now_ms)
    }

    fn too_many(&self, _now_ms: i64) -> Reply {
        Reply::new(429, "text/plain", b"Too Many Requests".to_vec())
    }

    fn too_many_in_body(&self, now_ms: i64) -> Reply {
        let mut reply = Reply::json(200, &told(10_006, "Too many visits!", &json!({}), now_ms));
        reply.headers.extend(self.allowance(0, now_ms));
        reply
    }

    fn banned(&self, _now_ms: i64) -> Reply {
        Reply::new(403, "text/plain", b"access too frequent".to_vec())
    }

    fn allowance(&self, left_percent: u32, now_ms: i64) -> Vec<(&'static str, String)> {
        vec![
            ("x-bapi-limit", REQUESTS_MAX.to_string()),
            ("x-bapi-limit-status", (REQUESTS_MAX * left_percent / 100).to_string()),
            ("x-bapi-limit-reset-timestamp", (now_ms + 1_000).to_string()),
        ]
    }

    fn published(&self, rules: Rules) -> Rules {
        Rules { maker_fee: None, taker_fee: None, ..rules }
    }
}

fn told(code: i32, text: &str, result: &Value, now_ms: i64) -> Value {
    json!({ "retCode": code, "retMsg": text, "result": result, "retExtInfo": {}, "time": now_ms })
}

fn instrument(id: &str, listing: &Listing) -> Value {
    let [tick, lot, quantity_min, notional_min] = listing.rules.texts();
    json!({
        "symbol": id,
        "baseCoin": listing.base,
        "quoteCoin": listing.quote,
        "innovation": "0",
        "status": "Trading",
        "marginTrading": "utaOnly",
        "lotSizeFilter": {
            "basePrecision": lot,
            "quotePrecision": "0.01",
            "minOrderQty": quantity_min,
            "maxOrderQty": "100",
            "minOrderAmt": notional_min,
            "maxOrderAmt": "1000000",
        },
        "priceFilter": { "tickSize": tick },
    })
}
