//! What a user should know about how a price file was understood.

use std::fmt;

use super::error::shown;

/// Something about a file that was read and may be other than its user thinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The file names one instrument throughout, and the user asked for another.
    OtherInstrument {
        /// The name of the column, as it stands in the file.
        column: String,
        /// The instrument that it names.
        found: String,
        /// The symbol that was asked for.
        asked: String,
    },
}

impl fmt::Display for Remark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherInstrument { column, found, asked } => write!(
                formatter,
                "the column {} says {}, but the symbol that was asked for is {asked}: is it the right file?",
                shown(column),
                shown(found)
            ),
        }
    }
}
