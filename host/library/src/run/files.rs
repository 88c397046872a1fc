//! Prices of files.

use std::num::NonZeroU32;
use std::path::PathBuf;

use super::loading::{Loaded, Loading};
use super::price_file::refused;
use super::{CheckedFile, FilePeriod, FileSeries, FilesRequest, RunError};
use crate::backtest::{DataSource, SourceFile};
use crate::config::DataConfig;
use ct_core::market::{Bars, Instrument};
use ct_core::units::{Interval, Timestamp};
use ct_data::files::{ReadOptions, TimePattern, Volumes, file_hash};
use ct_data::{FileBudget, LocalZone};

const DAY_MS: i64 = 86_400_000;

/// Reads and checks the price files, within `budget`.
///
/// # Errors
/// [`RunError::Input`] with the file and the row of the first problem.
pub(super) fn load(loading: Loading<'_>, budget: &FileBudget) -> Result<Vec<Loaded>, RunError> {
    let data = &loading.config.data;
    let series = read((&data.files, &data.symbols), data.interval, (budget, loading))?;
    let period = period(&series, loading);
    let loaded = series.into_iter().map(|series| {
        let files = source_files(&series, &data.files, budget)?;
        let checked = CheckedFile::of(series, loading.policy, period, loading.ports)?;
        let CheckedFile { symbol, bars, repairs, synthetic, .. } = checked;
        let source = DataSource::new(symbol.as_str()).repaired(repairs, synthetic);
        let source = DataSource { files, ..source };
        Ok(Loaded { instrument: Instrument::unrestricted(symbol), bars, source })
    });
    loaded.collect()
}

/// Reads and checks the files with finer bars, one series for each of the instruments `loaded`; nothing if none are wanted. Of a
/// period, only what lies inside the bars that were loaded is looked at.
///
/// # Errors
/// As [`load`].
pub(super) fn load_details(
    loading: Loading<'_>,
    loaded: &[Loaded],
    budget: &FileBudget,
) -> Result<Vec<Option<Bars>>, RunError> {
    let data = &loading.config.data;
    if !loading.wants_details() || data.detail_files.is_empty() {
        return Ok(Vec::new());
    }
    let symbols: Vec<String> = loaded.iter().map(|one| one.instrument.symbol.clone()).collect();
    let files = (data.detail_files.as_slice(), symbols.as_slice());
    let series = read(files, data.detail_interval, (budget, loading))?;
    let has_period = data.from.is_some() || data.to.is_some() || data.days.is_some();
    let period = if has_period { period_of(loaded) } else { FilePeriod::default() };
    let checked = series
        .into_iter()
        .map(|series| CheckedFile::of(series, loading.policy, period, loading.ports));
    checked.map(|file| Ok(Some(file?.bars))).collect()
}

/// From the first bar of any instrument to the close of the last.
fn period_of(loaded: &[Loaded]) -> FilePeriod {
    let firsts = loaded.iter().filter_map(|one| one.bars.times().first().copied());
    let ends = loaded.iter().filter_map(|one| {
        Some(one.bars.times().last()?.saturating_add(one.bars.interval().as_ms()))
    });
    let (from, to) = (firsts.min(), ends.max());
    FilePeriod {
        from: from.map(Timestamp::clamped),
        to: to.map(Timestamp::clamped),
        ..FilePeriod::default()
    }
}

/// The part of `series` that the run looks at.
fn period(series: &[FileSeries], loading: Loading<'_>) -> FilePeriod {
    let data = &loading.config.data;
    // The rows of an earlier run are those that it had.
    let earlier = loading.pin.and_then(|pin| pin.rows.as_ref());
    let now_ms = loading.ports.clock.now().as_ms();
    let of_days = || start_of_days(series, data.days?, data.resample, now_ms);
    FilePeriod {
        from: earlier.map(|rows| rows.from).or(data.from).or_else(of_days),
        to: earlier.map(|rows| rows.to).or(data.to),
        warm_up_rows: warm_up_rows(series, loading),
        resample: data.resample,
    }
}

/// Bars of the run that it warms up on. A strategy that refuses the prices says so itself, when it runs.
fn warm_up_rows(series: &[FileSeries], loading: Loading<'_>) -> usize {
    let config = loading.config;
    let (Some(first), Some(trader)) = (series.first(), loading.trader) else {
        return loading.warm_up_rows;
    };
    let symbols: Vec<&str> = series.iter().map(|one| one.symbol.as_str()).collect();
    let interval = config.data.resample.unwrap_or(first.interval);
    let needed = trader.lead_rows(&symbols, interval, config).unwrap_or_default();
    needed.max(loading.warm_up_rows)
}

/// The start of the last `days` of `series`, or a little before, since the last bar may be left out if it is not finished.
fn start_of_days(
    series: &[FileSeries],
    days: NonZeroU32,
    resample: Option<Interval>,
    now_ms: i64,
) -> Option<Timestamp> {
    let closes = series.iter().flat_map(|one| {
        one.file.columns.time.iter().map(|time| time.saturating_add(one.interval.as_ms()))
    });
    let end_ms = closes.filter(|close| *close <= now_ms).max()?;
    let bin_ms = resample.map_or(0, Interval::as_ms);
    Some(Timestamp::clamped(end_ms - i64::from(days.get()) * DAY_MS - bin_ms))
}

fn read(
    (paths, symbols): (&[PathBuf], &[String]),
    interval: Option<Interval>,
    (budget, loading): (&FileBudget, Loading<'_>),
) -> Result<Vec<FileSeries>, RunError> {
    let options =
        (0..paths.len()).map(|place| options_of(&loading.config.data, place, paths.len()));
    let options = options.collect::<Result<Vec<ReadOptions>, RunError>>()?;
    let request = FilesRequest { paths, options: &options, symbols, interval };
    request.read(budget, loading.ports.observer)
}

/// How the files of the path at `place` of so many `paths` are understood.
fn options_of(data: &DataConfig, place: usize, paths: usize) -> Result<ReadOptions, RunError> {
    let time_format = data.time_format.as_deref().map(str::parse::<TimePattern>);
    let time_zone = data.time_zone.as_deref().map(str::parse::<LocalZone>);
    let symbol = match data.symbols.as_slice() {
        [symbol] => Some(symbol),
        symbols if symbols.len() == paths => symbols.get(place),
        _ => None,
    };
    Ok(ReadOptions {
        instrument: data.instruments.get(place).cloned(),
        symbol: symbol.cloned(),
        time_format: time_format.transpose().map_err(RunError::input)?,
        time_zone: time_zone.transpose().map_err(RunError::input)?,
        volumes: if data.no_volume { Volumes::None } else { Volumes::OfFile },
    })
}

/// The files of `series` with their hashes, where it is not one of those that the user has `named`.
fn source_files(
    series: &FileSeries,
    named: &[PathBuf],
    budget: &FileBudget,
) -> Result<Vec<SourceFile>, RunError> {
    if let [(path, _)] = series.files.as_slice()
        && named.contains(path)
    {
        return Ok(Vec::new());
    }
    let known = series.files.iter().map(|(path, rows)| {
        let file = path.display().to_string();
        Ok(SourceFile { file, hash: file_hash(path, budget).map_err(refused)?, rows: *rows })
    });
    known.collect()
}
