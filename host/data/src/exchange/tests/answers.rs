//! What is read from answers.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{MARKET_IDS, hours, knowing, recorded};
use crate::exchange::rows::read_rows;
use ct_core::market::RawColumns;

/// Where the lists of rows are.
const ROW_LISTS: [&str; 6] =
    ["", "/data/ohlc", "/result/list", "/candles", "/result/XBTUSDT", "/data"];

/// Two hours as each exchange words them, newest first where it does so: the exchange, the answer, and the same answer with
/// the last close missing.
fn bodies() -> Vec<(&'static str, Value, Value)> {
    let sound = include_str!("candles.json");
    let broken = sound.replace("\"42600.25\"", "null").replace("42600.25", "null");
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let (sound, broken) = (read(sound), read(&broken));
    MARKET_IDS.into_iter().map(|(id, _)| (id, sound[id].clone(), broken[id].clone())).collect()
}

fn read(id: &str, json: &Value) -> Result<RawColumns, String> {
    let (_, market_id) = MARKET_IDS.into_iter().find(|(known, _)| *known == id).unwrap();
    let (mut dialect, profile) = knowing(id, "BTC/USDT", market_id);
    read_rows(&mut dialect, &profile, &hours(3), "1h", json)
}

#[test]
fn the_columns_of_each_exchange_are_told_apart() {
    let expected = RawColumns {
        time: vec![1_706_745_600_000, 1_706_749_200_000],
        open: vec![42569.76, 42600.0],
        high: vec![42700.0, 42601.0],
        low: vec![42500.5, 42599.0],
        close: vec![42600.0, 42600.25],
        volume: vec![12.5, 0.000_000_01],
    };
    for (id, body, _) in bodies() {
        assert_eq!(read(id, &body), Ok(expected.clone()), "{id}");
    }
}

#[test]
fn a_missing_number_is_an_error_and_never_zero() {
    for (id, _, body) in bodies() {
        let error = read(id, &body).unwrap_err();
        assert!(
            error.starts_with("row ") && error.contains("has no number for close"),
            "{id}: {error}"
        );
    }
}

#[test]
fn numbers_that_are_none_are_errors() {
    for broken in [json!("n/a"), json!("NaN"), json!("inf"), json!(""), json!([1]), json!({})] {
        let body = json!([[1_706_745_600_000_i64, broken, "2", "1", "1", "1"]]);
        let error = read("binance", &body).unwrap_err();
        assert!(
            error.contains("row 1 of 1") && error.contains("has no number for open"),
            "{error}"
        );
    }
    for broken in [json!(null), json!("soon"), json!([])] {
        let error = read("binance", &json!([[broken, "1", "2", "1", "1", "1"]])).unwrap_err();
        assert!(error.contains("has no time"), "{error}");
    }
    let body = json!([[1, "1", "1", "1", "1", "1"], [2, "1", "1", "1", "1"]]);
    assert!(read("binance", &body).unwrap_err().contains("row 2 of 2"), "a row cut short");
}

#[test]
fn a_body_of_another_shape_is_an_error_and_no_empty_page() {
    for (id, ..) in bodies() {
        for body in
            [json!({}), json!(null), json!("ok"), json!({"data": null, "result": {}, "error": []})]
        {
            assert!(read(id, &body).unwrap_err().starts_with("expected a list"), "{id}: {body}");
        }
    }
}

#[test]
fn an_empty_page_is_one() {
    for (id, mut body, _) in bodies() {
        for place in ROW_LISTS {
            if let Some(list) = body.pointer_mut(place).filter(|found| found.is_array()) {
                *list = json!([]);
            }
        }
        assert_eq!(read(id, &body), Ok(RawColumns::default()), "{id}");
    }
}

/// Any JSON that is not nested deeply.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[-+0-9.eENainf]{0,8}|\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 32, 9, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..9).prop_map(Value::from),
            prop::collection::vec(("[a-z]{0,3}", inner), 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_is_answered_only_numbers_are_read(anything in any_json(), row in any_json()) {
        for ((id, mut body, _), (_, market_id)) in bodies().into_iter().zip(MARKET_IDS) {
            for place in ROW_LISTS {
                if let Some(list) = body.pointer_mut(place).and_then(Value::as_array_mut) {
                    list.push(row.clone());
                }
            }
            let (mut dialect, profile) = knowing(id, "BTC/USDT", market_id);
            for json in [&anything, &body] {
                let read = read_rows(&mut dialect, &profile, &hours(3), "1h", json);
                let rows = read.unwrap_or_default();
                for column in [&rows.open, &rows.high, &rows.low, &rows.close, &rows.volume] {
                    prop_assert_eq!(column.len(), rows.time.len());
                    prop_assert!(column.iter().all(|number| number.is_finite()));
                }
            }
        }
    }
}

#[test]
fn rows_of_the_same_time_stay_in_their_order() {
    let row = |time: i64, open: &str| json!([time, open, "2", "1", "1", "1"]);
    let read =
        read("binance", &json!([row(2000, "1"), row(1000, "2"), row(2000, "3"), row(1000, "4")]));
    let rows = read.unwrap();
    assert_eq!(rows.time, [1000, 1000, 2000, 2000]);
    assert_eq!(rows.open, [2.0, 4.0, 1.0, 3.0]);
}

#[test]
fn an_endless_list_is_refused() {
    let row = json!([1000, "1", "1", "1", "1", "1"]);
    let error = read("binance", &Value::Array(vec![row; 20_001])).unwrap_err();
    assert!(error.contains("20001 rows"), "{error}");
}

#[test]
fn an_exchange_that_was_not_checked_is_read_by_ccxt() {
    for (id, body, broken) in bodies() {
        let (_, market_id) = MARKET_IDS.into_iter().find(|(known, _)| *known == id).unwrap();
        let (mut dialect, mut profile) = knowing(id, "BTC/USDT", market_id);
        profile.rows_at = None;
        let mut read = |json: &Value| read_rows(&mut dialect, &profile, &hours(3), "1h", json);
        assert_eq!(read(&body).unwrap().close, [42600.0, 42600.25], "{id}");
        assert!(read(&broken).unwrap_err().contains("has no number for close"), "{id}");
        assert!(read(&json!({})).unwrap_err().contains("no list of as many"), "{id}");
    }
}

#[test]
fn recorded_bodies_are_read_as_the_original_reads_them() {
    for (id, fixture) in recorded("ohlcv") {
        for response in fixture["response"].as_array().unwrap() {
            let input = response["input"].as_array().unwrap();
            let symbol = input[0].as_str().unwrap();
            let (mut dialect, profile) =
                knowing(&id, symbol, fixture["market_id"].as_str().unwrap());
            let mut page = hours(3);
            symbol.clone_into(&mut page.symbol);
            let rows = read_rows(&mut dialect, &profile, &page, "1h", &response["raw"]).unwrap();
            let since = input.get(2).and_then(Value::as_i64).unwrap_or_default();
            let limit = input.get(3).and_then(Value::as_u64).unwrap_or(u64::MAX);
            let found: Vec<Value> = (0..rows.time.len())
                .filter(|row| rows.time[*row] >= since)
                .take(usize::try_from(limit).unwrap())
                .map(|row| {
                    json!([
                        rows.time[row],
                        rows.open[row],
                        rows.high[row],
                        rows.low[row],
                        rows.close[row],
                        rows.volume[row]
                    ])
                })
                .collect();
            let expected = response["parsed"].as_array().unwrap();
            assert_eq!(found.len(), expected.len(), "{id} {}", response["origin"]);
            for (found, expected) in found.iter().zip(expected) {
                let numbers = |row: &Value| -> Vec<f64> {
                    row.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
                };
                assert_eq!(numbers(found), numbers(expected), "{id} {}", response["origin"]);
            }
        }
    }
}
