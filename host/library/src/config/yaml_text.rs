//! Values as YAML, on one line or item by item.

use saphyr::Scalar;
use serde_json::Value;

/// `value` as YAML on one line: `[BTC/USDT, ETH/USDT]`, `{ kind: fraction, fraction: 1 }`. Whole numbers have no decimals, and
/// texts have quotes only where they would be read as something else without.
pub fn yaml_text(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) => value.to_string(),
        // The shortest decimal that is read as the same number; 10.0 becomes 10.
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => float.to_string(),
            None => number.to_string(),
        },
        Value::String(text) => quoted_if_needed(text),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(yaml_text).collect::<Vec<_>>().join(", "))
        }
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let pair = |(key, value): (&String, &Value)| {
                format!("{}: {}", quoted_if_needed(key), yaml_text(value))
            };
            format!("{{ {} }}", map.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The lines of a list of mappings, one for each key: `- loss: 0.2` and `  action: halt`. `None` for everything else, which
/// is written on one line.
pub fn yaml_items(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array().filter(|items| !items.is_empty())?;
    let mut lines = Vec::new();
    for item in items {
        let map = item.as_object().filter(|map| !map.is_empty())?;
        for (place, (key, value)) in map.iter().enumerate() {
            let begin = if place == 0 { "- " } else { "  " };
            lines.push(format!("{begin}{}: {}", quoted_if_needed(key), yaml_text(value)));
        }
    }
    Some(lines)
}

fn quoted_if_needed(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        // A text of JSON is one of YAML too.
        Value::from(text).to_string()
    }
}

/// Whether YAML reads `text` as itself. It is stricter than YAML, which allows more characters.
fn is_plain(text: &str) -> bool {
    let harmless =
        |character: char| character.is_ascii_alphanumeric() || "_-./:".contains(character);
    text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/')
        && text.chars().all(harmless)
        && !text.ends_with(':')
        && matches!(Scalar::parse_from_cow(text.into()), Scalar::String(_))
        // Words that older readers of YAML take for truth values.
        && !["yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::config::{Layer, Origin};

    fn read(text: &str) -> Value {
        let layer = Layer::from_yaml(&format!("a: {text}"), "a").unwrap();
        layer.find("a").unwrap().to_value()
    }

    #[test]
    fn values_are_written_as_a_person_would() {
        for (value, text) in [
            (json!(null), "null"),
            (json!(10.0), "10"),
            (json!(0.25), "0.25"),
            (json!(-3), "-3"),
            (json!("BTC/USDT"), "BTC/USDT"),
            (json!("BTC/USDT:USDT"), "BTC/USDT:USDT"),
            (json!("2024-01-31T12:00"), "2024-01-31T12:00"),
            (json!("no"), "\"no\""),
            (json!("1e3"), "\"1e3\""),
            (json!("a b"), "\"a b\""),
            (json!(""), "\"\""),
            (json!([]), "[]"),
            (json!({}), "{}"),
            (json!(["A/B", 2]), "[A/B, 2]"),
            (json!({"kind": "fraction", "fraction": 1.0}), "{ kind: fraction, fraction: 1 }"),
        ] {
            assert_eq!(yaml_text(&value), text);
        }
    }

    #[test]
    fn lists_of_mappings_are_written_item_by_item() {
        let levels = json!([{"loss": 0.1, "rearm": "7d"}, {"loss": 0.2, "pause": [1, 2]}]);
        let lines = yaml_items(&levels).unwrap();
        assert_eq!(lines, ["- loss: 0.1", "  rearm: 7d", "- loss: 0.2", "  pause: [1, 2]"]);
        assert_eq!(read(&format!("\n  {}", lines.join("\n  "))), levels);
        for value in [json!([]), json!([{}]), json!([1]), json!({"a": 1}), json!("a")] {
            assert_eq!(yaml_items(&value), None, "{value}");
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e12..1e12).prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
            "[a-zA-Z0-9~.:/+-]{1,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z/ :]{1,5}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// Numbers are compared as numbers: 10.0 and 10 are the same.
    fn same(one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
            (Value::Array(one), Value::Array(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| same(one, other))
            }
            (Value::Object(one), Value::Object(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
            }
            _ => one == other,
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(value in values()) {
            let text = yaml_text(&value);
            prop_assert!(same(&read(&text), &value), "{value} was written as {text}");
        }

        #[test]
        fn no_text_is_too_strange_to_be_read_or_refused(text in "[a-z0-9\\-?:\\[\\]{}&*!|>'\"%@`#,~ \t\n]{0,40}") {
            let _ = Layer::from_yaml(&text, "a");
        }
    }

    #[test]
    fn layers_of_any_source_agree() {
        let value = json!({"account": {"cash": 5}});
        let file = Layer::from_yaml("account: { cash: 5 }", "a").unwrap();
        let told = Layer::from_value(value, Origin::Default);
        let cash = |layer: &Layer| layer.find("account.cash").unwrap().to_value();
        assert_eq!(cash(&file), cash(&told));
    }
}
