//! Brings kept prices up to date.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::runtime::Runtime;

use super::access;
use super::kept_as::kept_as;
use super::outcome::{check_fetch, interrupted};
use super::rules::KnownRules;
use super::wanted::Wanted;
use crate::config::AccessConfig;
use crate::run::{Clock, FetchProgress, Ports, RunError};
use ct_data::SeriesKey;
use ct_data::archive::{BinanceArchive, archive_symbol};
use ct_data::exchange::{EventSink, Exchanges, InstrumentRules, SourceEvent};
use ct_data::fetch::{
    FetchEnd, FetchError, FetchEvent, FetchJob, FetchReport, FetchSettings, FetchStatus, Refresh,
    SeriesReport, Sources, Stop, SymbolSource, fetch,
};
use ct_data::origin::exchange_of;
use ct_data::source::{BarSource, SourceError};
use ct_data::store::Store;

/// Rules of symbols are asked for again after this time: exchanges change ticks and fees now and then.
const RULES_AGE_MAX: Duration = Duration::from_hours(7 * 24);

/// The exchanges, and the prices kept of them. It waits for answers, so an asynchronous task must not use it, unless on a
/// thread for blocking work.
#[derive(Debug)]
pub struct Fetcher<'a> {
    store: &'a Store,
    exchanges: Exchanges,
    archive: Option<BinanceArchive>,
    fallbacks: &'a [String],
    /// What prices of the exchanges are kept as that are reached elsewhere.
    moved: BTreeMap<String, String>,
    stop: &'a Stop,
    clock: &'a dyn Clock,
    progress: Arc<dyn FetchProgress>,
    runtime: Background,
}

/// The threads that ask exchanges. Dropped, they end by themselves: one may still wait for the lock of a series that another
/// process is writing.
#[derive(Debug)]
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
    /// Asks exchanges as `access` says, and keeps what they answer in `store`.
    ///
    /// # Errors
    /// [`RunError::Input`] when an exchange or an address is none, [`RunError::Run`] when requests cannot be made at all.
    pub fn new(
        access: &'a AccessConfig,
        store: &'a Store,
        ports: &'a Ports<'a>,
    ) -> Result<Self, RunError> {
        let progress = ports.observer.begin_fetch();
        let events: EventSink = {
            let progress = Arc::clone(&progress);
            Arc::new(move |event: SourceEvent| progress.notice(&event.to_string()))
        };
        let exchanges =
            Exchanges::new(access::exchange_settings(access, store), Arc::clone(&events));
        let exchanges = exchanges.map_err(RunError::run)?;
        for named in access.fallback.iter().map(String::as_str).chain(access::moved(access)) {
            exchanges.source(named).map_err(RunError::input)?;
        }
        let archive = match access::archive(access) {
            Some(settings) => Some(BinanceArchive::new(settings, events).map_err(RunError::run)?),
            None => None,
        };
        Ok(Self {
            store,
            exchanges,
            archive,
            fallbacks: &access.fallback,
            moved: moved_names(access),
            stop: &ports.stop,
            clock: ports.clock,
            progress,
            runtime: Background::start().map_err(RunError::run)?,
        })
    }

    /// Fetches what is missing of `wanted`. What one of them lacks does not stop the others; what damaged files held is
    /// fetched again.
    ///
    /// # Errors
    /// [`RunError::Input`] when an exchange is none; [`RunError::Stopped`] when the user stops before anything is asked for;
    /// [`RunError::Run`] when a damaged file cannot be set aside.
    pub fn fetch(&self, wanted: &[Wanted], refresh: Refresh) -> Result<FetchReport, RunError> {
        for one in wanted {
            self.exchanges.source(&one.exchange).map_err(RunError::input)?;
            self.check_fallbacks(one)?;
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

    /// What prices of `exchange` are kept as.
    pub(in crate::run) fn kept_as(&self, exchange: &str) -> String {
        self.moved.get(exchange).cloned().unwrap_or_else(|| exchange.to_owned())
    }

    /// # Errors
    /// [`RunError::Input`] when an exchange may answer at an address that is not its own for one that is asked itself: its
    /// prices would be kept among those of that exchange.
    fn check_fallbacks(&self, wanted: &Wanted) -> Result<(), RunError> {
        let foreign = self.fallbacks.iter().find_map(|fallback| self.moved.get(fallback));
        match foreign {
            Some(foreign) if !self.moved.contains_key(&wanted.exchange) => {
                let exchange = &wanted.exchange;
                Err(RunError::input(format!(
                    "{foreign} is to answer for {exchange}, among whose own prices nothing from another address is kept: leave \
                     out that fallback or its base URL"
                )))
            }
            _ => Ok(()),
        }
    }

    /// Sets the damaged files of the series `key` aside, and fetches again what they held, all of it.
    ///
    /// # Errors
    /// [`RunError::Run`] when they cannot be moved, or when the exchange does not give everything again.
    pub(in crate::run) fn heal(&self, key: &SeriesKey) -> Result<(), RunError> {
        let healed = self.store.heal(key).map_err(RunError::run)?;
        let files = healed.set_aside.len() + healed.missing.len();
        self.progress.notice(&format!(
            "{key}: {files} damaged or missing file(s) set aside; {} bars are fetched again",
            healed.rows_lost
        ));
        for lost in healed.lost {
            let wanted = Wanted {
                exchange: exchange_of(&key.exchange).to_owned(),
                symbol: key.symbol.clone(),
                interval: key.interval,
                from: lost.from,
                to: FetchEnd::At(lost.to),
            };
            let report = self.fetch_once(&[wanted], Refresh::Missing)?;
            check_fetch(&report, "the damaged files are still there, with .damaged at the end")?;
        }
        Ok(())
    }

    fn fetch_once(&self, wanted: &[Wanted], refresh: Refresh) -> Result<FetchReport, RunError> {
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
                Err(error) => {
                    let key = self.key(one, &one.symbol);
                    series.push((place, refused(key, error)));
                }
            }
        }
        let settings = FetchSettings { refresh, now: self.clock.now() };
        let observe = |event: FetchEvent<'_>| self.progress.step(event);
        let fetching = fetch(self.store, jobs, settings, self.stop, &observe);
        let fetched = self.runtime.block_on(fetching);
        series.extend(places.into_iter().zip(fetched.series));
        series.sort_by_key(|(place, _)| *place);
        Ok(FetchReport { series: series.into_iter().map(|(_, series)| series).collect() })
    }

    /// What the exchanges call the symbols of `wanted`. If one cannot be asked, an exchange that may stand in for it is.
    fn symbols(&self, wanted: &[Wanted]) -> Result<Vec<Result<String, SourceError>>, RunError> {
        let pairs = wanted.iter().map(|one| (one.exchange.as_str(), one.symbol.as_str()));
        let mut symbols = Vec::with_capacity(wanted.len());
        for (one, rules) in wanted.iter().zip(self.rules(pairs)?) {
            symbols.push(match rules {
                Ok(rules) => Ok(rules.instrument.symbol),
                Err(error) if error.kind.is_transient() => self.stand_in(one)?.ok_or(error),
                Err(error) => Err(error),
            });
        }
        Ok(symbols)
    }

    /// What the first exchange that may stand in for the one of `wanted`, and can be asked, calls the symbol.
    fn stand_in(&self, wanted: &Wanted) -> Result<Option<String>, RunError> {
        let pairs =
            self.fallbacks.iter().map(|exchange| (exchange.as_str(), wanted.symbol.as_str()));
        let found = self.rules(pairs)?.into_iter().find_map(Result::ok);
        Ok(found.map(|rules| rules.instrument.symbol))
    }

    /// The trading rules of symbols, each with its exchange, in the same order.
    ///
    /// # Errors
    /// [`RunError::Stopped`] when the user stops.
    pub(in crate::run) fn rules<'b>(
        &self,
        pairs: impl Iterator<Item = (&'b str, &'b str)>,
    ) -> Result<Vec<Result<KnownRules, SourceError>>, RunError> {
        let one = async |(exchange, symbol): (&str, &str)| {
            let source = self.exchanges.source(exchange_of(exchange))?;
            source.rules(symbol, self.clock.now(), RULES_AGE_MAX).await.map(|rules| known(&rules))
        };
        self.runtime.block_on(async {
            tokio::select! {
                () = self.stop.wait() => Err(interrupted()),
                rules = join_all(pairs.map(one)) => Ok(rules),
            }
        })
    }

    /// The same, as they were when an exchange was asked last: no request is made.
    pub(in crate::run) fn kept_rules<'b>(
        &self,
        pairs: impl Iterator<Item = (&'b str, &'b str)>,
    ) -> Vec<Option<KnownRules>> {
        let one = |(name, symbol): (&str, &str)| {
            let exchange = exchange_of(name);
            let rules = if self.kept_as(exchange) == name {
                self.exchanges.source(exchange).ok()?.kept_rules(symbol)
            } else {
                InstrumentRules::kept(self.store.folder(), name, symbol)
            };
            rules.map(|rules| known(&rules))
        };
        pairs.map(one).collect()
    }

    /// What `wanted` is kept as, when its symbol is called `symbol`.
    fn key(&self, wanted: &Wanted, symbol: &str) -> SeriesKey {
        SeriesKey { exchange: self.kept_as(&wanted.exchange), ..wanted.key(symbol) }
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
            key: self.key(wanted, symbol),
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

/// What prices of each exchange are kept as that `access` has reached elsewhere, if that is not its own name.
fn moved_names(access: &AccessConfig) -> BTreeMap<String, String> {
    let exchanges = access::moved(access).chain(["binance"]);
    let names = exchanges.map(|exchange| (exchange.to_owned(), kept_as(access, exchange)));
    names.filter(|(exchange, name)| exchange != name).collect()
}

/// Whether an exchange of this name can be asked.
pub(in crate::run) fn is_exchange(name: &str) -> bool {
    Exchanges::ids().contains(&name)
}

/// What ccxt's rules say that matters here.
fn known(rules: &InstrumentRules) -> KnownRules {
    let instrument = rules.instrument();
    KnownRules { instrument, maker_fee: rules.maker_fee, taker_fee: rules.taker_fee }
}

/// Whether a fetch ended at a file that is not as it was written.
fn is_damaged(status: &FetchStatus) -> bool {
    matches!(status, FetchStatus::Failed(FetchError::Store(error)) if error.damaged_file().is_some())
}

/// The report on a series that was not even asked for.
fn refused(key: SeriesKey, error: SourceError) -> SeriesReport {
    let status = FetchStatus::Failed(FetchError::Source(error));
    SeriesReport { status, ..SeriesReport::of_nothing(key) }
}
