//! Files of columns: Parquet and Arrow IPC. Without the feature `arrow` they are refused by name.
//!
//! Reading: `parquet_file` and `arrow_file` hand batches to `table`, which turns `times` and `numbers` of any type into those
//! of bars. What decoders trust is checked before they see it: `parquet_footer` and
//! `parquet_pages` look at the sizes that a Parquet file claims, in the words of `thrift` and `page_header`; what still goes
//! wrong in a decoder is `decoded` to an error. Writing: `batches` cuts bars into Arrow's batches, `write` packs them.
//! `metadata` holds what a file says about itself.

#[cfg(feature = "arrow")]
mod arrow_file;
#[cfg(feature = "arrow")]
mod batches;
#[cfg(feature = "arrow")]
mod decoded;
#[cfg(feature = "arrow")]
mod metadata;
#[cfg(feature = "arrow")]
mod numbers;
#[cfg(feature = "arrow")]
mod page_header;
#[cfg(feature = "arrow")]
mod parquet_file;
#[cfg(feature = "arrow")]
mod parquet_footer;
#[cfg(feature = "arrow")]
mod parquet_pages;
#[cfg(feature = "arrow")]
mod table;
#[cfg(feature = "arrow")]
mod thrift;
#[cfg(feature = "arrow")]
mod times;
#[cfg(feature = "arrow")]
mod write;

#[cfg(not(feature = "arrow"))]
mod not_built;

#[cfg(feature = "arrow")]
pub(super) use self::{
    arrow_file::read_arrow,
    parquet_file::read_parquet,
    write::{write_arrow, write_parquet},
};
#[cfg(not(feature = "arrow"))]
pub(super) use not_built::{read_arrow, read_parquet, write_arrow, write_parquet};
