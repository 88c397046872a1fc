//! What a fetch did.

use serde::{Serialize, Serializer};

use crate::source::SourceError;
use crate::store::StoreError;
use crate::{SeriesKey, TimeRange};

/// What a fetch did, series by series, in the order of the jobs.
#[derive(Debug, Serialize)]
pub struct FetchReport {
    /// One for each job.
    pub series: Vec<SeriesReport>,
}

/// What a fetch did for one series.
#[derive(Debug, Serialize)]
pub struct SeriesReport {
    /// The series.
    pub key: SeriesKey,
    /// How it ended.
    #[serde(flatten)]
    pub status: FetchStatus,
    /// Bars that were not held before.
    pub rows_added: u64,
    /// Bars held now.
    pub rows_held: u64,
    /// Requests that were sent, to all sources.
    pub requests: u64,
    /// Bars that had other values before.
    pub revised: u64,
    /// Bars that were held and that the source does not have any more.
    pub withdrawn: u64,
    /// Bars that a source gave in two states.
    pub conflicts: u64,
    /// Ranges that were found to hold no bars, by time.
    pub empty: Vec<TimeRange>,
    /// Ranges that were wanted and are still not known, by time.
    pub missing: Vec<Missing>,
    /// Names of the sources that gave bars or proved that there are none, in the order they were first used.
    pub sources: Vec<String>,
    /// Content hash of the series now; `None` when nothing is held, or the store failed.
    pub version: Option<String>,
}

impl SeriesReport {
    /// The report on a series for which nothing was done.
    pub fn of_nothing(key: SeriesKey) -> Self {
        Self {
            key,
            status: FetchStatus::UpToDate,
            rows_added: 0,
            rows_held: 0,
            requests: 0,
            revised: 0,
            withdrawn: 0,
            conflicts: 0,
            empty: Vec::new(),
            missing: Vec::new(),
            sources: Vec::new(),
            version: None,
        }
    }
}

/// How the fetch of one series ended.
#[derive(Debug, Serialize)]
#[serde(tag = "status", content = "error", rename_all = "snake_case")]
pub enum FetchStatus {
    /// Everything wanted was known already.
    UpToDate,
    /// Everything wanted is known now.
    Updated,
    /// All that can be had is known now, but something wanted cannot be had.
    Partial,
    /// The user stopped it; what had arrived is kept.
    Interrupted,
    /// A source or the store failed; what had arrived before is kept.
    Failed(FetchError),
}

/// Why the fetch of one series failed.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A source failed after its last try.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// What arrived could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Serialize for FetchError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A range that is still not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The range.
    #[serde(flatten)]
    pub range: TimeRange,
    /// Why.
    pub reason: MissingReason,
}

/// Why a range is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingReason {
    /// The source only has newer bars: take a longer interval, or import a file.
    OutOfReach,
    /// The source gave a row that is no bar.
    Unsound,
    /// The fetch ended before.
    NotFetched,
}
