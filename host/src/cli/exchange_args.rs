//! Flags of everything that may ask an exchange: where prices are kept, and how exchanges are reached.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use super::environment::Environment;
use super::failure::Failure;
use crate::data::archive::ArchiveSettings;
use crate::data::exchange::ExchangeSettings;
use crate::data::store::Store;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Exchanges")]
pub(super) struct ExchangeArgs {
    #[command(flatten)]
    pub(super) folder: DataFolderArgs,
    /// Exchanges that may answer for one that fails, in this order [default: none]
    #[arg(long, value_name = "EXCHANGE", num_args = 1..)]
    pub(super) fallback: Vec<String>,
    /// Ask the exchange itself for long histories too, not its public archive
    #[arg(long)]
    no_archive: bool,
    /// Requests per second to each exchange [default: within each exchange's limit]
    #[arg(long, value_name = "NUMBER")]
    rate: Option<NonZeroU32>,
    /// How long to wait for one answer
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<NonZeroU32>,
    /// How often a request that failed is made again
    #[arg(long, value_name = "NUMBER")]
    retries: Option<u32>,
    /// Reach an exchange at another address, such as `binance=https://proxy.example`; Binance's archive is
    /// called binance-archive
    #[arg(long, value_name = "EXCHANGE=URL", value_parser = base_url)]
    base_url: Vec<(String, String)>,
}

#[derive(Debug, clap::Args)]
pub(super) struct DataFolderArgs {
    /// Folder in which prices are kept [default: `CT_HOST_DATA_DIR`, or ct-host/data of the user's data folder]
    #[arg(long, value_name = "DIR", global = true)]
    data_dir: Option<PathBuf>,
}

impl DataFolderArgs {
    /// The prices that are kept.
    ///
    /// # Errors
    /// [`Failure::Input`] when there is no folder for them.
    pub(super) fn store(&self, environment: &Environment) -> Result<Store, Failure> {
        Ok(Store::new(environment.data_folder(self.data_dir.as_deref())?))
    }
}

/// What the archive is called in `--base-url`.
const ARCHIVE: &str = "binance-archive";

impl ExchangeArgs {
    /// How exchanges are reached, and where their rules are kept.
    pub(super) fn settings(&self, store: &Store) -> ExchangeSettings {
        let usual = ExchangeSettings::default();
        let seconds = |seconds: NonZeroU32| Duration::from_secs(seconds.get().into());
        ExchangeSettings {
            base_urls: self.base_url.iter().cloned().collect(),
            requests_per_second: self.rate,
            timeout: self.timeout.map_or(usual.timeout, seconds),
            retries: self.retries.unwrap_or(usual.retries),
            data_folder: Some(store.folder().to_owned()),
            ..usual
        }
    }

    /// The exchanges that are reached at another address.
    pub(super) fn moved(&self) -> impl Iterator<Item = &str> {
        let names = self.base_url.iter().map(|(exchange, _)| exchange.as_str());
        names.filter(|name| *name != ARCHIVE)
    }

    /// How the archive is reached, if it is wanted. Whoever moves Binance itself, to a proxy or a test, does not mean the
    /// real archive.
    pub(super) fn archive(&self) -> Option<ArchiveSettings> {
        let moved = |name: &str| self.base_url.iter().find(|(exchange, _)| exchange == name);
        let settings = match (moved(ARCHIVE), moved("binance")) {
            (Some((_, base_url)), _) => {
                ArchiveSettings { base_url: base_url.clone(), ..ArchiveSettings::default() }
            }
            (None, Some(_)) => return None,
            (None, None) => ArchiveSettings::default(),
        };
        (!self.no_archive).then_some(settings)
    }
}

/// `exchange=url`.
fn base_url(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((exchange, url))
            if !exchange.is_empty()
                && (url.starts_with("http://") || url.starts_with("https://")) =>
        {
            Ok((exchange.to_owned(), url.trim_end_matches('/').to_owned()))
        }
        _ => Err("expected EXCHANGE=URL, such as binance=https://proxy.example".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_an_exchange_and_a_scheme() {
        let pair = |exchange: &str, url: &str| Ok((exchange.to_owned(), url.to_owned()));
        assert_eq!(
            base_url("binance=http://127.0.0.1:80/"),
            pair("binance", "http://127.0.0.1:80")
        );
        for text in ["binance", "=http://a", "binance=ftp://a", "http://a"] {
            assert!(base_url(text).is_err(), "{text}");
        }
    }
}
