//! What is validated.

use super::finding::RowNumber;
use super::rows::Rows;
use crate::csv::{RowLines, RowPlace};
use ct_core::units::{Interval, Timestamp};

/// Rows to look at, and what is known about them.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Length of a bar.
    pub interval: Interval,
    /// The rows as they were found, in any order. Where the columns differ in length, only the rows that all of them have
    /// are looked at.
    pub rows: Rows<'a>,
    /// Volume in the quote asset, if known: one for each row.
    pub quote_volume: Option<&'a [f64]>,
    /// Lines of the rows in their file or files; `None` numbers the bars from 1.
    pub lines: Option<&'a RowLines>,
    /// The time at which the rows were made, or now: bars that close later are unfinished. `None`: not known.
    pub now: Option<Timestamp>,
}

impl<'a> Subject<'a> {
    /// Rows of which only the interval is known.
    pub fn new(interval: Interval, rows: impl Into<Rows<'a>>) -> Self {
        Self { interval, rows: rows.into(), quote_volume: None, lines: None, now: None }
    }

    /// The number of `row` (from 0) as the user counts.
    pub(super) fn number(&self, row: usize) -> RowNumber {
        let RowPlace { line, row, .. } = self.place(row);
        line.map_or(RowNumber::Bar(row as u64 + 1), RowNumber::Line)
    }

    /// The file that `row` (from 0) is of, if there are several.
    pub(super) fn file(&self, row: usize) -> Option<&'a str> {
        self.place(row).file
    }

    fn place(&self, row: usize) -> RowPlace<'a> {
        let unknown = RowPlace { file: None, line: None, row };
        self.lines.map_or(unknown, |lines| lines.place(row))
    }
}
