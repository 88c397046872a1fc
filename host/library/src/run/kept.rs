//! Prices of the data folder, brought up to date from the exchange first.

mod version;

use super::defect_policy::checked_bars;
use super::fetch::{KnownRules, is_exchange};
use super::loading::{Loaded, Loading, VersionsWanted, interval_kept, interval_of_run};
use super::period::Period;
use super::series::{is_same_symbol, snapshot_keys};
use super::{Fetcher, RunError, Wanted, check_fetch};
use crate::backtest::{DataSource, SeriesVersion};
use crate::config::{AccessConfig, DataConfig};
use ct_core::market::{Bars, Instrument};
use ct_core::units::{Interval, Rate, Timestamp};
use ct_data::fetch::{FetchEnd, Refresh};
use ct_data::store::{Series, Store, StoreError};
use ct_data::{SeriesKey, TimeRange};

/// Kept prices.
#[derive(Debug)]
pub(super) struct Kept {
    /// The version to take, then others if a hash is wanted.
    pub(super) versions: Vec<Vec<Loaded>>,
    /// Finer bars, one series for each instrument; nothing if none are wanted.
    pub(super) details: Vec<Option<Bars>>,
    pub(super) fees: Option<ExchangeFees>,
}

/// What an exchange takes of a fill in its lowest tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ExchangeFees {
    pub(super) maker: Rate,
    pub(super) taker: Rate,
}

/// Fetches what is missing, unless the user wants none of it, and maps the bars of the period.
///
/// # Errors
/// [`RunError::Run`] when the exchange cannot be asked, [`RunError::Input`] when there is nothing in the period.
pub(super) fn load(loading: Loading<'_>) -> Result<Kept, RunError> {
    let data = &loading.config.data;
    check_details(loading)?;
    let store = loading.ports.folders.store(&loading.config.access)?;
    let fetcher = Fetcher::new(&loading.config.access, &store, loading.ports)?;
    let period = Period::of(data);
    let range =
        period.range(loading.ports.clock.now(), loading.warm_up_rows, interval_of_run(data));
    let reader = Reader {
        loading,
        store: &store,
        fetcher: &fetcher,
        interval: interval_kept(data),
        range,
        asking: Asking::Exchange,
    };
    let reader = reader.asking();
    let keys = reader.keys()?;
    let rules = reader.rules(&keys)?;
    let one = |(key, rules): (&SeriesKey, &Option<KnownRules>)| reader.loaded(key, rules.as_ref());
    let mut versions =
        vec![keys.iter().zip(&rules).map(one).collect::<Result<Vec<_>, RunError>>()?];
    if let (VersionsWanted::All, [key], [rules]) =
        (loading.versions, keys.as_slice(), rules.as_slice())
    {
        versions.extend(reader.other_versions(key, rules.as_ref())?);
    }
    let details = match data.detail_interval {
        Some(interval) if loading.wants_details() => {
            Reader { interval, ..reader }.asking().details()?
        }
        _ => Vec::new(),
    };
    Ok(Kept { versions, details, fees: fees(&rules) })
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    loading: Loading<'a>,
    store: &'a Store,
    fetcher: &'a Fetcher<'a>,
    /// Length of the bars.
    interval: Interval,
    /// The period, and what the run warms up on.
    range: TimeRange,
    asking: Asking,
}

/// Who is asked for what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asking {
    Exchange,
    /// Only what is kept.
    Nobody,
}

impl Reader<'_> {
    const fn data(&self) -> &DataConfig {
        &self.loading.config.data
    }

    /// The same, asking nobody if the user wants it so, the prices come from no exchange, or all that an earlier run needs
    /// is held.
    fn asking(self) -> Self {
        let nobody = self.access().offline
            || self.access().snapshot.is_some()
            || self.is_name_of_imports(&self.data().exchange)
            || self.loading.pin.is_some_and(|pin| self.holds_all_of(pin));
        Self { asking: if nobody { Asking::Nobody } else { Asking::Exchange }, ..self }
    }

    const fn access(&self) -> &AccessConfig {
        &self.loading.config.access
    }

    fn period(&self) -> Period {
        Period::of(self.data())
    }

    /// The series that the symbols of the user mean, brought up to date unless no exchange is to be asked.
    fn keys(&self) -> Result<Vec<SeriesKey>, RunError> {
        if self.only_kept() { self.kept_keys() } else { self.fetched_keys() }
    }

    fn fetched_keys(&self) -> Result<Vec<SeriesKey>, RunError> {
        let to = self.period().end().map_or(FetchEnd::Now, FetchEnd::At);
        let wanted = self.data().symbols.iter().map(|symbol| Wanted {
            exchange: self.data().exchange.clone(),
            symbol: symbol.clone(),
            interval: self.interval,
            from: self.range.from,
            to,
        });
        let wanted: Vec<Wanted> = wanted.collect();
        let report = self.fetcher.fetch(&wanted, Refresh::Missing)?;
        check_fetch(&report, "--offline takes what is kept")?;
        Ok(report.series.into_iter().map(|series| series.key).collect())
    }

    /// The series that the symbols of the user mean, among those that are kept.
    fn kept_keys(&self) -> Result<Vec<SeriesKey>, RunError> {
        let known = match &self.access().snapshot {
            None => self.store.keys().map_err(RunError::run)?,
            Some(name) => snapshot_keys(self.store, name)?,
        };
        self.data().symbols.iter().map(|symbol| self.kept_key(symbol, &known)).collect()
    }

    fn kept_key(&self, symbol: &str, known: &[SeriesKey]) -> Result<SeriesKey, RunError> {
        let (exchange, interval) = (&self.data().exchange, self.interval);
        let is_meant = |key: &&SeriesKey| {
            key.exchange == *exchange
                && key.interval == interval
                && is_same_symbol(&key.symbol, symbol)
        };
        known.iter().find(is_meant).cloned().ok_or_else(|| {
            RunError::input(format!(
                "no {exchange} {symbol} {interval} is kept: fetch it first, or see what there is with ct-host data list"
            ))
        })
    }

    /// The exchange's rules for each series; `None` where there are none to be had, such as for imported prices.
    fn rules(&self, keys: &[SeriesKey]) -> Result<Vec<Option<KnownRules>>, RunError> {
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

    fn only_kept(&self) -> bool {
        self.asking == Asking::Nobody
    }

    fn is_name_of_imports(&self, exchange: &str) -> bool {
        !is_exchange(exchange)
            && self.store.keys().is_ok_and(|keys| keys.iter().any(|key| key.exchange == exchange))
    }

    fn loaded(&self, key: &SeriesKey, rules: Option<&KnownRules>) -> Result<Loaded, RunError> {
        let series = self.sound(key)?;
        self.tell_version(&series);
        self.tell_missing(&series);
        self.of_series(&series, rules)
    }

    /// The series `key`; damaged files are fetched again if an exchange may be asked.
    fn sound(&self, key: &SeriesKey) -> Result<Series, RunError> {
        let verified = match self.verified(key) {
            Err(error) if error.damaged_file().is_some() && !self.only_kept() => {
                self.fetcher.heal(key)?;
                self.verified(key)
            }
            verified => verified,
        };
        match verified {
            Ok(Some(series)) => Ok(series),
            Ok(None) => Err(RunError::input(format!(
                "{key}: there are no bars; the exchange may not have had any in {}",
                self.range
            ))),
            Err(error) => Err(damaged(key, &error)),
        }
    }

    fn of_series(&self, series: &Series, rules: Option<&KnownRules>) -> Result<Loaded, RunError> {
        let key = series.key();
        let bars = self.bars_of(series)?;
        let (bars, repairs, synthetic) =
            checked_bars(bars, key, self.loading.policy, self.loading.ports.observer)?;
        let version = SeriesVersion {
            exchange: key.exchange.clone(),
            version: series.version().to_owned(),
            snapshot: self.access().snapshot.clone(),
            given_by: given_by(series, self.range),
        };
        self.tell_start(&bars, key);
        let source = DataSource::new(key.symbol.as_str()).repaired(repairs, synthetic);
        let instrument = rules.map_or_else(
            || Instrument::unrestricted(key.symbol.as_str()),
            |rules| rules.instrument.clone(),
        );
        Ok(Loaded { instrument, bars, source: DataSource { series: Some(version), ..source } })
    }

    /// The bars of the period.
    fn bars_of(&self, series: &Series) -> Result<Bars, RunError> {
        let bars = series.bars().between(self.range.from, self.range.to);
        if bars.is_empty() {
            let held =
                series.range().map_or_else(|| "nothing".to_owned(), |range| range.to_string());
            return Err(RunError::input(format!(
                "{}: no bar opens in {}: {held} is kept",
                series.key(),
                self.range
            )));
        }
        Ok(bars)
    }

    /// The finer bars of every symbol.
    fn details(&self) -> Result<Vec<Option<Bars>>, RunError> {
        let one = |key: &SeriesKey| {
            let series = self.sound(key)?;
            self.tell_missing(&series);
            let bars = self.bars_of(&series)?;
            let checked =
                checked_bars(bars, key, self.loading.policy, self.loading.ports.observer)?;
            Ok(Some(checked.0))
        };
        self.keys()?.iter().map(one).collect()
    }

    /// Says when the bars start later than was asked for.
    fn tell_start(&self, bars: &Bars, key: &SeriesKey) {
        let wanted = self.period().start();
        let first = bars.times().first().map(|&time| Timestamp::clamped(time));
        if let (Some(wanted), Some(first)) = (wanted, first)
            && first.as_ms() >= wanted.as_ms() + bars.interval().as_ms()
        {
            self.loading.ports.notice(&format!(
                "{key}: the first bar is of {first}; there is none from {wanted} on until then"
            ));
        }
    }
}

/// # Errors
/// [`RunError::Input`] when finer bars are wanted that do not make up bars of the run, before anything is fetched.
fn check_details(loading: Loading<'_>) -> Result<(), RunError> {
    let bars = interval_of_run(&loading.config.data);
    match loading.config.data.detail_interval {
        Some(finer)
            if loading.wants_details() && (finer >= bars || bars.as_ms() % finer.as_ms() != 0) =>
        {
            Err(RunError::input(format!(
                "--detail-interval {finer}: expected a shorter interval that divides the bars of {bars}"
            )))
        }
        _ => Ok(()),
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

fn damaged(key: &SeriesKey, error: &StoreError) -> RunError {
    match error.damaged_file() {
        Some(_) => RunError::run(format!(
            "{key}: {error}; `ct-host data verify --heal` sets the damaged file aside, then what it held is fetched again"
        )),
        None => RunError::run(format!("{key}: {error}")),
    }
}

/// The highest fees of all symbols, when the exchange told those of each.
fn fees(rules: &[Option<KnownRules>]) -> Option<ExchangeFees> {
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
