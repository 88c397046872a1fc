//! Bitstamp: `/api/v2/ohlc/{pair}/` and `/api/v2/markets/`.

use serde_json::{Value, json};

use crate::exchange_server::book::{Book, Keep};
use crate::exchange_server::protocol::{Endpoint, Page, Protocol, QuietBars, interval_called};
use crate::exchange_server::reply::Reply;
use crate::exchange_server::request::{NotWhole, Request};
use crate::exchange_server::{Candle, Listing, Rules};

const ROWS_MAX: i64 = 1_000;
const OHLC: &str = "/api/v2/ohlc/";

#[derive(Debug)]
pub(in crate::exchange_server) struct Bitstamp;

impl Protocol for Bitstamp {
    fn market_id(&self, listing: &Listing) -> String {
        format!("{}{}", listing.base, listing.quote).to_lowercase()
    }

    /// There are no weeks: the step that some clients take for one is of three days.
    fn intervals(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("1m", "60"),
            ("3m", "180"),
            ("5m", "300"),
            ("15m", "900"),
            ("30m", "1800"),
            ("1h", "3600"),
            ("2h", "7200"),
            ("4h", "14400"),
            ("6h", "21600"),
            ("12h", "43200"),
            ("1d", "86400"),
            ("3d", "259200"),
        ]
    }

    fn endpoint(&self, path: &str) -> Endpoint {
        match path {
            "/api/v2/markets/" => Endpoint::Markets,
            _ if path.starts_with(OHLC) => Endpoint::Candles,
            _ => Endpoint::Unknown,
        }
    }

    fn markets(&self, _request: &Request, book: &Book) -> Reply {
        let markets = book.listings.iter().map(|listing| market(&self.market_id(listing), listing));
        Reply::json(200, &Value::from(markets.collect::<Vec<Value>>()))
    }

    /// A window that holds more bars than `limit` gives the newest of them, whatever its start.
    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply> {
        let id = request.path.strip_prefix(OHLC).unwrap_or_default().trim_end_matches('/');
        let unknown = json!({ "status": "error", "reason": "Not found", "code": "404" });
        let listing = book.listed(self, id).ok_or_else(|| Reply::json(404, &unknown))?;
        let interval = interval_called(self, request.text("step"));
        let interval = interval.ok_or_else(|| refused("step", "Select a valid choice."))?;
        let whole =
            |name| request.whole(name).map_err(|NotWhole| refused(name, "Enter a whole number."));
        let limit = whole("limit")?.filter(|limit| (1..=ROWS_MAX).contains(limit));
        let limit = limit.ok_or_else(|| refused("limit", "Enter a number from 1 to 1000."))?;
        let end_s = whole("end")?.unwrap_or(book.now_ms / 1_000);
        let asked = (whole("start")?.unwrap_or(0) * 1_000, end_s * 1_000);
        let keep = Keep::Newest(usize::try_from(limit).unwrap_or_default());
        Ok(book.page(listing, interval, asked, keep))
    }

    fn row(&self, candle: &Candle, _page: &Page<'_>) -> Value {
        json!({
            "timestamp": (candle.time_ms / 1_000).to_string(),
            "open": candle.open.text(),
            "high": candle.high.text(),
            "low": candle.low.text(),
            "close": candle.close.text(),
            "volume": candle.volume.padded(8).text(),
        })
    }

    fn body(&self, rows: Value, page: &Page<'_>) -> Value {
        json!({ "data": { "pair": page.listing.symbol(), "ohlc": rows } })
    }

    fn too_many(&self, _now_ms: i64) -> Reply {
        let told = "Your requests limit has been exceeded";
        Reply::json(429, &json!({ "status": "error", "reason": told, "code": "400.002" }))
    }

    fn quiet_bars(&self) -> QuietBars {
        QuietBars::Filled
    }

    fn published(&self, rules: Rules) -> Rules {
        Rules { quantity_min: None, maker_fee: None, taker_fee: None, ..rules }
    }
}

fn refused(name: &str, told: &str) -> Reply {
    Reply::json(400, &json!({ "status": "error", "reason": { name: [told] } }))
}

fn market(id: &str, listing: &Listing) -> Value {
    let [price_digits, quantity_digits] = listing.rules.digits();
    let [_, _, _, notional_min] = listing.rules.texts();
    json!({
        "name": listing.symbol(),
        "market_symbol": id,
        "base_currency": listing.base,
        "base_decimals": quantity_digits,
        "counter_currency": listing.quote,
        "counter_decimals": price_digits,
        "minimum_order_value": notional_min,
        "trading": "Enabled",
        "instant_order_counter_decimals": price_digits,
        "instant_and_market_orders": "Enabled",
        "description": format!("{} / {}", listing.base, listing.quote),
        "market_type": "SPOT",
    })
}
