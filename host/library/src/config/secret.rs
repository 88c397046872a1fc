//! Values that are not for everyone's eyes.

use serde_json::Value;

/// What is shown in place of a secret.
const REDACTED: &str = "***";

/// Words in the names of keys whose values are secrets.
const WORDS: [&str; 7] = ["secret", "password", "passwd", "token", "key", "auth", "credential"];

/// Whether the value of the key at `path` is a secret: when a word of its name says so.
pub(super) fn is_secret(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or_default().to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// `value` of the key at `path` as everyone may see it: without secrets, and without the user, the password and the query of an address.
pub(super) fn redacted(path: &str, value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        _ if is_secret(path) => REDACTED.into(),
        Value::String(text) => without_secrets(text).into(),
        Value::Array(items) => items.iter().map(|item| redacted("", item)).collect(),
        Value::Object(map) => {
            let pair = |(key, value): (&String, &Value)| (key.clone(), redacted(key, value));
            Value::Object(map.iter().map(pair).collect())
        }
        other => other.clone(),
    }
}

/// `text` without what is secret in an address: what stands before `@`, and the query behind `?`. Other texts stay.
pub(super) fn without_secrets(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (rest, query) = match rest.split_once('?') {
        Some((rest, _)) => (rest, format!("?{REDACTED}")),
        None => (rest, String::new()),
    };
    let (host, path) =
        rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
    let (user, host) = match host.rsplit_once('@') {
        Some((_, host)) => (format!("{REDACTED}@"), host),
        None => (String::new(), host),
    };
    format!("{scheme}://{user}{host}{path}{query}")
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
            ("strategy.parameters.db_passwd", json!("a"), json!("***")),
            ("strategy.parameters.basic_auth", json!("a"), json!("***")),
            ("strategy.parameters.credentials", json!(["a"]), json!("***")),
            ("x", json!("https://h/a?apikey=Z&b=1"), json!("https://h/a?***")),
            ("x", json!("https://u:p@h?k=a/b@c"), json!("https://***@h?***")),
            ("x", json!("what is a?b"), json!("what is a?b")),
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
