//! Kraken spot: `/0/public/OHLC` and `/0/public/AssetPairs`.

use serde_json::{Map, Value, json};

use crate::exchange_server::book::{Book, Keep};
use crate::exchange_server::protocol::{Endpoint, Page, Protocol, QuietBars, interval_called};
use crate::exchange_server::reply::Reply;
use crate::exchange_server::request::{NotWhole, Request};
use crate::exchange_server::{Candle, Listing};

/// Closed bars that can be had, whatever is asked for.
pub(in crate::exchange_server) const NEWEST_MAX: usize = 720;
/// Prices are never written without a point.
const PRICE_DIGITS_MIN: u8 = 1;

#[derive(Debug)]
pub(in crate::exchange_server) struct Kraken;

impl Protocol for Kraken {
    /// The key of an answer, which is not always the name that people use.
    fn market_id(&self, listing: &Listing) -> String {
        match (listing.base.as_str(), listing.quote.as_str()) {
            ("BTC", "USD") => "XXBTZUSD".to_owned(),
            _ => alternative_name(listing),
        }
    }

    fn intervals(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("1m", "1"),
            ("5m", "5"),
            ("15m", "15"),
            ("30m", "30"),
            ("1h", "60"),
            ("4h", "240"),
            ("1d", "1440"),
            ("1w", "10080"),
        ]
    }

    fn endpoint(&self, path: &str) -> Endpoint {
        match path {
            "/0/public/OHLC" => Endpoint::Candles,
            "/0/public/AssetPairs" => Endpoint::Markets,
            _ => Endpoint::Unknown,
        }
    }

    fn markets(&self, _request: &Request, book: &Book) -> Reply {
        let pairs = book.listings.iter().map(|listing| (self.market_id(listing), pair(listing)));
        let pairs: Map<String, Value> = pairs.collect();
        Reply::json(200, &json!({ "error": [], "result": pairs }))
    }

    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply> {
        let name = request.text("pair");
        let named = |listing: &&Listing| {
            self.market_id(listing) == name || alternative_name(listing) == name
        };
        let listing = book.listings.iter().find(named);
        let listing = listing.ok_or_else(|| error("EQuery:Unknown asset pair"))?;
        let interval = interval_called(self, request.get("interval").unwrap_or("1"));
        let interval = interval.ok_or_else(|| error("EGeneral:Invalid arguments"))?;
        let since = request.whole("since");
        let since = since.map_err(|NotWhole| error("EGeneral:Invalid arguments:since"))?;
        let asked = (since.map_or(0, |since_s| since_s * 1_000 + 1), i64::MAX);
        let view = book.view(&listing.symbol(), interval).newest(NEWEST_MAX);
        let page = book.page(listing, interval, asked, Keep::Oldest(0));
        Ok(Page { view, rows: view.select(asked, Keep::Oldest(usize::MAX)), ..page })
    }

    fn row(&self, candle: &Candle, _page: &Page<'_>) -> Value {
        json!([
            candle.time_ms / 1_000,
            candle.open.padded(PRICE_DIGITS_MIN).text(),
            candle.high.padded(PRICE_DIGITS_MIN).text(),
            candle.low.padded(PRICE_DIGITS_MIN).text(),
            candle.close.padded(PRICE_DIGITS_MIN).text(),
            candle.average.padded(PRICE_DIGITS_MIN).text(),
            candle.volume.padded(8).text(),
            candle.trades,
        ])
    }

    fn body(&self, rows: Value, page: &Page<'_>) -> Value {
        let mut result = Map::new();
        result.insert(self.market_id(page.listing), rows);
        result.insert("last".to_owned(), Value::from(page.view.last_closed_ms() / 1_000));
        json!({ "error": [], "result": result })
    }

    fn too_many(&self, _now_ms: i64) -> Reply {
        Reply { status: 429, ..error("EGeneral:Too many requests") }
    }

    fn too_many_in_body(&self, _now_ms: i64) -> Reply {
        error("EGeneral:Too many requests")
    }

    fn quiet_bars(&self) -> QuietBars {
        QuietBars::Filled
    }
}

fn error(told: &str) -> Reply {
    Reply::json(200, &json!({ "error": [told] }))
}

fn alternative_name(listing: &Listing) -> String {
    let base = if listing.base == "BTC" { "XBT" } else { &listing.base };
    format!("{base}{}", listing.quote)
}

fn pair(listing: &Listing) -> Value {
    let [tick, _, quantity_min, notional_min] = listing.rules.texts();
    let [price_digits, lot_digits] = listing.rules.digits();
    let [maker, taker] = listing.rules.fees(100);
    let asset = |name: &str| match name {
        "BTC" => "XXBT".to_owned(),
        "ETH" => "XETH".to_owned(),
        "USD" => "ZUSD".to_owned(),
        other => other.to_owned(),
    };
    let base = if listing.base == "BTC" { "XBT" } else { &listing.base };
    json!({
        "altname": alternative_name(listing),
        "wsname": format!("{base}/{}", listing.quote),
        "aclass_base": "currency",
        "base": asset(&listing.base),
        "aclass_quote": "currency",
        "quote": asset(&listing.quote),
        "lot": "unit",
        "cost_decimals": 5,
        "pair_decimals": price_digits,
        "lot_decimals": lot_digits,
        "lot_multiplier": 1,
        "leverage_buy": [2, 3],
        "leverage_sell": [2, 3],
        "fees": [[0, taker.number()], [10_000, 0.1]],
        "fees_maker": [[0, maker.number()], [10_000, 0.05]],
        "fee_volume_currency": "ZUSD",
        "margin_call": 80,
        "margin_stop": 40,
        "ordermin": quantity_min,
        "costmin": notional_min,
        "tick_size": tick,
        "status": "online",
        "long_position_limit": 80,
        "short_position_limit": 80,
    })
}
