//! Reads a price file of any format.

use std::path::Path;

use super::columnar::{read_arrow, read_parquet};
use super::csv::{RowLines, read_rows};
use super::error::{FileError, FileProblem};
use super::file_format::FileFormat;
use super::freqtrade_json::read_json;
use super::freqtrade_name::FreqtradeName;
use super::label::Label;
use super::progress::Progress;
use crate::FileBudget;
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
    /// What the metadata say, and what they do not, the name.
    pub label: Label,
}

/// Reads the price file `path`, whose name tells its format, within `budget`, and calls `progress` now and then.
///
/// Files need columns for time (`timestamp`, `date`, `time`, `datetime`, `open_time`, in Parquet and Arrow files the index of
/// pandas too), `open`, `high`, `low`, `close` and `volume`; others are ignored. Times are timestamps of any unit (without a
/// zone: UTC), dates, or numbers since 1970 whose size tells their unit; prices and volumes are floats, integers or
/// decimals. Names of freqtrade's files tell symbol and interval.
///
/// # Errors
/// [`FileError`] with the column and the row of the first value that is missing, no time or no number; files that are
/// damaged or something else than their name says; more than `budget` has left.
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
    let format = FileFormat::of_name(path).map_err(|problem| problem.of(path))?;
    if format == FileFormat::Csv {
        return read_csv(path, budget, progress);
    }
    let read = named_label(path).and_then(|named| {
        let (columns, label) = match format {
            FileFormat::Parquet => read_parquet(path, budget, progress)?,
            FileFormat::FreqtradeJson => (read_json(path, budget, progress)?, Label::default()),
            FileFormat::Csv | FileFormat::Arrow | FileFormat::FreqtradeFeather => {
                read_arrow(path, format, budget, progress)?
            }
        };
        let label = label.or(named);
        Ok(PriceFile { format, columns, quote_volume: None, lines: None, label })
    });
    read.map_err(|problem| problem.of(path))
}

fn read_csv(
    path: &Path,
    budget: &FileBudget,
    progress: &mut dyn FnMut(Progress),
) -> Result<PriceFile, FileError> {
    let file = read_rows(path, budget, progress)?;
    Ok(PriceFile {
        format: FileFormat::Csv,
        columns: file.columns,
        quote_volume: file.quote_volume,
        lines: Some(file.lines),
        label: named_label(path).unwrap_or_default(),
    })
}

fn named_label(path: &Path) -> Result<Label, FileProblem> {
    FreqtradeName::of(path).map_or(Ok(Label::default()), |name| name.label())
}
