//! Gate spot: `/api/v4/spot/candlesticks` and `/api/v4/spot/currency_pairs`.

use serde_json::{Value, json};

use crate::exchange_server::book::{Book, Keep};
use crate::exchange_server::protocol::{Endpoint, Page, Protocol, interval_called};
use crate::exchange_server::reply::Reply;
use crate::exchange_server::request::{NotWhole, Request};
use crate::exchange_server::{Candle, Listing, Rules};

/// A window of more bars is refused.
const ROWS_MAX: i64 = 1_000;
/// A window that begins more bars ago is refused.
pub(in crate::exchange_server) const NEWEST_MAX: i64 = 10_000;
/// Requests to one endpoint that an address may make in ten seconds.
const REQUESTS_MAX: u32 = 200;
const PAIRS: &str = "/api/v4/spot/currency_pairs";
const CONTRACTS: [&str; 5] = [
    "/api/v4/margin/currency_pairs",
    "/api/v4/futures/usdt/contracts",
    "/api/v4/futures/btc/contracts",
    "/api/v4/delivery/usdt/contracts",
    "/api/v4/options/underlyings",
];

#[derive(Debug)]
pub(in crate::exchange_server) struct Gate;

impl Protocol for Gate {
    fn market_id(&self, listing: &Listing) -> String {
        format!("{}_{}", listing.base, listing.quote)
    }

    fn intervals(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("1s", "1s"),
            ("10s", "10s"),
            ("1m", "1m"),
            ("5m", "5m"),
            ("15m", "15m"),
            ("30m", "30m"),
            ("1h", "1h"),
            ("4h", "4h"),
            ("8h", "8h"),
            ("1d", "1d"),
            ("1w", "7d"),
        ]
    }

    fn endpoint(&self, path: &str) -> Endpoint {
        match path {
            "/api/v4/spot/candlesticks" => Endpoint::Candles,
            PAIRS => Endpoint::Markets,
            _ if CONTRACTS.contains(&path) => Endpoint::Markets,
            _ => Endpoint::Unknown,
        }
    }

    fn markets(&self, request: &Request, book: &Book) -> Reply {
        let pairs: Vec<Value> = match request.path.as_str() {
            PAIRS => book
                .listings
                .iter()
                .map(|listing| pair(&self.market_id(listing), listing))
                .collect(),
            _ => Vec::new(),
        };
        Reply::json(200, &Value::from(pairs))
    }

    /// A `from` within a bar gives that bar.
    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply> {
        let listing = book.listed(self, request.text("currency_pair"));
        let unknown = || error("INVALID_CURRENCY_PAIR", "Invalid currency pair");
        let listing = listing.ok_or_else(unknown)?;
        let interval = interval_called(self, request.get("interval").unwrap_or("30m"));
        let interval = interval.ok_or_else(|| invalid("Invalid request parameter `interval`"))?;
        let whole = |name| {
            let told = format!("Invalid request parameter `{name}`");
            request.whole(name).map_err(|NotWhole| invalid(&told))
        };
        let (from, to, limit) = (whole("from")?, whole("to")?, whole("limit")?);
        if let Some(limit) = limit.filter(|_| from.is_some() || to.is_some()) {
            return Err(invalid(&format!("Invalid request parameter `limit` value: {limit}")));
        }
        let rows = limit.unwrap_or(100).clamp(1, ROWS_MAX);
        let length_ms = interval.as_ms();
        let to_ms = to.map_or(book.now_ms, |to_s| to_s * 1_000);
        let to_row = to_ms.div_euclid(length_ms);
        let from_row =
            from.map_or(to_row - rows + 1, |from_s| (from_s * 1_000).div_euclid(length_ms));
        if to_row - from_row >= ROWS_MAX {
            return Err(invalid(&format!(
                "Candlestick range too broad. Maximum {ROWS_MAX} data points are allowed per request"
            )));
        }
        if book.now_ms.div_euclid(length_ms) - from_row > NEWEST_MAX {
            return Err(invalid(&format!(
                "Candlestick too long ago. Maximum {NEWEST_MAX} points recently are allowed"
            )));
        }
        let asked = (from_row * length_ms, to_ms);
        Ok(book.page(listing, interval, asked, Keep::Oldest(usize::MAX)))
    }

    fn row(&self, candle: &Candle, page: &Page<'_>) -> Value {
        json!([
            (candle.time_ms / 1_000).to_string(),
            candle.turnover.text(),
            candle.close.text(),
            candle.high.text(),
            candle.low.text(),
            candle.open.text(),
            candle.volume.text(),
            if page.is_open(candle) { "false" } else { "true" },
        ])
    }

    fn body(&self, rows: Value, _page: &Page<'_>) -> Value {
        rows
    }

    fn too_many(&self, now_ms: i64) -> Reply {
        let told =
            json!({ "label": "TOO_MANY_REQUESTS", "message": "Request Rate limit Exceeded" });
        let mut reply = Reply::json(429, &told);
        reply.headers.extend(self.allowance(0, now_ms));
        reply
    }

    fn allowance(&self, left_percent: u32, now_ms: i64) -> Vec<(&'static str, String)> {
        let left = REQUESTS_MAX * left_percent / 100;
        vec![
            ("x-gate-ratelimit-requests-remain", left.to_string()),
            ("x-gate-ratelimit-limit", REQUESTS_MAX.to_string()),
            ("x-gate-ratelimit-reset-timestamp", (now_ms / 1_000 + 1).to_string()),
        ]
    }

    /// One fee is told for both sides.
    fn published(&self, rules: Rules) -> Rules {
        Rules { maker_fee: rules.taker_fee, ..rules }
    }
}

fn error(label: &str, told: &str) -> Reply {
    Reply::json(400, &json!({ "label": label, "message": told }))
}

fn invalid(told: &str) -> Reply {
    error("INVALID_PARAM_VALUE", told)
}

fn pair(id: &str, listing: &Listing) -> Value {
    let [_, _, quantity_min, notional_min] = listing.rules.texts();
    let [price_digits, quantity_digits] = listing.rules.digits();
    let [_, taker] = listing.rules.fees(100);
    json!({
        "id": id,
        "base": listing.base,
        "base_name": listing.base,
        "quote": listing.quote,
        "quote_name": listing.quote,
        "fee": taker.text(),
        "min_base_amount": quantity_min,
        "min_quote_amount": notional_min,
        "max_quote_amount": "5000000",
        "amount_precision": quantity_digits,
        "precision": price_digits,
        "trade_status": "tradable",
        "sell_start": 0,
        "buy_start": 0,
        "type": "normal",
        "trade_url": format!("https://www.gate.com/trade/{id}"),
    })
}
