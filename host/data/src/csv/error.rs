//! What can be wrong with a price file, and what is worth a note.

use std::io;
use std::path::{Path, PathBuf};

use super::{Compression, Field};
use crate::OverBudget;
use ct_core::units::Timestamp;

/// A price file that cannot be used. The text names the file, the line and what to do; it is complete in itself.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {problem}", .path.display(), line_suffix(*.line))]
pub struct CsvError {
    /// The file.
    pub path: PathBuf,
    /// Line of the decompressed text, from 1, where the problem belongs to one.
    pub line: Option<u64>,
    /// What is wrong.
    pub problem: CsvProblem,
}

/// What is wrong with a price file.
#[derive(Debug, thiserror::Error)]
pub enum CsvProblem {
    /// A name that does not end like a price file's.
    #[error(
        "the name ends in '{0}': expected .csv, .tsv or .txt, optionally followed by .gz or .zst; \
         unpack or convert the file first"
    )]
    Extension(String),
    /// The operating system refused to open or read the file.
    #[error("cannot be read: {0}; check the path and the permissions")]
    Io(io::Error),
    /// Content that its name does not promise.
    #[error("the name says {expected}, but the content is {found}: rename the file to match")]
    Compression {
        /// What the name says.
        expected: Compression,
        /// What the first bytes say.
        found: Compression,
    },
    /// Compressed data without its end.
    #[error("the {0} data ends too early: the file is incomplete, get it again")]
    Truncated(Compression),
    /// Compressed data that cannot be decompressed.
    #[error("the {compression} data is damaged ({error}): get the file again")]
    Damaged {
        /// How the file is compressed.
        compression: Compression,
        /// What the decompressor says.
        error: io::Error,
    },
    /// Bytes that text does not have.
    #[error(
        "found the byte 0x{0:02x}, which text in UTF-8 does not have: save the file as plain UTF-8 text"
    )]
    NotText(u8),
    /// A line that no row of prices has.
    #[error(
        "the line is longer than {limit} bytes: expected one bar per line; check the line ends"
    )]
    LineLength {
        /// The longest line that is read, bytes.
        limit: usize,
    },
    /// More than price files may take.
    #[error(transparent)]
    Budget(#[from] OverBudget),
    /// A file without text.
    #[error("the file is empty: expected a header and at least one row")]
    Empty,
    /// A file that ends after its header or comments.
    #[error(
        "no rows follow: expected at least one row with time, open, high, low, close and volume"
    )]
    NoRows,
    /// Too many lines before the rows.
    #[error("no row within the first {limit} lines: remove what stands above the header")]
    Preamble {
        /// The largest number of lines before the first row.
        limit: usize,
    },
    /// A line that is one cell.
    #[error("no separator in '{0}': expected cells separated by comma, semicolon or tab")]
    Separator(String),
    /// A header without some of the columns.
    #[error(
        "the header '{header}' has no column for {missing}: rename the columns to timestamp, open, high, low, \
         close and volume (the line was taken for a header because its first cell is no number and no ISO time)"
    )]
    MissingColumns {
        /// The columns that were not found.
        missing: String,
        /// The header line.
        header: String,
    },
    /// A header with volume in the quote asset only.
    #[error(
        "'{0}' is a volume in the quote asset: expected one in the base asset; \
         rename the column to volume if that is what it holds"
    )]
    QuoteVolume(String),
    /// Two columns that may be meant.
    #[error(
        "'{first}' and '{second}' could both be the column {field}: rename or remove one of them"
    )]
    Ambiguous {
        /// The column looked for.
        field: Field,
        /// The header's name of the first.
        first: String,
        /// The header's name of the second.
        second: String,
    },
    /// A file without a header and with too few cells.
    #[error(
        "{found} cells and no header: expected at least 6 (timestamp, open, high, low, close, volume); \
         add a header if the order differs"
    )]
    FewColumns {
        /// Cells in the first row.
        found: usize,
    },
    /// A row with more or fewer cells than the first row or the header.
    #[error(
        "{found} cells, but the {other} has {expected}: check the row for missing values, or for commas in \
         numbers (write 1234.5, not 1,234.5)"
    )]
    CellCount {
        /// Cells in this row.
        found: usize,
        /// Cells in the other line.
        expected: usize,
        /// The line compared with: `header` or `first row`.
        other: &'static str,
    },
    /// A quoted cell that does not end on its line.
    #[error(
        "a quoted cell is not closed: expected the closing '\"' before a separator or the end of the line"
    )]
    Quote,
    /// A cell that cannot be read.
    #[error("column {field} (cell {cell}): found {text}, expected {expected}")]
    Cell {
        /// The column.
        field: Field,
        /// Position of the cell in the row, from 1.
        cell: usize,
        /// The text found, quoted, shortened if long.
        text: String,
        /// What was expected, and what to do.
        expected: String,
    },
    /// Rows that neither ascend nor descend.
    #[error(
        "the time {time} is {relation} than {before} in line {line_before}, but the file runs from {direction}: \
         sort the rows by time, and look for rows that were copied or joined by mistake"
    )]
    Order {
        /// The row's time.
        time: Timestamp,
        /// `earlier` or `later`.
        relation: &'static str,
        /// Time of the row before.
        before: Timestamp,
        /// Line of the row before.
        line_before: u64,
        /// Order of the file as a whole: `oldest to newest` or `newest to oldest`.
        direction: &'static str,
    },
    /// Rows with one time and different values.
    #[error(
        "the time {time} is there twice with different values: {field} is {value} here and {other} in line \
         {line_before}; remove the wrong one of the two rows"
    )]
    Conflict {
        /// The time of both rows.
        time: Timestamp,
        /// The first column that differs.
        field: Field,
        /// Its value in this row.
        value: f64,
        /// Its value in the other row.
        other: f64,
        /// Line of the other row.
        line_before: u64,
    },
}

/// Something that was put right and that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Rows equal in every value to the row before were dropped.
    DuplicateRows {
        /// Number of rows dropped.
        count: usize,
        /// Line of the first row dropped, from 1.
        line_first: u64,
    },
}

impl std::fmt::Display for Notice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::DuplicateRows { count, line_first } => {
                let rows = if *count == 1 { "row" } else { "rows" };
                write!(formatter, "{count} duplicate {rows} dropped, first at line {line_first}")
            }
        }
    }
}

/// A problem with the line it belongs to, before the file's name is known.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) line: Option<u64>,
    pub(super) problem: CsvProblem,
}

impl CsvProblem {
    /// This problem, at `line` (from 1).
    pub(super) const fn at(self, line: u64) -> Located {
        Located { line: Some(line), problem: self }
    }
}

impl From<CsvProblem> for Located {
    /// A problem of the file as a whole.
    fn from(problem: CsvProblem) -> Self {
        Self { line: None, problem }
    }
}

impl Located {
    /// The problem of the file at `path`.
    pub(super) fn in_file(self, path: &Path) -> CsvError {
        CsvError { path: path.to_owned(), line: self.line, problem: self.problem }
    }
}

/// `text` for a message: quoted, with control characters escaped, cut after 60 characters.
pub(super) fn shown(text: &[u8]) -> String {
    const CHARACTERS_MAX: usize = 60;
    if text.is_empty() {
        return "an empty cell".to_owned();
    }
    let text = String::from_utf8_lossy(text);
    let start: String = text.chars().take(CHARACTERS_MAX).flat_map(char::escape_debug).collect();
    let rest = if text.chars().nth(CHARACTERS_MAX).is_some() { "…" } else { "" };
    format!("'{start}{rest}'")
}

fn line_suffix(line: Option<u64>) -> String {
    line.map(|line| format!(":{line}")).unwrap_or_default()
}
