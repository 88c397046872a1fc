//! The metrics as JSON, and the catalog that names them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

#[test]
fn json_is_one_flat_object_that_reads_back() {
    let run = Run { trades: vec![trade(64.0), trade(-32.0)], ..Run::daily(&[12_500.0, 10_000.0]) };
    let metrics = run.metrics();
    let json = serde_json::to_value(&metrics).unwrap();
    assert_eq!(json["net_profit"], 0.0);
    assert_eq!(json["beta"], Value::Null);
    assert_eq!(json["monthly_returns"][0]["month"], 11);
    assert_eq!(json["monthly_returns"][0]["return"], 0.0);
    assert_eq!(serde_json::from_value::<Metrics>(json).unwrap(), metrics);
}

#[test]
fn the_catalog_names_every_field_once() {
    let metrics = Run::reference().metrics();
    let json = serde_json::to_value(&metrics).unwrap();
    let fields = json.as_object().unwrap();
    let lists: BTreeSet<&str> =
        fields.iter().filter(|(_, value)| value.is_array()).map(|(key, _)| key.as_str()).collect();
    assert_eq!(lists, BTreeSet::from(["drawdowns", "monthly_returns", "yearly_returns"]));
    let single: Vec<&str> =
        fields.keys().map(String::as_str).filter(|key| !lists.contains(key)).collect();
    let keys: Vec<&str> = rows(&metrics).iter().map(|row| row.key).collect();
    assert_eq!(keys, single);
    let names: BTreeSet<&str> = rows(&metrics).iter().map(|row| row.name).collect();
    assert_eq!(names.len(), keys.len());
}

#[test]
fn the_catalog_shows_the_field_it_names() {
    let metrics = Run { trades: reference_trades(), ..Run::reference() }.metrics();
    let json = serde_json::to_value(&metrics).unwrap();
    for row in rows(&metrics) {
        let shown = match row.value {
            MetricValue::Percent(value)
            | MetricValue::Number(value)
            | MetricValue::Quote(value)
            | MetricValue::Bps(value)
            | MetricValue::Days(value)
            | MetricValue::Bars(value) => serde_json::to_value(value),
            MetricValue::DurationMs(value) | MetricValue::Time(value) => {
                serde_json::to_value(value)
            }
            MetricValue::Count(value) => serde_json::to_value(value),
        };
        assert_eq!(shown.unwrap(), json[row.key], "{}", row.key);
    }
}
