//! Reads a price file of any format.

use std::path::Path;

use super::columnar::{TableRows, read_arrow, read_parquet};
use super::csv::{RowLines, read_rows};
use super::error::{FileError, FileProblem};
use super::file_format::FileFormat;
use super::freqtrade_json::read_json;
use super::freqtrade_name::FreqtradeName;
use super::instruments::{SeriesColumn, choose};
use super::label::Label;
use super::options::{ReadOptions, Volumes};
use super::progress::Progress;
use super::remark::Remark;
use crate::FileBudget;
use crate::raw_columns::picked;
use crate::validate::Rows;
use ct_core::market::RawColumns;

/// The rows of a price file as they stand there, sound or not, and what the file says about them.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceFile {
    /// The kind of file.
    pub format: FileFormat,
    /// The rows in the order of the file. Rows may be repeated or out of order; values may be NaN, infinite, zero or
    /// negative.
    pub columns: RawColumns,
    /// The volume in the quote asset, one for each row, if a text file has such a column.
    pub quote_volume: Option<Vec<f64>>,
    /// The line of each row in a text file.
    pub lines: Option<RowLines>,
    /// What the metadata say, and what they do not, the name. The symbol is the instrument that was taken of several.
    pub label: Label,
    /// What a user should know about how the file was understood.
    pub remarks: Vec<Remark>,
}

impl PriceFile {
    /// Leaves the `rows` alone, which ascend.
    pub fn keep(&mut self, rows: &[usize]) {
        let columns = Rows::from(&self.columns);
        self.columns = picked(columns.time, columns.values(), rows);
        let quote = |all: &Vec<f64>| rows.iter().filter_map(|row| all.get(*row).copied()).collect();
        self.quote_volume = self.quote_volume.as_ref().map(quote);
        if let Some(lines) = &mut self.lines {
            lines.keep(rows);
        }
    }
}

/// Reads the price file `path`, whose name tells its format, within `budget`, and calls `progress` now and then.
///
/// Files need columns for time (`timestamp`, `date`, `time`, `datetime`, `open_time`, in Parquet and Arrow files the index of
/// pandas too), `open`, `high`, `low`, `close` and `volume`; a column such as `symbol` or `ticker` must say the same in every
/// row; others are ignored. Times are timestamps of any unit (without a
/// zone: UTC), dates, or numbers since 1970 whose size tells their unit; prices and volumes are floats, integers or
/// decimals. Names of freqtrade's files tell symbol and interval.
///
/// # Errors
/// [`FileError`] with the column and the row of the first value that is no time or no number; rows of several instruments;
/// files that are damaged or something else than their name says; more than `budget` has left.
///
/// ```no_run
/// use ct_data::FileBudget;
/// use ct_data::files::read_file;
/// let file = read_file("BTC_USDT-1h.feather".as_ref(), &FileBudget::default(), &mut |_| {})?;
/// println!("{} rows of {:?}", file.columns.time.len(), file.label.symbol);
/// # Ok::<(), ct_data::files::FileError>(())
/// ```
pub fn read_file(
    path: &Path,
    budget: &FileBudget,
    progress: &mut dyn FnMut(Progress),
) -> Result<PriceFile, FileError> {
    read_file_with(path, &ReadOptions::default(), budget, progress)
}

/// Reads the price file `path` as [`read_file`] does, understood as `options` say.
///
/// # Errors
/// As [`read_file`]; options that do not fit the file.
pub fn read_file_with(
    path: &Path,
    options: &ReadOptions,
    budget: &FileBudget,
    progress: &mut dyn FnMut(Progress),
) -> Result<PriceFile, FileError> {
    let format = FileFormat::of_name(path).map_err(|problem| problem.of(path))?;
    let (mut file, names, instrument) = if format == FileFormat::Csv {
        let file = read_rows(path, options, budget, progress)?;
        let read = PriceFile {
            format,
            columns: file.columns,
            quote_volume: file.quote_volume,
            lines: Some(file.lines),
            label: named_label(path).unwrap_or_default(),
            remarks: file.remarks,
        };
        (read, file.names, file.instrument)
    } else {
        let read = read_columns((path, format), options, budget, progress);
        let (file, names) = read.map_err(|problem| problem.of(path))?;
        (file, names, None)
    };
    if options.volumes == Volumes::None {
        file.columns.volume = vec![0.0; file.columns.time.len()];
        file.quote_volume = None;
    }
    let chosen = match instrument {
        // The header has named it.
        Some(_) => choose(&names, &file.columns, &ReadOptions::default()),
        None => choose(&names, &file.columns, options),
    };
    let chosen = chosen.map_err(|problem| problem.of(path))?;
    file.label.symbol = chosen.instrument.or(instrument).or(file.label.symbol);
    file.remarks.extend(chosen.remarks);
    if let Some(rows) = chosen.rows {
        file.keep(&rows);
    }
    if let Some(zone) = &options.time_zone {
        let times = &file.columns.time;
        let (first, last) = (times.iter().min(), times.iter().max());
        let changes = first.zip(last).map_or(0, |(first, last)| zone.changes(*first, *last));
        file.remarks.push(Remark::LocalTimes { zone: zone.clone(), changes });
    }
    Ok(file)
}

fn read_columns(
    (path, format): (&Path, FileFormat),
    options: &ReadOptions,
    budget: &FileBudget,
    progress: &mut dyn FnMut(Progress),
) -> Result<(PriceFile, Vec<SeriesColumn>), FileProblem> {
    let named = named_label(path)?;
    if options.time_format.is_some() {
        return Err(FileProblem::NoTextTimes);
    }
    if format == FileFormat::FreqtradeJson && options.time_zone.is_some() {
        return Err(FileProblem::NotLocal);
    }
    let TableRows { columns, names, label } = match format {
        FileFormat::Parquet => read_parquet(path, options, budget, progress)?,
        FileFormat::FreqtradeJson => TableRows {
            columns: read_json(path, budget, progress)?,
            names: Vec::new(),
            label: Label::default(),
        },
        FileFormat::Csv | FileFormat::Arrow | FileFormat::FreqtradeFeather => {
            read_arrow((path, format), options, budget, progress)?
        }
    };
    let label = label.or(named);
    let file =
        PriceFile { format, columns, quote_volume: None, lines: None, label, remarks: Vec::new() };
    Ok((file, names))
}

fn named_label(path: &Path) -> Result<Label, FileProblem> {
    FreqtradeName::of(path).map_or(Ok(Label::default()), |name| name.label())
}
