//! Binance spot: `/api/v3/klines` and `/api/v3/exchangeInfo`.

use serde_json::{Value, json};

use crate::exchange_server::book::{Book, Keep};
use crate::exchange_server::protocol::{Endpoint, Page, Protocol, interval_called, limit_of};
use crate::exchange_server::reply::Reply;
use crate::exchange_server::request::{NotWhole, Request};
use crate::exchange_server::{Candle, Decimal, Listing, Rules};

/// Request weight that an address may use in a minute.
const WEIGHT_MAX: u32 = 6_000;
/// Digits of every number in an answer.
const DIGITS: u8 = 8;

#[derive(Debug)]
pub(in crate::exchange_server) struct Binance;

impl Protocol for Binance {
    fn market_id(&self, listing: &Listing) -> String {
        format!("{}{}", listing.base, listing.quote)
    }

    fn intervals(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("1s", "1s"),
            ("1m", "1m"),
            ("3m", "3m"),
            ("5m", "5m"),
            ("15m", "15m"),
            ("30m", "30m"),
            ("1h", "1h"),
            ("2h", "2h"),
            ("4h", "4h"),
            ("6h", "6h"),
            ("8h", "8h"),
            ("12h", "12h"),
            ("1d", "1d"),
            ("3d", "3d"),
            ("1w", "1w"),
        ]
    }

    fn endpoint(&self, path: &str) -> Endpoint {
        match path {
            "/api/v3/klines" => Endpoint::Candles,
            "/api/v3/exchangeInfo" | "/fapi/v1/exchangeInfo" | "/dapi/v1/exchangeInfo" => {
                Endpoint::Markets
            }
            _ => Endpoint::Unknown,
        }
    }

    fn markets(&self, request: &Request, book: &Book) -> Reply {
        let symbols: Vec<Value> = match request.path.as_str() {
            "/api/v3/exchangeInfo" => book
                .listings
                .iter()
                .map(|listing| symbol(&self.market_id(listing), listing))
                .collect(),
            _ => Vec::new(),
        };
        let body = json!({
            "timezone": "UTC",
            "serverTime": book.now_ms,
            "rateLimits": [{
                "rateLimitType": "REQUEST_WEIGHT",
                "interval": "MINUTE",
                "intervalNum": 1,
                "limit": WEIGHT_MAX,
            }],
            "exchangeFilters": [],
            "symbols": symbols,
        });
        Reply::json(200, &body)
    }

    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply> {
        for name in ["symbol", "interval"] {
            if request.text(name).is_empty() {
                let told = format!(
                    "Mandatory parameter '{name}' was not sent, was empty/null, or malformed."
                );
                return Err(error(-1102, &told));
            }
        }
        let listing = book.listed(self, request.text("symbol"));
        let listing = listing.ok_or_else(|| error(-1121, "Invalid symbol."))?;
        let interval = interval_called(self, request.text("interval"));
        let interval = interval.ok_or_else(|| error(-1120, "Invalid interval."))?;
        let whole = |name| request.whole(name).map_err(|NotWhole| illegal(name));
        let (start, end) = (whole("startTime")?, whole("endTime")?);
        let limit = limit_of(whole("limit")?, 500, 1_000);
        let keep = if start.is_some() { Keep::Oldest(limit) } else { Keep::Newest(limit) };
        let asked = (start.unwrap_or(0), end.unwrap_or(i64::MAX));
        Ok(book.page(listing, interval, asked, keep))
    }

    fn row(&self, candle: &Candle, page: &Page<'_>) -> Value {
        let text = |number: Decimal| number.padded(DIGITS).text();
        json!([
            candle.time_ms,
            text(candle.open),
            text(candle.high),
            text(candle.low),
            text(candle.close),
            text(candle.volume),
            candle.time_ms + page.interval.as_ms() - 1,
            text(candle.turnover),
            candle.trades,
            text(candle.bought_volume),
            text(candle.bought_turnover),
            "0",
        ])
    }

    fn body(&self, rows: Value, _page: &Page<'_>) -> Value {
        rows
    }

    fn too_many(&self, _now_ms: i64) -> Reply {
        let told = format!(
            "Too much request weight used; current limit is {WEIGHT_MAX} request weight per 1 MINUTE. \
             Please use WebSocket Streams for live updates to avoid polling the API."
        );
        Reply::json(429, &json!({ "code": -1003, "msg": told }))
            .with("x-mbx-used-weight-1m", &(WEIGHT_MAX + 1))
    }

    fn banned(&self, now_ms: i64) -> Reply {
        let told = format!(
            "Way too much request weight used; IP banned until {}. \
             Please use WebSocket Streams for live updates to avoid bans.",
            now_ms + 120_000
        );
        Reply::json(418, &json!({ "code": -1003, "msg": told }))
    }

    fn allowance(&self, left_percent: u32, _now_ms: i64) -> Vec<(&'static str, String)> {
        let used = WEIGHT_MAX * 100_u32.saturating_sub(left_percent) / 100;
        ["x-mbx-used-weight", "x-mbx-used-weight-1m"].map(|name| (name, used.to_string())).to_vec()
    }

    fn published(&self, rules: Rules) -> Rules {
        Rules { maker_fee: None, taker_fee: None, ..rules }
    }
}

fn error(code: i32, told: &str) -> Reply {
    Reply::json(400, &json!({ "code": code, "msg": told }))
}

fn illegal(name: &str) -> Reply {
    error(-1100, &format!("Illegal characters found in parameter '{name}'."))
}

fn symbol(id: &str, listing: &Listing) -> Value {
    let steps = [
        listing.rules.tick,
        listing.rules.lot,
        listing.rules.quantity_min,
        listing.rules.notional_min,
    ];
    let [tick, lot, quantity_min, notional_min] =
        steps.map(|step| step.unwrap_or_default().padded(DIGITS).to_string());
    json!({
        "symbol": id,
        "status": "TRADING",
        "baseAsset": listing.base,
        "baseAssetPrecision": 8,
        "quoteAsset": listing.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"],
        "icebergAllowed": true,
        "ocoAllowed": true,
        "otoAllowed": true,
        "quoteOrderQtyMarketAllowed": true,
        "allowTrailingStop": true,
        "cancelReplaceAllowed": true,
        "amendAllowed": true,
        "isSpotTradingAllowed": true,
        "isMarginTradingAllowed": true,
        "filters": [
            {
                "filterType": "PRICE_FILTER",
                "minPrice": tick,
                "maxPrice": "1000000.00000000",
                "tickSize": tick,
            },
            {
                "filterType": "LOT_SIZE",
                "minQty": quantity_min,
                "maxQty": "9000.00000000",
                "stepSize": lot,
            },
            { "filterType": "ICEBERG_PARTS", "limit": 10 },
            {
                "filterType": "MARKET_LOT_SIZE",
                "minQty": "0.00000000",
                "maxQty": "97.09521512",
                "stepSize": "0.00000000",
            },
            {
                "filterType": "NOTIONAL",
                "minNotional": notional_min,
                "applyMinToMarket": true,
                "maxNotional": "9000000.00000000",
                "applyMaxToMarket": false,
                "avgPriceMins": 5,
            },
            { "filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200 },
        ],
        "permissions": [],
        "permissionSets": [["SPOT", "MARGIN"]],
        "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
        "allowedSelfTradePreventionModes": ["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"],
    })
}
