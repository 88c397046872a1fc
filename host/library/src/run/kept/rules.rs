//! How kept series are traded: the exchange's rules and fees.

use super::Reader;
use crate::run::RunError;
use crate::run::fetch::KnownRules;
use ct_core::units::Rate;
use ct_data::SeriesKey;

/// What an exchange takes of a fill in its lowest tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::run) struct ExchangeFees {
    pub(in crate::run) maker: Rate,
    pub(in crate::run) taker: Rate,
}

impl Reader<'_> {
    /// The exchange's rules for each series; `None` where there are none to be had, such as for imported prices.
    pub(super) fn rules(&self, keys: &[SeriesKey]) -> Result<Vec<Option<KnownRules>>, RunError> {
        let pairs = keys.iter().map(|key| (key.exchange.as_str(), key.symbol.as_str()));
        let rules: Vec<_> = if self.only_kept() {
            self.fetcher.kept_rules(pairs)
        } else {
            self.fetcher.rules(pairs)?.into_iter().map(Result::ok).collect()
        };
        let is_pinned = |key: &SeriesKey| {
            self.loading.pin.is_some_and(|pin| pin.instrument(&key.symbol).is_some())
        };
        let unknown = keys.iter().zip(&rules).filter(|(_, rules)| rules.is_none());
        for (key, _) in unknown.filter(|(key, _)| !is_pinned(key)) {
            let notice = "no trading rules are known: no tick, lot or minimum, and the usual fees";
            self.loading.ports.notice(&format!("{key}: {notice}"));
        }
        Ok(rules)
    }
}

/// The highest fees of all symbols, when the exchange told those of each.
pub(super) fn fees(rules: &[Option<KnownRules>]) -> Option<ExchangeFees> {
    let mut highest: Option<ExchangeFees> = None;
    for rules in rules {
        let rules = rules.as_ref()?;
        let (maker, taker) = (rules.maker_fee?, rules.taker_fee?);
        highest = Some(highest.map_or(ExchangeFees { maker, taker }, |fees| ExchangeFees {
            maker: fees.maker.max(maker),
            taker: fees.taker.max(taker),
        }));
    }
    highest
}
