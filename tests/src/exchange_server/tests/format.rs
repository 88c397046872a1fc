//! Where the bars are in the answer of each exchange, and what their columns mean.

use serde_json::Value;

use crate::exchange_server::{Candle, Decimal, Exchange};

/// Reads a bar: `-` is a column that nothing is read from, `s` and `ms` are its time.
fn columns(exchange: Exchange) -> &'static [&'static str] {
    match exchange {
        Exchange::Binance => &[
            "ms",
            "open",
            "high",
            "low",
            "close",
            "volume",
            "-",
            "turnover",
            "trades",
            "bought_volume",
            "bought_turnover",
            "-",
        ],
        Exchange::Kraken => &["s", "open", "high", "low", "close", "average", "volume", "trades"],
        Exchange::Coinbase => &["s", "low", "high", "open", "close", "volume"],
        Exchange::Bitstamp => &["s", "open", "high", "low", "close", "volume"],
        Exchange::Okx => {
            &["ms", "open", "high", "low", "close", "volume", "turnover", "turnover", "-"]
        }
        Exchange::Bybit => &["ms", "open", "high", "low", "close", "volume", "turnover"],
        Exchange::Kucoin => &["s", "open", "close", "high", "low", "volume", "turnover"],
        Exchange::Gate => &["s", "turnover", "close", "high", "low", "open", "volume", "-"],
        Exchange::Bitfinex => &["ms", "open", "close", "high", "low", "volume"],
        Exchange::Mexc => &["ms", "open", "high", "low", "close", "volume", "-", "turnover"],
    }
}

/// The rows of an answer.
pub(super) fn rows(exchange: Exchange, body: &Value) -> &[Value] {
    let rows = match exchange {
        Exchange::Binance | Exchange::Gate | Exchange::Bitfinex | Exchange::Mexc => Some(body),
        Exchange::Kraken => {
            body["result"].as_object().and_then(|result| result.values().find(|it| it.is_array()))
        }
        Exchange::Coinbase => body.get("candles"),
        Exchange::Bitstamp => body.pointer("/data/ohlc"),
        Exchange::Okx | Exchange::Kucoin => body.get("data"),
        Exchange::Bybit => body.pointer("/result/list"),
    };
    let rows = rows.and_then(Value::as_array);
    rows.unwrap_or_else(|| panic!("{}: no rows in {body}", exchange.id()))
}

/// The bar of a row.
pub(super) fn candle(exchange: Exchange, row: &Value) -> Candle {
    let mut candle = Candle::default();
    for (place, &column) in columns(exchange).iter().enumerate() {
        let cell = match row {
            Value::Object(fields) => {
                fields.get(if column == "s" { time_key(exchange) } else { column })
            }
            _ => row.get(place),
        };
        let text = match cell {
            Some(Value::String(text)) => text.clone(),
            Some(number) => number.to_string(),
            // A column that older answers do not have.
            None => continue,
        };
        let number = || Decimal::parse(&text).unwrap_or_else(|| panic!("{column}: {text}"));
        match column {
            "s" => candle.time_ms = text.parse::<i64>().unwrap() * 1_000,
            "ms" => candle.time_ms = text.parse().unwrap(),
            "open" => candle.open = number(),
            "high" => candle.high = number(),
            "low" => candle.low = number(),
            "close" => candle.close = number(),
            "volume" => candle.volume = number(),
            "turnover" => candle.turnover = number(),
            "average" => candle.average = number(),
            "trades" => candle.trades = text.parse().unwrap(),
            "bought_volume" => candle.bought_volume = number(),
            "bought_turnover" => candle.bought_turnover = number(),
            _ => {}
        }
    }
    candle
}

fn time_key(exchange: Exchange) -> &'static str {
    if exchange == Exchange::Bitstamp { "timestamp" } else { "start" }
}

/// A value with the kind of each leaf in its place; a list is the kind of its first row.
pub(super) fn shape(value: &Value) -> Value {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "flag".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "text".into(),
        Value::Array(rows) if rows.iter().all(|row| row.is_array() || row.is_object()) => {
            rows.iter().take(1).map(shape).collect()
        }
        Value::Array(cells) => cells.iter().map(shape).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, field)| (name.clone(), shape(field))).collect()
        }
    }
}
