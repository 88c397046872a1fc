//! Where the rows stand in the file, or in which of several.

/// The line of each row of a file, or of several files one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowLines {
    /// Line of the first row, from 1.
    first: u64,
    /// The blank lines.
    blanks: Vec<Blanks>,
    /// The files that the rows are of; empty if there is one.
    files: Vec<FileLines>,
    /// The rows that are left of those in the file; `None`: all.
    kept: Option<Vec<usize>>,
}

/// Blank lines one after the other. Kept together, since a small file may unpack to nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Blanks {
    /// Number of rows before them; more than before the blank lines above.
    rows_before: usize,
    /// Number of blank lines up to the last of these.
    up_to: u64,
}

/// The lines of one of several files.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FileLines {
    /// The file, as the user knows it.
    name: String,
    /// The lines of its rows, if it is one of text.
    lines: Option<RowLines>,
    /// The number of rows up to its last one.
    end: usize,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowPlace<'a> {
    /// Which file it is of, if there are several.
    pub(crate) file: Option<&'a str>,
    /// Its line, from 1; `None` in a file that is no text.
    pub(crate) line: Option<u64>,
    /// Its place among the rows of its file, from 0.
    pub(crate) row: usize,
}

impl RowLines {
    /// No rows yet; the first one is in the line `first`.
    pub(super) const fn starting_at(first: u64) -> Self {
        Self { first, blanks: Vec::new(), files: Vec::new(), kept: None }
    }

    /// The rows of `files` one after the other: the name of each, its lines if it is one of text, and the number of rows up to
    /// its last one.
    pub(crate) fn of_files(files: Vec<(String, Option<Self>, usize)>) -> Self {
        let file = |(name, lines, end)| FileLines { name, lines, end };
        Self { files: files.into_iter().map(file).collect(), ..Self::default() }
    }

    /// Adds the blank lines of a part of the file before which there are so many rows.
    pub(super) fn append(&mut self, rows_before: usize, part: &[Blanks]) {
        let mut counted = 0;
        for blanks in part {
            Blanks::add(&mut self.blanks, rows_before + blanks.rows_before, blanks.up_to - counted);
            counted = blanks.up_to;
        }
    }

    /// The lines of `rows` alone, in that order.
    pub(crate) fn keep(&mut self, rows: &[usize]) {
        let kept = self.kept.take();
        let of_file =
            |row: &usize| kept.as_ref().map_or(Some(*row), |kept| kept.get(*row).copied());
        self.kept = Some(rows.iter().filter_map(of_file).collect());
    }

    /// Line of `row` (from 0) in the decompressed text, from 1.
    pub fn line(&self, row: usize) -> u64 {
        self.line_in_file(self.in_file(row))
    }

    /// Where `row` (from 0) stands.
    pub(crate) fn place(&self, row: usize) -> RowPlace<'_> {
        let row = self.in_file(row);
        let place = self.files.partition_point(|file| file.end <= row);
        let Some(file) = self.files.get(place) else {
            return RowPlace { file: None, line: Some(self.line_in_file(row)), row };
        };
        let before = place.checked_sub(1).and_then(|before| self.files.get(before));
        let row = row - before.map_or(0, |before| before.end);
        let line = file.lines.as_ref().map(|lines| lines.line(row));
        RowPlace { file: Some(&file.name), line, row }
    }

    /// The place of `row` before others were left out.
    fn in_file(&self, row: usize) -> usize {
        self.kept.as_ref().and_then(|kept| kept.get(row)).copied().unwrap_or(row)
    }

    fn line_in_file(&self, row: usize) -> u64 {
        let above = self.blanks.partition_point(|blanks| blanks.rows_before <= row);
        let last = above.checked_sub(1).and_then(|last| self.blanks.get(last));
        self.first + row as u64 + last.map_or(0, |blanks| blanks.up_to)
    }
}

impl Blanks {
    /// Adds `count` blank lines after so many rows to those in `all`.
    pub(super) fn add(all: &mut Vec<Self>, rows_before: usize, count: u64) {
        match all.last_mut() {
            Some(last) if last.rows_before == rows_before => last.up_to += count,
            last => {
                let up_to = last.map_or(0, |last| last.up_to) + count;
                all.push(Self { rows_before, up_to });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_blank_ones_over_the_ends_of_parts() {
        let mut lines = RowLines::starting_at(2);
        let mut part = Vec::new();
        for rows_before in [1, 1, 3] {
            Blanks::add(&mut part, rows_before, 1);
        }
        lines.append(0, &part);
        // The next part starts with the blank line that goes on where the last one ended.
        let mut part = Vec::new();
        for rows_before in [0, 0, 2] {
            Blanks::add(&mut part, rows_before, 1);
        }
        lines.append(3, &part);
        assert_eq!(lines.blanks.len(), 3);
        // Row, two blank lines, row, row, three blank lines, row, row, a blank line, row.
        let found: Vec<u64> = (0..6).map(|row| lines.line(row)).collect();
        assert_eq!(found, [2, 5, 6, 10, 11, 13]);
        lines.keep(&[1, 3, 5]);
        lines.keep(&[0, 2]);
        assert_eq!([lines.line(0), lines.line(1)], [5, 13]);
    }

    #[test]
    fn rows_of_several_files_are_found_in_theirs() {
        let mut lines = RowLines::of_files(vec![
            ("a.csv".to_owned(), Some(RowLines::starting_at(2)), 3),
            ("b.parquet".to_owned(), None, 5),
        ]);
        lines.keep(&[4, 0, 2]);
        let found = [0, 1, 2].map(|row| lines.place(row)).map(|at| (at.file, at.line, at.row));
        let (a, b) = (Some("a.csv"), Some("b.parquet"));
        assert_eq!(found, [(b, None, 1), (a, Some(2), 0), (a, Some(4), 2)]);
    }
}
