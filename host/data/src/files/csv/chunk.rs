//! The rows of a part of the text, read on its own.

use super::block::{LINE_BYTES_MAX, next_line};
use super::layout::Layout;
use super::row::{Rows, read_row};
use super::row_lines::Blanks;
use crate::files::error::FileProblem;
use crate::raw_columns::reserve;

/// What was read from a part of the text.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) rows: Rows,
    /// Lines read, blank ones included.
    pub(super) lines: u64,
    /// The blank lines.
    pub(super) blanks: Vec<Blanks>,
}

/// A problem in a part of the text.
#[derive(Debug)]
pub(super) struct ChunkFault {
    /// Lines of the part before the one with the problem.
    pub(super) lines_before: u64,
    pub(super) problem: FileProblem,
}

/// Reads the whole lines in `text`.
pub(super) fn read_chunk(mut text: &[u8], layout: &Layout) -> Result<Chunk, ChunkFault> {
    let mut chunk = Chunk::default();
    chunk.rows.names.resize_with(layout.names.len(), Default::default);
    reserve(&mut chunk.rows.columns, rows_about(text));
    while let Some(line) = next_line(&mut text) {
        if is_blank(line, layout.separator) {
            Blanks::add(&mut chunk.blanks, chunk.rows.columns.time.len(), 1);
        } else {
            let row = match line.len() {
                ..=LINE_BYTES_MAX => read_row(line, layout, &mut chunk.rows),
                _ => Err(FileProblem::LineLength { limit: LINE_BYTES_MAX }),
            };
            row.map_err(|problem| ChunkFault { lines_before: chunk.lines, problem })?;
        }
        chunk.lines += 1;
    }
    Ok(chunk)
}

/// Bytes of a row at least, a date and five digits with separators: where the first line is blank, room for rows is not made
/// for every byte.
const ROW_BYTES_MIN: usize = 20;

/// Number of rows in `text` if all are about as long as the first.
fn rows_about(text: &[u8]) -> usize {
    let line_bytes = memchr::memchr(b'\n', text).map_or(text.len(), |end| end + 1);
    text.len() / line_bytes.max(ROW_BYTES_MIN) * 17 / 16 + 1
}

/// Spreadsheets end their files with rows of empty cells; they count as blank.
fn is_blank(line: &[u8], separator: u8) -> bool {
    line.iter().all(|&byte| byte == separator || byte.is_ascii_whitespace())
}
