//! Kinds of price files, told by their names.

use std::fmt;
use std::path::Path;

use super::compression::Compression;
use super::error::FileProblem;
use super::freqtrade_name::FreqtradeName;

/// A kind of price file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileFormat {
    /// Text with one bar per line, see [`csv`](crate::csv): `.csv`, `.csv.gz`, `.csv.zst`.
    Csv,
    /// Apache Parquet: `.parquet`.
    Parquet,
    /// An Arrow IPC file, which is Feather version 2: `.arrow`, `.feather`, `.ipc`.
    Arrow,
    /// Candles of freqtrade as JSON, `[[ms, open, high, low, close, volume], …]`: `BTC_USDT-1h.json`, `.json.gz`.
    FreqtradeJson,
    /// Candles of freqtrade as Feather: `BTC_USDT-1h.feather`.
    FreqtradeFeather,
}

impl FileFormat {
    /// The kind of the file called `path`.
    ///
    /// # Errors
    /// [`FileProblem::Extension`] for the names of other files.
    ///
    /// ```
    /// use ct_data::files::FileFormat;
    /// assert_eq!(FileFormat::of_name("prices.parquet".as_ref())?, FileFormat::Parquet);
    /// assert_eq!(FileFormat::of_name("BTC_USDT-1h.feather".as_ref())?, FileFormat::FreqtradeFeather);
    /// # Ok::<(), ct_data::files::FileProblem>(())
    /// ```
    pub fn of_name(path: &Path) -> Result<Self, FileProblem> {
        let compression = Compression::of_name(path);
        let packed = compression != Compression::Plain;
        let inner = if packed { extension(&path.with_extension("")) } else { extension(path) };
        let is_freqtrade = || FreqtradeName::of(path).is_some();
        match inner.as_str() {
            "csv" | "tsv" | "txt" => Ok(Self::Csv),
            // The CSV reader takes packed files without another ending for text.
            "" if packed => Ok(Self::Csv),
            "json" if compression != Compression::Zstd => Ok(Self::FreqtradeJson),
            "parquet" | "pq" if !packed => Ok(Self::Parquet),
            "feather" if !packed && is_freqtrade() => Ok(Self::FreqtradeFeather),
            "arrow" | "feather" | "ipc" if !packed => Ok(Self::Arrow),
            _ => Err(FileProblem::Extension {
                name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                expected: ".csv, .csv.gz, .csv.zst, .parquet, .arrow, .feather, .ipc, .json or .json.gz",
            }),
        }
    }
}

impl fmt::Display for FileFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Csv => "CSV",
            Self::Parquet => "Parquet",
            Self::Arrow | Self::FreqtradeFeather => "Arrow IPC (Feather)",
            Self::FreqtradeJson => "JSON",
        })
    }
}

/// The extension of `path` in lower case; empty without one.
pub(super) fn extension(path: &Path) -> String {
    path.extension().map(|text| text.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_format() {
        for (name, expected) in [
            ("BTCUSDT-1h.csv", Some(FileFormat::Csv)),
            ("a.CSV.GZ", Some(FileFormat::Csv)),
            ("a.gz", Some(FileFormat::Csv)),
            ("a.tsv.zst", Some(FileFormat::Csv)),
            ("a.b.parquet", Some(FileFormat::Parquet)),
            ("BTC_USDT-1h.parquet", Some(FileFormat::Parquet)),
            ("a.arrow", Some(FileFormat::Arrow)),
            ("a.ipc", Some(FileFormat::Arrow)),
            ("prices.feather", Some(FileFormat::Arrow)),
            ("BTC_USDT-1h.feather", Some(FileFormat::FreqtradeFeather)),
            ("BTC_USDT-1h.json", Some(FileFormat::FreqtradeJson)),
            ("candles.json.gz", Some(FileFormat::FreqtradeJson)),
            ("a.json.zst", None),
            ("a.json.zstd", None),
            ("a.parquet.gz", None),
            ("a.h5", None),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(FileFormat::of_name(Path::new(name)).ok(), expected, "{name}");
        }
    }
}
