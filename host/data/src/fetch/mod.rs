//! Brings series up to date: asks sources for exactly what the ledger misses and adds each page to the store as it arrives.
//!
//! Read the parts in this order: `job` says what is wanted, `plan` what of it is still to be asked, `grid` and
//! `archive_files` cut that into requests, `window` decides what an answer proves, `asker` and `crawl` do the asking,
//! `listing` skips the years before a listing, `intake` and `writer` take what arrived, and `series` and `engine` hold it
//! together. There is no clock and no randomness in it: the same answers give the same bars.

mod archive_files;
mod asker;
mod crawl;
mod engine;
mod event;
#[cfg(test)]
mod fake;
mod grid;
mod intake;
mod job;
mod listing;
mod notice;
mod plan;
mod report;
mod series;
mod session;
mod sheet;
mod stop;
mod window;
mod writer;

pub use engine::fetch;
pub use event::{FetchEvent, FetchObserver};
pub use job::{FetchEnd, FetchJob, FetchSettings, Refresh, Sources, SymbolSource};
pub use notice::FetchNotice;
pub use report::{FetchError, FetchReport, FetchStatus, Missing, MissingReason, SeriesReport};
pub use stop::Stop;
