//! What a user should know about how a price file was understood.

use std::fmt;

use super::csv::DateOrder;
use super::error::shown;
use crate::LocalZone;

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
    /// Of rows with several names some were taken, or all of several spellings.
    RowsTaken {
        /// The names of the columns, as messages show them.
        columns: String,
        /// The names that were taken.
        taken: String,
        /// All names, with the number of rows of each.
        found: String,
    },
    /// Day and month were told apart by one row.
    DateOrder {
        /// The order of the numbers in all dates.
        order: DateOrder,
        /// The time that tells.
        time: String,
        /// Its line, from 1.
        line: u64,
    },
    /// Files of one series have rows in common.
    SharedRows {
        /// How many of them are left out, because another file has the same.
        rows: u64,
    },
    /// The times are those of a place.
    LocalTimes {
        /// The zone that was named.
        zone: LocalZone,
        /// How often its clocks change between the first and the last time.
        changes: usize,
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
            Self::RowsTaken { columns, taken, found } => {
                write!(
                    formatter,
                    "of {found} in the column {columns} the rows of {taken} are taken"
                )
            }
            Self::DateOrder { order, time, line } => {
                let order = order.name();
                write!(
                    formatter,
                    "dates are read as {order}, as {} in line {line} tells",
                    shown(time)
                )
            }
            Self::SharedRows { rows } => {
                write!(formatter, "{rows} rows are the same in two of these files, and count once")
            }
            Self::LocalTimes { zone, changes } => write!(
                formatter,
                "times are read as local times of {zone}, whose clocks change {changes} times between the first and the last bar"
            ),
        }
    }
}
