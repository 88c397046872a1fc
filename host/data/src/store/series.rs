//! A series as a reader sees it: one state of the cache, whatever writers do meanwhile.

use std::path::Path;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::StoreError;
use super::content_hash::{ColumnBytes, content_hash};
use super::history::HistoryRecord;
use super::ledger::held_and_empty;
use super::manifest::{Content, Manifest};
use super::part::{Part, append};
use super::segment::Segment;
use crate::{Coverage, SeriesKey, TimeRange, raw_columns};
use ct_core::market::{Bars, Columns, RawColumns};
use ct_core::units::Interval;

/// The bars of one exchange, symbol and interval, what is known to be no bar, and what happened to them. It stays as it
/// was when it was opened.
#[derive(Clone, Debug)]
pub struct Series {
    key: SeriesKey,
    parts: Vec<Part>,
    /// The stretches that sources were asked for, all of it called held.
    asked: Coverage,
    history: Vec<HistoryRecord>,
    coverage: OnceLock<Coverage>,
    version: OnceLock<String>,
}

impl Series {
    /// Opens what `manifest` names in `folder`.
    pub(super) fn open(folder: &Path, manifest: Manifest) -> Result<Self, StoreError> {
        let Manifest { key, content, history, .. } = manifest;
        Self::of_content(folder, key, &content, history)
    }

    /// Opens what `content` names in `folder`.
    pub(super) fn of_content(
        folder: &Path,
        key: SeriesKey,
        content: &Content,
        history: Vec<HistoryRecord>,
    ) -> Result<Self, StoreError> {
        let parts = content.open(folder, key.interval)?;
        Ok(Self::new(key, parts, content, history))
    }

    /// The series of parts that are open already; `content` describes them.
    pub(super) fn new(
        key: SeriesKey,
        parts: Vec<Part>,
        content: &Content,
        history: Vec<HistoryRecord>,
    ) -> Self {
        let version = content.version.clone().map(OnceLock::from).unwrap_or_default();
        Self { key, parts, asked: content.asked(), history, coverage: OnceLock::new(), version }
    }

    /// Which series it is.
    pub fn key(&self) -> &SeriesKey {
        &self.key
    }

    /// Which times bars cover, and which are known to be empty. Reads all open times the first time it is called.
    pub fn coverage(&self) -> &Coverage {
        self.coverage.get_or_init(|| exact_coverage(&self.asked, &self.parts, self.key.interval))
    }

    /// The stretches that sources were asked for. It has the same [missing](Coverage::missing) times as
    /// [`Series::coverage`], but calls all others held; it is there without reading a bar.
    pub fn asked(&self) -> &Coverage {
        &self.asked
    }

    /// What happened to it besides new bars, the oldest first.
    pub fn history(&self) -> &[HistoryRecord] {
        &self.history
    }

    /// The hash of its interval and bars in 64 hexadecimal digits: the same for the same bars, however they came together.
    /// Hashes all bars when the last writer did not come to its end.
    pub fn version(&self) -> &str {
        self.version.get_or_init(|| version_of(self.key.interval, &self.parts))
    }

    /// Number of bars.
    pub fn rows(&self) -> u64 {
        self.parts.iter().map(|part| part.len() as u64).sum()
    }

    /// From the open time of the first bar to the close of the last one; `None` without any bar.
    pub fn range(&self) -> Option<TimeRange> {
        let (first, last) = (self.parts.first()?, self.parts.last()?);
        Some(TimeRange::from_ms(first.first_ms(), last.last_ms() + self.key.interval.as_ms()))
    }

    /// Number of files that hold its bars.
    pub fn files(&self) -> u64 {
        self.segments().len() as u64
    }

    /// Size of the files that hold its bars.
    pub fn bytes(&self) -> u64 {
        self.segments().iter().map(|segment| segment.file_bytes()).sum()
    }

    /// Its files, each once: one that was cut by a revision holds several parts.
    fn segments(&self) -> Vec<&Segment> {
        let mut segments: Vec<&Segment> =
            self.parts.iter().map(|part| part.segment().as_ref()).collect();
        segments.sort_by_key(|segment| segment.file());
        segments.dedup_by_key(|segment| segment.file());
        segments
    }

    /// Its bars. When one file holds them they are the file's own bytes, and nothing is read or copied; otherwise they are
    /// joined. The checksums of the values are not compared: see [`Series::verified_bars`].
    pub fn bars(&self) -> Bars {
        let columns = match self.parts.as_slice() {
            [one] => one.columns(),
            several => Columns::from(joined(several.iter().map(Part::columns))),
        };
        Bars::checked_before(self.key.interval, columns)
    }

    /// Its bars, after all checksums were compared.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] names the first file that is not as it was written.
    pub fn verified_bars(&self) -> Result<Bars, StoreError> {
        self.verify()?;
        Ok(self.bars())
    }

    /// Compares all checksums.
    pub(super) fn verify(&self) -> Result<(), StoreError> {
        self.segments().par_iter().try_for_each(|segment| segment.verify())
    }
}

/// Which times of `asked` the bars of `parts` cover.
pub(super) fn exact_coverage(asked: &Coverage, parts: &[Part], interval: Interval) -> Coverage {
    let times = parts.iter().flat_map(|part| part.times().iter().copied());
    held_and_empty(asked.spans().to_vec(), times, interval).into_iter().collect()
}

/// The version of the bars of `parts`.
pub(super) fn version_of(interval: Interval, parts: &[Part]) -> String {
    if let [one] = parts
        && one.len() == one.segment().rows()
    {
        // A file is named after the same hash.
        return one.segment().content_hash().to_hex().to_string();
    }
    let bytes: Vec<ColumnBytes<'_>> = parts.iter().map(Part::bytes).collect();
    content_hash(interval, &bytes).to_hex().to_string()
}

/// A copy of the rows of `parts`, one behind the other.
pub(super) fn joined(parts: impl Iterator<Item = Columns> + Clone) -> RawColumns {
    let rows = parts.clone().map(|part| part.time.len()).sum();
    let mut joined = raw_columns::with_capacity(rows);
    for part in parts {
        append(&mut joined, &part);
    }
    assert!(joined.time.len() == rows, "{} of {rows} rows are joined", joined.time.len());
    joined
}
