//! Price files of other programs: CSV, Parquet, Arrow IPC (Feather), and the candles of freqtrade.
//!
//! Read the parts in this order: `file_format` tells the kinds of files by their names, `label` and `freqtrade_name` what a
//! file says about itself. Reading: `price_file` chooses the reader, `columnar` reads Parquet and Arrow, `freqtrade_json` text.
//! Writing: `write` makes whole files, `columnar` and `text` their content.
//!
//! What is read is not judged here: rows may be out of order, repeated or unsound, as in the file.

mod columnar;
mod error;
mod file_format;
mod freqtrade_json;
mod freqtrade_name;
mod label;
mod price_file;
mod text;
mod write;

#[cfg(test)]
mod damaged_file_tests;
#[cfg(test)]
mod foreign_file_tests;
#[cfg(test)]
mod real_data_tests;
#[cfg(test)]
mod round_trip_tests;

pub use error::{FileError, FileProblem};
pub use file_format::FileFormat;
pub use label::Label;
pub use price_file::{PriceFile, read_file};
pub use write::{CsvTimes, WriteOptions, write_file};
