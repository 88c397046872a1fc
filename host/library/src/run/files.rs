//! Prices of files.

use std::path::PathBuf;

use rayon::prelude::*;

use super::loading::{Loaded, Loading};
use super::price_file::{FileRequest, read_price_file, refused, tell};
use super::{CheckedFile, FilePeriod, RunError, Task};
use crate::backtest::DataSource;
use crate::config::DataConfig;
use ct_core::market::{Bars, Instrument};
use ct_core::units::Interval;
use ct_data::files::{PriceFile, ReadOptions, TimePattern, Volumes, read_file_with};
use ct_data::validate::interval_of_rows;
use ct_data::{FileBudget, LocalZone};

/// The part of a file that the run looks at.
type PeriodOf<'a> = dyn Fn(&PriceFile) -> Result<FilePeriod, RunError> + 'a;

/// Reads and checks the price files, within `budget`.
///
/// # Errors
/// [`RunError::Input`] with the file and the row of the first problem.
pub(super) fn load(loading: Loading<'_>, budget: &FileBudget) -> Result<Vec<Loaded>, RunError> {
    let data = &loading.config.data;
    let period = |file: &PriceFile| period_of(file, loading);
    let files = read_checked(&data.files, budget, (data.interval, &period), loading)?;
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
        (data.detail_interval, &|_| Ok(FilePeriod::default())),
        loading,
    )?;
    Ok(files.into_iter().map(|file| Some(file.bars)).collect())
}

/// The part of `file` that the run looks at.
///
/// # Errors
/// [`RunError`] when the strategy cannot tell what it warms up on.
fn period_of(file: &PriceFile, loading: Loading<'_>) -> Result<FilePeriod, RunError> {
    let data = &loading.config.data;
    if loading.pin.is_some() {
        // The rows of the earlier run are those that it had.
        return Ok(FilePeriod::default());
    }
    let part =
        FilePeriod { from: data.from, to: data.to, warm_up_rows: 0, resample: data.resample };
    // A file that does not show the length of its bars is refused when it is checked.
    let shown = || interval_of_rows(&file.columns).ok().or(file.label.interval);
    let interval = data.resample.or(data.interval).or_else(shown);
    let Some(interval) = interval.filter(|_| data.from.is_some()) else { return Ok(part) };
    let names: Vec<String> = data.files.iter().map(|path| path.display().to_string()).collect();
    let symbols: Vec<&str> = names.iter().map(String::as_str).collect();
    let warm_up_rows = loading.trader.lead_rows(&symbols, interval, loading.config)?;
    Ok(FilePeriod { warm_up_rows, ..part })
}

/// Reads files at the same time, and checks them one after the other, so that what is said about them has an order.
fn read_checked(
    paths: &[PathBuf],
    budget: &FileBudget,
    (interval, period_of): (Option<Interval>, &PeriodOf<'_>),
    loading: Loading<'_>,
) -> Result<Vec<CheckedFile>, RunError> {
    let options = (0..paths.len()).map(|place| options_of(&loading.config.data, place));
    let options = options.collect::<Result<Vec<ReadOptions>, RunError>>()?;
    let files = read_all(paths, &options, budget, loading)?;
    let check = |((path, options), file): ((&PathBuf, &ReadOptions), PriceFile)| {
        let period = period_of(&file)?;
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
    for (path, file) in paths.iter().zip(&files) {
        tell(file, path, observer);
    }
    Ok(files)
}
