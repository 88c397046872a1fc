//! The bars of kept series, under the user's policy.

use super::Reader;
use crate::backtest::{DataSource, SeriesVersion};
use crate::run::RunError;
use crate::run::defect_policy::checked_bars;
use crate::run::fetch::KnownRules;
use crate::run::loading::Loaded;
use ct_core::market::{Bars, Instrument};
use ct_core::units::Timestamp;
use ct_data::store::{Series, StoreError};
use ct_data::{SeriesKey, TimeRange};

impl Reader<'_> {
    pub(super) fn loaded(
        &self,
        key: &SeriesKey,
        rules: Option<&KnownRules>,
    ) -> Result<Loaded, RunError> {
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

    pub(super) fn of_series(
        &self,
        series: &Series,
        rules: Option<&KnownRules>,
    ) -> Result<Loaded, RunError> {
        let key = series.key();
        let bars = self.bars_of(series)?;
        let (bars, repairs, synthetic) = checked_bars(
            bars,
            (self.store, series),
            self.loading.policy,
            self.loading.ports.observer,
        )?;
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
    pub(super) fn details(&self) -> Result<Vec<Option<Bars>>, RunError> {
        let one = |key: &SeriesKey| {
            let series = self.sound(key)?;
            self.tell_missing(&series);
            let bars = self.bars_of(&series)?;
            let checked = checked_bars(
                bars,
                (self.store, &series),
                self.loading.policy,
                self.loading.ports.observer,
            )?;
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
