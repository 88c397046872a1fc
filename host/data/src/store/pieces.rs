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
            Self::Held(part) => {
                let segment = part.segment();
                segment.verify()?;
                let file = segment.file().display();
                assert!(segment.is_verified(), "'{file}' is used before its checksum is proved");
                Ok(part.columns())
            }
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
        let (mut parts, mut next) = (Vec::with_capacity(groups.len()), 0);
        for group in groups {
            assert!(group.start == next, "the group {group:?} comes where {next} is next");
            next = group.end;
            let together: Vec<Piece> = pieces.by_ref().take(group.len()).collect();
            assert!(together.len() == group.len(), "{} pieces of {group:?}", together.len());
            match together.as_slice() {
                [Piece::Held(part)] => parts.push(part.clone()),
                several => parts.push(self.write_together(several)?),
            }
        }
        let left = pieces.len();
        assert!(left == 0, "{left} pieces after {next} are in no group");
        Ok(parts)
    }

    /// Writes `pieces`, at least one, into one file.
    fn write_together(self, pieces: &[Piece]) -> Result<Part, StoreError> {
        let columns: Vec<Columns> =
            pieces.iter().map(Piece::verified_columns).collect::<Result<_, _>>()?;
        check_order(pieces, &columns)?;
        let rows = joined(columns.iter().cloned());
        let expected: u64 = pieces.iter().map(Piece::rows).sum();
        let count = rows.time.len() as u64;
        assert!(count == expected, "{count} rows of {} pieces with {expected}", pieces.len());
        let segment = Segment::write(self.folder, self.interval, rows)?;
        let count = segment.rows();
        let Some(part) = Part::new(segment, 0..count) else {
            unreachable!("a segment of {count} rows");
        };
        Ok(part)
    }
}

/// # Errors
/// [`StoreError::Damaged`] when the rows of a piece do not lie behind those of the piece before: a manifest names files by their
/// first and last bars, and a stranger's file may have others between.
fn check_order(pieces: &[Piece], columns: &[Columns]) -> Result<(), StoreError> {
    let neighbours = pieces.array_windows().zip(columns.array_windows());
    for ([one, other], [before, after]) in neighbours {
        if before.time.last() < after.time.first() {
            continue;
        }
        let ((Piece::Held(part), _) | (_, Piece::Held(part))) = (one, other) else {
            unreachable!("two pages that follow each other are written");
        };
        let reason = "its bars overlap those of another file of the series, or of a new page";
        return Err(StoreError::damaged(part.segment().file(), reason));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_bars::bars;

    fn held(folder: &Path, hours: Range<i64>) -> Piece {
        let segment = Segment::write(folder, "1h".parse().unwrap(), bars(hours)).unwrap();
        let rows = segment.rows();
        Piece::Held(Part::new(segment, 0..rows).unwrap())
    }

    const fn one_group(group: &Range<usize>) -> &[Range<usize>] {
        std::slice::from_ref(group)
    }

    fn write(
        folder: &Path,
        pieces: Vec<Piece>,
        groups: &[Range<usize>],
    ) -> Result<Vec<Part>, StoreError> {
        PieceWriter { folder, interval: "1h".parse().unwrap() }.write(pieces, groups)
    }

    #[test]
    fn bars_of_others_that_are_out_of_order_are_damage() {
        let folder = tempfile::tempdir().unwrap();
        let pieces = |one: Range<i64>, other: Range<i64>| {
            vec![held(folder.path(), one), held(folder.path(), other)]
        };
        let parts = write(folder.path(), pieces(0..5, 5..9), one_group(&(0..2))).unwrap();
        assert_eq!(parts.iter().map(Part::len).collect::<Vec<_>>(), [9]);
        for (one, other) in [(5..9, 0..5), (0..5, 4..9)] {
            let error = write(folder.path(), pieces(one, other), one_group(&(0..2))).unwrap_err();
            assert!(error.to_string().contains("its bars overlap"), "{error}");
        }
    }

    #[test]
    #[should_panic(expected = "1 pieces after 1 are in no group")]
    fn a_piece_in_no_group_is_loud() {
        let folder = tempfile::tempdir().unwrap();
        let pieces = vec![held(folder.path(), 0..5), held(folder.path(), 5..9)];
        let _ = write(folder.path(), pieces, one_group(&(0..1)));
    }
}
