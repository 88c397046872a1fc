//! Which kept series the symbols of a run mean.

use super::Reader;
use crate::run::series::snapshot_keys;
use crate::run::{RunError, Wanted, check_fetch, kept_elsewhere};
use ct_data::SeriesKey;
use ct_data::fetch::{FetchEnd, Refresh};
use ct_data::is_same_symbol;

impl Reader<'_> {
    /// The series that the symbols of the user mean, brought up to date unless no exchange is to be asked.
    pub(super) fn keys(&self) -> Result<Vec<SeriesKey>, RunError> {
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
    pub(super) fn kept_keys(&self) -> Result<Vec<SeriesKey>, RunError> {
        let known = match &self.access().snapshot {
            None => self.store.keys().map_err(RunError::run)?,
            Some(name) => snapshot_keys(self.store, name)?,
        };
        self.data().symbols.iter().map(|symbol| self.kept_key(symbol, &known)).collect()
    }

    fn kept_key(&self, symbol: &str, known: &[SeriesKey]) -> Result<SeriesKey, RunError> {
        let (name, interval) = (self.fetcher.kept_as(&self.data().exchange), self.interval);
        let is_symbol = |found: &str| is_same_symbol(found, symbol);
        let is_meant = |key: &&SeriesKey| {
            key.exchange == name && key.interval == interval && is_symbol(&key.symbol)
        };
        known.iter().find(is_meant).cloned().ok_or_else(|| {
            let elsewhere = kept_elsewhere(known, &name, &is_symbol, Some(interval));
            RunError::input(format!(
                "no {name} {symbol} {interval} is kept: fetch it first, or see what there is with ct-host data \
                 list{elsewhere}"
            ))
        })
    }
}
