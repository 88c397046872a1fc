//! What prices of an exchange are kept as, when a configuration may have it reached at another address.

use super::is_foreign;
use crate::config::AccessConfig;
use ct_core::units::Interval;
use ct_data::SeriesKey;
use ct_data::origin::{address_of, exchange_of, kept_as as kept_from};

/// What Binance's archive is called among the addresses.
pub(super) const ARCHIVE: &str = "binance-archive";

/// What prices of `exchange` are kept as when it is reached as `access` says: its own name, with the address if that is not
/// one of its own, and with that of the archive likewise. Other names stay what they are.
pub fn kept_as(access: &AccessConfig, exchange: &str) -> String {
    let archive: &[&str] = if exchange == "binance" { &[ARCHIVE] } else { &[] };
    let names = std::iter::once(exchange).chain(archive.iter().copied());
    let foreign = names.filter_map(|name| {
        let base_url = access.base_urls.get(name)?;
        is_foreign(name, base_url).then_some(base_url.as_str())
    });
    kept_from(exchange, &foreign.collect::<Vec<_>>())
}

/// What to do to take the prices that are kept as `name`.
pub(in crate::run) fn how_to_take(name: &str) -> String {
    let exchange = exchange_of(name);
    match address_of(name) {
        Some(address) => format!(
            "reach {exchange} at {address} with --base-url or access.base_urls, or take what is kept with --exchange '{name}'"
        ),
        None => format!("leave out the base URL of {exchange}"),
    }
}

/// What to say when no bars of `symbol` are kept as `name`, but some of the same exchange from elsewhere are, among `keys`;
/// nothing when there are none either. It goes on from another sentence.
pub fn kept_elsewhere(
    keys: &[SeriesKey],
    name: &str,
    is_symbol: &dyn Fn(&str) -> bool,
    interval: Option<Interval>,
) -> String {
    let is_other = |key: &&SeriesKey| {
        key.exchange != name
            && exchange_of(&key.exchange) == exchange_of(name)
            && interval.is_none_or(|interval| key.interval == interval)
            && is_symbol(&key.symbol)
    };
    keys.iter().find(is_other).map_or_else(String::new, |key| {
        format!("; what came from another address is kept as {key}: {}", how_to_take(&key.exchange))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(exchange: &str, base_urls: &[(&str, &str)]) -> String {
        let pairs = base_urls.iter().map(|(name, url)| ((*name).to_owned(), (*url).to_owned()));
        kept_as(&AccessConfig { base_urls: pairs.collect(), ..AccessConfig::default() }, exchange)
    }

    #[test]
    fn what_comes_from_elsewhere_has_another_name() {
        let (local, other) = ("http://127.0.0.1:80/", "http://a.example");
        assert_eq!(name("binance", &[]), "binance");
        assert_eq!(name("binance", &[("kraken", local)]), "binance");
        assert_eq!(name("binance", &[("binance", local)]), "binance@http://127.0.0.1");
        assert_eq!(name("binance", &[(ARCHIVE, other)]), "binance@http://a.example");
        let both = [("binance", local), (ARCHIVE, other)];
        assert_eq!(name("binance", &both), "binance@http://127.0.0.1+http://a.example");
        assert_eq!(name("kraken", &both), "kraken");
        assert_eq!(name("mine", &both), "mine");
    }

    #[cfg(feature = "exchanges")]
    #[test]
    fn the_addresses_of_the_exchange_itself_are_no_other_ones() {
        let own =
            [("binance", "https://api.binance.com/"), (ARCHIVE, "https://data.binance.vision/")];
        assert_eq!(name("binance", &own), "binance");
    }

    #[test]
    fn it_is_said_how_what_is_kept_elsewhere_is_taken() {
        let key = |exchange: &str| SeriesKey {
            exchange: exchange.to_owned(),
            symbol: "BTC/USDT".to_owned(),
            interval: Interval::HOUR,
        };
        let keys = [key("kraken"), key("binance@http://a")];
        let said = |name: &str, symbol: &str| {
            kept_elsewhere(&keys, name, &|found| found == symbol, Some(Interval::HOUR))
        };
        let expected = "; what came from another address is kept as binance@http://a BTC/USDT 1h: reach binance at http://a \
                        with --base-url or access.base_urls, or take what is kept with --exchange 'binance@http://a'";
        assert_eq!(said("binance", "BTC/USDT"), expected);
        assert_eq!(said("binance@http://b", "BTC/USDT"), expected);
        assert_eq!(said("binance", "ETH/USDT"), "");
        let own = [key("binance")];
        let said = kept_elsewhere(&own, "binance@http://a", &|_| true, None);
        assert!(
            said.ends_with("is kept as binance BTC/USDT 1h: leave out the base URL of binance"),
            "{said}"
        );
    }
}
