//! Price files: text with one bar per row, plain or compressed with gzip or zstd.
//!
//! Read the parts in this order: `read` is the pipeline, `source` opens and decompresses, `block` cuts the text at
//! line ends, `preamble`, `layout`, `header` and `volume` find out which cell is which column, `row`, `cells`,
//! `number` and `time` read one line, `chunk` reads many, `row_lines` knows the line of each, `order` sorts out
//! descending and repeated rows.
//!
//! A file is text in UTF-8 with cells separated by comma, semicolon or tab. Before the rows there may be comment
//! lines (`#…` or a web address) and a header. Without a header the cells are time, open, high, low, close,
//! volume. Cells may be quoted; other columns are ignored; every row has as many cells as the first.

mod block;
mod cells;
mod chunk;
mod columns;
mod error;
mod field;
mod header;
mod layout;
mod number;
mod order;
mod preamble;
mod read;
mod row;
mod row_lines;
mod source;
mod time;
mod volume;

#[cfg(test)]
mod real_data_tests;
#[cfg(test)]
mod tests;

pub use error::{CsvError, CsvProblem, Notice};
pub use field::Field;
pub use read::{CsvFile, Progress, RawFile, read_csv, read_rows};
pub use row_lines::RowLines;
pub use source::Compression;
