//! Bitfinex: `/v2/candles/trade:{timeframe}:{symbol}/hist` and `/v2/conf/pub:info:pair,…`.

use serde_json::{Value, json};

use crate::exchange_server::book::{Book, Keep};
use crate::exchange_server::protocol::{Endpoint, Page, Protocol, QuietBars, interval_called};
use crate::exchange_server::reply::Reply;
use crate::exchange_server::request::{NotWhole, Request};
use crate::exchange_server::{Candle, Listing, Rules};

const ROWS_MAX: i64 = 10_000;
const CANDLES: &str = "/v2/candles/trade:";
const CONF: &str = "/v2/conf/";

#[derive(Debug)]
pub(in crate::exchange_server) struct Bitfinex;

impl Protocol for Bitfinex {
    fn market_id(&self, listing: &Listing) -> String {
        format!("t{}", pair(listing))
    }

    fn intervals(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("1m", "1m"),
            ("5m", "5m"),
            ("15m", "15m"),
            ("30m", "30m"),
            ("1h", "1h"),
            ("3h", "3h"),
            ("6h", "6h"),
            ("12h", "12h"),
            ("1d", "1D"),
            ("1w", "7D"),
            ("2w", "14D"),
        ]
    }

    fn endpoint(&self, path: &str) -> Endpoint {
        if path.starts_with(CANDLES) && path.ends_with("/hist") {
            Endpoint::Candles
        } else if path.starts_with(CONF) {
            Endpoint::Markets
        } else {
            Endpoint::Unknown
        }
    }

    /// One list for each name in the path.
    fn markets(&self, request: &Request, book: &Book) -> Reply {
        let infos = || -> Vec<Value> { book.listings.iter().map(info).collect() };
        let names = || -> Vec<String> { book.listings.iter().map(pair).collect() };
        let asked = request.path.strip_prefix(CONF).unwrap_or_default().split(',');
        let lists = asked.map(|name| match name {
            "pub:info:pair" => Value::from(infos()),
            "pub:list:pair:exchange" => Value::from(names()),
            _ => json!([]),
        });
        Reply::json(200, &Value::from(lists.collect::<Vec<Value>>()))
    }

    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply> {
        let name = request.path.strip_prefix(CANDLES).unwrap_or_default();
        let (timeframe, id) =
            name.trim_end_matches("/hist").split_once(':').ok_or_else(|| invalid("key"))?;
        let listing = book.listed(self, id).ok_or_else(|| invalid("symbol"))?;
        let interval = interval_called(self, timeframe).ok_or_else(|| invalid("timeframe"))?;
        let whole = |name| request.whole(name).map_err(|NotWhole| invalid(name));
        let limit = whole("limit")?.unwrap_or(100);
        if !(1..=ROWS_MAX).contains(&limit) {
            return Err(invalid("limit"));
        }
        let limit = usize::try_from(limit).unwrap_or_default();
        let asked = (whole("start")?.unwrap_or(0), whole("end")?.unwrap_or(i64::MAX));
        Ok(match whole("sort")? {
            Some(1) => book.page(listing, interval, asked, Keep::Oldest(limit)),
            _ => book.page(listing, interval, asked, Keep::Newest(limit)).descending(),
        })
    }

    fn row(&self, candle: &Candle, _page: &Page<'_>) -> Value {
        json!([
            candle.time_ms,
            candle.open.number(),
            candle.close.number(),
            candle.high.number(),
            candle.low.number(),
            candle.volume.number(),
        ])
    }

    fn body(&self, rows: Value, _page: &Page<'_>) -> Value {
        rows
    }

    fn too_many(&self, _now_ms: i64) -> Reply {
        Reply::json(429, &json!(["error", 11_010, "ratelimit: error"]))
    }

    fn quiet_bars(&self) -> QuietBars {
        QuietBars::Absent
    }

    /// Prices have five digits that count, wherever the point is, so there is no tick.
    fn published(&self, rules: Rules) -> Rules {
        Rules { quantity_min: rules.quantity_min, ..Rules::default() }
    }
}

fn invalid(name: &str) -> Reply {
    Reply::json(500, &json!(["error", 10_020, format!("{name}: invalid")]))
}

/// Names longer than three letters are set apart; Tether goes by another name.
fn pair(listing: &Listing) -> String {
    let quote = if listing.quote == "USDT" { "UST" } else { &listing.quote };
    let apart = if listing.base.len() > 3 || quote.len() > 3 { ":" } else { "" };
    format!("{}{apart}{quote}", listing.base)
}

fn info(listing: &Listing) -> Value {
    let [_, _, quantity_min, _] = listing.rules.texts();
    let rules =
        json!([null, null, null, quantity_min, "2000.0", null, null, null, 0.2, 0.1, null, null,]);
    json!([pair(listing), rules])
}
