//! The market endpoints: what they tell, in the shape that was recorded.

use serde_json::Value;

use super::client::get;
use super::format::shape;
use crate::exchange_server::{Behaviour, Decimal, Exchange, ExchangeServer, Rules};
use crate::real_data::real_data;

/// Where the instruments of `exchange` are, and where the first of them is in the answer.
fn endpoint(exchange: Exchange) -> (&'static str, &'static str) {
    match exchange {
        Exchange::Binance | Exchange::Mexc => ("/api/v3/exchangeInfo", "/symbols/0"),
        Exchange::Kraken => ("/0/public/AssetPairs", "/result/XBTUSDT"),
        Exchange::Coinbase => ("/api/v3/brokerage/market/products", "/products/0"),
        Exchange::Okx => ("/api/v5/public/instruments?instType=SPOT", "/data/0"),
        Exchange::Bybit => ("/v5/market/instruments-info?category=spot", "/result/list/0"),
        Exchange::Kucoin => ("/api/v2/symbols", "/data/0"),
        Exchange::Bitstamp => ("/api/v2/markets/", "/0"),
        Exchange::Gate => ("/api/v4/spot/currency_pairs", "/0"),
        Exchange::Bitfinex => {
            ("/v2/conf/pub:info:pair,pub:info:pair:futures,pub:list:pair:margin", "/0/0")
        }
    }
}

fn first_market(exchange: Exchange) -> (Value, Value) {
    let server = ExchangeServer::start(exchange, &[], Behaviour::default());
    let (target, place) = endpoint(exchange);
    let body = get(&server, target).json();
    let market = body.pointer(place).cloned();
    (market.unwrap_or_else(|| panic!("{}: {body}", exchange.id())), body)
}

#[test]
fn bitcoin_has_its_rules_where_each_exchange_tells_them() {
    let told = [
        (Exchange::Binance, "/filters/0/tickSize", "0.01000000"),
        (Exchange::Binance, "/filters/1/stepSize", "0.00001000"),
        (Exchange::Binance, "/filters/4/minNotional", "5.00000000"),
        (Exchange::Kraken, "/tick_size", "0.01"),
        (Exchange::Kraken, "/ordermin", "0.0001"),
        (Exchange::Coinbase, "/base_increment", "0.00001"),
        (Exchange::Coinbase, "/quote_min_size", "5"),
        (Exchange::Okx, "/tickSz", "0.01"),
        (Exchange::Okx, "/minSz", "0.0001"),
        (Exchange::Bybit, "/lotSizeFilter/basePrecision", "0.00001"),
        (Exchange::Bybit, "/lotSizeFilter/minOrderAmt", "5"),
        (Exchange::Kucoin, "/priceIncrement", "0.01"),
        (Exchange::Bitstamp, "/minimum_order_value", "5"),
        (Exchange::Gate, "/fee", "0.17"),
        (Exchange::Bitfinex, "/1/3", "0.0001"),
        (Exchange::Mexc, "/takerCommission", "0.0017"),
    ];
    for (exchange, place, wanted) in told {
        let (market, _) = first_market(exchange);
        assert_eq!(market.pointer(place), Some(&Value::from(wanted)), "{} {place}", exchange.id());
    }
}

#[test]
fn rules_say_what_is_not_told() {
    let gate = Exchange::Gate.rules("BTC/USDT");
    assert_eq!(
        (gate.maker_fee, gate.taker_fee),
        (Some(Decimal::new(17, 4)), Some(Decimal::new(17, 4)))
    );
    assert_eq!(Exchange::Okx.rules("BTC/USDT").notional_min, None);
    let bitfinex = Rules { quantity_min: Some(Decimal::new(10, 0)), ..Rules::default() };
    assert_eq!(Exchange::Bitfinex.rules("ZORK/USDT"), bitfinex);
}

#[test]
fn markets_have_the_recorded_shape() {
    let Some(folder) = real_data("exchange/markets") else { return };
    let recorded = [
        (Exchange::Binance, "/symbols/0"),
        (Exchange::Bybit, "/result/list/0"),
        (Exchange::Coinbase, "/products/0"),
        (Exchange::Kraken, "/result/XBTUSDT"),
        (Exchange::Okx, "/data/0"),
    ];
    for (exchange, place) in recorded {
        let text = std::fs::read_to_string(folder.join(format!("{}.json", exchange.id()))).unwrap();
        let fixture: Value = serde_json::from_str(&text).unwrap();
        let (wanted, (market, body)) = (&fixture["raw"], first_market(exchange));
        within(&shape(&market), &shape(wanted.pointer(place).unwrap()), exchange.id());
        let names = |value: &Value| -> Vec<String> {
            let mut names: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
            names.sort_unstable();
            names
        };
        let optional = |name: &String| name != "timezone" && name != "category";
        let told = names(&body).into_iter().filter(optional).collect::<Vec<_>>();
        let wanted = names(wanted).into_iter().filter(optional).collect::<Vec<_>>();
        assert_eq!(told, wanted, "{}", exchange.id());
    }
}

/// Every field that is told was recorded with the same kind of value.
fn within(told: &Value, recorded: &Value, at: &str) {
    match (told, recorded) {
        (Value::Object(told), Value::Object(recorded)) => {
            for (name, value) in told {
                let at = format!("{at}/{name}");
                within(value, recorded.get(name).unwrap_or_else(|| panic!("{at} is made up")), &at);
            }
        }
        (Value::Array(told), Value::Array(recorded)) => {
            for (value, wanted) in told.iter().zip(recorded) {
                within(value, wanted, at);
            }
        }
        (told, recorded) => assert_eq!(told, recorded, "{at}"),
    }
}
