//! Where the rows stand in the file.

/// The line of each row of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowLines {
    /// Line of the first row, from 1.
    first: u64,
    /// The blank lines.
    blanks: Vec<Blanks>,
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

impl RowLines {
    /// No rows yet; the first one is in the line `first`.
    pub(super) const fn starting_at(first: u64) -> Self {
        Self { first, blanks: Vec::new(), kept: None }
    }

    /// Adds the blank lines of a part of the file before which there are so many rows.
    pub(super) fn append(&mut self, rows_before: usize, part: &[Blanks]) {
        let mut counted = 0;
        for blanks in part {
            Blanks::add(&mut self.blanks, rows_before + blanks.rows_before, blanks.up_to - counted);
            counted = blanks.up_to;
        }
    }

    /// The lines of `rows` alone, which ascend.
    pub(crate) fn keep(&mut self, rows: &[usize]) {
        let kept = self.kept.take();
        let of_file =
            |row: &usize| kept.as_ref().map_or(Some(*row), |kept| kept.get(*row).copied());
        self.kept = Some(rows.iter().filter_map(of_file).collect());
    }

    /// Line of `row` (from 0) in the decompressed text, from 1.
    pub fn line(&self, row: usize) -> u64 {
        let kept = self.kept.as_ref().and_then(|kept| kept.get(row));
        let row = kept.copied().unwrap_or(row);
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
}
