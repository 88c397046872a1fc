//! One exchange, asked for pages and markets.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ct_dialects::{ExchangeError, ReportedAnswer, Value};

use super::base_url::rebased;
use super::dialect::Dialect;
use super::excerpt::excerpt;
use super::failure;
use super::http_time::{retry_after, server_time};
use super::line::{Answer, Line};
use super::market_list::{MarketKind, market_request, read_markets, types};
use super::profile::{Intervals, NewestOnly, Profile};
use super::request::{HttpRequest, page_request};
use super::rows::read_rows;
use super::rules::PrecisionMode;
use crate::source::{Page, PageRequest, SourceError, SourceErrorKind};
use ct_core::market::RawColumns;
use ct_core::units::{Interval, Timestamp};

/// Longest answer to a request for a page: 10 000 rows take about one.
const PAGE_BYTES_MAX: usize = 16 << 20;
/// Longest list of markets. The longest known has 17 MB.
const MARKETS_BYTES_MAX: usize = 128 << 20;
/// How much of an answer that is no JSON is shown.
const SHOWN_CHARACTERS: usize = 80;

/// One exchange. Forming requests and reading answers takes turns; the requests themselves do not.
pub(super) struct Venue {
    pub(super) profile: Profile,
    open: fn() -> Box<dyn ct_dialects::Dialect>,
    base_url: Option<String>,
    dialect: Mutex<Dialect>,
    line: Line,
}

/// An answer that reports no error.
struct Accepted {
    json: serde_json::Value,
    server_time: Option<Timestamp>,
}

impl Venue {
    pub(super) fn new(
        profile: Profile,
        open: fn() -> Box<dyn ct_dialects::Dialect>,
        base_url: Option<String>,
        line: Line,
    ) -> Self {
        let dialect = Mutex::new(opened(open, base_url.as_deref()));
        Self { profile, open, base_url, dialect, line }
    }

    /// ccxt's name for `interval`, if the exchange is asked for it.
    ///
    /// # Errors
    /// Which intervals it is asked for.
    pub(super) fn timeframe(&self, interval: Interval) -> Result<String, SourceError> {
        let mut offered = self.intervals();
        if let Some(index) = offered.iter().position(|(found, _)| *found == interval) {
            return Ok(offered.swap_remove(index).1);
        }
        let names: Vec<String> = offered.into_iter().map(|(_, name)| name).collect();
        let message = format!("has no bars of {interval}; it has {}", names.join(", "));
        Err(self.error(SourceErrorKind::Interval, message))
    }

    /// Lets ccxt know a market.
    pub(super) fn know(&self, symbol: &str, market: &serde_json::Value) {
        let mut dialect = self.dialect();
        let state = dialect.state_mut();
        let mut markets = state.markets.as_map().cloned().unwrap_or_default();
        markets.insert(symbol.to_owned(), Value::from_json(market));
        state.markets = Value::Map(markets);
    }

    /// How ccxt writes precisions here.
    pub(super) fn precision_mode(&self) -> PrecisionMode {
        PrecisionMode::of(self.dialect().state().precisionMode.as_i64())
    }

    /// One page, of a market that ccxt [knows](Self::know).
    pub(super) async fn page(&self, page: &PageRequest) -> Result<Page, SourceError> {
        let timeframe = self.timeframe(page.interval)?;
        let formed = page_request(&mut self.dialect(), &self.profile, page, &timeframe);
        let request = formed.map_err(|error| self.unformed(&error))?;
        let attempt = async || {
            let accepted = self.ask(&request, PAGE_BYTES_MAX).await?;
            self.check_reach(page, &request, accepted.server_time)?;
            let json = &accepted.json;
            let rows = read_rows(&mut self.dialect(), &self.profile, page, &timeframe, json)
                .map_err(|problem| self.error(SourceErrorKind::BadAnswer, problem))?;
            self.check_window(page, &rows, accepted.server_time)?;
            Ok(Page { rows, server_time: accepted.server_time })
        };
        self.line.retried(attempt).await
    }

    /// All markets of a kind, by symbol, and the server's clock.
    pub(super) async fn markets(
        &self,
        kind: MarketKind,
    ) -> Result<(BTreeMap<String, Value>, Option<Timestamp>), SourceError> {
        let mut markets = BTreeMap::new();
        let mut server_time = None;
        let market_types = types(&self.dialect(), kind);
        for market_type in market_types {
            let market_type = market_type.as_deref();
            let formed = market_request(&mut self.opened(), &self.profile, kind, market_type);
            let request = formed.map_err(|error| self.unformed(&error))?;
            let attempt = async || {
                let accepted = self.ask(&request, MARKETS_BYTES_MAX).await?;
                let read = read_markets(&mut self.opened(), market_type, &request, &accepted.json);
                let found = read.map_err(|error| {
                    let message = format!("its list of markets cannot be read: {}", error.message);
                    self.error(SourceErrorKind::BadAnswer, message)
                })?;
                Ok((found, accepted.server_time))
            };
            let (found, time) = self.line.retried(attempt).await?;
            markets.extend(found);
            server_time = time;
        }
        if markets.is_empty() {
            return Err(self.error(SourceErrorKind::BadAnswer, "lists no markets"));
        }
        Ok((markets, server_time))
    }

    /// An error at this exchange.
    pub(super) fn error(&self, kind: SourceErrorKind, message: impl Into<String>) -> SourceError {
        self.line.error(kind, message)
    }

    async fn ask(&self, request: &HttpRequest, bytes_max: usize) -> Result<Accepted, SourceError> {
        let answer = self.line.send(request, bytes_max).await?;
        let json = self.accept(&request.url, &answer)?;
        Ok(Accepted { json, server_time: server_time(&answer.headers) })
    }

    /// The JSON of an answer that reports no error.
    fn accept(&self, url: &str, answer: &Answer) -> Result<serde_json::Value, SourceError> {
        let json = serde_json::from_str(&answer.body).ok();
        let reported = json.as_ref().and_then(|json| self.reported_error(url, answer, json));
        let wait = retry_after(&answer.headers);
        let kind =
            failure::kind(&self.profile, answer.status, &answer.body, reported.as_ref(), wait);
        if let Some(kind) = kind {
            return Err(self.error(kind, failure::message(kind, answer.status, &answer.body)));
        }
        json.ok_or_else(|| {
            let shown = excerpt(&answer.body, SHOWN_CHARACTERS);
            let message = format!("its answer is no JSON, or is cut off; it begins '{shown}'");
            self.error(SourceErrorKind::BadAnswer, message)
        })
    }

    fn reported_error(
        &self,
        url: &str,
        answer: &Answer,
        json: &serde_json::Value,
    ) -> Option<ExchangeError> {
        let headers = answer.headers.iter().filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), Value::from(value.to_str().ok()?)))
        });
        let reported = ReportedAnswer {
            status: answer.status.as_u16(),
            reason: answer.status.canonical_reason().unwrap_or_default(),
            url,
            headers: Value::Map(headers.collect()),
            body: &answer.body,
            json: Value::from_json(json),
        };
        self.dialect().check(reported).err()
    }

    /// ccxt picks an endpoint by this machine's clock. When that is late, it may pick one that no longer has the bars, and
    /// its empty answer would pass for a hole.
    fn check_reach(
        &self,
        page: &PageRequest,
        request: &HttpRequest,
        server_time: Option<Timestamp>,
    ) -> Result<(), SourceError> {
        let (Some(NewestOnly { path, rows }), Some(now)) = (self.profile.newest_only, server_time)
        else {
            return Ok(());
        };
        let reach_ms = rows.saturating_mul(page.interval.as_ms());
        if request.url.contains(path) && now.as_ms() - page.range.from.as_ms() > reach_ms {
            let message =
                format!("it is {now} there; set this machine's clock to ask for older bars");
            return Err(self.error(SourceErrorKind::Refused, message));
        }
        Ok(())
    }

    /// Exchanges that nobody checked may give their newest bars whatever they are asked for, which would make a hole of all
    /// the others.
    fn check_window(
        &self,
        page: &PageRequest,
        rows: &RawColumns,
        server_time: Option<Timestamp>,
    ) -> Result<(), SourceError> {
        let (None, Some(now)) = (self.profile.rows_at, server_time) else { return Ok(()) };
        let (Some(first), Some(last)) = (rows.time.first(), rows.time.last()) else {
            return Ok(());
        };
        let are_newest = now.as_ms() - last < 2 * page.interval.as_ms();
        if are_newest && *first >= page.range.to.as_ms() {
            let message = "gives its newest bars whatever it is asked for; it has no older ones";
            return Err(self.error(SourceErrorKind::Refused, message));
        }
        Ok(())
    }

    /// The intervals that the exchange is asked for, shortest first, and ccxt's names for them.
    fn intervals(&self) -> Vec<(Interval, String)> {
        const DAY_MS: i64 = 86_400_000;
        let dialect = self.dialect();
        let known = dialect.state().timeframes.as_map().into_iter().flatten();
        let mut offered: Vec<(Interval, String)> = known
            .filter_map(|(name, _)| Some((name.parse::<Interval>().ok()?, name.clone())))
            .filter(|(interval, name)| match self.profile.intervals {
                Intervals::Checked(names) => names.contains(&name.as_str()),
                Intervals::UpToADay { except } => {
                    interval.as_ms() <= DAY_MS && !except.contains(&name.as_str())
                }
            })
            .collect();
        offered.sort();
        offered.dedup_by_key(|(interval, _)| *interval);
        offered
    }

    fn unformed(&self, error: &ExchangeError) -> SourceError {
        let message = format!("cannot be asked: {}", error.message);
        self.error(SourceErrorKind::Refused, message)
    }

    fn opened(&self) -> Dialect {
        opened(self.open, self.base_url.as_deref())
    }

    fn dialect(&self) -> MutexGuard<'_, Dialect> {
        // A panic inside ccxt is caught below the lock, so what it guards is sound.
        self.dialect.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn opened(open: fn() -> Box<dyn ct_dialects::Dialect>, base_url: Option<&str>) -> Dialect {
    let mut dialect = Dialect::new(open);
    if let Some(base_url) = base_url {
        let urls = rebased(&dialect.state().urls, base_url);
        dialect.state_mut().urls = urls;
    }
    dialect
}
