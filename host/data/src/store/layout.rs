//! Where things are in a data folder: `<exchange>/<symbol>/<interval>/` for each series, `_snapshots/` for snapshots.

use std::path::{Path, PathBuf};

use super::StoreError;
use super::durable::folders_in;
use super::slug::{Letters, slug, text};
use crate::SeriesKey;
use ct_core::units::Interval;

/// The folder of the snapshots; no exchange's folder can have this name.
const SNAPSHOTS_FOLDER: &str = "_snapshots";

/// The folder of everything that is kept as `exchange` in the data folder `base`.
pub(crate) fn exchange_folder(base: &Path, exchange: &str) -> Result<PathBuf, StoreError> {
    Ok(base.join(slug("the exchange", exchange, Letters::Lower)?))
}

/// The folder of the series `key` in the data folder `base`.
pub(super) fn series_folder(base: &Path, key: &SeriesKey) -> Result<PathBuf, StoreError> {
    Ok(exchange_folder(base, &key.exchange)?
        .join(slug("the symbol", &key.symbol, Letters::Upper)?)
        .join(key.interval.to_string()))
}

/// The folder of the snapshots in the data folder `base`.
pub(super) fn snapshots_folder(base: &Path) -> PathBuf {
    base.join(SNAPSHOTS_FOLDER)
}

/// The folders of the exchanges in the data folder `base`.
pub(super) fn exchange_folders(base: &Path) -> Result<Vec<PathBuf>, StoreError> {
    Ok(named_folders(base, Letters::Lower)?.into_iter().map(|(folder, _)| folder).collect())
}

/// All series that have a folder in the data folder `base`, sorted, whether there is anything in it or not.
pub(super) fn series_folders(base: &Path) -> Result<Vec<(SeriesKey, PathBuf)>, StoreError> {
    let mut found = Vec::new();
    for (exchange_folder, exchange) in named_folders(base, Letters::Lower)? {
        for (symbol_folder, symbol) in named_folders(&exchange_folder, Letters::Upper)? {
            for name in folders_in(&symbol_folder)? {
                let Ok(interval) = name.parse::<Interval>() else { continue };
                // `60m` is read as `1h`, but no series is kept there.
                if interval.to_string() == name {
                    let (exchange, symbol) = (exchange.clone(), symbol.clone());
                    let folder = symbol_folder.join(name);
                    found.push((SeriesKey { exchange, symbol, interval }, folder));
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The folders in `folder` whose names were made of a text, and that text.
fn named_folders(folder: &Path, letters: Letters) -> Result<Vec<(PathBuf, String)>, StoreError> {
    let names = folders_in(folder)?.into_iter();
    Ok(names.filter_map(|name| Some((folder.join(&name), text(&name, letters)?))).collect())
}
