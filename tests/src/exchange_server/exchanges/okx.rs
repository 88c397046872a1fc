//! OKX spot: `/api/v5/market/candles`, `/api/v5/market/history-candles` and `/api/v5/public/instruments`.

use serde_json::{Value, json};

use crate::exchange_server::book::{Book, Keep};
use crate::exchange_server::protocol::{Endpoint, Page, Protocol, interval_called, limit_of};
use crate::exchange_server::reply::Reply;
use crate::exchange_server::request::{NotWhole, Request};
use crate::exchange_server::{Candle, Listing, Rules};

/// Closed bars that `candles` has; `history-candles` has all of them, and not the open one.
const NEWEST_MAX: usize = 1_440;
const RECENT: &str = "/api/v5/market/candles";
const HISTORY: &str = "/api/v5/market/history-candles";
const INSTRUMENTS: &str = "/api/v5/public/instruments";

#[derive(Debug)]
pub(in crate::exchange_server) struct Okx;

impl Protocol for Okx {
    fn market_id(&self, listing: &Listing) -> String {
        format!("{}-{}", listing.base, listing.quote)
    }

    /// The names without `utc` mean days that begin at UTC+8; this server has none of those.
    fn intervals(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("1s", "1s"),
            ("1m", "1m"),
            ("3m", "3m"),
            ("5m", "5m"),
            ("15m", "15m"),
            ("30m", "30m"),
            ("1h", "1H"),
            ("2h", "2H"),
            ("4h", "4H"),
            ("6h", "6Hutc"),
            ("12h", "12Hutc"),
            ("1d", "1Dutc"),
            ("1w", "1Wutc"),
        ]
    }

    fn endpoint(&self, path: &str) -> Endpoint {
        match path {
            RECENT | HISTORY => Endpoint::Candles,
            INSTRUMENTS => Endpoint::Markets,
            _ => Endpoint::Unknown,
        }
    }

    fn markets(&self, request: &Request, book: &Book) -> Reply {
        let data: Vec<Value> = match request.text("instType") {
            "" => return error(400, "50014", "Parameter instType can not be empty."),
            "SPOT" => {
                let instruments = book.listings.iter();
                instruments.map(|listing| instrument(&self.market_id(listing), listing)).collect()
            }
            _ => Vec::new(),
        };
        Reply::json(200, &json!({ "code": "0", "data": data, "msg": "" }))
    }

    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply> {
        let unknown = "Instrument ID, Instrument ID code or Spread ID doesn't exist.";
        let listing = book.listed(self, request.text("instId"));
        let listing = listing.ok_or_else(|| error(200, "51001", unknown))?;
        let interval = interval_called(self, request.get("bar").unwrap_or("1m"));
        let interval = interval.ok_or_else(|| wrong("bar"))?;
        let whole = |name| request.whole(name).map_err(|NotWhole| wrong(name));
        // Rows older than `after` and newer than `before`, both without that time itself.
        let (after, before) = (whole("after")?, whole("before")?);
        let asked = (before.map_or(0, |time| time + 1), after.map_or(i64::MAX, |time| time - 1));
        let keep = Keep::Newest(limit_of(whole("limit")?, 100, 300));
        let view = book.view(&listing.symbol(), interval);
        let view = if request.path == RECENT { view.newest(NEWEST_MAX) } else { view.closed() };
        let page = book.page(listing, interval, asked, keep).descending();
        Ok(Page { view, rows: view.select(asked, keep), ..page })
    }

    fn row(&self, candle: &Candle, page: &Page<'_>) -> Value {
        json!([
            candle.time_ms.to_string(),
            candle.open.text(),
            candle.high.text(),
            candle.low.text(),
            candle.close.text(),
            candle.volume.text(),
            candle.turnover.text(),
            candle.turnover.text(),
            if page.is_open(candle) { "0" } else { "1" },
        ])
    }

    fn body(&self, rows: Value, _page: &Page<'_>) -> Value {
        json!({ "code": "0", "msg": "", "data": rows })
    }

    fn too_many(&self, _now_ms: i64) -> Reply {
        Reply::json(429, &json!({ "msg": "Too Many Requests", "code": "50011" }))
    }

    fn too_many_in_body(&self, _now_ms: i64) -> Reply {
        let told = "Rate limit reached. Please refer to API documentation and throttle requests accordingly.";
        error(200, "50011", told)
    }

    fn published(&self, rules: Rules) -> Rules {
        Rules { notional_min: None, maker_fee: None, taker_fee: None, ..rules }
    }
}

fn error(status: u16, code: &str, told: &str) -> Reply {
    Reply::json(status, &json!({ "code": code, "data": [], "msg": told }))
}

fn wrong(name: &str) -> Reply {
    error(400, "51000", &format!("Parameter {name} error"))
}

fn instrument(id: &str, listing: &Listing) -> Value {
    let [tick, lot, quantity_min, _] = listing.rules.texts();
    json!({
        "alias": "",
        "auctionEndTime": "",
        "baseCcy": listing.base,
        "category": "1",
        "ctMult": "",
        "ctType": "",
        "ctVal": "",
        "ctValCcy": "",
        "expTime": "",
        "instFamily": "",
        "instId": id,
        "instType": "SPOT",
        "lever": "",
        "listTime": "1548133413000",
        "lotSz": lot,
        "maxIcebergSz": "9999999999",
        "maxLmtAmt": "20000000",
        "maxLmtSz": "9999999999",
        "maxMktAmt": "1000000",
        "maxMktSz": "1000000",
        "maxStopSz": "1000000",
        "maxTriggerSz": "9999999999",
        "maxTwapSz": "9999999999",
        "minSz": quantity_min,
        "optType": "",
        "quoteCcy": listing.quote,
        "ruleType": "normal",
        "settleCcy": "",
        "state": "live",
        "stk": "",
        "tickSz": tick,
        "uly": "",
    })
}
