//! Writes bars into the files of other programs.

use std::io::{self, Write};
use std::path::Path;

use super::columnar::{write_arrow, write_parquet};
use super::compression::Compression;
use super::error::{FileError, FileProblem};
use super::file_format::FileFormat;
use super::label::Label;
use super::text::{write_csv, write_json};
use crate::written::{Destination, Existing, WriteError};
use ct_core::market::Bars;

/// How bars are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// What is written into the metadata of Parquet and Arrow files.
    pub label: Label,
    /// How CSV files write times.
    pub csv_times: CsvTimes,
    /// What happens to a file that is there.
    pub existing: Existing,
}

/// How a CSV file writes times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CsvTimes {
    /// Milliseconds since 1970 in the column `timestamp_ms`.
    #[default]
    Milliseconds,
    /// ISO 8601 in UTC in the column `timestamp`, such as `2024-01-31T23:00:00Z`.
    Iso,
}

/// Time columns of the formats.
pub(super) const TIMESTAMP: &str = "timestamp";
const FREQTRADE_DATE: &str = "date";

/// Writes `bars` into the file `path` and gives its size in bytes. Whoever reads the file meanwhile sees what was there
/// before; so does everybody after a failure. A file that is there is replaced, unless the options say otherwise.
///
/// Every number is read again as the same number, bit for bit. CSV and JSON are packed if the name ends in `.gz`, CSV also
/// with `.zst`. Parquet and Arrow files have the columns `timestamp` (milliseconds, UTC; freqtrade calls it `date`),
/// `open`, `high`, `low`, `close` and `volume`.
///
/// # Errors
/// [`FileError`] when the file cannot be written.
///
/// ```
/// use ct_data::FileBudget;
/// use ct_data::files::{FileFormat, WriteOptions, read_file, write_file};
/// use ct_core::market::{Bars, RawColumns};
/// let columns = RawColumns {
///     time: vec![1_704_067_200_000],
///     open: vec![42_283.58],
///     high: vec![42_488.09],
///     low: vec![42_261.02],
///     close: vec![42_488.0],
///     volume: vec![431.710_82],
/// };
/// let bars = Bars::new("1h".parse()?, columns.clone())?;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("prices.parquet");
/// write_file(&path, FileFormat::of_name(&path)?, &bars, &WriteOptions::default())?;
/// assert_eq!(read_file(&path, &FileBudget::default(), &mut |_| {})?.columns, columns);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_file(
    path: &Path,
    format: FileFormat,
    bars: &Bars,
    options: &WriteOptions,
) -> Result<u64, FileError> {
    let file = Destination::new(path, options.existing);
    file.check()
        .and_then(|()| {
            file.write(|mut output| write_content(path, format, bars, options, &mut output))
        })
        .map_err(|WriteError { problem, .. }| FileProblem::Write(problem).of(path))
}

fn write_content(
    path: &Path,
    format: FileFormat,
    bars: &Bars,
    options: &WriteOptions,
    output: &mut (impl Write + Send),
) -> io::Result<()> {
    let packing = Compression::of_name(path);
    match format {
        FileFormat::Parquet => write_parquet(bars, &options.label, output),
        FileFormat::Arrow => write_arrow(bars, TIMESTAMP, &options.label, output),
        FileFormat::FreqtradeFeather => write_arrow(bars, FREQTRADE_DATE, &options.label, output),
        FileFormat::Csv => packing.pack(output, |text| write_csv(bars, options.csv_times, text)),
        FileFormat::FreqtradeJson => packing.pack(output, |text| write_json(bars, text)),
    }
}
