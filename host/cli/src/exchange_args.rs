//! Flags of everything that may ask an exchange: where prices are kept, and how exchanges are reached.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;

use super::config_file::ConfigArgs;
use super::environment::Environment;
use super::failure::Failure;
use super::flag_layer::FlagLayer;
use super::kept_prices::KeptPrices;
use super::value::{help, of};
use ct_host::config::AccessConfig;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Exchanges")]
pub(super) struct ExchangeArgs {
    #[command(flatten)]
    folder: DataFolderArgs,
    /// Exchanges that may answer for one that fails, in this order [default: none]
    #[arg(long, value_name = "EXCHANGE", num_args = 1..)]
    fallback: Vec<String>,
    /// Ask the exchange itself for long histories too, not its public archive
    #[arg(long)]
    no_archive: bool,
    #[arg(long, value_name = "NUMBER", help = help("access.requests_per_second"), value_parser = of::<NonZeroU32>("access.requests_per_second"))]
    rate: Option<NonZeroU32>,
    #[arg(long, value_name = "SECONDS", help = help("access.timeout_seconds"), value_parser = of::<NonZeroU32>("access.timeout_seconds"))]
    timeout: Option<NonZeroU32>,
    #[arg(long, value_name = "NUMBER", help = help("access.retries"), value_parser = of::<u32>("access.retries"))]
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
    /// How prices are reached, with this folder or the one of the configuration.
    ///
    /// # Errors
    /// [`Failure::input`] when the configuration is wrong.
    pub(super) fn access(&self, environment: &Environment) -> Result<AccessConfig, Failure> {
        let mut flags = FlagLayer::new();
        self.say(&mut flags);
        Ok(ConfigArgs::default().resolved(environment, flags)?.config.access)
    }

    /// The prices that are kept.
    ///
    /// # Errors
    /// [`Failure::input`] when there is no folder for them, or the configuration is wrong.
    pub(super) fn kept(&self, environment: &Environment) -> Result<KeptPrices, Failure> {
        KeptPrices::open(environment, self.access(environment)?)
    }

    fn say(&self, flags: &mut FlagLayer) {
        flags.set_given("--data-dir", "access.folder", self.data_dir.as_ref());
    }
}

impl ExchangeArgs {
    /// What these flags say of the configuration's section `access`.
    pub(super) fn say(&self, flags: &mut FlagLayer) {
        self.folder.say(flags);
        if !self.fallback.is_empty() {
            flags.set("--fallback", "access.fallback", &self.fallback);
        }
        if self.no_archive {
            flags.set("--no-archive", "access.archive", false);
        }
        flags.set_given("--rate", "access.requests_per_second", self.rate);
        flags.set_given("--timeout", "access.timeout_seconds", self.timeout);
        flags.set_given("--retries", "access.retries", self.retries);
        if !self.base_url.is_empty() {
            let base_urls: BTreeMap<_, _> = self.base_url.iter().cloned().collect();
            flags.set("--base-url", "access.base_urls", base_urls);
        }
    }
}

/// `exchange=url`.
fn base_url(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((exchange, url))
            if !exchange.is_empty()
                && (url.starts_with("http://") || url.starts_with("https://")) =>
        {
            Ok((exchange.to_owned(), url.to_owned()))
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
        let local = pair("binance", "http://127.0.0.1:80");
        assert_eq!(base_url("binance=http://127.0.0.1:80"), local);
        for text in ["binance", "=http://a", "binance=ftp://a", "http://a"] {
            assert!(base_url(text).is_err(), "{text}");
        }
    }
}
