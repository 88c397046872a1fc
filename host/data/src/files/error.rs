//! What can be wrong with a price file, and what is worth a note.

use std::fmt::{self, Display};
use std::io;
use std::path::{Path, PathBuf};

use super::compression::Compression;
use super::field::Field;
use super::file_format::FileFormat;
use crate::OverBudget;
use crate::file_budget::OpenProblem;
use crate::written::WriteProblem;

/// A price file that cannot be read or written. The text names the file, the place and what to do; it is complete in itself.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {problem}", .path.display(), line_suffix(*.line))]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// Line of the unpacked text, from 1, where the problem belongs to one.
    pub line: Option<u64>,
    /// What is wrong.
    pub problem: FileProblem,
}

/// What is wrong with a price file.
#[derive(Debug, thiserror::Error)]
pub enum FileProblem {
    /// A name that does not end like a price file's.
    #[error("'{name}' does not end like a price file: expected {expected}")]
    Extension {
        /// The name.
        name: String,
        /// The endings that are known, and what to do.
        expected: &'static str,
    },
    /// Candles of something else than trades.
    #[error("the file holds candles of '{0}', not of trades: expected spot or futures candles")]
    NoTrades(String),
    /// The operating system refused to open or read the file.
    #[error("cannot be read: {0}; check the path and the permissions")]
    Io(io::Error),
    /// A zip file that cannot be read, or a file in it.
    #[error("{0}")]
    Zip(String),
    /// A name with `*` or `?` that means no file, or too many.
    #[error("{0} is called so: check the name, in which * means any letters and ? one")]
    Matches(String),
    /// A folder or a zip file without price files.
    #[error(
        "no price file in it, but {0}: expected names that end in .csv, .csv.gz, .csv.zst, .parquet, .arrow, .feather, \
         .ipc or .json, or .zip in a folder"
    )]
    NoPriceFiles(String),
    /// The file could not be written.
    #[error("{0}")]
    Write(WriteProblem),
    /// A format that this build of the program cannot read or write.
    #[cfg(not(feature = "arrow"))]
    #[error(
        "this program was built without Parquet and Arrow: build it with the feature arrow, or give CSV"
    )]
    NotBuilt,
    /// More than price files may take.
    #[error(transparent)]
    Budget(#[from] OverBudget),
    /// Content that is not what the name says, or is damaged.
    #[error("is no {format} file that can be read ({fault}): get or export it again")]
    Damaged {
        /// What was expected.
        format: FileFormat,
        /// What is wrong.
        fault: String,
    },
    /// Text that is compressed in another way than its name says.
    #[error("the name says {expected}, but the content is {found}: rename the file to match")]
    Compression {
        /// What the name says.
        expected: Compression,
        /// What the first bytes say.
        found: Compression,
    },
    /// Compressed text without its end.
    #[error("the {0} data ends too early: the file is incomplete, get it again")]
    Truncated(Compression),
    /// Compressed text that cannot be unpacked.
    #[error("the {compression} data is damaged ({error}): get the file again")]
    Unpacking {
        /// How the file is compressed.
        compression: Compression,
        /// What the unpacker says.
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
    /// A file without text.
    #[error(
        "the file is empty: expected at least one row with time, open, high, low, close and volume"
    )]
    Empty,
    /// A text that ends after its header or comments.
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
    #[error("no separator in {0}: expected cells separated by comma, semicolon or tab")]
    Separator(String),
    /// Columns that are not there.
    #[error(
        "no column for {missing} among {found}: rename the columns to timestamp, open, high, low, close and volume{note}"
    )]
    MissingColumns {
        /// The columns looked for.
        missing: String,
        /// The names of the columns in the file, as far as they are shown.
        found: String,
        /// Why these are taken for names, where that is no matter of course.
        note: &'static str,
    },
    /// Volume in the quote asset only.
    #[error(
        "{0} is a volume in the quote asset: expected one in the base asset; \
         rename the column to volume if that is what it holds"
    )]
    QuoteVolume(String),
    /// Two columns that may be meant.
    #[error("{first} and {second} could both be the column {field}: rename or remove one of them")]
    Ambiguous {
        /// The column looked for.
        field: Field,
        /// The name of the first.
        first: String,
        /// The name of the second.
        second: String,
    },
    /// Dates of which nobody can say what is the day and what the month.
    #[error(
        "the time {0} may have the day first or the month, and no row tells: one with a number above 12 in either place, \
         which is a day, would; name the format of the times"
    )]
    DayOrMonth(String),
    /// Local times of a zone that is not known.
    #[error(
        "the column {0} has local times, but nothing says of which zone: name the time zone, or write the times in UTC"
    )]
    LocalTimes(String),
    /// A time zone for times that are none of a place.
    #[error(
        "a time zone was named, but the times are no local ones: they are numbers since 1970, or say their offset \
         from UTC; leave the zone out"
    )]
    NotLocal,
    /// A format of times for a file whose times are no text.
    #[error("a format of times was named, but the times in this file are no text: leave it out")]
    NoTextTimes,
    /// Rows of several instruments, and none of them is to be taken.
    #[error(
        "{count} instruments in the column {columns}: {found}: rows of several instruments are no series; \
         take one of them, or write each to a file of its own"
    )]
    Instruments {
        /// How many there are.
        count: usize,
        /// The names of the columns that tell them apart.
        columns: String,
        /// Their names, with the number of rows of each, as far as they are shown.
        found: String,
    },
    /// The instrument to take is none of the file's, or more than one.
    #[error("no {wanted} in the column {columns}, but {found}: name one of these")]
    OtherInstruments {
        /// The instrument to take.
        wanted: String,
        /// The names of the columns that tell instruments apart.
        columns: String,
        /// Those that are there, with the number of rows of each, as far as they are shown.
        found: String,
    },
    /// Rows of the same time that a column tells apart which may be about anything.
    #[error(
        "rows of the same time differ in the column {column}: {found} (by {columns}); if it names the instrument, take one of \
         them, or write each to a file of its own; if it is a part of the time, write date and time into one column"
    )]
    RowsApart {
        /// The name of the column.
        column: String,
        /// The names of all columns that tell the rows apart.
        columns: String,
        /// The values, with the number of rows of each, as far as they are shown.
        found: String,
    },
    /// A symbol is to be taken of a file in which some rows have no name.
    #[error(
        "some rows have no name in the column {columns}: {found}; fill it in, delete these rows, or name the instrument as the \
         column writes it to leave them out"
    )]
    Nameless {
        /// The names of the columns that tell instruments apart.
        columns: String,
        /// Those that are there, with the number of rows of each, as far as they are shown.
        found: String,
    },
    /// An instrument is to be taken of a file that names none.
    #[error(
        "no column names instruments, such as symbol or ticker: take the whole file, without naming an instrument"
    )]
    NoInstruments,
    /// A column of names that has more than instruments can be.
    #[error(
        "more than {limit} names in a column that names instruments, such as {last}: rename the column, or remove it, if \
         it is about something else"
    )]
    Names {
        /// The largest number of names.
        limit: usize,
        /// One of them.
        last: String,
    },
    /// A text without a header and with too few cells.
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
    /// A column of values that are no times or no numbers.
    #[error("column {column} has values of the type {found}: expected {expected}")]
    ColumnType {
        /// The name of the column.
        column: String,
        /// Its type, as Arrow calls it.
        found: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A value that is missing or cannot be used.
    #[error("column {place}: found {found}, expected {expected}")]
    Value {
        /// Where it stands.
        place: ValuePlace,
        /// What was found; text is quoted, and shortened if long.
        found: String,
        /// What was expected, and what to do.
        expected: String,
    },
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValuePlace {
    /// In a line of text, which the error names.
    Cell {
        /// The column.
        field: Field,
        /// Position of the cell in the line, from 1.
        cell: usize,
    },
    /// In a file of columns.
    Row {
        /// The name of the column.
        column: String,
        /// Row of the file, from 0.
        row: u64,
    },
}

impl Display for ValuePlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cell { field, cell } => write!(formatter, "{field} (cell {cell})"),
            Self::Row { column, row } => write!(formatter, "{column}, row {row} (the first is 0)"),
        }
    }
}

impl FileError {
    /// Whether the format of the times has to be named.
    pub const fn wants_time_format(&self) -> bool {
        matches!(
            self.problem,
            FileProblem::DayOrMonth(_)
                | FileProblem::Value { place: ValuePlace::Cell { field: Field::Time, .. }, .. }
        )
    }

    /// Whether volumes are missing, and nothing else.
    pub fn wants_volume(&self) -> bool {
        match &self.problem {
            FileProblem::MissingColumns { missing, .. } => *missing == Field::Volume.to_string(),
            FileProblem::QuoteVolume(_) => true,
            FileProblem::FewColumns { found } => *found + 1 == Field::ALL.len(),
            _ => false,
        }
    }

    /// Whether the zone of the times has to be named.
    pub const fn wants_time_zone(&self) -> bool {
        matches!(self.problem, FileProblem::LocalTimes(_))
    }

    /// Whether one of several instruments has to be named.
    pub const fn wants_instrument(&self) -> bool {
        matches!(
            self.problem,
            FileProblem::Instruments { .. }
                | FileProblem::OtherInstruments { .. }
                | FileProblem::RowsApart { .. }
                | FileProblem::Nameless { .. }
        )
    }

    /// What price files have too much of, if that is what is wrong.
    pub const fn over_budget(&self) -> Option<OverBudget> {
        match self.problem {
            FileProblem::Budget(over) => Some(over),
            _ => None,
        }
    }
}

/// A problem with the line it belongs to, before the file's name is known.
#[derive(Debug)]
pub(super) struct Located {
    line: Option<u64>,
    problem: FileProblem,
}

impl FileProblem {
    /// This problem, at `line` (from 1).
    pub(super) const fn at(self, line: u64) -> Located {
        Located { line: Some(line), problem: self }
    }

    /// This problem of the file `path` as a whole.
    pub(super) fn of(self, path: &Path) -> FileError {
        Located::from(self).in_file(path)
    }
}

impl From<OpenProblem> for FileProblem {
    fn from(problem: OpenProblem) -> Self {
        match problem {
            OpenProblem::Io(error) => Self::Io(error),
            OpenProblem::Zip(fault) => Self::Zip(fault),
            OpenProblem::Budget(over) => Self::Budget(over),
        }
    }
}

impl From<FileProblem> for Located {
    /// A problem of the file as a whole.
    fn from(problem: FileProblem) -> Self {
        Self { line: None, problem }
    }
}

impl Located {
    /// The problem of the file at `path`.
    pub(super) fn in_file(self, path: &Path) -> FileError {
        FileError { path: path.to_owned(), line: self.line, problem: self.problem }
    }
}

/// A name or a value of a file for a message: quoted, with control characters escaped, cut after 60 characters.
pub(crate) fn shown(text: &str) -> String {
    const CHARACTERS_MAX: usize = 60;
    let start: String = text.chars().take(CHARACTERS_MAX).flat_map(char::escape_debug).collect();
    let rest = if text.chars().nth(CHARACTERS_MAX).is_some() { "…" } else { "" };
    format!("'{start}{rest}'")
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

fn line_suffix(line: Option<u64>) -> String {
    line.map(|line| format!(":{line}")).unwrap_or_default()
}
