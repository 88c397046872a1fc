//! The symbols of one exchange and their rules: in memory, on disk, or fetched.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ct_dialects::Value;

use super::event::{EventSink, SourceEvent};
use super::market_list::MarketKind;
use super::reader::{Reading, Unread};
use super::rules::InstrumentRules;
use super::rules_file;
use super::symbol::{resolve, spellings};
use super::venue::{Markets, Venue};
use crate::source::{SourceError, SourceErrorKind};
use ct_core::units::Timestamp;

/// The symbols of one exchange.
pub(super) struct Listings {
    venue: Arc<Venue>,
    data_folder: Option<PathBuf>,
    events: EventSink,
    known: Mutex<BTreeMap<String, Arc<InstrumentRules>>>,
    /// Held while a list is fetched, so that many symbols cost one request.
    fetched: tokio::sync::Mutex<BTreeMap<MarketKind, MarketList>>,
}

/// All markets of a kind as the exchange listed them.
struct MarketList {
    markets: Markets,
    fetched: Timestamp,
}

/// The oldest rules that will do.
#[derive(Clone, Copy, Debug)]
struct NotBefore(Timestamp);

impl Listings {
    pub(super) fn new(venue: Arc<Venue>, data_folder: Option<PathBuf>, events: EventSink) -> Self {
        let (known, fetched) = (Mutex::default(), tokio::sync::Mutex::default());
        Self { venue, data_folder, events, known, fetched }
    }

    /// The rules of the symbol that `text` means, however old.
    pub(super) async fn any(&self, text: &str) -> Result<Arc<InstrumentRules>, SourceError> {
        match self.kept(text) {
            Some(rules) => Ok(rules),
            None => self.fetch(text, NotBefore(Timestamp::clamped(0)), Timestamp::clamped(0)).await,
        }
    }

    /// The rules of the symbol that `text` means, not older than `age_max` at the time `now` if that is possible.
    pub(super) async fn recent(
        &self,
        text: &str,
        now: Timestamp,
        age_max: Duration,
    ) -> Result<Arc<InstrumentRules>, SourceError> {
        let age_max_ms = i64::try_from(age_max.as_millis()).unwrap_or(i64::MAX);
        let oldest = Timestamp::clamped(now.as_ms().saturating_sub(age_max_ms));
        let kept = self.kept(text);
        if let Some(rules) = kept.as_ref().filter(|rules| rules.fetched >= oldest) {
            return Ok(Arc::clone(rules));
        }
        let fetched = self.fetch(text, NotBefore(oldest), now).await;
        match (fetched, kept) {
            (Err(error), Some(rules)) if error.kind.is_transient() => {
                (self.events)(SourceEvent::OldRules {
                    source: self.venue.profile.id.to_owned(),
                    symbol: rules.symbol.clone(),
                    fetched: rules.fetched,
                    error,
                });
                Ok(rules)
            }
            (fetched, _) => fetched,
        }
    }

    /// What is known of a symbol in this process or from one before.
    pub(super) fn kept(&self, text: &str) -> Option<Arc<InstrumentRules>> {
        let spellings = spellings(text);
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(rules) = spellings.iter().find_map(|spelling| known.get(spelling)) {
                return Some(Arc::clone(rules));
            }
        }
        let folder = self.data_folder.as_ref()?;
        let load = |spelling: &String| rules_file::load(folder, &self.venue.kept_as, spelling);
        let rules = spellings.iter().find_map(load)?;
        Some(self.keep(rules))
    }

    async fn fetch(
        &self,
        text: &str,
        NotBefore(oldest): NotBefore,
        now: Timestamp,
    ) -> Result<Arc<InstrumentRules>, SourceError> {
        let kind = MarketKind::of(text);
        let mut lists = self.fetched.lock().await;
        // Rules that make no sense are an error of the list, which is then asked for again.
        let check = |markets: &Markets| match self.rules_in(markets, text, now) {
            Err((SourceErrorKind::BadAnswer, problem)) => Err(problem),
            _ => Ok(()),
        };
        let held = lists.get(&kind).filter(|list| list.fetched >= oldest);
        if held.is_none_or(|list| check(&list.markets).is_err()) {
            let Reading { said: markets, server_time } = self.venue.markets(kind, check).await?;
            // Ages are told by one clock, that of the caller, if there is one.
            let fetched =
                if now > Timestamp::clamped(0) { now } else { server_time.unwrap_or(now) };
            lists.insert(kind, MarketList { markets, fetched });
        }
        let Some(MarketList { markets, fetched }) = lists.get(&kind) else {
            return Err(self.venue.error(SourceErrorKind::BadAnswer, "lists no markets"));
        };
        let rules = self
            .rules_in(markets, text, *fetched)
            .map_err(|(kind, problem)| self.venue.error(kind, problem))?;
        if let Some(folder) = &self.data_folder {
            // They are fetched again next time if they cannot be kept; a disk that is full or read-only will be told by
            // whoever writes the bars.
            let _ = rules_file::save(folder, &rules);
        }
        Ok(self.keep(rules))
    }

    /// The rules that `markets` state of the symbol that `text` means.
    fn rules_in(
        &self,
        markets: &Markets,
        text: &str,
        fetched: Timestamp,
    ) -> Result<InstrumentRules, Unread> {
        let symbol = resolve(text, markets.keys().map(String::as_str))
            .map_err(|problem| (SourceErrorKind::Symbol, problem))?;
        let market = markets.get(symbol).map(Value::to_json).unwrap_or_default();
        let mode = self.venue.precision_mode();
        let rules = InstrumentRules::read(&self.venue.profile, mode, fetched, market)
            .map_err(|problem| (SourceErrorKind::BadAnswer, problem))?;
        Ok(InstrumentRules { exchange: self.venue.kept_as.clone(), ..rules })
    }

    fn keep(&self, rules: InstrumentRules) -> Arc<InstrumentRules> {
        self.venue.know(&rules.symbol, &rules.market);
        let rules = Arc::new(rules);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(rules.symbol.clone(), Arc::clone(&rules));
        rules
    }
}
