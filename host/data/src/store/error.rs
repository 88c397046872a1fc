//! Why the cache cannot do something.

use std::io;
use std::path::{Path, PathBuf};

use crate::{SeriesKey, TimeRange};
use ct_core::market::BarsError;
use ct_core::units::{Interval, Timestamp};

/// Why the cache cannot do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system refuses.
    #[error("cannot {action} '{}': {error}", file.display())]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The file or folder.
        file: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file is not what was written.
    #[error(
        "'{}' is damaged: {reason}; heal the series to set the file aside and have its bars fetched again",
        file.display()
    )]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was expected and what was found.
        reason: String,
    },
    /// A file that must be there is not.
    #[error(
        "'{}' is missing, although the cache names it; heal the series to have its bars fetched again",
        file.display()
    )]
    Missing {
        /// The file.
        file: PathBuf,
    },
    /// A file of a later version of this program.
    #[error(
        "'{}' has format {found}, but this program reads formats up to {expected}: use a newer version of ct-host, or \
         another data folder",
        file.display()
    )]
    NewerFormat {
        /// The file.
        file: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format known here.
        expected: u32,
    },
    /// A name from which no file name can be made.
    #[error("{what} '{name}' cannot be kept: expected {expected}")]
    Name {
        /// What is named, such as `the symbol`.
        what: &'static str,
        /// The name found.
        name: String,
        /// What names look like.
        expected: &'static str,
    },
    /// A page whose rows are no bars.
    #[error("the page {range} of {key} cannot be kept: {error}")]
    Unsound {
        /// Where the page was to go.
        key: SeriesKey,
        /// What it covers.
        range: TimeRange,
        /// What is wrong.
        error: Box<BarsError>,
    },
    /// A page with a row that lies elsewhere.
    #[error(
        "the page {range} of {key} has a row at {time}: expected rows that open in the page's range"
    )]
    OutsideRange {
        /// Where the page was to go.
        key: SeriesKey,
        /// What it covers.
        range: TimeRange,
        /// Open time of the row.
        time: Timestamp,
    },
    /// A page with a row that overlaps a held bar.
    #[error(
        "the page's row at {time} is closer than {interval} to the held bar at {held} of {key}: expected bars that do \
         not overlap; fetch the range of both again, or keep the other prices under a name of their own"
    )]
    Overlap {
        /// Where the page was to go.
        key: SeriesKey,
        /// Open time of the page's row.
        time: Timestamp,
        /// Open time of the held bar.
        held: Timestamp,
        /// Length of the bars.
        interval: Interval,
    },
    /// What must be written is larger than what would be read again.
    #[error("'{}' would have {bytes} bytes: expected at most {bytes_max}", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Its size.
        bytes: u64,
        /// The largest size that is read.
        bytes_max: u64,
    },
    /// No such series.
    #[error("there are no bars of {0} in the cache: fetch or import them first")]
    UnknownSeries(SeriesKey),
    /// A reader that writers left no time to read.
    #[error("{0} changed each time it was read: try again when fewer processes change it")]
    Busy(SeriesKey),
    /// A snapshot of that name is there.
    #[error("there is a snapshot '{0}' already: choose another name, or remove it first")]
    SnapshotExists(String),
    /// No such snapshot.
    #[error("there is no snapshot '{0}': list the snapshots to see their names")]
    UnknownSnapshot(String),
}

impl StoreError {
    /// What turns an error of the system about `file` into one of the cache; `action` as in `cannot write`.
    pub(super) fn io(action: &'static str, file: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Io { action, file: file.to_owned(), error }
    }

    pub(super) fn damaged(file: &Path, reason: impl Into<String>) -> Self {
        Self::Damaged { file: file.to_owned(), reason: reason.into() }
    }

    /// The damaged or missing file, when that is what is wrong: healing the series helps.
    pub fn damaged_file(&self) -> Option<&Path> {
        match self {
            Self::Damaged { file, .. } | Self::Missing { file } => Some(file),
            _ => None,
        }
    }
}
