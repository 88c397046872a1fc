//! `KuCoin` spot: `/api/v1/market/candles`, `/api/v2/symbols` and `/api/v1/market/allTickers`, which tells the fees.

use serde_json::{Value, json};

use crate::exchange_server::book::{Book, Keep};
use crate::exchange_server::protocol::{Endpoint, Page, Protocol, interval_called};
use crate::exchange_server::reply::Reply;
use crate::exchange_server::request::{NotWhole, Request};
use crate::exchange_server::{Candle, Listing};

const ROWS_MAX: usize = 1_500;
/// Request weight that an address may use in thirty seconds.
const WEIGHT_MAX: u32 = 2_000;
const SYMBOLS: [&str; 2] = ["/api/v1/symbols", "/api/v2/symbols"];
const TICKERS: &str = "/api/v1/market/allTickers";
const CONTRACTS: &str = "/api/v1/contracts/active";

#[derive(Debug)]
pub(in crate::exchange_server) struct Kucoin;

impl Protocol for Kucoin {
    fn market_id(&self, listing: &Listing) -> String {
        format!("{}-{}", listing.base, listing.quote)
    }

    fn intervals(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("1m", "1min"),
            ("3m", "3min"),
            ("5m", "5min"),
            ("15m", "15min"),
            ("30m", "30min"),
            ("1h", "1hour"),
            ("2h", "2hour"),
            ("4h", "4hour"),
            ("6h", "6hour"),
            ("8h", "8hour"),
            ("12h", "12hour"),
            ("1d", "1day"),
            ("1w", "1week"),
        ]
    }

    fn endpoint(&self, path: &str) -> Endpoint {
        match path {
            "/api/v1/market/candles" => Endpoint::Candles,
            TICKERS | CONTRACTS => Endpoint::Markets,
            _ if SYMBOLS.contains(&path) => Endpoint::Markets,
            _ => Endpoint::Unknown,
        }
    }

    fn markets(&self, request: &Request, book: &Book) -> Reply {
        let of_each = |write: fn(&str, &Listing) -> Value| -> Vec<Value> {
            book.listings.iter().map(|listing| write(&self.market_id(listing), listing)).collect()
        };
        let data = match request.path.as_str() {
            TICKERS => json!({ "time": book.now_ms, "ticker": of_each(ticker) }),
            CONTRACTS => json!([]),
            _ => Value::from(of_each(symbol)),
        };
        Reply::json(200, &json!({ "code": "200000", "data": data }))
    }

    /// From `startAt` up to, but not including, `endAt`: clients that page with `endAt` = the next `startAt` lose nothing.
    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply> {
        let listing = book.listed(self, request.text("symbol"));
        let unknown = "This pair is not provided at present";
        let listing = listing.ok_or_else(|| error(400, "400100", unknown))?;
        let interval = interval_called(self, request.text("type"));
        let interval =
            interval.ok_or_else(|| error(400, "400100", "Incorrect candlestick type"))?;
        let time = |name| match request.whole(name) {
            Ok(time_s) => Ok(time_s.map(|time_s| time_s * 1_000)),
            Err(NotWhole) => Err(error(400, "400100", &format!("{name} is illegal"))),
        };
        let end = time("endAt")?.filter(|&end_ms| end_ms > 0).unwrap_or(book.now_ms + 1);
        let asked = (time("startAt")?.unwrap_or(0), end - 1);
        Ok(book.page(listing, interval, asked, Keep::Newest(ROWS_MAX)).descending())
    }

    fn row(&self, candle: &Candle, _page: &Page<'_>) -> Value {
        json!([
            (candle.time_ms / 1_000).to_string(),
            candle.open.text(),
            candle.close.text(),
            candle.high.text(),
            candle.low.text(),
            candle.volume.text(),
            candle.turnover.text(),
        ])
    }

    fn body(&self, rows: Value, _page: &Page<'_>) -> Value {
        json!({ "code": "200000", "data": rows })
    }

    fn too_many(&self, now_ms: i64) -> Reply {
        let mut reply = error(429, "429000", "Too Many Requests");
        reply.headers.extend(self.allowance(0, now_ms));
        reply
    }

    /// The overload of the whole exchange, which has nothing to do with the client's allowance.
    fn too_many_in_body(&self, _now_ms: i64) -> Reply {
        error(429, "429000", "Too Many Requests")
    }

    fn allowance(&self, left_percent: u32, _now_ms: i64) -> Vec<(&'static str, String)> {
        vec![
            ("gw-ratelimit-limit", WEIGHT_MAX.to_string()),
            ("gw-ratelimit-remaining", (WEIGHT_MAX * left_percent / 100).to_string()),
            ("gw-ratelimit-reset", "1000".to_owned()),
        ]
    }
}

fn error(status: u16, code: &str, told: &str) -> Reply {
    Reply::json(status, &json!({ "code": code, "msg": told }))
}

fn symbol(id: &str, listing: &Listing) -> Value {
    let [tick, lot, quantity_min, notional_min] = listing.rules.texts();
    json!({
        "symbol": id,
        "name": id,
        "baseCurrency": listing.base,
        "quoteCurrency": listing.quote,
        "feeCurrency": listing.quote,
        "market": listing.quote,
        "baseMinSize": quantity_min,
        "quoteMinSize": notional_min,
        "baseMaxSize": "10000000000",
        "quoteMaxSize": "99999999",
        "baseIncrement": lot,
        "quoteIncrement": tick,
        "priceIncrement": tick,
        "priceLimitRate": "0.1",
        "minFunds": notional_min,
        "isMarginEnabled": false,
        "enableTrading": true,
        "feeCategory": 1,
        "makerFeeCoefficient": "1.00",
        "takerFeeCoefficient": "1.00",
        "st": false,
    })
}

fn ticker(id: &str, listing: &Listing) -> Value {
    let [maker, taker] = listing.rules.fees(1);
    json!({
        "symbol": id,
        "symbolName": id,
        "buy": "11328.9",
        "sell": "11329",
        "changeRate": "-0.0055",
        "changePrice": "-63.6",
        "high": "11610",
        "low": "11200",
        "vol": "2282.70993217",
        "volValue": "25984946.157790431",
        "last": "11328.9",
        "averagePrice": "11360.66065903",
        "takerFeeRate": taker.text(),
        "makerFeeRate": maker.text(),
        "takerCoefficient": "1",
        "makerCoefficient": "1",
    })
}
