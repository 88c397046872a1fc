//! The start of a file, line by line, without comments and blank lines.

use super::block::{LINE_BYTES_MAX, next_line};
use crate::files::error::{FileProblem, Located};

/// The largest number of lines before the first row: comments, blank lines and the header.
const PREAMBLE_LINES_MAX: usize = 32;

/// How far the start of a file is searched for bytes that text does not have.
const BINARY_SEARCH_BYTES: usize = 4_096;

/// The lines of a file's start that are neither blank nor comments.
pub(super) struct Preamble<'a> {
    text: &'a [u8],
    rest: &'a [u8],
    lines: usize,
}

/// A line of a file's start.
pub(super) struct Line<'a> {
    pub(super) text: &'a [u8],
    /// Bytes before the line.
    pub(super) start: usize,
    /// From 1.
    pub(super) number: u64,
}

impl<'a> Preamble<'a> {
    /// The lines at the start of `text`; an error if it is no text.
    pub(super) fn new(text: &'a [u8]) -> Result<Self, FileProblem> {
        check_text(text)?;
        Ok(Self { text, rest: text, lines: 0 })
    }

    /// Takes the next line; None at the end of the text.
    pub(super) fn next(&mut self) -> Result<Option<Line<'a>>, Located> {
        loop {
            let start = self.text.len() - self.rest.len();
            let Some(text) = next_line(&mut self.rest) else { return Ok(None) };
            self.lines += 1;
            let number = self.lines as u64;
            if text.len() > LINE_BYTES_MAX {
                return Err(FileProblem::LineLength { limit: LINE_BYTES_MAX }.at(number));
            }
            if !text.trim_ascii().is_empty() && !is_comment(text) {
                return Ok(Some(Line { text, start, number }));
            }
            if self.lines >= PREAMBLE_LINES_MAX {
                return Err(FileProblem::Preamble { limit: PREAMBLE_LINES_MAX }.into());
            }
        }
    }
}

fn check_text(text: &[u8]) -> Result<(), FileProblem> {
    let is_binary = |byte: &&u8| matches!(**byte, 0x00..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f | 0xc0 | 0xc1 | 0xf5..);
    match text.iter().take(BINARY_SEARCH_BYTES).find(is_binary) {
        Some(byte) => Err(FileProblem::NotText(*byte)),
        None => Ok(()),
    }
}

/// The files of cryptodatadownload.com start with that address.
fn is_comment(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.starts_with(b"#") || line.starts_with(b"https://") || line.starts_with(b"http://")
}
