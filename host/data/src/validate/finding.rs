//! One finding: which rows have which defect.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{FindingKind, Severity};
use ct_core::units::Timestamp;

/// A row as the user counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowNumber {
    /// Line of the file, from 1.
    Line(u64),
    /// Number of the bar, from 1.
    Bar(u64),
}

impl fmt::Display for RowNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => formatter.pad(&format!("line {line}")),
            Self::Bar(bar) => formatter.pad(&format!("bar {bar}")),
        }
    }
}

/// One defect, of one row or of several on end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// How bad it is.
    pub severity: Severity,
    /// The file that the row is of, if the series is of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The first row that has it; for missing bars the row after them.
    pub row: RowNumber,
    /// Open time of that row; for missing bars that of the first one missing. `None` if the row has an impossible time.
    pub time: Option<Timestamp>,
    /// How many bars it covers: rows that have it, or bars that are missing.
    pub rows: u64,
    /// What is there.
    pub found: String,
    /// What should be there.
    pub expected: String,
    /// What to do about it.
    pub advice: String,
}

impl fmt::Display for Finding {
    /// One line, complete in itself.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, severity, row, found, expected, advice, .. } = self;
        let time = self.time.map(|time| format!(" ({time})")).unwrap_or_default();
        let file = self.file.as_ref().map(|file| format!("{file}, ")).unwrap_or_default();
        write!(
            formatter,
            "{severity}: {file}{row}{time}: {kind}: {found}; expected {expected}; {advice}"
        )
    }
}
