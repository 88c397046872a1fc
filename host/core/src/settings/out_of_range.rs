//! Numbers that are not in the range that their field declares.

use serde_json::Value;

use super::{Form, KIND, Presence, SettingsError, Shape};

/// Every number in `value` that its place in `shape` does not take.
pub(super) fn problems(shape: &Shape, value: &Value) -> Vec<SettingsError> {
    let mut found = Vec::new();
    look(shape, value, "", &mut found);
    found
}

fn look(shape: &Shape, value: &Value, path: &str, found: &mut Vec<SettingsError>) {
    let at = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match (&shape.form, value) {
        (Form::Number(range), Value::Number(number)) if !range.holds(number) => {
            let shown = number.as_f64().unwrap_or_default();
            found.push(SettingsError {
                path: path.to_owned(),
                found: shown.to_string(),
                expected: format!("{range}{}", range.hint(shown)),
            });
        }
        // JSON has no form for a number that is infinite or none.
        (Form::Number(range), Value::Null) if shape.presence == Presence::Always => {
            found.push(SettingsError {
                path: path.to_owned(),
                found: "not finite".to_owned(),
                expected: range.to_string(),
            });
        }
        (Form::List(item), Value::Array(items)) => {
            for (place, value) in items.iter().enumerate() {
                look(item, value, &at(&place.to_string()), found);
            }
        }
        (_, Value::Object(map)) => {
            let kind = map.get(KIND).and_then(Value::as_str);
            for (key, value) in map {
                if let Some(inner) = shape.get(key, kind) {
                    look(inner, value, &at(key), found);
                }
            }
        }
        _ => {}
    }
}
