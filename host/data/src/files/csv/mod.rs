//! Price files: text with one bar per row, plain or compressed with gzip or zstd.
//!
//! Read the parts in this order: `read` is the pipeline, `block` cuts the text at line ends, `preamble`, `start`,
//! `wide_header` and `layout` find out which cell is which column, `row`, `cells`, `time` and `numeric_time` read one line, `chunk` reads many, `row_lines` knows the line
//! of each.
//!
//! A file is text in UTF-8 with cells separated by comma, semicolon or tab. Before the rows there may be comment
//! lines (`#…` or a web address) and a header. Without a header the cells are time, open, high, low, close,
//! volume. Cells may be quoted; other columns are ignored; every row has as many cells as the first.

mod block;
mod cells;
mod chunk;
mod layout;
mod numeric_time;
mod preamble;
mod read;
mod row;
mod row_lines;
mod start;
mod time;
mod wide_header;

#[cfg(test)]
mod real_data_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod time_tests;

pub use numeric_time::DateOrder;
#[cfg(test)]
pub(crate) use read::RawFile;
pub(crate) use read::read_rows;
pub use row_lines::RowLines;
pub(crate) use row_lines::RowPlace;
