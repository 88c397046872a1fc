//! Prices of the data folder, brought up to date from the exchange first.

mod bars;
mod hashes;
mod keys;
mod rules;
mod version;

use std::sync::Arc;

use self::hashes::KeptHashes;
pub(super) use self::rules::ExchangeFees;

use super::fetch::{KnownRules, is_exchange};
use super::loading::{Loaded, Loading, VersionsWanted, interval_kept, interval_of_run};
use super::period::Period;
use super::{Fetcher, RunError};
use crate::backtest::HashMemory;
use crate::config::{AccessConfig, DataConfig};
use ct_core::market::Bars;
use ct_core::units::Interval;
use ct_data::store::Store;
use ct_data::{SeriesKey, TimeRange};

/// Kept prices.
#[derive(Debug)]
pub(super) struct Kept {
    /// The version to take, then others if a hash is wanted.
    pub(super) versions: Vec<Vec<Loaded>>,
    /// Finer bars, one series for each instrument; nothing if none are wanted.
    pub(super) details: Vec<Option<Bars>>,
    pub(super) fees: Option<ExchangeFees>,
    /// Remembers the hashes of all of them.
    pub(super) hashes: Arc<dyn HashMemory>,
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
    reader.check_origin()?;
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
    let hashes = Arc::new(KeptHashes::new(&store, keys));
    Ok(Kept { versions, details, fees: rules::fees(&rules), hashes })
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

    fn only_kept(&self) -> bool {
        self.asking == Asking::Nobody
    }

    fn is_name_of_imports(&self, exchange: &str) -> bool {
        !is_exchange(exchange)
            && self.store.keys().is_ok_and(|keys| keys.iter().any(|key| key.exchange == exchange))
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
