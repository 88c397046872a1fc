//! All exchanges that can be asked.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ct_dialects::{EXCHANGES, Entry};
use reqwest::{Client, Url};

use super::base_url::is_own;
use super::event::EventSink;
use super::exchange_source::ExchangeSource;
use super::line::{self, Line};
use super::profile::Profile;
use super::settings::ExchangeSettings;
use super::venue::Venue;
use crate::source::{SourceError, SourceErrorKind};
use ct_core::suggestion::suggestion;

/// The exchanges that can be asked, each opened when it is first needed, and then shared.
pub struct Exchanges {
    client: Client,
    settings: Arc<ExchangeSettings>,
    events: EventSink,
    opened: Mutex<BTreeMap<&'static str, Arc<ExchangeSource>>>,
}

impl Exchanges {
    /// Prepares to talk to exchanges; makes no request.
    ///
    /// # Errors
    /// Why the system's certificates or proxies cannot be used.
    pub fn new(settings: ExchangeSettings, events: EventSink) -> Result<Self, SourceError> {
        let client = line::client(&settings).map_err(|error| SourceError {
            source_name: "network".to_owned(),
            kind: SourceErrorKind::Unreachable,
            message: format!("requests cannot be made: {error}"),
        })?;
        Ok(Self { client, settings: Arc::new(settings), events, opened: Mutex::default() })
    }

    /// The exchanges that are compiled in, in alphabetical order.
    pub fn ids() -> Vec<&'static str> {
        let mut ids: Vec<_> = EXCHANGES.iter().map(|entry| entry.id).collect();
        ids.sort_unstable();
        ids
    }

    /// Whether `base_url` is an address of the exchange `id` itself, so that what it gives is the exchange's own word.
    pub fn is_own(id: &str, base_url: &str) -> bool {
        let entry = EXCHANGES.iter().find(|entry| entry.id == id);
        entry.is_some_and(|entry| is_own(entry.open, base_url))
    }

    /// The exchange that ccxt calls `id`.
    ///
    /// # Errors
    /// [`SourceErrorKind::Refused`] when it is not compiled in, with those that are, and when its base URL is none.
    pub fn source(&self, id: &str) -> Result<Arc<ExchangeSource>, SourceError> {
        let entry = EXCHANGES.iter().find(|entry| entry.id == id).ok_or_else(|| unknown(id))?;
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(source) = opened.get(entry.id) {
            return Ok(Arc::clone(source));
        }
        let source = Arc::new(self.open(entry)?);
        opened.insert(entry.id, Arc::clone(&source));
        Ok(source)
    }

    fn open(&self, entry: &Entry) -> Result<ExchangeSource, SourceError> {
        let profile = Profile::of(entry.id);
        let base_url = self.settings.base_urls.get(entry.id).cloned();
        if let Some(url) = &base_url
            && !Url::parse(url).is_ok_and(|url| url.has_host())
        {
            // The address itself may hold a password.
            let message = "no base URL: expected one such as http://127.0.0.1:8080";
            return Err(refused(entry.id, message.to_owned()));
        }
        let (settings, events) = (Arc::clone(&self.settings), Arc::clone(&self.events));
        let line = Line::new(&profile, self.client.clone(), settings, events);
        let venue = Venue::new(profile, entry.open, base_url, line);
        Ok(ExchangeSource::new(venue, &self.settings, Arc::clone(&self.events)))
    }
}

impl fmt::Debug for Exchanges {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Exchanges")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

fn unknown(id: &str) -> SourceError {
    let ids = Exchanges::ids();
    let meant = suggestion(id, ids.iter().copied());
    let hint = meant.map_or_else(|| ".".to_owned(), |meant| format!("; did you mean {meant}?"));
    let more = if cfg!(feature = "all-exchanges") {
        ""
    } else {
        "; about a hundred more when built with --features all-exchanges"
    };
    let message = format!("no such exchange{hint} There are {}{more}", ids.join(", "));
    refused(id, message)
}

fn refused(id: &str, message: String) -> SourceError {
    SourceError { source_name: id.to_owned(), kind: SourceErrorKind::Refused, message }
}
