//! The cache: bars in files, without a database.
//!
//! Each series has a folder with immutable segment files and one manifest that names them. A change writes new segments
//! and then replaces the manifest; that replacement is the only thing that counts, so that a crash at any byte leaves
//! either the state before or the state after. Readers take no lock: they open what the manifest names, and what they
//! have open stays.
//!
//! Read the parts in this order: `data_folder` and `layout` are the data folder, `series` reads, `editor` changes with
//! `addition`, `pieces`, `merge` and `ledger`, `snapshot` pins, `verify`, `heal` and `prune` look after it,
//! `memory` remembers what was worked out of it. Below them
//! are the files: `manifest` in `sealed_json`, `segment` with `header`, `mapping` and `content_hash`, written by
//! `durable` under a `lock`.

mod addition;
mod content_hash;
mod data_folder;
mod durable;
mod editor;
mod error;
mod header;
mod heal;
mod history;
mod layout;
mod ledger;
mod lock;
mod manifest;
mod mapping;
mod memory;
mod merge;
mod part;
mod pieces;
mod prune;
mod sealed_json;
mod segment;
mod series;
mod slug;
mod snapshot;
#[cfg(test)]
mod test_bars;
#[cfg(test)]
mod tests;
mod verify;

pub use addition::{Added, Addition};
pub use data_folder::Store;
pub use editor::SeriesEditor;
pub use error::StoreError;
pub use heal::Healed;
pub use history::HistoryRecord;
#[cfg(feature = "network")]
pub(crate) use layout::exchange_folder;
pub use prune::{OlderVersions, PruneMode, Pruned};
pub use series::Series;
pub use snapshot::{Snapshot, SnapshotSeries};
pub use verify::Verification;
