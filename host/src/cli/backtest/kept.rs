//! Prices of the data folder, brought up to date from the exchange first.

use std::cell::RefCell;

use super::prices::{Loaded, Loading, PriceArgs};
use crate::backtest::{DataSource, SeriesVersion};
use crate::cli::clock::now;
use crate::cli::data_policy::checked_bars;
use crate::cli::failure::Failure;
use crate::cli::fetch::{Fetcher, Wanted, check};
use crate::cli::series_args::{is_same_symbol, snapshot_keys};
use crate::costs::FeeSchedule;
use crate::data::exchange::{Exchanges, InstrumentRules};
use crate::data::fetch::{FetchEnd, Refresh};
use crate::data::store::{Series, Store, StoreError};
use crate::data::{SeriesKey, TimeRange};
use crate::market::{Bars, Instrument};
use crate::units::Timestamp;

/// Kept prices.
#[derive(Debug)]
pub(super) struct Kept {
    /// What is kept now, then other versions if a hash is wanted.
    pub(super) versions: Vec<Vec<Loaded>>,
    pub(super) fees: Option<FeeSchedule>,
}

/// Fetches what is missing, unless the user wants none of it, and maps the bars of the period.
///
/// # Errors
/// [`Failure::Run`] when the exchange cannot be asked, [`Failure::Input`] when there is nothing in the period.
pub(super) fn load(arguments: &PriceArgs, loading: Loading<'_>) -> Result<Kept, Failure> {
    let store = arguments.exchanges.folder.store(loading.environment)?;
    let fetcher = Fetcher::new(&arguments.exchanges, &store, loading.interrupt, loading.terminal)?;
    let range = loading.period.range(now(), loading.warm_up_rows, arguments.interval_of_run());
    let reader = Reader { arguments, loading, store: &store, fetcher: &fetcher, range };
    let keys = if reader.only_kept() { reader.kept_keys()? } else { reader.fetched_keys()? };
    let rules = reader.rules(&keys)?;
    let mut versions = Vec::new();
    let one =
        |(key, rules): (&SeriesKey, &Option<InstrumentRules>)| reader.loaded(key, rules.as_ref());
    versions.push(keys.iter().zip(&rules).map(one).collect::<Result<Vec<_>, Failure>>()?);
    if let (Some(_), [key], [rules]) = (&arguments.data_hash, keys.as_slice(), rules.as_slice()) {
        versions.extend(reader.other_versions(key, rules.as_ref())?);
    }
    Ok(Kept { versions, fees: fees(&rules) })
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    arguments: &'a PriceArgs,
    loading: Loading<'a>,
    store: &'a Store,
    fetcher: &'a Fetcher<'a>,
    /// The period, and what the strategy warms up on.
    range: TimeRange,
}

impl Reader<'_> {
    /// The series that the symbols of the user mean, brought up to date.
    fn fetched_keys(&self) -> Result<Vec<SeriesKey>, Failure> {
        let to = self.loading.period.end().map_or(FetchEnd::Now, FetchEnd::At);
        let wanted = self.arguments.symbol.iter().map(|symbol| Wanted {
            exchange: self.arguments.exchange.clone(),
            symbol: symbol.clone(),
            interval: self.arguments.interval_kept(),
            from: self.range.from,
            to,
        });
        let wanted: Vec<Wanted> = wanted.collect();
        let report = self.fetcher.fetch(&wanted, Refresh::Missing)?;
        check(&report, "--offline takes what is kept")?;
        Ok(report.series.into_iter().map(|series| series.key).collect())
    }

    /// The series that the symbols of the user mean, among those that are kept.
    fn kept_keys(&self) -> Result<Vec<SeriesKey>, Failure> {
        let known = match &self.arguments.snapshot {
            None => self.store.keys().map_err(Failure::run)?,
            Some(name) => snapshot_keys(self.store, name)?,
        };
        self.arguments.symbol.iter().map(|symbol| self.kept_key(symbol, &known)).collect()
    }

    fn kept_key(&self, symbol: &str, known: &[SeriesKey]) -> Result<SeriesKey, Failure> {
        let (exchange, interval) = (&self.arguments.exchange, self.arguments.interval_kept());
        let is_meant = |key: &&SeriesKey| {
            key.exchange == *exchange
                && key.interval == interval
                && is_same_symbol(&key.symbol, symbol)
        };
        known.iter().find(is_meant).cloned().ok_or_else(|| {
            Failure::input(format!(
                "no {exchange} {symbol} {interval} is kept: fetch it first, or see what there is with ct-host data list"
            ))
        })
    }

    /// The exchange's rules for each series; `None` where there are none to be had, such as for imported prices.
    fn rules(&self, keys: &[SeriesKey]) -> Result<Vec<Option<InstrumentRules>>, Failure> {
        let pairs = keys.iter().map(|key| (key.exchange.as_str(), key.symbol.as_str()));
        let rules: Vec<_> = if self.only_kept() {
            self.fetcher.kept_rules(pairs)
        } else {
            self.fetcher.rules(pairs)?.into_iter().map(Result::ok).collect()
        };
        for (key, _) in keys.iter().zip(&rules).filter(|(_, rules)| rules.is_none()) {
            let notice = "no trading rules are known: no tick, lot or minimum, and the usual fees";
            self.loading.terminal.notice(&format!("{key}: {notice}"));
        }
        Ok(rules)
    }

    /// Whether no exchange is asked: the user wants it so, or the prices come from none.
    fn only_kept(&self) -> bool {
        self.arguments.offline
            || self.arguments.snapshot.is_some()
            || self.is_name_of_imports(&self.arguments.exchange)
    }

    fn is_name_of_imports(&self, exchange: &str) -> bool {
        !Exchanges::ids().contains(&exchange)
            && self.store.keys().is_ok_and(|keys| keys.iter().any(|key| key.exchange == exchange))
    }

    /// The series `key` after all its checksums were compared.
    fn verified(&self, key: &SeriesKey) -> Result<Option<Series>, StoreError> {
        let series = match &self.arguments.snapshot {
            Some(name) => self.store.series_of_snapshot(name, key),
            None => self.store.series(key),
        };
        match series? {
            Some(series) => series.verified_bars().map(|_| Some(series)),
            None => Ok(None),
        }
    }

    fn loaded(&self, key: &SeriesKey, rules: Option<&InstrumentRules>) -> Result<Loaded, Failure> {
        let verified = match self.verified(key) {
            Err(error) if error.damaged_file().is_some() && !self.only_kept() => {
                self.fetcher.heal(key)?;
                self.verified(key)
            }
            verified => verified,
        };
        match verified {
            Ok(Some(series)) => {
                self.tell_missing(&series);
                self.of_series(&series, rules)
            }
            Ok(None) => Err(Failure::input(format!(
                "{key}: there are no bars; the exchange may not have had any in {}",
                self.range
            ))),
            Err(error) => Err(damaged(key, &error)),
        }
    }

    /// Says which bars of the period were never asked for, when no exchange is asked now.
    fn tell_missing(&self, series: &Series) {
        let interval_ms = series.key().interval.as_ms();
        let mut missing = series.asked().missing(self.range);
        // The end of the period may lie inside a bar that is not closed.
        missing.retain(|range| range.length_ms() >= interval_ms);
        if self.only_kept() && !missing.is_empty() {
            let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
            self.loading.terminal.notice(&format!(
                "{}: the run does without what was never fetched: {}",
                series.key(),
                missing.join(", ")
            ));
        }
    }

    fn of_series(
        &self,
        series: &Series,
        rules: Option<&InstrumentRules>,
    ) -> Result<Loaded, Failure> {
        let key = series.key();
        let bars = series.bars().between(self.range.from, self.range.to);
        if bars.is_empty() {
            let held =
                series.range().map_or_else(|| "nothing".to_owned(), |range| range.to_string());
            return Err(Failure::input(format!(
                "{key}: no bar opens in {}: {held} is kept",
                self.range
            )));
        }
        let (bars, repairs, synthetic) =
            checked_bars(bars, key, &self.arguments.policy, self.loading.terminal)?;
        let version = SeriesVersion {
            exchange: key.exchange.clone(),
            version: series.version().to_owned(),
            snapshot: self.arguments.snapshot.clone(),
            given_by: given_by(series, self.range),
        };
        self.tell_start(&bars, key);
        let source = DataSource::new(key.symbol.as_str()).repaired(repairs, synthetic);
        let instrument = rules.map_or_else(
            || Instrument::unrestricted(key.symbol.as_str()),
            InstrumentRules::instrument,
        );
        Ok(Loaded {
            instrument: self.loading.rules.over(instrument),
            bars,
            source: DataSource { series: Some(version), ..source },
        })
    }

    /// Says when the bars start later than was asked for.
    fn tell_start(&self, bars: &Bars, key: &SeriesKey) {
        let wanted = self.loading.period.start();
        let first = bars.times().first().map(|&time| Timestamp::clamped(time));
        if let (Some(wanted), Some(first)) = (wanted, first)
            && first.as_ms() >= wanted.as_ms() + bars.interval().as_ms()
        {
            self.loading.terminal.notice(&format!(
                "{key}: the first bar is of {first}; there is none from {wanted} on until then"
            ));
        }
    }

    /// Versions of the series that revisions superseded or snapshots pin.
    fn other_versions(
        &self,
        key: &SeriesKey,
        rules: Option<&InstrumentRules>,
    ) -> Result<Vec<Vec<Loaded>>, Failure> {
        let found = RefCell::new(Vec::new());
        let collect = |series: &Series| {
            // One that does not reach the period is not the one.
            if series.verified_bars().is_ok()
                && let Ok(loaded) = self.of_series(series, rules)
            {
                found.borrow_mut().push(vec![loaded]);
            }
            false
        };
        self.store.series_of_version(key, &collect).map_err(Failure::run)?;
        Ok(found.into_inner())
    }
}

/// Who gave the bars of `range`.
fn given_by(series: &Series, range: TimeRange) -> Vec<String> {
    let spans = series.asked().spans().iter();
    let within = spans.filter(|span| !span.range.intersection(&range).is_empty());
    let mut sources: Vec<String> = within.map(|span| span.source.to_string()).collect();
    sources.sort();
    sources.dedup();
    sources
}

fn damaged(key: &SeriesKey, error: &StoreError) -> Failure {
    match error.damaged_file() {
        Some(_) => Failure::run(format!(
            "{key}: {error}; `ct-host data verify --heal` sets the damaged file aside, then what it held is fetched again"
        )),
        None => Failure::run(format!("{key}: {error}")),
    }
}

/// The highest fees of all symbols, when the exchange told those of each.
fn fees(rules: &[Option<InstrumentRules>]) -> Option<FeeSchedule> {
    let mut highest: Option<FeeSchedule> = None;
    for rules in rules {
        let rules = rules.as_ref()?;
        let (maker, taker) = (rules.maker_fee?, rules.taker_fee?);
        highest = Some(highest.map_or(FeeSchedule { maker, taker }, |fees| FeeSchedule {
            maker: fees.maker.max(maker),
            taker: fees.taker.max(taker),
        }));
    }
    highest
}
