//! Brings kept prices up to date, for every command that needs some.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::runtime::Runtime;

use super::outcome::{check, interrupted};
use crate::access;
use crate::clock::now;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::terminal::Terminal;
use ct_host::config::AccessConfig;
use ct_host::data::SeriesKey;
use ct_host::data::archive::{BinanceArchive, archive_symbol};
use ct_host::data::exchange::{EventSink, Exchanges, InstrumentRules, SourceEvent};
use ct_host::data::fetch::{
    FetchEnd, FetchError, FetchJob, FetchReport, FetchSettings, FetchStatus, Refresh, SeriesReport,
    Sources, Stop, SymbolSource, fetch,
};
use ct_host::data::source::{BarSource, SourceError};
use ct_host::data::store::Store;
use ct_host::run::{FetchProgress, Observer};
use ct_host::units::{Interval, Timestamp};

/// A series that is wanted, as the user calls it.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) exchange: String,
    /// Also `btcusdt` or `BTC-USDT`: the exchange's list of symbols decides.
    pub(crate) symbol: String,
    pub(crate) interval: Interval,
    pub(crate) from: Timestamp,
    pub(crate) to: FetchEnd,
}

/// Rules of symbols are asked for again after this time: exchanges change ticks and fees now and then.
const RULES_AGE_MAX: Duration = Duration::from_hours(7 * 24);

/// The exchanges, and the prices kept of them.
pub(crate) struct Fetcher<'a> {
    store: &'a Store,
    exchanges: Exchanges,
    archive: Option<BinanceArchive>,
    fallbacks: &'a [String],
    stop: &'a Stop,
    progress: Arc<dyn FetchProgress>,
    runtime: Background,
}

/// The threads that ask exchanges. Dropped, they end by themselves: one may still wait for the lock of a series that another
/// process is writing.
struct Background(Option<Runtime>);

impl Background {
    fn start() -> std::io::Result<Self> {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map(|runtime| Self(Some(runtime)))
    }

    fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        let Some(runtime) = &self.0 else {
            unreachable!("the runtime is there until it is dropped")
        };
        runtime.block_on(work)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl<'a> Fetcher<'a> {
    /// # Errors
    /// [`Failure::input`] when an exchange or an address is none, [`Failure::run`] when requests cannot be made at all.
    pub(crate) fn new(
        access: &'a AccessConfig,
        store: &'a Store,
        interrupt: &'a Interrupt,
        terminal: Terminal,
    ) -> Result<Self, Failure> {
        let progress = terminal.begin_fetch();
        let events: EventSink = {
            let progress = Arc::clone(&progress);
            Arc::new(move |event: SourceEvent| progress.notice(&event.to_string()))
        };
        let exchanges =
            Exchanges::new(access::exchange_settings(access, store), Arc::clone(&events));
        let exchanges = exchanges.map_err(Failure::run)?;
        for named in access.fallback.iter().map(String::as_str).chain(access::moved(access)) {
            exchanges.source(named).map_err(Failure::input)?;
        }
        let archive = match access::archive(access) {
            Some(settings) => Some(BinanceArchive::new(settings, events).map_err(Failure::run)?),
            None => None,
        };
        Ok(Self {
            store,
            exchanges,
            archive,
            fallbacks: &access.fallback,
            stop: interrupt.stop(),
            progress,
            runtime: Background::start().map_err(Failure::run)?,
        })
    }

    /// Fetches what is missing of `wanted`. What one of them lacks does not stop the others; what damaged files held is
    /// fetched again.
    ///
    /// # Errors
    /// [`Failure::input`] when an exchange is none; [`Failure::Stopped`] when the user stops before anything is asked for;
    /// [`Failure::run`] when a damaged file cannot be set aside.
    pub(crate) fn fetch(
        &self,
        wanted: &[Wanted],
        refresh: Refresh,
    ) -> Result<FetchReport, Failure> {
        for Wanted { exchange, .. } in wanted {
            self.exchanges.source(exchange).map_err(Failure::input)?;
        }
        let report = self.fetch_once(wanted, refresh)?;
        let damaged = report.series.iter().filter(|series| is_damaged(&series.status));
        let damaged: Vec<SeriesKey> = damaged.map(|series| series.key.clone()).collect();
        if damaged.is_empty() {
            return Ok(report);
        }
        for key in damaged {
            self.heal(&key)?;
        }
        self.fetch_once(wanted, refresh)
    }

    /// Sets the damaged files of the series `key` aside, and fetches again what they held, all of it.
    ///
    /// # Errors
    /// [`Failure::run`] when they cannot be moved, or when the exchange does not give everything again.
    pub(crate) fn heal(&self, key: &SeriesKey) -> Result<(), Failure> {
        let healed = self.store.heal(key).map_err(Failure::run)?;
        let files = healed.set_aside.len() + healed.missing.len();
        self.progress.notice(&format!(
            "{key}: {files} damaged or missing file(s) set aside; {} bars are fetched again",
            healed.rows_lost
        ));
        for lost in healed.lost {
            let wanted = Wanted {
                exchange: key.exchange.clone(),
                symbol: key.symbol.clone(),
                interval: key.interval,
                from: lost.from,
                to: FetchEnd::At(lost.to),
            };
            let report = self.fetch_once(&[wanted], Refresh::Missing)?;
            check(&report, "the damaged files are still there, with .damaged at the end")?;
        }
        Ok(())
    }

    fn fetch_once(&self, wanted: &[Wanted], refresh: Refresh) -> Result<FetchReport, Failure> {
        let symbols = self.symbols(wanted)?;
        let (mut jobs, mut places, mut series) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (one, symbol)) in wanted.iter().zip(symbols).enumerate() {
            match symbol.and_then(|symbol| self.job(one, &symbol)) {
                // The same series under another spelling.
                Ok(job) if jobs.iter().any(|other: &FetchJob| other.key == job.key) => {}
                Ok(job) => {
                    jobs.push(job);
                    places.push(place);
                }
                Err(error) => series.push((place, refused(one, error))),
            }
        }
        let settings = FetchSettings { refresh, now: now() };
        let observe = |event: ct_host::data::fetch::FetchEvent<'_>| self.progress.step(event);
        let fetching = fetch(self.store, jobs, settings, self.stop, &observe);
        let fetched = self.runtime.block_on(fetching);
        series.extend(places.into_iter().zip(fetched.series));
        series.sort_by_key(|(place, _)| *place);
        Ok(FetchReport { series: series.into_iter().map(|(_, series)| series).collect() })
    }

    /// What the exchanges call the symbols of `wanted`. If one cannot be asked, an exchange that may stand in for it is.
    fn symbols(&self, wanted: &[Wanted]) -> Result<Vec<Result<String, SourceError>>, Failure> {
        let pairs = wanted.iter().map(|one| (one.exchange.as_str(), one.symbol.as_str()));
        let mut symbols = Vec::with_capacity(wanted.len());
        for (one, rules) in wanted.iter().zip(self.rules(pairs)?) {
            symbols.push(match rules {
                Ok(rules) => Ok(rules.symbol),
                Err(error) if error.kind.is_transient() => self.stand_in(one)?.ok_or(error),
                Err(error) => Err(error),
            });
        }
        Ok(symbols)
    }

    /// What the first exchange that may stand in for the one of `wanted`, and can be asked, calls the symbol.
    fn stand_in(&self, wanted: &Wanted) -> Result<Option<String>, Failure> {
        let pairs =
            self.fallbacks.iter().map(|exchange| (exchange.as_str(), wanted.symbol.as_str()));
        let found = self.rules(pairs)?.into_iter().find_map(Result::ok);
        Ok(found.map(|rules| rules.symbol))
    }

    /// The trading rules of symbols, each with its exchange, in the same order.
    ///
    /// # Errors
    /// [`Failure::Stopped`] when the user stops.
    pub(crate) fn rules<'b>(
        &self,
        pairs: impl Iterator<Item = (&'b str, &'b str)>,
    ) -> Result<Vec<Result<InstrumentRules, SourceError>>, Failure> {
        let one = async |(exchange, symbol): (&str, &str)| {
            let source = self.exchanges.source(exchange)?;
            source.rules(symbol, now(), RULES_AGE_MAX).await
        };
        self.runtime.block_on(async {
            tokio::select! {
                () = self.stop.wait() => Err(interrupted()),
                rules = join_all(pairs.map(one)) => Ok(rules),
            }
        })
    }

    /// The same, as they were when an exchange was asked last: no request is made.
    pub(crate) fn kept_rules<'b>(
        &self,
        pairs: impl Iterator<Item = (&'b str, &'b str)>,
    ) -> Vec<Option<InstrumentRules>> {
        let one = |(exchange, symbol)| self.exchanges.source(exchange).ok()?.kept_rules(symbol);
        pairs.map(one).collect()
    }

    fn job(&self, wanted: &Wanted, symbol: &str) -> Result<FetchJob, SourceError> {
        let of = |source: Arc<dyn BarSource>| SymbolSource { source, symbol: symbol.to_owned() };
        let exchange = self.exchanges.source(&wanted.exchange)?;
        exchange.limits(wanted.interval)?;
        let fallbacks = self.fallbacks.iter().filter(|fallback| **fallback != wanted.exchange);
        let fallbacks = fallbacks.map(|fallback| Ok(of(self.exchanges.source(fallback)?)));
        let archive = self.archive.as_ref().filter(|archive| {
            wanted.exchange == "binance"
                && archive_symbol(symbol).is_some()
                && archive.limits(wanted.interval).is_ok()
        });
        Ok(FetchJob {
            key: SeriesKey {
                exchange: wanted.exchange.clone(),
                symbol: symbol.to_owned(),
                interval: wanted.interval,
            },
            from: wanted.from,
            to: wanted.to,
            sources: Sources {
                archive: archive.map(|archive| of(Arc::new(archive.clone()))),
                fallbacks: fallbacks.collect::<Result<_, SourceError>>()?,
                exchange: of(exchange),
            },
        })
    }
}

/// Whether a fetch ended at a file that is not as it was written.
fn is_damaged(status: &FetchStatus) -> bool {
    matches!(status, FetchStatus::Failed(FetchError::Store(error)) if error.damaged_file().is_some())
}

/// The report on a series that was not even asked for.
fn refused(wanted: &Wanted, error: SourceError) -> SeriesReport {
    let key = SeriesKey {
        exchange: wanted.exchange.clone(),
        symbol: wanted.symbol.clone(),
        interval: wanted.interval,
    };
    let status = FetchStatus::Failed(FetchError::Source(error));
    SeriesReport { status, ..SeriesReport::of_nothing(key) }
}
