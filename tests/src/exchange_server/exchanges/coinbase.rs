//! Coinbase Advanced Trade: the public market endpoints below `/api/v3/brokerage/market/products`.

use serde_json::{Value, json};

use crate::exchange_server::book::{Book, Keep};
use crate::exchange_server::protocol::{Endpoint, Page, Protocol, QuietBars, interval_called};
use crate::exchange_server::reply::Reply;
use crate::exchange_server::request::{NotWhole, Request};
use crate::exchange_server::{Candle, Listing, Rules};

/// A window of more bars is refused.
const ROWS_MAX: i64 = 350;
const PRODUCTS: &str = "/api/v3/brokerage/market/products";

#[derive(Debug)]
pub(in crate::exchange_server) struct Coinbase;

impl Protocol for Coinbase {
    fn market_id(&self, listing: &Listing) -> String {
        format!("{}-{}", listing.base, listing.quote)
    }

    fn intervals(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("1m", "ONE_MINUTE"),
            ("5m", "FIVE_MINUTE"),
            ("15m", "FIFTEEN_MINUTE"),
            ("30m", "THIRTY_MINUTE"),
            ("1h", "ONE_HOUR"),
            ("2h", "TWO_HOUR"),
            ("6h", "SIX_HOUR"),
            ("1d", "ONE_DAY"),
        ]
    }

    fn endpoint(&self, path: &str) -> Endpoint {
        match path.strip_prefix(PRODUCTS) {
            Some("") => Endpoint::Markets,
            Some(rest) if rest.ends_with("/candles") => Endpoint::Candles,
            _ => Endpoint::Unknown,
        }
    }

    fn markets(&self, request: &Request, book: &Book) -> Reply {
        let products: Vec<Value> = match request.get("product_type") {
            None | Some("SPOT") => book
                .listings
                .iter()
                .map(|listing| product(&self.market_id(listing), listing))
                .collect(),
            Some(_) => Vec::new(),
        };
        let count = products.len();
        Reply::json(
            200,
            &json!({ "products": products, "num_products": count, "pagination": null }),
        )
    }

    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply> {
        let rest = request.path.strip_prefix(PRODUCTS).unwrap_or_default();
        let id = rest.trim_start_matches('/').trim_end_matches("/candles");
        let unknown = || error(404, "NOT_FOUND", "valid product_id is required");
        let listing = book.listed(self, id).ok_or_else(unknown)?;
        let interval = interval_called(self, request.text("granularity"));
        let interval = interval.ok_or_else(|| invalid("granularity argument is invalid"))?;
        let needed = |name| match request.whole(name) {
            Ok(Some(time_s)) => Ok(time_s * 1_000),
            Ok(None) | Err(NotWhole) => Err(invalid(&format!("{name} argument is invalid"))),
        };
        let (start, end) = (needed("start")?, needed("end")?);
        if (end - start) / interval.as_ms() >= ROWS_MAX {
            let told = format!(
                "start and end argument is invalid - number of candles requested should be less than {ROWS_MAX} "
            );
            return Err(invalid(&told));
        }
        Ok(book.page(listing, interval, (start, end), Keep::Newest(usize::MAX)).descending())
    }

    fn row(&self, candle: &Candle, _page: &Page<'_>) -> Value {
        json!({
            "start": (candle.time_ms / 1_000).to_string(),
            "low": candle.low.text(),
            "high": candle.high.text(),
            "open": candle.open.text(),
            "close": candle.close.text(),
            "volume": candle.volume.text(),
        })
    }

    fn body(&self, rows: Value, _page: &Page<'_>) -> Value {
        json!({ "candles": rows })
    }

    fn too_many(&self, _now_ms: i64) -> Reply {
        let told = json!({ "id": "rate_limit_exceeded", "message": "Rate limit exceeded" });
        Reply::json(429, &json!({ "errors": [told] }))
    }

    fn quiet_bars(&self) -> QuietBars {
        QuietBars::Absent
    }

    fn published(&self, rules: Rules) -> Rules {
        Rules { maker_fee: None, taker_fee: None, ..rules }
    }
}

fn error(status: u16, kind: &str, told: &str) -> Reply {
    Reply::json(status, &json!({ "error": kind, "error_details": told, "message": told }))
}

fn invalid(told: &str) -> Reply {
    error(400, "INVALID_ARGUMENT", told)
}

fn product(id: &str, listing: &Listing) -> Value {
    let [tick, lot, quantity_min, notional_min] = listing.rules.texts();
    json!({
        "product_id": id,
        "price": "68925.98",
        "price_percentage_change_24h": "-0.28",
        "volume_24h": "11005.02587005",
        "volume_percentage_change_24h": "164.92",
        "base_increment": lot,
        "quote_increment": tick,
        "quote_min_size": notional_min,
        "quote_max_size": "150000000",
        "base_min_size": quantity_min,
        "base_max_size": "3400",
        "base_name": listing.base,
        "quote_name": listing.quote,
        "watched": false,
        "is_disabled": false,
        "new": false,
        "status": "online",
        "cancel_only": false,
        "limit_only": false,
        "post_only": false,
        "trading_disabled": false,
        "auction_mode": false,
        "product_type": "SPOT",
        "quote_currency_id": listing.quote,
        "base_currency_id": listing.base,
        "fcm_trading_session_details": null,
        "mid_market_price": "",
        "alias": "",
        "alias_to": [],
        "base_display_symbol": listing.base,
        "quote_display_symbol": listing.quote,
        "view_only": false,
        "price_increment": tick,
        "display_name": id,
        "product_venue": "CBE",
    })
}
