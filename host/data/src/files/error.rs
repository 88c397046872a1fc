//! What can be wrong with a price file of another program.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use super::file_format::FileFormat;
use crate::OverBudget;
use crate::csv::{CsvError, CsvProblem, Field};
use crate::written::WriteProblem;

/// A price file that cannot be read or written. The text names the file, the place and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A text file that cannot be used.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// Any other file.
    #[error("{}: {problem}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: FileProblem,
    },
}

/// What is wrong with a price file that is not text.
#[derive(Debug, thiserror::Error)]
pub enum FileProblem {
    /// A name that does not end like a price file's.
    #[error(
        "'{0}' does not end like a price file: expected .csv, .csv.gz, .csv.zst, .parquet, .arrow, .feather, .ipc, .json \
         or .json.gz"
    )]
    Extension(String),
    /// Candles of something else than trades.
    #[error("the file holds candles of '{0}', not of trades: expected spot or futures candles")]
    NoTrades(String),
    /// The operating system refused to open or read the file.
    #[error("cannot be read: {0}; check the path and the permissions")]
    Io(io::Error),
    /// The file could not be written.
    #[error("{0}")]
    Write(WriteProblem),
    /// Content that is not what the name says, or is damaged.
    #[error("is no {format} file that can be read ({fault}): get or export it again")]
    Damaged {
        /// What was expected.
        format: FileFormat,
        /// What is wrong.
        fault: String,
    },
    /// Columns that are not there.
    #[error(
        "no column for {missing} among {found}: rename the columns to timestamp, open, high, low, close and volume"
    )]
    MissingColumns {
        /// The columns looked for.
        missing: String,
        /// The names of the columns in the file.
        found: String,
    },
    /// Two columns that may be meant.
    #[error(
        "'{first}' and '{second}' could both be the column {field}: rename or remove one of them"
    )]
    Ambiguous {
        /// The column looked for.
        field: Field,
        /// The name of the first.
        first: String,
        /// The name of the second.
        second: String,
    },
    /// A column of values that are no times or no numbers.
    #[error("column '{column}' has values of the type {found}: expected {expected}")]
    ColumnType {
        /// The name of the column.
        column: String,
        /// Its type, as Arrow calls it.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A value that is missing or cannot be used.
    #[error("column '{column}', row {row} (the first is 0): found {found}, expected {expected}")]
    Value {
        /// The name of the column.
        column: String,
        /// Row of the file, from 0.
        row: u64,
        /// What was found.
        found: String,
        /// What was expected, and what to do.
        expected: String,
    },
    /// A format that this build of the program cannot read or write.
    #[cfg(not(feature = "arrow"))]
    #[error(
        "this program was built without Parquet and Arrow: build it with the feature arrow, or give CSV"
    )]
    NotBuilt,
    /// More than price files may take.
    #[error(transparent)]
    Budget(#[from] OverBudget),
}

impl FileError {
    /// What price files have too much of, if that is what is wrong.
    pub const fn over_budget(&self) -> Option<OverBudget> {
        match self {
            Self::Csv(CsvError { problem: CsvProblem::Budget(over), .. })
            | Self::File { problem: FileProblem::Budget(over), .. } => Some(*over),
            _ => None,
        }
    }
}

impl FileProblem {
    /// This problem of the file `path`.
    pub(super) fn of(self, path: &Path) -> FileError {
        FileError::File { path: path.to_owned(), problem: self }
    }
}

/// The text of `fault`, or its start where it repeats much of the file: names and values may be megabytes long.
pub(super) fn short(fault: &dyn Display) -> String {
    const CHARACTERS_MAX: usize = 300;
    let text = fault.to_string();
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
