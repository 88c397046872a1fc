//! Where the rows stand in the file.

/// The line of each row of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowLines {
    /// Line of the first row, from 1.
    pub(super) first: u64,
    /// For each blank line, the number of rows before it; ascending.
    pub(super) blanks: Vec<usize>,
}

impl RowLines {
    /// Line of `row` (from 0) in the decompressed text, from 1.
    pub fn line(&self, row: usize) -> u64 {
        let blanks = self.blanks.partition_point(|rows_before| *rows_before <= row);
        self.first + (row + blanks) as u64
    }
}
