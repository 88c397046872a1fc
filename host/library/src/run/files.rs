//! Prices of files.

use std::path::PathBuf;

use rayon::prelude::*;

use super::loading::{Loaded, Loading};
use super::price_file::{read_price_file, refused};
use super::{CheckedFile, RunError, Task};
use crate::backtest::DataSource;
use ct_core::market::{Bars, Instrument};
use ct_core::units::Interval;
use ct_data::FileBudget;
use ct_data::files::{PriceFile, read_file};

/// Reads and checks the price files, within `budget`.
///
/// # Errors
/// [`RunError::Input`] with the file and the row of the first problem.
pub(super) fn load(loading: Loading<'_>, budget: &FileBudget) -> Result<Vec<Loaded>, RunError> {
    let data = &loading.config.data;
    let files = read_checked(&data.files, budget, data.interval, loading)?;
    let mut symbols = data.symbols.iter();
    let loaded = files.into_iter().map(|file| {
        let CheckedFile { symbol, bars, repairs, synthetic, .. } = file;
        let symbol = symbols.next().cloned().unwrap_or(symbol);
        let source = DataSource::new(symbol.as_str()).repaired(repairs, synthetic);
        Loaded { instrument: Instrument::unrestricted(symbol), bars, source }
    });
    Ok(loaded.collect())
}

/// Reads and checks the files with finer bars, one for each instrument; nothing if none are wanted.
///
/// # Errors
/// As [`load`].
pub(super) fn load_details(
    loading: Loading<'_>,
    budget: &FileBudget,
) -> Result<Vec<Option<Bars>>, RunError> {
    let data = &loading.config.data;
    if !loading.wants_details() {
        return Ok(Vec::new());
    }
    let files = read_checked(&data.detail_files, budget, data.detail_interval, loading)?;
    Ok(files.into_iter().map(|file| Some(file.bars)).collect())
}

/// Reads files at the same time, and checks them one after the other, so that what is said about them has an order.
fn read_checked(
    paths: &[PathBuf],
    budget: &FileBudget,
    interval: Option<Interval>,
    loading: Loading<'_>,
) -> Result<Vec<CheckedFile>, RunError> {
    let files = read_all(paths, budget, loading)?;
    let check = |(path, file): (&PathBuf, PriceFile)| {
        CheckedFile::of(file, path, interval, loading.policy, loading.ports)
    };
    paths.iter().zip(files).map(check).collect()
}

fn read_all(
    paths: &[PathBuf],
    budget: &FileBudget,
    loading: Loading<'_>,
) -> Result<Vec<PriceFile>, RunError> {
    if let [path] = paths {
        return Ok(vec![read_price_file(path, budget, loading.ports.observer)?]);
    }
    let progress = loading.ports.observer.begin(Task::ReadFiles(paths.len()));
    let one = |path: &PathBuf| {
        let file = read_file(path, budget, &mut |_| {}).map_err(refused);
        progress.advance();
        file
    };
    let files: Vec<Result<PriceFile, RunError>> = paths.par_iter().map(one).collect();
    files.into_iter().collect()
}
