//! Where bars come from and how they are kept: exchanges, archives, price files, the cache, and the checks on all of them.
//!
//! Read the parts in this order: `source` is what the fetcher asks, `exchange` and `archive` answer it, `fetch` decides
//! what to ask for, `origin` says what the answers are kept as, `store` keeps them, `validate` checks it, `files` reads and writes price files, `sample` makes
//! prices up; `written` is how all of them make files, and `file_budget` bounds what files that may be anything take. No part knows the engine; what leaves this module are [`Bars`](ct_core::market::Bars) and what is known about
//! them.

#[cfg(feature = "network")]
pub mod archive;
mod coverage;
#[cfg(feature = "network")]
pub mod exchange;
pub mod fetch;
mod file_budget;
pub mod files;
mod interval;
mod json_numbers;
mod local_zone;
pub mod origin;
#[cfg(any(feature = "network", feature = "arrow"))]
mod quiet;
mod raw_columns;
#[cfg(feature = "network")]
mod reach;
mod regular_file;
mod same_symbol;
mod sample;
mod series_key;
pub mod source;
pub mod store;
mod time_range;
pub mod validate;
pub mod written;
mod zipped;

pub use coverage::{Coverage, Span, State};
pub use file_budget::{FileBudget, FileLimits, Measure, OverBudget};
pub use files::csv;
pub use interval::{InferIntervalError, infer_interval};
pub use local_zone::{LocalZone, UnknownZone};
pub use regular_file::read_regular;
pub use same_symbol::is_same_symbol;
pub use sample::{SampleSpec, sample};
pub use series_key::SeriesKey;
pub use time_range::TimeRange;
