//! The cells of one line, taken from left to right.

use crate::files::error::FileProblem;
use crate::files::number::{take_decimal, take_integer};

/// What is left of a line.
#[derive(Clone)]
pub(super) struct Cells<'a> {
    /// None when the last cell was taken; an empty rest is one empty cell.
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> Cells<'a> {
    /// The cells of `line`, which has no line end.
    pub(super) const fn new(line: &'a [u8], separator: u8) -> Self {
        Self { rest: Some(line), separator }
    }

    /// Takes the next cell if it is a plain decimal number that can be read exactly without a library; see
    /// [`take_decimal`]. Takes nothing otherwise.
    pub(super) fn next_decimal(&mut self) -> Option<f64> {
        let (value, rest) = take_decimal(self.rest?)?;
        self.finish_cell(rest)?;
        Some(value)
    }

    /// Takes the next cell if it is nothing but digits. Takes nothing otherwise.
    pub(super) fn next_integer(&mut self) -> Option<i64> {
        let (value, rest) = take_integer(self.rest?)?;
        self.finish_cell(rest)?;
        Some(value)
    }

    /// Takes the next cell: without the spaces around it, and without its quotes. None after the last cell.
    pub(super) fn next_text(&mut self) -> Result<Option<&'a [u8]>, FileProblem> {
        let Some(rest) = self.rest else { return Ok(None) };
        let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
        if let Some((b'"', inner)) = rest.get(spaces..).and_then(<[u8]>::split_first) {
            return self.next_quoted(inner).map(Some);
        }
        let end = memchr::memchr(self.separator, rest).unwrap_or(rest.len());
        let (cell, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        self.rest = after.split_first().map(|(_, next)| next);
        Ok(Some(cell.trim_ascii()))
    }

    /// Takes `count` cells without looking at them.
    pub(super) fn skip(&mut self, count: usize) -> Result<(), FileProblem> {
        for _ in 0..count {
            self.next_text()?;
        }
        Ok(())
    }

    /// Number of cells that are left.
    pub(super) fn count(mut self) -> Result<usize, FileProblem> {
        let Some(rest) = self.rest else { return Ok(0) };
        if memchr::memchr(b'"', rest).is_none() {
            return Ok(memchr::memchr_iter(self.separator, rest).count() + 1);
        }
        let mut count = 0;
        while self.next_text()?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    /// Goes on after the separator if `rest` starts with one or is empty.
    fn finish_cell(&mut self, rest: &'a [u8]) -> Option<()> {
        self.rest = match rest.split_first() {
            None => None,
            Some((byte, next)) if *byte == self.separator => Some(next),
            Some(_) => return None,
        };
        Some(())
    }

    /// Takes a cell whose opening quote was read; a doubled quote inside stays as it is.
    fn next_quoted(&mut self, text: &'a [u8]) -> Result<&'a [u8], FileProblem> {
        let mut quotes = memchr::memchr_iter(b'"', text);
        loop {
            let end = quotes.next().ok_or(FileProblem::Quote)?;
            if text.get(end + 1) == Some(&b'"') {
                quotes.next();
                continue;
            }
            let (cell, after) = text.split_at_checked(end).ok_or(FileProblem::Quote)?;
            let after = after.get(1..).unwrap_or_default();
            let spaces = after.iter().take_while(|byte| **byte == b' ').count();
            let after = after.get(spaces..).unwrap_or_default();
            self.finish_cell(after).ok_or(FileProblem::Quote)?;
            return Ok(cell.trim_ascii());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str, separator: u8) -> Vec<String> {
        let mut cells = Cells::new(line.as_bytes(), separator);
        let mut texts = Vec::new();
        while let Some(cell) = cells.next_text().unwrap() {
            texts.push(String::from_utf8_lossy(cell).into_owned());
        }
        texts
    }

    #[test]
    fn cells_are_cut_at_separators_outside_quotes() {
        for (line, separator, expected) in [
            ("1,2", b',', &["1", "2"][..]),
            ("", b',', &[""]),
            (",1,", b',', &["", "1", ""]),
            (" 1 ; \"a;b\" ;c", b';', &["1", "a;b", "c"]),
            ("\"a \"\"b\"\", c\",2", b',', &["a \"\"b\"\", c", "2"]),
            ("1\t\t\"2\"", b'\t', &["1", "", "2"]),
        ] {
            assert_eq!(texts(line, separator), expected, "{line}");
            let count = Cells::new(line.as_bytes(), separator).count().unwrap();
            assert_eq!(count, expected.len(), "{line}");
        }
    }

    #[test]
    fn quotes_must_be_closed_where_the_cell_ends() {
        for line in ["\"1", "\"1\"2,3", "\""] {
            let result = Cells::new(line.as_bytes(), b',').next_text();
            assert!(matches!(result, Err(FileProblem::Quote)), "{line}");
        }
    }

    #[test]
    fn a_cell_that_is_no_plain_number_is_left_for_the_slow_way() {
        let mut cells = Cells::new(b"1.5,2x,3", b',');
        assert_eq!(cells.next_decimal(), Some(1.5));
        assert_eq!(cells.next_decimal(), None);
        assert_eq!(cells.next_text().unwrap(), Some(&b"2x"[..]));
        assert_eq!(cells.next_integer(), Some(3));
        assert_eq!(cells.next_integer(), None);
    }
}
