//! Values that are not for everyone's eyes.

use super::shape;
use serde_json::Value;

/// What is shown in place of a secret.
pub(super) const REDACTED: &str = "***";

/// Words in the names of keys whose values are secrets.
const WORDS: [&str; 9] =
    ["secret", "password", "passwd", "passphrase", "token", "key", "auth", "credential", "webhook"];

/// Where the first word ends in `text` that names a secret, if one does.
pub(super) fn end_of_name(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    WORDS.iter().filter_map(|word| Some(lower.find(word)? + word.len())).min()
}

/// Whether what is called `name` is a secret: when a word of the name says so.
pub fn is_name_of_secret(name: &str) -> bool {
    end_of_name(name).is_some()
}

/// Whether the value of the key at `path` is a secret: when its name says so, or that of anything around it which is no
/// key of a configuration.
pub(super) fn is_secret(path: &str) -> bool {
    let is_place = |key: &&str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    let keys: Vec<&str> = path.split('.').filter(|key| !is_place(key)).collect();
    let Some((last, around)) = keys.split_last() else { return false };
    let mut shape = Some(shape());
    is_name_of_secret(last)
        || around.iter().any(|key| {
            shape = shape.and_then(|shape| shape.get(key, None));
            shape.is_none() && is_name_of_secret(key)
        })
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
    let (user, rest) = match rest.split_at_checked(end_of_user(rest)) {
        Some((user, rest)) if !user.is_empty() => (format!("{REDACTED}@"), rest),
        _ => (String::new(), rest),
    };
    format!("{scheme}://{user}{rest}{query}")
}

/// Where the host begins in `rest`, an address without its scheme: behind the last `@` that stands before the path.
fn end_of_user(rest: &str) -> usize {
    let host = rest.split('/').next().unwrap_or(rest);
    // A slash in a password looks like the path, but what is before it looks like no port.
    let is_port = |(_, port): (&str, &str)| port.bytes().all(|byte| byte.is_ascii_digit());
    let has_user = host.contains('@') || host.rsplit_once(':').is_none_or(is_port);
    let before_path = if has_user { host } else { rest };
    before_path.rfind('@').map_or(0, |place| place + 1)
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
            ("strategy.parameters.credentials.user", json!("a"), json!("***")),
            ("strategy.parameters.tokens.0", json!("a"), json!("***")),
            ("access.webhooks.x", json!("https://h/T0/B0/c"), json!("***")),
            ("risk.groups.tokens.exposure_max", json!(0.5), json!(0.5)),
            ("x", json!("https://u:p/w@h/a"), json!("https://***@h/a")),
            ("x", json!("https://h:1/a@b"), json!("https://h:1/a@b")),
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
