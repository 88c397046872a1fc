//! What prices are kept as: under the name of their exchange, and of the address that gave them if it was another one.
//!
//! Whoever answers at an address says what they like. So what comes from `http://127.0.0.1:8080` in place of Binance is kept
//! as `binance@http://127.0.0.1:8080`, a name that no exchange has, and never among what Binance itself gave.

/// Letters of an address in a name. What is longer is cut, and a hash tells it from others that begin alike.
const ADDRESS_LETTERS_MAX: usize = 48;
/// Letters of that hash.
const HASH_LETTERS: usize = 16;

/// What prices of `exchange` are kept as that come from the base URLs `addresses`; just `exchange` when there are none.
///
/// ```
/// use ct_data::origin::kept_as;
/// let elsewhere = kept_as("binance", &["HTTP://me:secret@127.0.0.1:8080/?a=b"]);
/// assert_eq!(elsewhere, "binance@http://127.0.0.1:8080");
/// assert_eq!(kept_as("binance", &[]), "binance");
/// ```
pub fn kept_as(exchange: &str, addresses: &[&str]) -> String {
    let mut origins: Vec<String> = addresses.iter().map(|address| origin(address)).collect();
    origins.dedup();
    if origins.is_empty() {
        return exchange.to_owned();
    }
    format!("{exchange}@{}", shortened(origins.join("+")))
}

/// The exchange that `name`, made by [`kept_as`], is about.
///
/// ```
/// use ct_data::origin::exchange_of;
/// assert_eq!(exchange_of("binance@http://127.0.0.1:8080"), "binance");
/// assert_eq!(exchange_of("me@home"), "me@home", "an import may have any name");
/// ```
pub fn exchange_of(name: &str) -> &str {
    address_of(name).map_or(name, |address| {
        name.strip_suffix(address).and_then(|exchange| exchange.strip_suffix('@')).unwrap_or(name)
    })
}

/// The address in `name`, made by [`kept_as`]; `None` when the exchange itself gave the prices, or a file.
pub fn address_of(name: &str) -> Option<&str> {
    let (_, address) = name.split_once('@')?;
    ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme)).then_some(address)
}

/// Scheme, host, port and path of a base URL, all that tells one from another: nothing of a user, a password or a query,
/// which are nobody else's business, no port that is the usual one, and no slash at the end.
fn origin(base_url: &str) -> String {
    let (scheme, rest) = base_url.split_once("://").unwrap_or(("", base_url));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let scheme = scheme.to_ascii_lowercase();
    let host = host.to_ascii_lowercase();
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(usual).unwrap_or(&host);
    let text = format!("{scheme}://{host}{}", path.trim_end_matches('/'));
    // A terminal shows nothing else as it is, and `@` and `+` have a meaning in a name.
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'@' | b'+');
    let written = |byte: u8| match byte {
        byte if is_plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(written).collect()
}

fn shortened(address: String) -> String {
    if address.len() <= ADDRESS_LETTERS_MAX {
        return address;
    }
    let hash = blake3::hash(address.as_bytes()).to_hex();
    let begin: String = address.chars().take(ADDRESS_LETTERS_MAX).collect();
    let hash: String = hash.chars().take(HASH_LETTERS).collect();
    format!("{begin}~{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_where_prices_come_from_and_nothing_secret() {
        for (address, expected) in [
            ("http://127.0.0.1:8080/", "binance@http://127.0.0.1:8080"),
            ("https://Proxy.Example:443/Api//", "binance@https://proxy.example/Api"),
            ("http://h:80", "binance@http://h"),
            ("https://h:80", "binance@https://h:80"),
            ("https://me:p@ss@h/a@b?key=1#c", "binance@https://h/a%40b"),
            ("http://[::1]:1/../..", "binance@http://[::1]:1/../.."),
            ("http://h/\u{1b}[31m\u{202e}ä", "binance@http://h/%1B[31m%E2%80%AE%C3%A4"),
        ] {
            let name = kept_as("binance", &[address]);
            assert_eq!(name, expected);
            assert_eq!(exchange_of(&name), "binance");
            assert_eq!(address_of(&name), Some(expected.trim_start_matches("binance@")));
        }
        assert_eq!(kept_as("binance", &["http://a", "http://a/"]), "binance@http://a");
        assert_eq!(kept_as("binance", &["http://a", "http://b"]), "binance@http://a+http://b");
    }

    #[test]
    fn long_addresses_stay_apart() {
        let name = |end: &str| kept_as("binance", &[&format!("https://h/{}{end}", "a".repeat(90))]);
        assert_ne!(name("1"), name("2"));
        assert_eq!(name("1").len(), "binance@".len() + ADDRESS_LETTERS_MAX + 1 + HASH_LETTERS);
        assert_eq!(exchange_of(&name("1")), "binance");
    }

    #[test]
    fn other_names_are_those_of_exchanges_and_files() {
        for name in ["binance", "me@home", "a@b@http", "@", "x@ftp://h"] {
            assert_eq!((exchange_of(name), address_of(name)), (name, None));
        }
    }
}
