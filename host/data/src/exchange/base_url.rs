//! Sends an exchange's requests elsewhere: to a mirror, a proxy, or the server of a test.

use ct_dialects::Value;

/// Every URL in `urls`, with its scheme and host replaced by `base`, which may have a path of its own.
pub(super) fn rebased(urls: &Value, base: &str) -> Value {
    match urls {
        Value::Str(url) => match url.split_once("://") {
            Some((_, rest)) => {
                let path = rest.find('/').and_then(|start| rest.get(start..)).unwrap_or_default();
                Value::from(format!("{}{path}", base.trim_end_matches('/')))
            }
            None => urls.clone(),
        },
        Value::Dict(members) => Value::Map(
            members.iter().map(|(name, member)| (name.clone(), rebased(member, base))).collect(),
        ),
        Value::Arr(elements) => {
            Value::Array(elements.iter().map(|element| rebased(element, base)).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_kept_and_hosts_are_not() {
        let urls = Value::from_json(&json!({
            "api": {"public": "https://api.example.com/api/v3", "rest": "https://{hostname}"},
            "doc": ["https://example.com/doc", 7, null],
            "version": "v3"
        }));
        let expected = json!({
            "api": {"public": "http://127.0.0.1:80/x/api/v3", "rest": "http://127.0.0.1:80/x"},
            "doc": ["http://127.0.0.1:80/x/doc", 7, null],
            "version": "v3"
        });
        assert_eq!(rebased(&urls, "http://127.0.0.1:80/x/").to_json(), expected);
    }
}
