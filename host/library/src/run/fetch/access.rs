//! How exchanges are reached.

use std::time::Duration;

use super::kept_as::ARCHIVE;
use crate::config::AccessConfig;
use ct_data::archive::ArchiveSettings;
use ct_data::exchange::{ExchangeSettings, Exchanges};
use ct_data::store::Store;

/// How exchanges are reached, and where their rules are kept.
pub(super) fn exchange_settings(access: &AccessConfig, store: &Store) -> ExchangeSettings {
    let usual = ExchangeSettings::default();
    let timeout = access.timeout_seconds.map(|seconds| Duration::from_secs(seconds.get().into()));
    let addresses = access.base_urls.iter().map(|(name, url)| (name.clone(), address(url)));
    ExchangeSettings {
        base_urls: addresses.collect(),
        requests_per_second: access.requests_per_second,
        timeout: timeout.unwrap_or(usual.timeout),
        retries: access.retries.unwrap_or(usual.retries),
        data_folder: Some(store.folder().to_owned()),
        ..usual
    }
}

/// The exchanges that are reached at another address.
pub(super) fn moved(access: &AccessConfig) -> impl Iterator<Item = &str> {
    access.base_urls.keys().map(String::as_str).filter(|name| *name != ARCHIVE)
}

/// How the archive is reached, if it is wanted. Whoever moves Binance itself, to a proxy or a test, does not mean the real
/// archive.
pub(super) fn archive(access: &AccessConfig) -> Option<ArchiveSettings> {
    let settings = match (access.base_urls.get(ARCHIVE), access.base_urls.get("binance")) {
        (Some(base_url), _) => {
            ArchiveSettings { base_url: address(base_url), ..ArchiveSettings::default() }
        }
        (None, Some(_)) => return None,
        (None, None) => ArchiveSettings::default(),
    };
    access.archive.then_some(settings)
}

/// Whether prices that come from `base_url`, the address called `name`, are not the word of the exchange, or archive, itself.
pub(super) fn is_foreign(name: &str, base_url: &str) -> bool {
    match name {
        ARCHIVE => address(base_url) != ArchiveSettings::default().base_url,
        exchange => !Exchanges::is_own(exchange, base_url),
    }
}

/// `base_url` without a slash at its end: paths begin with one.
fn address(base_url: &str) -> String {
    base_url.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(base_urls: &[(&str, &str)]) -> AccessConfig {
        let pairs = base_urls.iter().map(|(name, url)| ((*name).to_owned(), (*url).to_owned()));
        AccessConfig { base_urls: pairs.collect(), ..AccessConfig::default() }
    }

    #[test]
    fn whoever_moves_binance_does_not_mean_its_archive() {
        let address = |access: &AccessConfig| archive(access).map(|settings| settings.base_url);
        assert_eq!(address(&access(&[])), Some(ArchiveSettings::default().base_url));
        assert_eq!(address(&access(&[("binance", "http://a")])), None);
        let both = access(&[("binance", "http://a"), (ARCHIVE, "http://b/")]);
        assert_eq!(address(&both), Some("http://b".to_owned()));
        assert_eq!(moved(&both).collect::<Vec<_>>(), ["binance"]);
        assert_eq!(address(&AccessConfig { archive: false, ..access(&[]) }), None);
    }
}
