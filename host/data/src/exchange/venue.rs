//! One exchange, asked for pages and markets.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ct_dialects::{ExchangeError, Value};

use super::answer_limits::AnswerLimits;
use super::base_url::{is_own, rebased};
use super::dialect::Dialect;
use super::line::Line;
use super::market_list::{MarketKind, market_request, read_markets, types};
use super::page_times::check_times;
use super::profile::{Intervals, NewestOnly, Profile};
use super::reader::{Reader, Reading};
use super::request::{HttpRequest, page_request};
use super::rows::read_rows;
use super::rules::PrecisionMode;
use crate::origin::kept_as;
use crate::source::{Page, PageRequest, SourceError, SourceErrorKind};
use ct_core::market::RawColumns;
use ct_core::units::{Interval, Timestamp};

/// One exchange. Forming requests takes turns, and so does reading answers; the requests themselves do not.
pub(super) struct Venue {
    pub(super) profile: Profile,
    /// What everything of it is kept as.
    pub(super) kept_as: String,
    open: fn() -> Box<dyn ct_dialects::Dialect>,
    base_url: Option<String>,
    /// Forms requests, and knows the markets that were asked for.
    dialect: Mutex<Dialect>,
    reader: Reader,
    line: Line,
}

/// Markets as ccxt tells them, by symbol.
pub(super) type Markets = BTreeMap<String, Value>;

impl Venue {
    pub(super) fn new(
        profile: Profile,
        open: fn() -> Box<dyn ct_dialects::Dialect>,
        base_url: Option<String>,
        line: Line,
    ) -> Self {
        let foreign = base_url.as_deref().filter(|url| !is_own(open, url));
        let kept_as = kept_as(profile.id, foreign.as_slice());
        let dialect = Mutex::new(opened(open, base_url.as_deref()));
        let reader = Reader::new(profile.clone(), open, line.timeout());
        Self { profile, kept_as, open, base_url, dialect, reader, line }
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
            let (profile, asked, named) = (self.profile.clone(), page.clone(), timeframe.clone());
            let read = move |dialect: &mut Dialect, json: &serde_json::Value| {
                read_rows(dialect, &profile, &asked, &named, json)
            };
            let Reading { said: rows, server_time } =
                self.ask(&request, AnswerLimits::PAGE, read).await?;
            self.check_reach(page, &request, server_time)?;
            self.check_window(page, &rows, server_time)?;
            Ok(Page { rows, server_time })
        };
        self.line.retried(attempt).await
    }

    /// All markets of a kind, by symbol, and the server's clock. A list that `check` objects to is asked for again.
    pub(super) async fn markets(
        &self,
        kind: MarketKind,
        check: impl Fn(&Markets) -> Result<(), String>,
    ) -> Result<Reading<Markets>, SourceError> {
        let mut markets = Markets::new();
        let mut server_time = None;
        let market_types = types(&self.dialect(), kind);
        for market_type in market_types {
            let market_type = market_type.as_deref();
            let formed = market_request(&mut self.opened(), &self.profile, kind, market_type);
            let request = formed.map_err(|error| self.unformed(&error))?;
            let attempt = async || {
                let reading = self.ask_markets(&request, market_type).await?;
                check(&reading.said)
                    .map_err(|problem| self.error(SourceErrorKind::BadAnswer, problem))?;
                Ok(reading)
            };
            let reading = self.line.retried(attempt).await?;
            markets.extend(reading.said);
            server_time = reading.server_time;
        }
        if markets.is_empty() {
            return Err(self.error(SourceErrorKind::BadAnswer, "lists no markets"));
        }
        Ok(Reading { said: markets, server_time })
    }

    /// An error at this exchange.
    pub(super) fn error(&self, kind: SourceErrorKind, message: impl Into<String>) -> SourceError {
        self.line.error(kind, message)
    }

    /// What `read` makes of the answer to `request`, given the exchange that knows the markets.
    async fn ask<T: Send + 'static>(
        &self,
        request: &HttpRequest,
        limits: AnswerLimits,
        read: impl FnOnce(&mut Dialect, &serde_json::Value) -> Result<T, String> + Send + 'static,
    ) -> Result<Reading<T>, SourceError> {
        let answer = self.line.send(request, limits.bytes_max).await?;
        let markets = self.dialect().state().markets.clone();
        let reading = self.reader.read(answer, limits, markets, read).await;
        reading.map_err(|(kind, message)| self.error(kind, message))
    }

    async fn ask_markets(
        &self,
        request: &HttpRequest,
        market_type: Option<&str>,
    ) -> Result<Reading<Markets>, SourceError> {
        let (open, base_url) = (self.open, self.base_url.clone());
        let (request_read, market_type) = (request.clone(), market_type.map(str::to_owned));
        let read = move |_: &mut Dialect, json: &serde_json::Value| {
            let mut fresh = opened(open, base_url.as_deref());
            read_markets(&mut fresh, market_type.as_deref(), &request_read, json)
                .map_err(|error| format!("its list of markets cannot be read: {}", error.message))
        };
        self.ask(request, AnswerLimits::MARKETS, read).await
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

    /// Bars of another time than was asked for would make a hole of the time that was. Exchanges that nobody checked may give
    /// their newest bars whatever they are asked for.
    fn check_window(
        &self,
        page: &PageRequest,
        rows: &RawColumns,
        server_time: Option<Timestamp>,
    ) -> Result<(), SourceError> {
        check_times(&self.profile, page, &rows.time, server_time)
            .map_err(|problem| self.error(SourceErrorKind::BadAnswer, problem))?;
        let (false, Some(now)) = (self.profile.is_checked(), server_time) else { return Ok(()) };
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
