//! What is said of exchanges in a program that was built without them.

#![expect(clippy::unused_self, reason = "the face is that of the fetcher that asks exchanges")]

use super::kept_as::kept_as;
use super::rules::KnownRules;
use super::wanted::Wanted;
use crate::config::{AccessConfig, Config};
use crate::run::{Folders, Ports, RunError};
use ct_data::SeriesKey;
use ct_data::fetch::{FetchReport, Refresh};
use ct_data::source::SourceError;
use ct_data::store::Store;

/// The exchanges, none of which can be asked.
#[derive(Debug)]
pub struct Fetcher<'a>(&'a AccessConfig);

impl<'a> Fetcher<'a> {
    /// Asks nobody.
    ///
    /// # Errors
    /// None: what is kept can be used without asking anyone.
    pub fn new(
        access: &'a AccessConfig,
        _store: &'a Store,
        _ports: &'a Ports<'a>,
    ) -> Result<Self, RunError> {
        Ok(Self(access))
    }

    /// What prices of `exchange` are kept as.
    pub(in crate::run) fn kept_as(&self, exchange: &str) -> String {
        kept_as(self.0, exchange)
    }

    /// Refuses to fetch `wanted`.
    ///
    /// # Errors
    /// Always [`RunError::Input`].
    pub fn fetch(&self, wanted: &[Wanted], _refresh: Refresh) -> Result<FetchReport, RunError> {
        let keys = wanted.iter().map(|wanted| wanted.key(&wanted.symbol).to_string());
        Err(not_built(&keys.collect::<Vec<_>>().join(", ")))
    }

    pub(in crate::run) fn heal(&self, key: &SeriesKey) -> Result<(), RunError> {
        Err(not_built(&key.to_string()))
    }

    pub(in crate::run) fn rules<'b>(
        &self,
        mut pairs: impl Iterator<Item = (&'b str, &'b str)>,
    ) -> Result<Vec<Result<KnownRules, SourceError>>, RunError> {
        match pairs.next() {
            Some((exchange, symbol)) => Err(not_built(&format!("{exchange} {symbol}"))),
            None => Ok(Vec::new()),
        }
    }

    pub(in crate::run) fn kept_rules<'b>(
        &self,
        pairs: impl Iterator<Item = (&'b str, &'b str)>,
    ) -> Vec<Option<KnownRules>> {
        pairs.map(|_| None).collect()
    }
}

/// Whose an address is cannot be told without the exchanges.
pub(super) const fn is_foreign(_name: &str, _base_url: &str) -> bool {
    true
}

/// Any name may be that of an exchange.
pub(in crate::run) const fn is_exchange(_name: &str) -> bool {
    true
}

/// Nothing: no exchange is known.
///
/// # Errors
/// None.
pub fn exchange_mistakes(
    _config: &Config,
    _folders: &Folders,
) -> Result<Vec<(String, RunError)>, RunError> {
    Ok(Vec::new())
}

fn not_built(what: &str) -> RunError {
    RunError::Input(format!(
        "{what}: this program was built without exchanges, so none can be asked: name price files in data.files, take what is \
         kept with access.offline, leave data.symbols out for sample data, or build ct-host with the feature 'exchanges'"
    ))
}

#[cfg(test)]
mod tests {
    use crate::config::{Layer, Resolver};
    use crate::run::{Ports, Run, RunError};
    use ct_core::units::Timestamp;

    #[test]
    fn kept_prices_that_an_exchange_would_be_asked_for_are_refused() {
        let file = "data: { symbols: [BTC/USDT] }\naccess: { folder: none }";
        let layer = Layer::from_yaml(file, "ct-host.yaml").unwrap();
        let effective = Resolver::new().layer(layer).resolve().unwrap();
        let now = Timestamp::clamped(1_704_067_200_000);
        let error = Run::new(effective, &Ports::silent(&now)).result().unwrap_err();
        assert!(matches!(&error, RunError::Input(text) if text.contains("'exchanges'")), "{error}");
    }
}
