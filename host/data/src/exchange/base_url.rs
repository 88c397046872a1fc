//! Sends an exchange's requests elsewhere: to a mirror, a proxy, or the server of a test.

use ct_dialects::{Dialect, Value};
use reqwest::Url;

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

/// Whether `base_url` is an address of the exchange itself: encrypted, and at one of the hosts that ccxt knows of it.
pub(super) fn is_own(open: fn() -> Box<dyn Dialect>, base_url: &str) -> bool {
    let Ok(asked) = Url::parse(base_url) else { return false };
    let exchange = open();
    let state = exchange.state();
    let host_name = state.hostname.as_str().unwrap_or_default();
    let hosts = state.urls.as_map().and_then(|urls| urls.get("api"));
    asked.scheme() == "https"
        && asked.port().is_none()
        && hosts.is_some_and(|urls| has_host(urls, host_name, asked.host_str()))
}

/// Whether one of `urls`, in which `{hostname}` stands for `host_name`, is at `host`.
fn has_host(urls: &Value, host_name: &str, host: Option<&str>) -> bool {
    match urls {
        Value::Str(url) => Url::parse(&url.replace("{hostname}", host_name))
            .is_ok_and(|url| url.host_str().is_some() && url.host_str() == host),
        Value::Dict(members) => members.values().any(|member| has_host(member, host_name, host)),
        Value::Arr(elements) => elements.iter().any(|element| has_host(element, host_name, host)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::entry;
    use super::*;

    #[test]
    fn an_exchanges_own_addresses_are_told_from_others() {
        for (id, base_url, expected) in [
            ("binance", "https://api.binance.com", true),
            ("binance", "https://fapi.binance.com/x/", true),
            ("okx", "https://www.okx.com", true),
            ("bybit", "https://api.bybit.com:443", true),
            ("binance", "http://api.binance.com", false),
            ("binance", "https://api.binance.com:8443", false),
            ("binance", "https://api.binance.com.example", false),
            ("binance", "https://api.binance.com@example.com", false),
            ("binance", "https://www.okx.com", false),
            ("binance", "https://testnet.binance.vision", false),
            ("binance", "https://github.com", false),
            ("binance", "http://127.0.0.1:8080", false),
            ("binance", "https://", false),
        ] {
            assert_eq!(is_own(entry(id).open, base_url), expected, "{id} {base_url}");
        }
    }

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
