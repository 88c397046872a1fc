//! An exchange as a source of bars.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

use super::event::EventSink;
use super::listings::Listings;
use super::rules::InstrumentRules;
use super::settings::ExchangeSettings;
use super::venue::Venue;
use crate::source::{BarSource, Page, PageLimits, PageRequest, SourceError, SourceErrorKind};
use ct_core::units::{Interval, Timestamp};

/// One exchange as a source of bars and of its symbols' rules. However many symbols are fetched from it at once, they share
/// its limits.
pub struct ExchangeSource {
    venue: Arc<Venue>,
    listings: Listings,
    requests: Semaphore,
}

impl ExchangeSource {
    pub(super) fn new(venue: Venue, settings: &ExchangeSettings, events: EventSink) -> Self {
        let venue = Arc::new(venue);
        let requests = Semaphore::new(venue.profile.concurrency as usize);
        let listings = Listings::new(Arc::clone(&venue), settings.data_folder.clone(), events);
        Self { venue, listings, requests }
    }

    /// What its prices and rules are kept as: as the exchange, unless they come from an address that is not its own.
    pub fn kept_as(&self) -> &str {
        &self.venue.kept_as
    }

    /// The rules of `symbol`, which may be written like `BTC/USDT`, `btc-usdt` or `BTCUSDT`. At the time `now` they are not
    /// older than `age_max`; only if the exchange cannot be asked, older ones that were kept are returned, and
    /// [`SourceEvent::OldRules`](super::SourceEvent::OldRules) tells so.
    ///
    /// # Errors
    /// [`SourceErrorKind::Symbol`] with similar symbols when there is none such; other kinds when there are no rules at all.
    pub async fn rules(
        &self,
        symbol: &str,
        now: Timestamp,
        age_max: Duration,
    ) -> Result<InstrumentRules, SourceError> {
        self.listings.recent(symbol, now, age_max).await.map(|rules| (*rules).clone())
    }

    /// The rules of `symbol` as they were when the exchange was asked last, however long ago; no request is made. `None`
    /// when it never was.
    pub fn kept_rules(&self, symbol: &str) -> Option<InstrumentRules> {
        self.listings.kept(symbol).map(|rules| (*rules).clone())
    }

    async fn fetch_page(&self, request: &PageRequest) -> Result<Page, SourceError> {
        let rules = self.listings.any(&request.symbol).await?;
        let request = PageRequest { symbol: rules.symbol.clone(), ..request.clone() };
        let turn = self.requests.acquire().await;
        let page = self.venue.page(&request).await;
        drop(turn);
        page
    }
}

impl BarSource for ExchangeSource {
    fn name(&self) -> &str {
        self.venue.profile.id
    }

    fn limits(&self, interval: Interval) -> Result<PageLimits, SourceError> {
        self.venue.timeframe(interval)?;
        let profile = &self.venue.profile;
        Ok(PageLimits {
            rows_max: profile.rows_max,
            newest_rows: profile.newest_rows,
            concurrency: profile.concurrency,
        })
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, SourceError>> {
        async move {
            let bars = request.range.bars(request.interval);
            let rows_max = self.venue.profile.rows_max;
            if bars > u64::from(rows_max) {
                let message = format!("gives {rows_max} bars at a time, asked for {bars}");
                return Err(self.venue.error(SourceErrorKind::Refused, message));
            }
            if bars == 0 {
                return Ok(Page::default());
            }
            self.fetch_page(request).await
        }
        .boxed()
    }
}

impl fmt::Debug for ExchangeSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ExchangeSource").field(&self.venue.profile.id).finish()
    }
}
