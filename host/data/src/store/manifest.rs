//! What a series consists of: the one file whose replacement makes a change of the series count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::history::HistoryRecord;
use super::part::Part;
use super::sealed_json::{read_sealed, write_sealed};
use super::segment::{Segment, segment_file_name};
use crate::{Coverage, SeriesKey, Span, State, TimeRange};
use ct_core::units::{Interval, Timestamp};

/// Name of the manifest.
pub(super) const MANIFEST_FILE: &str = "manifest.json";

/// Name of the copy that is made when an editing session ends, and removed before a revision. It is looked at only when the
/// manifest is damaged.
pub(super) const MANIFEST_COPY_FILE: &str = "manifest.copy.json";

/// A series at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Which series.
    pub(super) key: SeriesKey,
    /// What it consists of.
    #[serde(flatten)]
    pub(super) content: Content,
    /// What happened to it.
    pub(super) history: Vec<HistoryRecord>,
    /// What it was before revisions, the oldest first.
    pub(super) older_versions: Vec<Content>,
}

/// Bars and what is known to be no bar.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Content {
    /// The content hash of the bars in hexadecimal digits; `None` in the middle of an editing session.
    pub(super) version: Option<String>,
    /// Number of bars.
    pub(super) rows: u64,
    /// Where the bars are, in ascending order.
    pub(super) segments: Vec<SegmentRecord>,
    /// The stretches that sources were asked for, in ascending order. Where there is no bar in them, the source has none.
    pub(super) coverage: Vec<Stretch>,
}

/// Rows of a segment file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SegmentRecord {
    /// The content hash of all bars of the file.
    #[serde(with = "hash_text")]
    pub(super) file_hash: blake3::Hash,
    /// The first of its rows that is part of the series, from 0.
    pub(super) first_row: u64,
    /// Number of its rows that are part of the series.
    pub(super) rows: u64,
    /// Open time of the first of these rows.
    pub(super) first: Timestamp,
    /// Open time of the last of these rows.
    pub(super) last: Timestamp,
}

/// A stretch of time that a source was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stretch {
    #[serde(flatten)]
    range: TimeRange,
    source: String,
}

impl Manifest {
    /// The manifest in `folder`; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] also when it is of another series than `key`.
    pub(super) fn read(folder: &Path, key: &SeriesKey) -> Result<Option<Self>, StoreError> {
        Self::read_file(&folder.join(MANIFEST_FILE), key)
    }

    /// The manifest in `file`.
    pub(super) fn read_file(file: &Path, key: &SeriesKey) -> Result<Option<Self>, StoreError> {
        let Some(manifest) = read_sealed::<Self>(file)? else { return Ok(None) };
        if manifest.key != *key {
            let reason = format!("it is of {}: expected {key}", manifest.key);
            return Err(StoreError::damaged(file, reason));
        }
        Ok(Some(manifest))
    }

    /// Replaces the manifest in `folder`; the caller flushes the folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        write_sealed(&folder.join(MANIFEST_FILE), self)
    }

    /// From the open time of the first bar to the close of the last one; `None` without any bar.
    pub(super) fn range(&self) -> Option<TimeRange> {
        let (first, last) = (self.content.segments.first()?, self.content.segments.last()?);
        let end = last.last.as_ms() + self.key.interval.as_ms();
        Some(TimeRange::from_ms(first.first.as_ms(), end))
    }

    /// The names of all segment files that it needs.
    pub(super) fn files(&self) -> BTreeSet<String> {
        self.segment_hashes().into_keys().collect()
    }

    /// The same, with the hashes of their bars.
    pub(super) fn segment_hashes(&self) -> BTreeMap<String, blake3::Hash> {
        let contents = self.older_versions.iter().chain([&self.content]);
        let records = contents.flat_map(|content| &content.segments);
        records.map(|record| (segment_file_name(&record.file_hash), record.file_hash)).collect()
    }
}

impl Content {
    /// The content of `parts`, whose bars have the hash `version`.
    pub(super) fn new(version: Option<String>, parts: &[Part], asked: &Coverage) -> Self {
        let coverage = asked
            .spans()
            .iter()
            .map(|span| Stretch { range: span.range, source: (*span.source).into() });
        Self {
            version,
            rows: parts.iter().map(|part| part.len() as u64).sum(),
            segments: parts.iter().map(SegmentRecord::new).collect(),
            coverage: coverage.collect(),
        }
    }

    /// Opens its segments in `folder`.
    pub(super) fn open(&self, folder: &Path, interval: Interval) -> Result<Vec<Part>, StoreError> {
        let mut parts: Vec<Part> = Vec::with_capacity(self.segments.len());
        for record in &self.segments {
            let part = record.open(folder, interval)?;
            let earliest = parts.last().map(|last| last.last_ms() + interval.as_ms());
            if earliest.is_some_and(|earliest| part.first_ms() < earliest) {
                return Err(StoreError::damaged(
                    part.segment().file(),
                    "its bars overlap those of another file of the series",
                ));
            }
            parts.push(part);
        }
        Ok(parts)
    }

    /// What sources were asked for, all of it called held.
    pub(super) fn asked(&self) -> Coverage {
        // The ledger is in order whatever the file says: what is not counts as never asked for.
        let mut end = None;
        let in_order = |stretch: &&Stretch| {
            let follows = end <= Some(stretch.range.from);
            if follows && !stretch.range.is_empty() {
                end = Some(stretch.range.to);
            }
            follows
        };
        let span = |stretch: &Stretch| Span {
            range: stretch.range,
            state: State::Held,
            source: stretch.source.as_str().into(),
        };
        self.coverage.iter().filter(in_order).map(span).collect()
    }
}

impl SegmentRecord {
    fn new(part: &Part) -> Self {
        Self {
            file_hash: *part.segment().content_hash(),
            first_row: part.rows().start as u64,
            rows: part.len() as u64,
            first: Timestamp::clamped(part.first_ms()),
            last: Timestamp::clamped(part.last_ms()),
        }
    }

    /// Opens the file and cuts the rows out.
    pub(super) fn open(&self, folder: &Path, interval: Interval) -> Result<Part, StoreError> {
        let segment = Segment::open(folder, interval, &self.file_hash)?;
        let file = segment.file().to_owned();
        self.part(segment).ok_or_else(|| {
            StoreError::damaged(&file, "it does not have the rows that the series needs of it")
        })
    }

    fn part(&self, segment: Arc<Segment>) -> Option<Part> {
        let start = usize::try_from(self.first_row).ok()?;
        let end = start.checked_add(usize::try_from(self.rows).ok()?)?;
        let part = Part::new(segment, start..end)?;
        let ends = [self.first, self.last].map(Timestamp::as_ms);
        (ends == [part.first_ms(), part.last_ms()]).then_some(part)
    }

    /// From its first bar to behind its last one.
    pub(super) fn range(&self, interval: Interval) -> TimeRange {
        TimeRange::from_ms(self.first.as_ms(), self.last.as_ms() + interval.as_ms())
    }
}

/// Hashes as hexadecimal digits.
mod hash_text {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        hash: &blake3::Hash,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hash.to_hex())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<blake3::Hash, D::Error> {
        let text = String::deserialize(deserializer)?;
        blake3::Hash::from_hex(text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_that_are_not_in_order_count_as_never_asked_for() {
        let stretch = |(from, to, source): (i64, i64, &str)| Stretch {
            range: TimeRange::from_ms(from, to),
            source: source.to_owned(),
        };
        let stretches = [(0, 10, "a"), (10, 20, "a"), (30, 40, "b"), (35, 50, "a"), (5, 5, "a")];
        let coverage = stretches.map(stretch).into();
        let asked = Content { coverage, ..Content::default() }.asked();
        let spans: Vec<(TimeRange, &str)> =
            asked.spans().iter().map(|span| (span.range, &*span.source)).collect();
        let expected = [(TimeRange::from_ms(0, 20), "a"), (TimeRange::from_ms(30, 40), "b")];
        assert_eq!(spans, expected);
        // As many as fit a file, the wrong way round: each of them once moved all before it.
        let backwards = (0..400_000).rev().map(|hour| stretch((2 * hour, 2 * hour + 1, "a")));
        let asked = Content { coverage: backwards.collect(), ..Content::default() }.asked();
        assert_eq!(asked.spans().len(), 1);
    }
}
