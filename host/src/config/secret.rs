//! Values that are not for everyone's eyes.

use serde_json::Value;

/// What is shown in place of a secret.
const REDACTED: &str = "***";

/// Words in the names of keys whose values are secrets.
const WORDS: [&str; 4] = ["secret", "password", "token", "key"];

/// Whether the value of the key at `path` is a secret: when a word of its name says so.
pub(super) fn is_secret(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or_default().to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// `value` of the key at `path` as everyone may see it: without secrets, and without the user and password of an address.
pub(super) fn redacted(path: &str, value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        _ if is_secret(path) => REDACTED.into(),
        Value::String(text) => without_user(text).into(),
        Value::Array(items) => items.iter().map(|item| redacted("", item)).collect(),
        Value::Object(map) => {
            let pair = |(key, value): (&String, &Value)| (key.clone(), redacted(key, value));
            Value::Object(map.iter().map(pair).collect())
        }
        other => other.clone(),
    }
}

/// The address `text` without what stands before `@` in it.
pub(super) fn without_user(text: &str) -> String {
    let parts = || {
        let (scheme, rest) = text.split_once("://")?;
        let end = rest.find('/').unwrap_or(rest.len());
        let (host, path) = rest.split_at_checked(end)?;
        let (_, host) = host.rsplit_once('@')?;
        Some(format!("{scheme}://{REDACTED}@{host}{path}"))
    };
    parts().unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        for (path, value, shown) in [
            ("strategy.parameters.api_key", json!("abc"), json!("***")),
            ("strategy.parameters.Token", json!(7), json!("***")),
            ("strategy.parameters.secret", json!(null), json!(null)),
            ("strategy.parameters.fast", json!(7), json!(7)),
            (
                "access.base_urls.binance",
                json!("http://me:pw@host:1/a@b"),
                json!("http://***@host:1/a@b"),
            ),
            ("access.base_urls.binance", json!("https://host/a@b"), json!("https://host/a@b")),
            (
                "x",
                json!([{"password": "p", "a": "ftp://u@h"}]),
                json!([{"password": "***", "a": "ftp://***@h"}]),
            ),
        ] {
            assert_eq!(redacted(path, &value), shown, "{path}");
        }
    }
}
