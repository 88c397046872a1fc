//! Consecutive rows of a segment: what a series is put together from.

use std::ops::Range;
use std::sync::Arc;

use super::content_hash::ColumnBytes;
use super::segment::Segment;
use crate::{TimeRange, raw_columns};
use ct_core::market::{Columns, RawColumns};

/// Some consecutive rows of a segment, at least one. A revision in the middle of a large segment cuts it into two parts
/// instead of writing it anew.
#[derive(Clone, Debug)]
pub(super) struct Part {
    segment: Arc<Segment>,
    rows: Range<usize>,
}

impl Part {
    /// The rows of `segment` in `rows`; `None` when there are none.
    pub(super) fn new(segment: Arc<Segment>, rows: Range<usize>) -> Option<Self> {
        (rows.start < rows.end && rows.end <= segment.rows()).then_some(Self { segment, rows })
    }

    /// Where the rows are kept.
    pub(super) fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }

    /// Which rows of the segment they are.
    pub(super) fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Open times, UTC milliseconds.
    pub(super) fn times(&self) -> &[i64] {
        let Some(times) = self.segment.columns().time.get(self.rows()) else { self.lost() };
        times
    }

    /// Which rows there are was looked at when the part was made.
    #[cold]
    fn lost(&self) -> ! {
        let (file, rows) = (self.segment.file().display(), self.segment.rows());
        unreachable!("'{file}': rows {:?} of {rows}", self.rows);
    }

    /// Open time of the first row, UTC milliseconds.
    pub(super) fn first_ms(&self) -> i64 {
        let Some(first) = self.times().first() else { self.lost() };
        *first
    }

    /// Open time of the last row, UTC milliseconds.
    pub(super) fn last_ms(&self) -> i64 {
        let Some(last) = self.times().last() else { self.lost() };
        *last
    }

    /// The rows before `range`, those in it, and those behind it.
    pub(super) fn cut(&self, range: TimeRange) -> [Option<Self>; 3] {
        let [start, end] = [range.from, range.to].map(|time| {
            self.rows.start + self.times().partition_point(|&held| held < time.as_ms())
        });
        [self.rows.start..start, start..end, end..self.rows.end]
            .map(|rows| Self::new(Arc::clone(&self.segment), rows))
    }

    /// The rows, shared with the file.
    pub(super) fn columns(&self) -> Columns {
        let all = self.segment.columns();
        let columns = Columns {
            time: all.time.part(self.rows()),
            open: all.open.part(self.rows()),
            high: all.high.part(self.rows()),
            low: all.low.part(self.rows()),
            close: all.close.part(self.rows()),
            volume: all.volume.part(self.rows()),
        };
        let (times, volumes, rows) = (columns.time.len(), columns.volume.len(), self.len());
        assert!(
            times == rows && volumes == rows,
            "{times} times, {volumes} volumes of {rows} rows"
        );
        columns
    }

    /// The stored bytes of the rows.
    pub(super) fn bytes(&self) -> ColumnBytes<'_> {
        self.segment.bytes(self.rows())
    }
}

/// Copies `rows` to the end of `columns`.
pub(super) fn append(columns: &mut RawColumns, rows: &Columns) {
    let Columns { time, open, high, low, close, volume } = rows;
    let (count, volumes) = (time.len(), volume.len());
    assert!(count == volumes, "{count} times, but {volumes} volumes are appended");
    raw_columns::append(columns, time, [open, high, low, close, volume]);
}
