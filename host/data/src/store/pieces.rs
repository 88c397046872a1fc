//! Rows that are held and rows that are new, on their way into files.

use std::ops::Range;
use std::path::Path;

use super::StoreError;
use super::part::Part;
use super::segment::Segment;
use super::series::joined;
use ct_core::market::Columns;
use ct_core::units::Interval;

/// Consecutive rows of a series.
#[derive(Debug)]
pub(super) enum Piece {
    /// In a file.
    Held(Part),
    /// Not in a file yet; not empty.
    New(Columns),
}

impl Piece {
    /// Number of rows.
    pub(super) fn rows(&self) -> u64 {
        match self {
            Self::Held(part) => part.len() as u64,
            Self::New(columns) => columns.time.len() as u64,
        }
    }

    /// # Errors
    /// [`StoreError::Damaged`] when the rows are not those that were written: they must not get a new checksum.
    fn verified_columns(&self) -> Result<Columns, StoreError> {
        match self {
            Self::Held(part) => part.segment().verify().map(|()| part.columns()),
            Self::New(columns) => Ok(columns.clone()),
        }
    }
}

/// Where pieces are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct PieceWriter<'a> {
    pub(super) folder: &'a Path,
    pub(super) interval: Interval,
}

impl PieceWriter<'_> {
    /// Makes one part of each of `groups`, which are consecutive ranges of `pieces`. A group that is a held part is left as
    /// it is.
    pub(super) fn write(
        self,
        pieces: Vec<Piece>,
        groups: &[Range<usize>],
    ) -> Result<Vec<Part>, StoreError> {
        let mut pieces = pieces.into_iter();
        let mut parts = Vec::with_capacity(groups.len());
        for group in groups {
            let together: Vec<Piece> = pieces.by_ref().take(group.len()).collect();
            match together.as_slice() {
                [Piece::Held(part)] => parts.push(part.clone()),
                several => parts.extend(self.write_together(several)?),
            }
        }
        Ok(parts)
    }

    fn write_together(self, pieces: &[Piece]) -> Result<Option<Part>, StoreError> {
        let columns: Vec<Columns> =
            pieces.iter().map(Piece::verified_columns).collect::<Result<_, _>>()?;
        let rows = joined(columns.iter().cloned());
        if rows.time.is_empty() {
            return Ok(None);
        }
        let segment = Segment::write(self.folder, self.interval, rows)?;
        let count = segment.rows();
        Ok(Part::new(segment, 0..count))
    }
}
