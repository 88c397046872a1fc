//! Reads a price file: the next block is read and decompressed while the lines of the last one are parsed on all cores.
//!
//! At most two blocks of text are in memory beside the columns.

use std::path::Path;

use rayon::prelude::*;

use super::block::{Block, LINE_BYTES_MAX, parts};
use super::chunk::{Chunk, ChunkFault, read_chunk};
use super::columns::{reserve, values, values_mut};
use super::error::Located;
use super::layout::{Layout, Start};
use super::order::{RowLines, put_in_order};
use super::source::Source;
use super::{CsvError, CsvProblem, Notice};
use crate::market::RawColumns;

/// The rows of a price file.
#[derive(Clone, Debug, PartialEq)]
pub struct CsvFile {
    /// The bars in ascending order of time, each time once. Every value is finite and no volume is negative; what
    /// else makes bars sound is for [`Bars::new`](crate::market::Bars::new) to check.
    pub columns: RawColumns,
    /// What was put right.
    pub notices: Vec<Notice>,
}

/// How far a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read, before decompression.
    pub bytes_done: u64,
    /// Bytes of the whole file, before decompression.
    pub bytes_total: u64,
}

/// The largest number of rows that is read: six years of one-second bars, 10 GB of columns. A small file can
/// decompress to much more.
const ROWS_MAX: usize = 200_000_000;

/// Bytes of text that one core parses at a time: many parts per block, so that no core waits long for another.
const CHUNK_BYTES: usize = 128 << 10;

/// Reads the price file `path`, and calls `progress` after each block of a few megabytes.
///
/// The name says how the file is compressed: `.csv`, `.csv.gz` or `.csv.zst` (or `.tsv`, `.txt`). The
/// [module](super) says what the text may look like. Rows from newest to oldest are reversed; a row that is equal to
/// the one before is dropped with a [`Notice`].
///
/// # Errors
/// [`CsvError`] with the line of the first problem.
///
/// ```no_run
/// use ct_host::data::csv::read_csv;
/// let file = read_csv("BTCUSDT-1h.csv.gz".as_ref(), &mut |_| {})?;
/// println!("{} bars", file.columns.time.len());
/// # Ok::<(), ct_host::data::csv::CsvError>(())
/// ```
pub fn read_csv(path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<CsvFile, CsvError> {
    read(path, progress).map_err(|Located { line, problem }| CsvError {
        path: path.to_owned(),
        line,
        problem,
    })
}

fn read(path: &Path, progress: &mut dyn FnMut(Progress)) -> Result<CsvFile, Located> {
    let mut source = Source::open(path)?;
    let mut block = Block::new();
    let mut next = Block::new();
    block.fill(&mut source)?;
    let start = Start::of(block.text())?;
    let mut table = Table::new(start.line);
    let mut text = block.lines().get(start.bytes..).unwrap_or_default();
    loop {
        let done = Progress { bytes_done: source.bytes_done(), bytes_total: source.bytes_total() };
        next.follow(&block);
        let fill_next = || if block.is_last() { Ok(()) } else { next.fill(&mut source) };
        let (filled, chunks) = rayon::join(fill_next, || read_rows(text, &start.layout));
        for chunk in chunks {
            table.append(chunk)?;
        }
        table.reserve(done);
        progress(done);
        filled?;
        if block.is_last() {
            return table.finish();
        }
        if next.is_stuck() {
            return Err(CsvProblem::LineLength { limit: LINE_BYTES_MAX }.at(table.next_line));
        }
        std::mem::swap(&mut block, &mut next);
        text = block.lines();
    }
}

fn read_rows(text: &[u8], layout: &Layout) -> Vec<Result<Chunk, ChunkFault>> {
    parts(text, CHUNK_BYTES).into_par_iter().map(|part| read_chunk(part, layout)).collect()
}

/// The rows read so far.
struct Table {
    columns: RawColumns,
    lines: RowLines,
    /// Line after the last one that was read, from 1.
    next_line: u64,
}

impl Table {
    fn new(first_line: u64) -> Self {
        let lines = RowLines { first: first_line, blanks: Vec::new() };
        Self { columns: RawColumns::default(), lines, next_line: first_line }
    }

    fn append(&mut self, chunk: Result<Chunk, ChunkFault>) -> Result<(), Located> {
        let Chunk { columns, lines, blanks } =
            chunk.map_err(|fault| fault.problem.at(self.next_line + fault.lines_before))?;
        let rows = self.columns.time.len();
        if rows + columns.time.len() > ROWS_MAX {
            return Err(CsvProblem::RowLimit { limit: ROWS_MAX }.into());
        }
        self.lines.blanks.extend(blanks.into_iter().map(|rows_before| rows + rows_before));
        self.next_line += lines;
        self.columns.time.extend_from_slice(&columns.time);
        for (column, (_, more)) in values_mut(&mut self.columns).into_iter().zip(values(&columns)) {
            column.extend_from_slice(more);
        }
        Ok(())
    }

    /// Makes room for the rows that the rest of the file will have if it goes on as it began: growing step by
    /// step would copy the columns and leave up to half of the memory unused.
    fn reserve(&mut self, done: Progress) {
        let rows = self.columns.time.len();
        let bytes_ahead = u128::from(done.bytes_total.saturating_sub(done.bytes_done));
        let rows_ahead = rows as u128 * bytes_ahead / u128::from(done.bytes_done.max(1));
        let margin = rows_ahead / 32;
        let rows_ahead = usize::try_from(rows_ahead + margin).unwrap_or(ROWS_MAX);
        reserve(&mut self.columns, rows_ahead.min(ROWS_MAX));
    }

    fn finish(mut self) -> Result<CsvFile, Located> {
        let notices = put_in_order(&mut self.columns, &self.lines)?;
        self.columns.time.shrink_to_fit();
        for column in values_mut(&mut self.columns) {
            column.shrink_to_fit();
        }
        Ok(CsvFile { columns: self.columns, notices })
    }
}
