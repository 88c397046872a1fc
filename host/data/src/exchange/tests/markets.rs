//! Lists of markets and what they say of each.

use serde_json::{Value, json};

use super::{opened, recorded};
use crate::exchange::market_list::{MarketKind, market_request, read_markets, types};
use crate::exchange::profile::Profile;
use crate::exchange::rules::InstrumentRules;
use crate::exchange::rules::PrecisionMode::{self, Decimals, SignificantDigits, Step};
use ct_core::units::{Money, Price, Quantity, Rate, Timestamp};

/// The spot markets in `answer`, and the URL that asks for them.
fn listed(id: &str, answer: &Value) -> (String, Vec<InstrumentRules>) {
    let (dialect, profile) = opened(id);
    let types = types(&dialect, MarketKind::Spot);
    assert_eq!(types.len(), 1, "{id}: one request for the spot markets");
    let market_type = types[0].as_deref();
    let request =
        market_request(&mut opened(id).0, &profile, MarketKind::Spot, market_type).unwrap();
    let markets = read_markets(&mut opened(id).0, market_type, &request, answer).unwrap();
    let mode = PrecisionMode::of(dialect.state().precisionMode.as_i64());
    let rules = |market: &ct_dialects::Value| {
        InstrumentRules::read(&profile, mode, Timestamp::clamped(0), market.to_json()).unwrap()
    };
    (request.url, markets.values().map(rules).collect())
}

/// Tick, lot, least quantity, least value, maker and taker fee as text.
fn described(rules: &InstrumentRules) -> [String; 6] {
    [
        rules.tick.to_string(),
        rules.lot.to_string(),
        rules.quantity_min.to_string(),
        rules.notional_min.to_string(),
        rules.maker_fee.map_or_else(String::new, |fee| fee.to_fraction().to_string()),
        rules.taker_fee.map_or_else(String::new, |fee| fee.to_fraction().to_string()),
    ]
}

/// For each exchange, the URL of its list of markets, a list of one market, and what it says.
fn lists() -> serde_json::Map<String, Value> {
    serde_json::from_str(include_str!("markets.json")).unwrap()
}

#[test]
fn the_rules_of_each_exchange_are_read() {
    for (id, list) in lists() {
        let (url, rules) = listed(&id, &list["answer"]);
        assert_eq!(url, list["url"], "{id}");
        let [rules] = rules.as_slice() else { panic!("{id}: {rules:?}") };
        assert_eq!(rules.symbol, "BTC/USDT", "{id}");
        assert_eq!(json!(described(rules)), list["rules"], "{id}");
        assert!(rules.market.get("info").is_none(), "{id}");
    }
}

#[test]
fn a_list_of_another_shape_has_no_markets() {
    for (id, _) in lists() {
        let (dialect, profile) = opened(&id);
        let types = types(&dialect, MarketKind::Spot);
        let market_type = types[0].as_deref();
        let request = market_request(&mut opened(&id).0, &profile, MarketKind::Spot, market_type);
        let request = request.unwrap();
        for answer in [json!({}), json!([]), json!("text"), json!({"data": 7})] {
            let markets = read_markets(&mut opened(&id).0, market_type, &request, &answer);
            assert!(markets.is_err() || markets.unwrap().is_empty(), "{id} {answer}");
        }
    }
}

#[test]
fn contracts_are_asked_for_apart() {
    let (dialect, profile) = opened("binance");
    let types = types(&dialect, MarketKind::Contract);
    assert_eq!(types, [Some("linear".to_owned()), Some("inverse".to_owned())]);
    let request =
        market_request(&mut opened("binance").0, &profile, MarketKind::Contract, Some("linear"));
    assert_eq!(request.unwrap().url, "https://fapi.binance.com/fapi/v1/exchangeInfo");
}

#[test]
fn every_form_of_precision_is_read() {
    let profile = Profile::of("okx");
    let read = |mode, precision: Value| {
        let market =
            json!({"symbol": "A/B", "precision": precision, "limits": {"amount": {"min": "0.30"}}});
        InstrumentRules::read(&profile, mode, Timestamp::clamped(0), market)
    };
    let steps = |mode, precision| {
        let rules = read(mode, precision).unwrap();
        assert_eq!(rules.quantity_min.to_string(), "0.3");
        assert_eq!((rules.maker_fee, rules.taker_fee), (None, None));
        (rules.tick.to_string(), rules.lot.to_string())
    };
    let text = |tick: &str, lot: &str| (tick.to_owned(), lot.to_owned());
    assert_eq!(steps(Step, json!({"price": 1e-8, "amount": "0.01"})), text("0.00000001", "0.01"));
    assert_eq!(steps(Step, json!({"price": null})), text("0", "0"));
    assert_eq!(steps(Decimals, json!({"price": 2, "amount": -3})), text("0.01", "1000"));
    assert_eq!(steps(Decimals, json!({"price": 0, "amount": 12})), text("1", "0.000000000001"));
    assert_eq!(steps(SignificantDigits, json!({"price": 5, "amount": 8})), text("0", "0"));
    for (mode, precision) in [
        (Step, json!({"price": -0.1})),
        (Step, json!({"price": "one"})),
        (Step, json!({"amount": true})),
        (Decimals, json!({"price": 13})),
        (Decimals, json!({"price": 1.5})),
    ] {
        assert!(read(mode, precision.clone()).is_err(), "{precision}");
    }
}

#[test]
fn a_rebate_is_no_fee() {
    let market = json!({"symbol": "A/B", "maker": -0.0001, "taker": 0.0005});
    let profile = Profile::of("okx");
    let rules = InstrumentRules::read(&profile, Step, Timestamp::clamped(0), market).unwrap();
    assert_eq!(rules.maker_fee, Some(Rate::ZERO));
    assert_eq!(rules.taker_fee, Rate::from_bps(5.0).ok());
}

#[test]
fn recorded_lists_are_read_as_the_original_reads_them() {
    for (id, fixture) in recorded("markets") {
        let (_, rules) = listed(&id, &fixture["raw"]);
        for expected in fixture["parsed"].as_array().unwrap() {
            let found = rules.iter().find(|rules| rules.symbol == expected["symbol"]);
            let found = found.unwrap_or_else(|| panic!("{id} {}", expected["symbol"]));
            let number = |pointer: &str| {
                expected.pointer(pointer).and_then(Value::as_f64).unwrap_or_default()
            };
            let fee = |name| Rate::from_fraction(number(name)).ok();
            assert_eq!(found.tick, Price::from_f64(number("/precision/price")).unwrap(), "{id}");
            assert_eq!(found.lot, Quantity::from_f64(number("/precision/amount")).unwrap(), "{id}");
            let least = Quantity::from_f64(number("/limits/amount/min")).unwrap();
            assert_eq!(found.quantity_min, least, "{id}");
            let least = Money::from_f64(number("/limits/cost/min")).unwrap();
            assert_eq!(found.notional_min, least, "{id}");
            assert_eq!(found.maker_fee, fee("/maker"), "{id}");
            assert_eq!(found.taker_fee, fee("/taker"), "{id}");
        }
    }
}
