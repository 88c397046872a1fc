//! Segment files: consecutive bars as archived columns, written once and mapped ever after.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rkyv::util::AlignedVec;

use super::StoreError;
use super::content_hash::{COLUMN_COUNT, ColumnBytes, content_hash};
use super::durable::write_file;
use super::header::{HEADER_BYTES, Header, HeaderError, SEGMENT_FORMAT, SEGMENT_ROWS_MAX};
use super::mapping::Mapping;
use ct_core::market::{Bars, Column, Columns, RawColumns, Values};
use ct_core::units::{Interval, Timestamp};

/// Ending of segment files.
pub(super) const SEGMENT_SUFFIX: &str = ".bars";

/// Digits of the content hash in the name of a file.
const NAME_DIGITS: usize = 32;

/// Bytes of one value.
const VALUE_BYTES: usize = 8;

// Columns are aligned for their values, wherever the system maps the file.
const _: () = assert!(HEADER_BYTES.is_multiple_of(16), "a header that leaves columns unaligned");

// An archive has offsets of 32 bits with a sign.
const _: () = assert!(
    SEGMENT_ROWS_MAX * ((COLUMN_COUNT * VALUE_BYTES) as u64) < 1 << 31,
    "segments larger than archived offsets reach"
);

/// An open segment file. Its header, bounds and first and last time are checked; its values are as they were written only
/// after [`Segment::verify`].
#[derive(Debug)]
pub(super) struct Segment {
    file: PathBuf,
    header: Header,
    map: Arc<Mapping>,
    columns: Columns,
    verified: AtomicBool,
}

/// What is archived behind the header.
#[derive(rkyv::Archive, rkyv::Serialize)]
struct Table {
    time: Vec<i64>,
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    volume: Vec<f64>,
}

/// Name of the segment file whose bars have the hash `content`.
pub(super) fn segment_file_name(content: &blake3::Hash) -> String {
    let hex = content.to_hex();
    let Some(digits) = hex.get(..NAME_DIGITS) else {
        unreachable!("a hash of {} digits: {NAME_DIGITS} make a name", hex.len());
    };
    format!("{digits}{SEGMENT_SUFFIX}")
}

impl Segment {
    /// Writes `rows`, which are not empty and which [`Bars`](ct_core::market::Bars) have accepted, to a file in `folder`. The
    /// file's bytes are durable, its name only when the folder has been flushed.
    ///
    /// # Panics
    /// When there are no rows, or columns of different lengths.
    pub(super) fn write(
        folder: &Path,
        interval: Interval,
        rows: RawColumns,
    ) -> Result<Arc<Self>, StoreError> {
        let count = rows.time.len();
        let (Some(first), Some(last)) = (rows.time.first(), rows.time.last()) else {
            unreachable!("a segment without rows is written to {}", folder.display());
        };
        let [first, last] = [*first, *last].map(Timestamp::clamped);
        let RawColumns { time, open, high, low, close, volume } = rows;
        let lengths = [&open, &high, &low, &close, &volume].map(Vec::len);
        assert!(lengths == [count; 5], "{count} rows from {first}, but columns of {lengths:?}");
        let archive = archived(&Table { time, open, high, low, close, volume })
            .map_err(StoreError::io("archive bars in", folder))?;
        let expected = count * COLUMN_COUNT * VALUE_BYTES + size_of::<ArchivedTable>();
        assert!(
            archive.len() == expected,
            "{count} rows take {} bytes, not {expected}",
            archive.len()
        );
        let columns = column_ranges(count).map(|range| bytes_at(&archive, range));
        let header = Header {
            interval,
            rows: count as u64,
            first,
            last,
            archive_bytes: archive.len() as u64,
            content_hash: content_hash(interval, &[columns]),
        };
        let file = folder.join(segment_file_name(&header.content_hash));
        if let Some(intact) = Self::intact(folder, &header) {
            return Ok(intact);
        }
        write_file(&file, &[&header.to_bytes(), &archive])?;
        let written = Self::open(folder, interval, &header.content_hash)?;
        written.verified.store(true, Ordering::Relaxed);
        Ok(written)
    }

    /// The file with these bars, if there is one and every value of it is right.
    fn intact(folder: &Path, header: &Header) -> Option<Arc<Self>> {
        let found = Self::open(folder, header.interval, &header.content_hash).ok()?;
        found.verify().ok()?;
        Some(found)
    }

    /// Opens the file in `folder` whose bars have the hash `content`. Of the values only the first and last time are read.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Damaged`], [`StoreError::NewerFormat`], [`StoreError::Io`].
    pub(super) fn open(
        folder: &Path,
        interval: Interval,
        content: &blake3::Hash,
    ) -> Result<Arc<Self>, StoreError> {
        let file = folder.join(segment_file_name(content));
        let map = match Mapping::open(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(StoreError::Missing { file });
            }
            // Files without a byte cannot be mapped everywhere.
            Err(_)
                if fs::metadata(&file).is_ok_and(|found| found.is_file() && found.len() == 0) =>
            {
                return Err(StoreError::damaged(&file, "it is empty"));
            }
            mapped => Arc::new(mapped.map_err(StoreError::io("map", &file))?),
        };
        let header = checked_header(&file, &map)?;
        if header.interval != interval || header.content_hash != *content {
            let reason = format!("it holds other bars than its name says, of {}", header.interval);
            return Err(StoreError::damaged(&file, reason));
        }
        let columns =
            checked_columns(&map, &header).map_err(|reason| StoreError::damaged(&file, reason))?;
        Ok(Arc::new(Self { file, header, map, columns, verified: AtomicBool::new(false) }))
    }

    /// Compares every value with the checksum, and looks whether they are bars: a stranger can make a checksum too. Costs
    /// nothing the second time.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub(super) fn verify(&self) -> Result<(), StoreError> {
        if self.is_verified() {
            return Ok(());
        }
        let found = content_hash(self.header.interval, &[self.bytes(0..self.rows())]);
        if found != self.header.content_hash {
            return Err(StoreError::damaged(
                &self.file,
                format!(
                    "its bars have the hash {}: expected {}",
                    found.to_hex(),
                    self.header.content_hash.to_hex()
                ),
            ));
        }
        Bars::new(self.header.interval, self.columns.clone()).map_err(|error| {
            StoreError::damaged(&self.file, format!("its rows are no bars: {error}"))
        })?;
        self.verified.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Whether every value was compared with the checksum.
    pub(super) fn is_verified(&self) -> bool {
        self.verified.load(Ordering::Relaxed)
    }

    /// Number of bars.
    pub(super) fn rows(&self) -> usize {
        self.columns.time.len()
    }

    /// Its file.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Size of its file.
    pub(super) fn file_bytes(&self) -> u64 {
        self.map.len() as u64
    }

    /// What its name and checksum are made of.
    pub(super) fn content_hash(&self) -> &blake3::Hash {
        &self.header.content_hash
    }

    /// All its bars.
    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The stored bytes of some of its rows.
    ///
    /// # Panics
    /// When it does not have them.
    pub(super) fn bytes(&self, rows: Range<usize>) -> ColumnBytes<'_> {
        let count = self.rows();
        assert!(rows.start <= rows.end && rows.end <= count, "rows {rows:?} of {count}");
        column_ranges(count).map(|column| {
            let start = HEADER_BYTES + column.start;
            let [from, to] = [rows.start, rows.end].map(|row| start + row * VALUE_BYTES);
            bytes_at(&self.map, from..to)
        })
    }
}

/// The bytes of a file, or of one to be, in `range`, which its length was checked for.
fn bytes_at(file: &[u8], range: Range<usize>) -> &[u8] {
    let Some(bytes) = file.get(range.clone()) else {
        unreachable!("bytes {range:?} of {}", file.len());
    };
    bytes
}

fn archived(table: &Table) -> io::Result<AlignedVec> {
    let room = AlignedVec::with_capacity(
        (table.time.len() * COLUMN_COUNT) * VALUE_BYTES + size_of::<ArchivedTable>(),
    );
    rkyv::api::high::to_bytes_in::<_, rkyv::rancor::Error>(table, room).map_err(io::Error::other)
}

/// Where the columns of `rows` bars lie in their archive: one behind the other.
fn column_ranges(rows: usize) -> [Range<usize>; COLUMN_COUNT] {
    let length = rows * VALUE_BYTES;
    [0, 1, 2, 3, 4, 5].map(|column| column * length..(column + 1) * length)
}

fn checked_header(file: &Path, map: &Mapping) -> Result<Header, StoreError> {
    let header = Header::read(map).map_err(|error| match error {
        HeaderError::Damaged(reason) => StoreError::damaged(file, reason),
        HeaderError::Newer(found) => {
            StoreError::NewerFormat { file: file.to_owned(), found, expected: SEGMENT_FORMAT }
        }
    })?;
    // Every size is known from the number of rows, so nothing that was read is used as a length before it is checked.
    assert!(header.rows <= SEGMENT_ROWS_MAX, "{header:?} has passed the check");
    let values = header.rows * (COLUMN_COUNT * VALUE_BYTES) as u64;
    let archive_bytes = values + size_of::<ArchivedTable>() as u64;
    let expected = HEADER_BYTES as u64 + archive_bytes;
    if header.archive_bytes != archive_bytes || map.len() as u64 != expected {
        let reason = format!("it has {} bytes: expected {expected}", map.len());
        return Err(StoreError::damaged(file, reason));
    }
    Ok(header)
}

/// The columns behind a checked header, where they must lie. Every bit pattern is a number, so that the values themselves
/// need no look.
fn checked_columns(map: &Arc<Mapping>, header: &Header) -> Result<Columns, String> {
    let rows = usize::try_from(header.rows).map_err(|error| error.to_string())?;
    let archive = bytes_at(map, HEADER_BYTES..map.len());
    if !archive.ends_with(&root_bytes(header.rows)) {
        return Err("its columns do not lie where they must".to_owned());
    }
    let times = mapped_column(map, rows, 0, i64::from_le_bytes);
    let [open, high, low, close, volume] =
        [1, 2, 3, 4, 5].map(|column| mapped_column(map, rows, column, f64::from_le_bytes));
    let ends = [header.first, header.last].map(|time| Some(time.as_ms()));
    if [times.first().copied(), times.last().copied()] != ends {
        return Err("its first or last bar is not the one that its header names".to_owned());
    }
    Ok(Columns { time: times, open, high, low, close, volume })
}

/// The [`ArchivedTable`] at the end of an archive of `rows` bars: for each column the distance from here to its values, and
/// their number.
fn root_bytes(rows: u64) -> Vec<u8> {
    let column_bytes = rows * VALUE_BYTES as u64;
    let place = |column: u64| {
        let here = COLUMN_COUNT as u64 * column_bytes + column * VALUE_BYTES as u64;
        let distance = (column * column_bytes).wrapping_sub(here);
        // Each in 32 bits, which is enough for the most rows that a segment has.
        [distance, rows].map(|number| {
            let [first, second, third, fourth, ..] = number.to_le_bytes();
            [first, second, third, fourth]
        })
    };
    (0..COLUMN_COUNT as u64).flat_map(place).flatten().collect()
}

/// One column of a mapped file: where the machine's numbers are little-endian as the file's are, the file itself; else a
/// copy.
fn mapped_column<T: bytemuck::Pod + Send + Sync>(
    map: &Arc<Mapping>,
    rows: usize,
    column: usize,
    read: impl Fn([u8; VALUE_BYTES]) -> T,
) -> Column<T> {
    let length = rows * VALUE_BYTES;
    let start = HEADER_BYTES + column * length;
    let bytes = start..start + length;
    assert!(bytes.end <= map.len(), "column {column} at {bytes:?} of {} bytes", map.len());
    if cfg!(target_endian = "little") {
        return Column::shared(Arc::new(MappedColumn { map: Arc::clone(map), bytes }));
    }
    Column::from(copied_values(bytes_at(map, bytes), read))
}

/// The values of a stored column, for machines whose numbers are big-endian.
fn copied_values<T>(bytes: &[u8], read: impl Fn([u8; VALUE_BYTES]) -> T) -> Vec<T> {
    let (values, rest) = bytes.as_chunks();
    assert!(rest.is_empty(), "a column of {} bytes", bytes.len());
    values.iter().map(|value| read(*value)).collect()
}

/// Part of a mapped file, whose bytes are those of numbers in memory.
struct MappedColumn {
    map: Arc<Mapping>,
    bytes: Range<usize>,
}

impl<T: bytemuck::Pod> Values<T> for MappedColumn {
    fn values(&self) -> &[T] {
        // The file is mapped at a page and the columns are aligned in it, so that the cast cannot fail.
        match bytemuck::try_cast_slice(bytes_at(&self.map, self.bytes.clone())) {
            Ok(values) => values,
            Err(error) => unreachable!("a column at {:?}: {error}", self.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_bars::bars;

    #[test]
    fn what_is_written_is_what_is_mapped() {
        let folder = tempfile::tempdir().unwrap();
        let interval = "1h".parse().unwrap();
        let written = Segment::write(folder.path(), interval, bars(0..500)).unwrap();
        let opened = Segment::open(folder.path(), interval, written.content_hash()).unwrap();
        opened.verify().unwrap();
        assert_eq!(*opened.columns(), Columns::from(bars(0..500)));
        assert_eq!(opened.file_bytes(), fs::metadata(opened.file()).unwrap().len());
        let parts = [opened.bytes(0..100), opened.bytes(100..500)];
        assert_eq!(content_hash(interval, &parts), *opened.content_hash());
    }

    #[test]
    fn columns_are_the_bytes_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let interval = "1h".parse().unwrap();
        let segment = Segment::write(folder.path(), interval, bars(0..10)).unwrap();
        if cfg!(target_endian = "little") {
            let mapped = segment.map.as_ptr_range();
            let column = segment.columns.close.as_ptr_range();
            assert!(mapped.start <= column.start.cast() && column.end.cast() <= mapped.end);
        }
        let [time, .., close, _] = segment.bytes(0..10);
        assert_eq!(copied_values(time, i64::from_le_bytes), *segment.columns.time);
        assert_eq!(copied_values(close, f64::from_le_bytes), *segment.columns.close);
    }

    #[test]
    #[should_panic(expected = "a segment without rows")]
    fn a_segment_without_rows_is_loud() {
        let folder = tempfile::tempdir().unwrap();
        let _ = Segment::write(folder.path(), "1h".parse().unwrap(), bars(0..0));
    }

    #[test]
    #[should_panic(expected = "rows 5..11 of 10")]
    fn bytes_of_rows_that_are_not_there_are_loud() {
        let folder = tempfile::tempdir().unwrap();
        let segment = Segment::write(folder.path(), "1h".parse().unwrap(), bars(0..10)).unwrap();
        segment.bytes(5..11);
    }

    #[test]
    fn a_damaged_file_of_the_same_name_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let interval = "1h".parse().unwrap();
        let segment = Segment::write(folder.path(), interval, bars(0..10)).unwrap();
        let sound = fs::read(segment.file()).unwrap();
        let mut spoilt = sound.clone();
        spoilt[200] ^= 1;
        fs::remove_file(segment.file()).unwrap();
        fs::write(segment.file(), spoilt).unwrap();
        Segment::write(folder.path(), interval, bars(0..10)).unwrap();
        assert_eq!(fs::read(segment.file()).unwrap(), sound);
    }

    #[test]
    fn another_interval_or_a_foreign_name_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let segment = Segment::write(folder.path(), "1h".parse().unwrap(), bars(0..10)).unwrap();
        let hash = segment.content_hash();
        let other = Segment::open(folder.path(), "2h".parse().unwrap(), hash);
        assert!(matches!(other, Err(StoreError::Damaged { .. })));
        let foreign = blake3::hash(b"foreign");
        fs::rename(segment.file(), folder.path().join(segment_file_name(&foreign))).unwrap();
        let renamed = Segment::open(folder.path(), "1h".parse().unwrap(), &foreign);
        assert!(matches!(renamed, Err(StoreError::Damaged { .. })));
        let gone = Segment::open(folder.path(), "1h".parse().unwrap(), hash);
        assert!(matches!(gone, Err(StoreError::Missing { .. })));
    }

    #[test]
    fn rows_that_are_no_bars_are_damaged_whatever_their_checksum() {
        let interval = "1h".parse().unwrap();
        let price = |rows: &mut RawColumns| rows.low[3] = f64::NAN;
        let order = |rows: &mut RawColumns| rows.time.swap(3, 4);
        for spoil in [price, order] {
            let folder = tempfile::tempdir().unwrap();
            let mut rows = bars(0..10);
            spoil(&mut rows);
            let forged = Segment::write(folder.path(), interval, rows).unwrap();
            let opened = Segment::open(folder.path(), interval, forged.content_hash()).unwrap();
            let error = opened.verify().unwrap_err();
            assert_eq!(error.damaged_file(), Some(opened.file()));
            assert!(error.to_string().contains("its rows are no bars"), "{error}");
        }
    }
}
