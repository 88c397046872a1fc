//! Which version of a kept series a run takes, and how much of the period it has.

use std::cell::RefCell;

use super::Reader;
use crate::run::RunError;
use crate::run::fetch::{KnownRules, how_to_take};
use crate::run::loading::Loaded;
use crate::run::pin::Pin;
use ct_core::printable::printable_line;
use ct_data::store::{Series, StoreError};
use ct_data::{SeriesKey, TimeRange};

impl Reader<'_> {
    /// Looks whether the run takes prices from where an earlier run took them, when it is made again.
    ///
    /// # Errors
    /// [`RunError::Input`] when the very prices of the earlier run are wanted, but they are kept as something else.
    pub(super) fn check_origin(&self) -> Result<(), RunError> {
        let Some(pin) = self.loading.pin else { return Ok(()) };
        let name = self.fetcher.kept_as(&self.data().exchange);
        let Some(earlier) = pin.kept_as.iter().find(|earlier| **earlier != name) else {
            return Ok(());
        };
        // A result may be anybody's.
        let earlier = printable_line(earlier);
        let said = format!(
            "the earlier run had prices that are kept as {earlier}, and this one would take those of {name}: to take them \
             again, {}",
            how_to_take(&earlier)
        );
        if let Some(rows) = &pin.rows {
            return Err(RunError::input(format!("{}: {said}", rows.path.display())));
        }
        self.loading.ports.notice(&said);
        Ok(())
    }

    /// Whether the run of `pin` can be made again from what is kept: every series is, as it was or with the whole period, and
    /// its trading rules are known.
    pub(super) fn holds_all_of(&self, pin: &Pin) -> bool {
        let is_whole = |series: Series| series.verified_bars().is_ok() && self.is_all_in(&series);
        let is_held = |key: &SeriesKey| {
            pin.instrument(&key.symbol).is_some()
                && match self.earlier(key) {
                    Ok(Some(_)) => true,
                    _ => self.store.series(key).is_ok_and(|series| series.is_some_and(is_whole)),
                }
        };
        self.kept_keys().is_ok_and(|keys| keys.iter().all(is_held))
    }

    /// The series `key` after all its checksums were compared: as an earlier run had it if that is wanted and still kept,
    /// as a snapshot pins it if one is named, or else as it is now.
    pub(super) fn verified(&self, key: &SeriesKey) -> Result<Option<Series>, StoreError> {
        if let Some(series) = self.earlier(key)? {
            return Ok(Some(series));
        }
        let series = match &self.access().snapshot {
            Some(name) => self.store.series_of_snapshot(name, key),
            None => self.store.series(key),
        };
        match series? {
            Some(series) => series.verified_bars().map(|_| Some(series)),
            None => Ok(None),
        }
    }

    /// The series `key` as an earlier run had it, if it is wanted, still kept, and reaches the period.
    fn earlier(&self, key: &SeriesKey) -> Result<Option<Series>, StoreError> {
        let Some(pin) = self.loading.pin else { return Ok(None) };
        let Some(version) = pin.version(&key.symbol) else { return Ok(None) };
        let is_it = |series: &Series| {
            series.version() == version
                && series.verified_bars().is_ok()
                && (pin.rows.is_some() || self.is_all_in(series))
        };
        self.store.series_of_version(key, &is_it)
    }

    /// Says when other prices are taken than an earlier run had, though only the period is another one.
    pub(super) fn tell_version(&self, series: &Series) {
        let Some(pin) = self.loading.pin.filter(|pin| pin.rows.is_none()) else { return };
        let key = series.key();
        if pin.version(&key.symbol).is_some_and(|version| version != series.version()) {
            self.loading.ports.notice(&format!(
                "{key}: the prices that the earlier run had are other bars, do not reach this period, or have been replaced: those of now \
                 are taken"
            ));
        }
    }

    /// Says which bars of the period were never asked for, when no exchange is asked now.
    pub(super) fn tell_missing(&self, series: &Series) {
        let missing = self.missing_in(series);
        if self.only_kept() && !missing.is_empty() {
            let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
            self.loading.ports.notice(&format!(
                "{}: the run does without what was never fetched: {}",
                series.key(),
                missing.join(", ")
            ));
        }
    }

    /// Whether `series` has the whole period.
    fn is_all_in(&self, series: &Series) -> bool {
        self.missing_in(series).is_empty()
    }

    /// What was never asked for of the period.
    fn missing_in(&self, series: &Series) -> Vec<TimeRange> {
        let interval_ms = series.key().interval.as_ms();
        let mut missing = series.asked().missing(self.range);
        // The end of the period may lie inside a bar that is not closed.
        missing.retain(|range| range.length_ms() >= interval_ms);
        missing
    }

    /// Versions of the series that revisions superseded or snapshots pin.
    pub(super) fn other_versions(
        &self,
        key: &SeriesKey,
        rules: Option<&KnownRules>,
    ) -> Result<Vec<Vec<Loaded>>, RunError> {
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
        self.store.series_of_version(key, &collect).map_err(RunError::run)?;
        Ok(found.into_inner())
    }
}
