//! Prices of files.

use std::path::PathBuf;

use rayon::prelude::*;

use super::loading::{Loaded, Loading};
use super::price_file::{FileRequest, read_price_file, refused, tell_all};
use super::{CheckedFile, FilePeriod, RunError, Task};
use crate::backtest::DataSource;
use crate::config::DataConfig;
use ct_core::market::{Bars, Instrument};
use ct_core::units::Interval;
use ct_data::files::{PriceFile, ReadOptions, TimePattern, Volumes, read_file_with};
use ct_data::{FileBudget, LocalZone};

/// Reads and checks the price files, within `budget`.
///
/// # Errors
/// [`RunError::Input`] with the file and the row of the first problem.
pub(super) fn load(loading: Loading<'_>, budget: &FileBudget) -> Result<Vec<Loaded>, RunError> {
    let data = &loading.config.data;
    let period = match loading.pin {
        // The rows of the earlier run are those that it had.
        Some(_) => FilePeriod::default(),
        None => FilePeriod {
            from: data.from,
            to: data.to,
            warm_up_rows: loading.warm_up_rows,
            resample: data.resample,
        },
    };
    let files = read_checked(&data.files, budget, (data.interval, period), loading)?;
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
    let files = read_checked(
        &data.detail_files,
        budget,
        (data.detail_interval, FilePeriod::default()),
        loading,
    )?;
    Ok(files.into_iter().map(|file| Some(file.bars)).collect())
}

/// Reads files at the same time, and checks them one after the other, so that what is said about them has an order.
fn read_checked(
    paths: &[PathBuf],
    budget: &FileBudget,
    (interval, period): (Option<Interval>, FilePeriod),
    loading: Loading<'_>,
) -> Result<Vec<CheckedFile>, RunError> {
    let options = (0..paths.len()).map(|place| options_of(&loading.config.data, place));
    let options = options.collect::<Result<Vec<ReadOptions>, RunError>>()?;
    let files = read_all(paths, &options, budget, loading)?;
    let check = |((path, options), file): ((&PathBuf, &ReadOptions), PriceFile)| {
        let request = FileRequest { path, options, interval, policy: loading.policy, period };
        CheckedFile::of(file, &request, loading.ports)
    };
    paths.iter().zip(&options).zip(files).map(check).collect()
}

/// How the file at `place` is understood.
fn options_of(data: &DataConfig, place: usize) -> Result<ReadOptions, RunError> {
    let time_format = data.time_format.as_deref().map(str::parse::<TimePattern>);
    let time_zone = data.time_zone.as_deref().map(str::parse::<LocalZone>);
    Ok(ReadOptions {
        instrument: data.instruments.get(place).cloned(),
        symbol: data.symbols.get(place).cloned(),
        time_format: time_format.transpose().map_err(RunError::input)?,
        time_zone: time_zone.transpose().map_err(RunError::input)?,
        volumes: if data.no_volume { Volumes::None } else { Volumes::OfFile },
    })
}

fn read_all(
    paths: &[PathBuf],
    options: &[ReadOptions],
    budget: &FileBudget,
    loading: Loading<'_>,
) -> Result<Vec<PriceFile>, RunError> {
    let observer = loading.ports.observer;
    if let ([path], [options]) = (paths, options) {
        return Ok(vec![read_price_file(path, options, budget, observer)?]);
    }
    let progress = observer.begin(Task::ReadFiles(paths.len()));
    let one = |(path, options): (&PathBuf, &ReadOptions)| {
        let file = read_file_with(path, options, budget, &mut |_| {}).map_err(refused);
        progress.advance();
        file
    };
    let files: Vec<Result<PriceFile, RunError>> = paths.par_iter().zip(options).map(one).collect();
    let files = files.into_iter().collect::<Result<Vec<PriceFile>, RunError>>()?;
    tell_all(paths, &files, observer);
    Ok(files)
}
