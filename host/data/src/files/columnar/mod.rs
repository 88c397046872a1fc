//! Files of columns: Parquet and Arrow IPC. Without the feature `arrow`, `not_built` stands in their place.
//!
//! Reading: `parquet_file` and `arrow_file` hand batches to `table`, which turns `times`, `numbers` and `names` of any type into
//! those of bars. What decoders trust is checked before they see it: `parquet_footer` and
//! `parquet_pages` look at the sizes that a Parquet file claims, in the words of `thrift` and `page_header`; what still goes
//! wrong in a decoder is `decoded` to an error. Writing: `batches` cuts bars into Arrow's batches, `write` packs them.
//! `metadata` holds what a file says about itself.

mod arrow_file;
mod batches;
mod decoded;
mod metadata;
mod names;
mod numbers;
mod page_header;
mod parquet_file;
mod parquet_footer;
mod parquet_pages;
mod table;
mod thrift;
mod times;
mod write;

pub(super) use arrow_file::read_arrow;
pub(super) use parquet_file::read_parquet;
pub(super) use table::TableRows;
pub(super) use write::{write_arrow, write_parquet};
