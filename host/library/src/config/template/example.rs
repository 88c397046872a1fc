//! Examples of values for keys that are nothing by default.

use ct_core::settings::{Form, Keys, Kind, Shape};
use serde_json::{Value, json};

/// A value of `key` that a user could have written.
pub(in crate::config) fn example(key: &str, shape: &Shape) -> Value {
    match &shape.default {
        Some(default)
            if *default != Value::Null && *default != json!([]) && *default != json!({}) =>
        {
            default.clone()
        }
        _ => of_form(key, &shape.form),
    }
}

fn of_form(key: &str, form: &Form) -> Value {
    match form {
        Form::Mapping(keys) => Value::Object(of_keys(keys).collect()),
        Form::Kinds(kinds) => kinds.first().map_or(Value::Null, of_kind),
        Form::Named(value) => {
            let name = name(key);
            json!({ name: example(name, value) })
        }
        Form::List(item) => match item.form {
            Form::Text(_) => json!(["BTC/USDT", "ETH/USDT"]),
            _ => json!([example(key, item)]),
        },
        Form::Choice(choices) => {
            choices.first().map_or(Value::Null, |choice| choice.name.clone().into())
        }
        Form::Anything => json!({ "fast": 10 }),
        Form::Text(_) | Form::Flag | Form::Number(_) => scalar(key),
    }
}

/// A mapping of this kind.
pub(in crate::config) fn of_kind(kind: &Kind) -> Value {
    let name = ("kind".to_owned(), Value::from(kind.name.as_str()));
    Value::Object(std::iter::once(name).chain(of_keys(&kind.keys)).collect())
}

fn of_keys(keys: &Keys) -> impl Iterator<Item = (String, Value)> {
    keys.shapes.iter().map(|(key, shape)| (key.clone(), example(key, shape)))
}

/// What a user could call something in the mapping `key`.
fn name(key: &str) -> &'static str {
    match key {
        "groups" => "majors",
        "base_urls" => "binance",
        _ => "BTC/USDT",
    }
}

/// A value for keys that have none by default.
fn scalar(key: &str) -> Value {
    match key {
        "loss" | "rate" | "units" => 0.1.into(),
        "amplitude" | "exposure_max" | "BTC/USDT" => 0.5.into(),
        "rate_bps" | "maker_bps" | "taker_bps" => 1.into(),
        "losses" => 3.into(),
        "seed" => 42.into(),
        "notional" => 1_000.into(),
        "volume_min" => 1_000_000.into(),
        "pause" => "1d".into(),
        "binance" => "https://proxy.example".into(),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::path::joined;
    use crate::config::shape;
    use crate::config::{Layer, Origin, Resolver};
    use ct_core::settings::Presence;

    /// Paths of all keys below `shape`, each with an example.
    fn examples(path: &str, shape: &Shape, found: &mut Vec<(String, Value)>) {
        match &shape.form {
            Form::Mapping(keys) => {
                for (key, shape) in &keys.shapes {
                    let at = joined(path, key);
                    if shape.presence == Presence::Optional
                        || !matches!(shape.form, Form::Mapping(_))
                    {
                        found.push((at.clone(), example(key, shape)));
                    }
                    if shape.presence == Presence::Always {
                        examples(&at, shape, found);
                    }
                }
            }
            Form::Kinds(kinds) => {
                found.extend(kinds.iter().map(|kind| (path.to_owned(), of_kind(kind))));
            }
            _ => {}
        }
    }

    #[test]
    fn every_example_can_be_used() {
        let mut found = Vec::new();
        examples("", shape(), &mut found);
        assert!(found.len() > 60, "{}", found.len());
        for (path, value) in found {
            let mut layer = Layer::empty();
            let origin = || Origin::Flag("--set".to_owned());
            layer.set("data.symbols", json!(["BTC/USDT", "ETH/USDT"]), origin());
            layer.set(&path, value.clone(), origin());
            let resolved = Resolver::new().layer(layer).resolve();
            let texts = |errors: Vec<_>| errors.iter().map(ToString::to_string).collect::<Vec<_>>();
            // These are about files, of which there are none here.
            let of_files = ["data.detail_files", "data.files", "data.instruments"];
            if !of_files.contains(&path.as_str()) {
                assert_eq!(resolved.map(drop).map_err(texts), Ok(()), "{path}: {value}");
            }
        }
    }
}
