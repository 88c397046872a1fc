//! Price files: CSV, Parquet, Arrow IPC (Feather), and the candles of freqtrade.
//!
//! Read the parts in this order: `file_format` tells the kinds of files by their names, `label` and `freqtrade_name` what a
//! file says about itself. What all kinds share: `columns` and `volume` find the six `field`s by the names of columns,
//! `unix_time` knows the times that are numbers, `time_pattern` those that a user describes, `number` the numbers that are text, `compression` opens packed text, `encoding` reads that of spreadsheets, `error`
//! says what is wrong, `options` what the user says of a file, `remark` what a user should know about how it was understood;
//! `telling`, `name_column`, `conflicts` and `instruments` keep the rows of several instruments apart. `price_files` and `wildcard` tell
//! which files a name stands for, `pair_name` which symbol the name of a file tells, `joined` makes one series of several files, by
//! `file_hash` they are known again. Reading: `price_file` chooses the reader, `csv` reads lines, `columnar` Parquet and Arrow,
//! `freqtrade_json` lists. Writing: `write` makes whole files, `columnar` and `text` their content.
//!
//! What is read is not judged here: rows may be out of order, repeated or unsound, as in the file.

#[cfg(feature = "arrow")]
mod columnar;
mod columns;
mod compression;
mod conflicts;
pub mod csv;
mod encoding;
mod error;
mod field;
mod file_format;
mod file_hash;
mod freqtrade_json;
mod freqtrade_name;
mod instruments;
mod joined;
mod label;
mod name_column;
#[cfg(not(feature = "arrow"))]
mod not_built;
mod number;
mod options;
mod pair_name;
mod price_file;
mod price_files;
mod progress;
mod remark;
mod telling;
mod text;
mod time_pattern;
mod unix_time;
mod volume;
mod wildcard;
mod write;

#[cfg(test)]
mod damaged_file_tests;
#[cfg(test)]
mod foreign_file_tests;
#[cfg(test)]
mod real_data_tests;
#[cfg(test)]
mod round_trip_tests;
#[cfg(test)]
#[cfg(feature = "arrow")]
mod several_instruments_tests;

pub use compression::Compression;
pub use error::{FileError, FileProblem, ValuePlace};
pub use field::Field;
pub use file_format::FileFormat;
pub use file_hash::file_hash;
pub use joined::joined;
pub use label::Label;
pub use options::{ReadOptions, Volumes};
pub use pair_name::pair_of_name;
pub use price_file::{PriceFile, read_file, read_file_with};
pub use price_files::{PRICE_FILES_MAX, PriceFiles, may_be_several, price_files};
pub use progress::Progress;
pub use remark::Remark;
pub use time_pattern::{TimePattern, UnreadablePattern};
pub use write::{CsvTimes, WriteOptions, write_file};

#[cfg(feature = "network")]
pub(crate) use self::{
    error::shown,
    number::{parse, take_integer},
    unix_time::UnixUnit,
};
#[cfg(not(feature = "arrow"))]
use not_built as columnar;
