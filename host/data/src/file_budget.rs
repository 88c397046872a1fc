//! What price files may take of memory and time: one budget for all files of a run.
//!
//! A hundred bytes can unpack to gigabytes, and a number in a file can claim any size. So readers draw on the budget before
//! they keep what they unpack, and it grows with what the files weigh on the disk: a large file may be large.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::regular_file::open_regular_or_pipe;
use crate::zipped::Member;

/// Bytes that a byte of a price file may unpack to. Text of recorded prices shrinks to a tenth, of prices that never change to
/// a hundredth; gzip can make a byte of a thousand, zstd of a hundred thousand.
const BYTES_PER_BYTE: u64 = 256;

/// Bytes that any price files may unpack to: two million rows of text, or pages of as many with all columns.
const BYTES_FLOOR: u64 = 128 << 20;

/// Bytes that price files unpack to at most, unless the user says otherwise: the text of more rows than are read.
const BYTES_CEILING: u64 = 32 << 30;

/// Rows that a byte of a price file may hold. Recorded prices take five bytes a row or more, however they are packed; prices
/// that never change about a third of one.
const ROWS_PER_BYTE: u64 = 4;

/// Rows that any price files may hold: nine years of minutes, 240 MB of columns.
const ROWS_FLOOR: u64 = 5_000_000;

/// Rows that price files hold at most, unless the user says otherwise: six years of one-second bars, 10 GB of columns.
const ROWS_CEILING: u64 = 200_000_000;

/// What a pipe is taken to weigh, bytes, since nobody knows: it may give 1 GiB of text and 16 million rows.
const PIPE_BYTES: u64 = 4 << 20;

/// What the user allows all price files of a run together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileLimits {
    /// Bytes that they may unpack to. Without a number: 256 for each byte that they weigh, from 128 MiB to 32 GiB.
    pub bytes_max: Option<NonZeroU64>,
    /// Rows that they may hold. Without a number: 4 for each byte that they weigh, from 5 to 200 million.
    pub rows_max: Option<NonZeroU64>,
}

/// What is left for price files to take. All files of a run share one; threads may.
///
/// ```
/// use ct_data::FileBudget;
/// use ct_data::files::read_file;
/// let budget = FileBudget::default();
/// let minutes = read_file("BTCUSDT-1m.csv.gz".as_ref(), &budget, &mut |_| {});
/// let hours = read_file("BTCUSDT-1h.csv.gz".as_ref(), &budget, &mut |_| {});
/// ```
#[derive(Debug, Default)]
pub struct FileBudget {
    limits: FileLimits,
    /// Files that were weighed: one that is named a thousand times weighs once.
    weighed: Mutex<BTreeSet<PathBuf>>,
    /// Bytes of these files on the disk.
    weight: AtomicU64,
    bytes: AtomicU64,
    rows: AtomicU64,
}

/// What price files have too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Bytes when unpacked.
    Bytes,
    /// Rows.
    Rows,
    /// Rows of all instruments when they are put side by side, with a place in each for every time at which any of them has
    /// a bar.
    AlignedRows,
}

/// More than price files may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "price files of {weight} bytes {} or more: expected {limit} at most, so that a small file cannot fill the memory",
    found_text(*measure, *found)
)]
pub struct OverBudget {
    /// What there is too much of.
    pub measure: Measure,
    /// How much there is in the files so far, or is claimed to be.
    pub found: u64,
    /// How much there may be.
    pub limit: u64,
    /// What the files weigh that were opened so far, bytes.
    pub weight: u64,
}

/// Why a price file cannot be opened.
#[derive(Debug)]
pub(crate) enum OpenProblem {
    /// What the operating system says.
    Io(io::Error),
    /// What is wrong with the zip file that it is in.
    Zip(String),
    /// More than price files may take.
    Budget(OverBudget),
}

impl From<io::Error> for OpenProblem {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<String> for OpenProblem {
    fn from(fault: String) -> Self {
        Self::Zip(fault)
    }
}

impl From<OverBudget> for OpenProblem {
    fn from(over: OverBudget) -> Self {
        Self::Budget(over)
    }
}

impl FileBudget {
    /// All of what `limits` allow.
    pub fn new(limits: FileLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Opens the price file `path`, which may be in a zip file, gives its length in bytes, 0 if it is a pipe, and makes the
    /// budget grow by what it weighs.
    ///
    /// # Errors
    /// [`OpenProblem`]: as [`open_regular_or_pipe`]; what is wrong with the zip file; what says of itself that it unpacks to more
    /// than is left.
    pub(crate) fn open(&self, path: &Path) -> Result<(File, u64), OpenProblem> {
        let Some(member) = Member::of(path) else { return Ok(self.weigh(path)?) };
        let (zip, _) = self.weigh(&member.zip)?;
        member.unpacked(zip, |bytes| Ok(self.check_bytes(bytes)?))
    }

    fn weigh(&self, path: &Path) -> io::Result<(File, u64)> {
        let (file, bytes) = open_regular_or_pipe(path)?;
        // What is behind the number of an open pipe has no name.
        let name = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if self.weighed.lock().unwrap_or_else(PoisonError::into_inner).insert(name) {
            add(&self.weight, bytes.map_or(PIPE_BYTES, |bytes| weight_on_disk(&file, bytes)));
        }
        Ok((file, bytes.unwrap_or_default()))
    }

    /// Draws `bytes` of unpacked content.
    ///
    /// # Errors
    /// [`OverBudget`] when so many are not left.
    pub(crate) fn take_bytes(&self, bytes: u64) -> Result<(), OverBudget> {
        self.within(Measure::Bytes, add(&self.bytes, bytes))
    }

    /// Looks whether `bytes` could be drawn, for what tells its length before it is unpacked and drawn.
    fn check_bytes(&self, bytes: u64) -> Result<(), OverBudget> {
        self.within(Measure::Bytes, self.bytes.load(Ordering::Relaxed).saturating_add(bytes))
    }

    /// Draws `rows`.
    ///
    /// # Errors
    /// [`OverBudget`] when so many are not left.
    pub(crate) fn take_rows(&self, rows: u64) -> Result<(), OverBudget> {
        self.within(Measure::Rows, add(&self.rows, rows))
    }

    /// Looks whether the panel of all instruments may have so many rows of each: a hundred small files of a hundred different
    /// months fill a hundred times their place.
    ///
    /// # Errors
    /// [`OverBudget`] when these are more rows than all files may hold.
    pub fn check_aligned(&self, rows: usize, instruments: usize) -> Result<(), OverBudget> {
        self.within(Measure::AlignedRows, (rows as u64).saturating_mul(instruments as u64))
    }

    /// Looks whether `rows` could be drawn, for files that tell their number before it is known to be true.
    ///
    /// # Errors
    /// [`OverBudget`] when so many are not left.
    #[cfg(any(feature = "arrow", test))]
    pub(crate) fn check_rows(&self, rows: u64) -> Result<(), OverBudget> {
        self.within(Measure::Rows, self.rows.load(Ordering::Relaxed).saturating_add(rows))
    }

    /// Rows that are left.
    pub(crate) fn rows_left(&self) -> u64 {
        self.limit(Measure::Rows).saturating_sub(self.rows.load(Ordering::Relaxed))
    }

    fn within(&self, measure: Measure, found: u64) -> Result<(), OverBudget> {
        let limit = self.limit(measure);
        let weight = self.weight.load(Ordering::Relaxed);
        if found > limit { Err(OverBudget { measure, found, limit, weight }) } else { Ok(()) }
    }

    fn limit(&self, measure: Measure) -> u64 {
        let weight = self.weight.load(Ordering::Relaxed);
        let of_weight =
            |per_byte: u64, floor, ceiling| weight.saturating_mul(per_byte).clamp(floor, ceiling);
        match measure {
            Measure::Bytes => self.limits.bytes_max.map_or_else(
                || of_weight(BYTES_PER_BYTE, BYTES_FLOOR, BYTES_CEILING),
                NonZeroU64::get,
            ),
            Measure::Rows | Measure::AlignedRows => self.limits.rows_max.map_or_else(
                || of_weight(ROWS_PER_BYTE, ROWS_FLOOR, ROWS_CEILING),
                NonZeroU64::get,
            ),
        }
    }
}

/// What a file of `bytes` takes on the disk: holes weigh nothing, since anybody can make them of any size.
#[cfg(unix)]
fn weight_on_disk(file: &File, bytes: u64) -> u64 {
    use std::os::unix::fs::MetadataExt;
    /// The unit of `st_blocks`, whatever the file system.
    const BLOCK_BYTES: u64 = 512;
    // Some file systems do not tell.
    let blocks = file.metadata().map(|found| found.blocks()).ok().filter(|blocks| *blocks > 0);
    blocks.map_or(bytes, |blocks| bytes.min(blocks.saturating_mul(BLOCK_BYTES)))
}

#[cfg(not(unix))]
fn weight_on_disk(_file: &File, bytes: u64) -> u64 {
    bytes
}

/// Adds `amount` to `sum` and gives the new sum.
fn add(sum: &AtomicU64, amount: u64) -> u64 {
    let added = |before: u64| Some(before.saturating_add(amount));
    let before = sum.fetch_update(Ordering::Relaxed, Ordering::Relaxed, added);
    before.unwrap_or_else(|before| before).saturating_add(amount)
}

fn found_text(measure: Measure, found: u64) -> String {
    match measure {
        Measure::Bytes => format!("unpack to {found} bytes"),
        Measure::Rows => format!("hold {found} rows"),
        Measure::AlignedRows => format!("have {found} rows when put side by side"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A budget in which a file of `bytes` was weighed `times` times.
    fn weighed(bytes: usize, times: usize) -> FileBudget {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, vec![b' '; bytes]).unwrap();
        let budget = FileBudget::default();
        for _ in 0..times {
            assert_eq!(budget.open(&path).unwrap().1, bytes as u64);
        }
        budget
    }

    #[test]
    fn a_budget_grows_with_what_files_weigh_not_with_how_often_they_are_named() {
        assert_eq!(weighed(10, 1).rows_left(), ROWS_FLOOR);
        for times in [1, 3] {
            let budget = weighed(3_000_000, times);
            assert!(budget.check_aligned(6_000_000, 3).is_err());
            assert!(budget.check_aligned(6_000_000, 2).is_ok());
            assert_eq!(budget.rows_left(), 12_000_000);
            assert_eq!(budget.take_bytes(768_000_000), Ok(()));
            let over = budget.take_bytes(1).unwrap_err();
            assert_eq!(
                over.to_string(),
                "price files of 3000000 bytes unpack to 768000001 bytes or more: expected 768000000 at most, so that a \
                 small file cannot fill the memory"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn holes_weigh_nothing() {
        use std::io::{Seek, SeekFrom, Write};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        let mut file = File::create(&path).unwrap();
        file.seek(SeekFrom::Start(50_000_000)).unwrap();
        file.write_all(b"PAR1").unwrap();
        file.sync_all().unwrap();
        let budget = FileBudget::default();
        assert_eq!(budget.open(&path).unwrap().1, 50_000_004);
        assert_eq!(budget.rows_left(), ROWS_FLOOR);
    }

    #[test]
    fn all_that_is_drawn_is_drawn_from_one_budget() {
        let rows_max = NonZeroU64::new(10);
        let budget = FileBudget::new(FileLimits { rows_max, ..FileLimits::default() });
        assert_eq!(budget.take_rows(4), Ok(()));
        assert_eq!(budget.check_rows(6), Ok(()));
        assert_eq!(budget.check_rows(u64::MAX).unwrap_err().found, u64::MAX);
        assert_eq!(budget.take_rows(6), Ok(()));
        assert_eq!(budget.rows_left(), 0);
        let over = budget.take_rows(u64::MAX).unwrap_err();
        assert_eq!((over.measure, over.found, over.limit), (Measure::Rows, u64::MAX, 10));
    }
}
