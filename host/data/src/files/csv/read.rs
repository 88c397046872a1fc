//! Reads a price file: the next block is read and decompressed while the lines of the last one are parsed on all cores.
//!
//! At most two blocks of text are in memory beside the columns.

use std::path::Path;

use rayon::prelude::*;

use super::RowLines;
use super::block::{Block, LINE_BYTES_MAX, parts};
use super::chunk::{Chunk, ChunkFault, read_chunk};
use super::layout::Layout;
use super::row::Rows;
use super::start::Start;
use crate::FileBudget;
use crate::files::compression::PackedText;
use crate::files::error::{FileError, FileProblem, Located};
use crate::files::instruments::SeriesColumn;
use crate::files::options::ReadOptions;
use crate::files::progress::Progress;
use crate::files::remark::Remark;
use crate::raw_columns::{append, reserve, values, values_mut};
use ct_core::market::RawColumns;

/// The rows of a price file as they stand there, sound or not.
#[derive(Debug)]
pub(crate) struct RawFile {
    /// The rows in the order of the file. Rows may be repeated or out of order; values may be NaN (missing ones are),
    /// infinite, zero or negative. Times are from 1990 to 2099.
    pub(crate) columns: RawColumns,
    /// The volume in the quote asset, one for each row, if the header names such a column.
    pub(crate) quote_volume: Option<Vec<f64>>,
    /// The line of each row.
    pub(crate) lines: RowLines,
    /// What the rows are of, as the file says.
    pub(in crate::files) names: Vec<SeriesColumn>,
    /// The instrument whose columns were taken, where the header says of which each is.
    pub(in crate::files) instrument: Option<String>,
    pub(in crate::files) remarks: Vec<Remark>,
}

/// Bytes of text that one core parses at a time: many parts per block, so that no core waits long for another.
const CHUNK_BYTES: usize = 128 << 10;

/// Reads the price file `path` within `budget`, and calls `progress` after each block of a few megabytes. It is understood as `options` say. Every row is taken
/// as it is, to be judged by [`validate`](crate::validate): nothing is reversed, dropped or refused for its values.
///
/// The name says how the file is compressed: `.csv`, `.csv.gz` or `.csv.zst` (or `.tsv`, `.txt`). The
/// [module](super) says what the text may look like.
///
/// # Errors
/// [`FileError`] with the line of the first problem, for what is no table of numbers: rows with more or fewer cells, cells
/// that are no number and no time, text in another encoding, and files that cannot be read.
pub(crate) fn read_rows(
    path: &Path,
    options: &ReadOptions,
    budget: &FileBudget,
    progress: &mut dyn FnMut(Progress),
) -> Result<RawFile, FileError> {
    read(path, options, budget, progress).map_err(|located| located.in_file(path))
}

fn read(
    path: &Path,
    options: &ReadOptions,
    budget: &FileBudget,
    progress: &mut dyn FnMut(Progress),
) -> Result<RawFile, Located> {
    let mut source = PackedText::open(path, budget)?;
    let mut block = Block::new();
    let mut next = Block::new();
    block.fill(&mut source, budget)?;
    let start = Start::of(block.text(), options)?;
    let mut table = Table::new(start.line, budget);
    let mut text = block.lines().get(start.bytes..).unwrap_or_default();
    loop {
        let done = source.progress();
        next.follow(&block);
        let fill_next = || if block.is_last() { Ok(()) } else { next.fill(&mut source, budget) };
        let (filled, chunks) = rayon::join(fill_next, || read_chunks(text, &start.layout));
        for chunk in chunks {
            table.append(chunk)?;
        }
        table.reserve(done);
        progress(done);
        filled?;
        if block.is_last() {
            return Ok(table.into_raw_file(start));
        }
        if next.is_stuck() {
            return Err(FileProblem::LineLength { limit: LINE_BYTES_MAX }.at(table.next_line));
        }
        std::mem::swap(&mut block, &mut next);
        text = block.lines();
    }
}

fn read_chunks(text: &[u8], layout: &Layout) -> Vec<Result<Chunk, ChunkFault>> {
    parts(text, CHUNK_BYTES).into_par_iter().map(|part| read_chunk(part, layout)).collect()
}

/// The rows read so far.
struct Table<'a> {
    budget: &'a FileBudget,
    rows: Rows,
    lines: RowLines,
    /// Line after the last one that was read, from 1.
    next_line: u64,
}

impl<'a> Table<'a> {
    fn new(first_line: u64, budget: &'a FileBudget) -> Self {
        let lines = RowLines::starting_at(first_line);
        Self { budget, rows: Rows::default(), lines, next_line: first_line }
    }

    fn append(&mut self, chunk: Result<Chunk, ChunkFault>) -> Result<(), Located> {
        let Chunk { rows: Rows { columns, quote_volume, names }, lines, blanks } =
            chunk.map_err(|fault| fault.problem.at(self.next_line + fault.lines_before))?;
        self.budget.take_rows(columns.time.len() as u64).map_err(FileProblem::Budget)?;
        self.lines.append(self.rows.columns.time.len(), &blanks);
        self.next_line += lines;
        let all = &mut self.rows;
        append(&mut all.columns, &columns.time, values(&columns).map(Vec::as_slice));
        all.quote_volume.extend_from_slice(&quote_volume);
        all.names.resize_with(names.len(), Default::default);
        for (all, names) in all.names.iter_mut().zip(&names) {
            all.append(names);
        }
        Ok(())
    }

    /// Makes room for the rows that the rest of the file will have if it goes on as it began: growing step by
    /// step would copy the columns and leave up to half of the memory unused.
    fn reserve(&mut self, done: Progress) {
        let rows = self.rows.columns.time.len();
        let bytes_ahead = u128::from(done.bytes_total.saturating_sub(done.bytes_done));
        let rows_ahead = rows as u128 * bytes_ahead / u128::from(done.bytes_done.max(1));
        let margin = rows_ahead / 32;
        let rows_ahead = (rows_ahead + margin).min(self.budget.rows_left().into());
        reserve(&mut self.rows.columns, usize::try_from(rows_ahead).unwrap_or_default());
    }

    /// The rows as they are.
    fn into_raw_file(mut self, start: Start) -> RawFile {
        self.shrink();
        let Rows { columns, quote_volume, names: values } = self.rows;
        let column = |((name, telling), values)| SeriesColumn { name, telling, values };
        let names = start.layout.names.into_iter().zip(values).map(column).collect();
        let quote_volume = (!quote_volume.is_empty()).then_some(quote_volume);
        let Start { instrument, remarks, .. } = start;
        RawFile { columns, quote_volume, lines: self.lines, names, instrument, remarks }
    }

    /// Gives back the memory that was reserved for rows that did not come.
    fn shrink(&mut self) {
        self.rows.columns.time.shrink_to_fit();
        for column in values_mut(&mut self.rows.columns) {
            column.shrink_to_fit();
        }
        self.rows.quote_volume.shrink_to_fit();
    }
}
