//! MEXC spot: `/api/v3/klines` and `/api/v3/exchangeInfo`.

use serde_json::{Value, json};

use crate::exchange_server::book::{Book, Keep};
use crate::exchange_server::protocol::{Endpoint, Page, Protocol, interval_called, limit_of};
use crate::exchange_server::reply::Reply;
use crate::exchange_server::request::{NotWhole, Request};
use crate::exchange_server::{Candle, Listing};

/// What is given in practice; the documentation says 1000.
const ROWS_MAX: usize = 500;
const CONTRACTS: &str = "/api/v1/contract/detail";

#[derive(Debug)]
pub(in crate::exchange_server) struct Mexc;

impl Protocol for Mexc {
    fn market_id(&self, listing: &Listing) -> String {
        format!("{}{}", listing.base, listing.quote)
    }

    fn intervals(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("1m", "1m"),
            ("5m", "5m"),
            ("15m", "15m"),
            ("30m", "30m"),
            ("1h", "60m"),
            ("4h", "4h"),
            ("8h", "8h"),
            ("1d", "1d"),
            ("1w", "1W"),
        ]
    }

    fn endpoint(&self, path: &str) -> Endpoint {
        match path {
            "/api/v3/klines" => Endpoint::Candles,
            "/api/v3/exchangeInfo" | CONTRACTS => Endpoint::Markets,
            _ => Endpoint::Unknown,
        }
    }

    fn markets(&self, request: &Request, book: &Book) -> Reply {
        if request.path == CONTRACTS {
            return Reply::json(200, &json!({ "success": true, "code": 0, "data": [] }));
        }
        let symbols = book.listings.iter().map(|listing| symbol(&self.market_id(listing), listing));
        let body = json!({
            "timezone": "CST",
            "serverTime": book.now_ms,
            "rateLimits": [],
            "exchangeFilters": [],
            "symbols": symbols.collect::<Vec<Value>>(),
        });
        Reply::json(200, &body)
    }

    /// From `startTime` up to, but not including, `endTime`; both or neither.
    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply> {
        let listing = book.listed(self, request.text("symbol"));
        let listing = listing.ok_or_else(|| error(-1121, "Invalid symbol."))?;
        let interval = interval_called(self, request.text("interval"));
        let interval = interval.ok_or_else(|| error(-1120, "Invalid interval."))?;
        let whole = |name| {
            let told = format!("Illegal characters found in parameter '{name}'.");
            request.whole(name).map_err(|NotWhole| error(-1100, &told))
        };
        let limit = limit_of(whole("limit")?, ROWS_MAX, ROWS_MAX);
        match (whole("startTime")?, whole("endTime")?) {
            (Some(start), Some(end)) => {
                Ok(book.page(listing, interval, (start, end - 1), Keep::Oldest(limit)))
            }
            (None, None) => Ok(book.page(listing, interval, (0, i64::MAX), Keep::Newest(limit))),
            _ => Err(error(-1128, "Combination of optional parameters invalid.")),
        }
    }

    fn row(&self, candle: &Candle, page: &Page<'_>) -> Value {
        json!([
            candle.time_ms,
            candle.open.text(),
            candle.high.text(),
            candle.low.text(),
            candle.close.text(),
            candle.volume.text(),
            candle.time_ms + page.interval.as_ms(),
            candle.turnover.text(),
        ])
    }

    fn body(&self, rows: Value, _page: &Page<'_>) -> Value {
        rows
    }

    fn too_many(&self, _now_ms: i64) -> Reply {
        Reply::json(429, &json!({ "code": 429, "msg": "Too Many Requests" }))
    }

    fn banned(&self, now_ms: i64) -> Reply {
        Reply { status: 418, ..self.too_many(now_ms) }
    }
}

fn error(code: i32, told: &str) -> Reply {
    Reply::json(400, &json!({ "code": code, "msg": told, "_extend": null }))
}

fn symbol(id: &str, listing: &Listing) -> Value {
    let [_, _, quantity_min, notional_min] = listing.rules.texts();
    let [price_digits, quantity_digits] = listing.rules.digits();
    let [maker, taker] = listing.rules.fees(1);
    json!({
        "symbol": id,
        "status": "1",
        "baseAsset": listing.base,
        "baseAssetPrecision": quantity_digits,
        "quoteAsset": listing.quote,
        "quotePrecision": price_digits,
        "quoteAssetPrecision": price_digits,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
        "quoteOrderQtyMarketAllowed": true,
        "isSpotTradingAllowed": true,
        "isMarginTradingAllowed": false,
        "permissions": ["SPOT"],
        "filters": [],
        "baseSizePrecision": quantity_min,
        "quoteAmountPrecision": notional_min,
        "maxQuoteAmount": "5000000",
        "makerCommission": maker.text(),
        "takerCommission": taker.text(),
    })
}
