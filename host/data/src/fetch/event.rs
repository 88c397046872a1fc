//! What a fetch tells while it runs.

use super::notice::FetchNotice;
use super::report::SeriesReport;
use crate::SeriesKey;

/// A step of a fetch.
#[derive(Clone, Copy, Debug)]
pub enum FetchEvent<'a> {
    /// Another process writes to the series; it is waited for.
    Waiting {
        /// The series.
        key: &'a SeriesKey,
    },
    /// It is known what is missing; also told again when the source's clock shows that it is more or less.
    Started {
        /// The series.
        key: &'a SeriesKey,
        /// Number of bars that are missing, if none is absent.
        bars_missing: u64,
    },
    /// Bars arrived.
    Progress {
        /// The series.
        key: &'a SeriesKey,
        /// Bars that were missing and are known now, those that do not exist included.
        bars_done: u64,
        /// Bars that were missing at the start.
        bars_total: u64,
        /// Requests sent so far.
        requests: u64,
    },
    /// Something the user should hear about.
    Note {
        /// The series.
        key: &'a SeriesKey,
        /// What it is.
        notice: &'a FetchNotice,
    },
    /// The series is done, one way or another.
    Finished {
        /// What was done.
        report: &'a SeriesReport,
    },
}

/// Who hears of the steps.
pub type FetchObserver<'a> = &'a (dyn Fn(FetchEvent<'_>) + Send + Sync);
