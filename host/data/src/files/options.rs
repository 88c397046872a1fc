//! What a user says of a price file that the file does not say itself.

use super::field::Field;
use super::time_pattern::TimePattern;
use crate::LocalZone;

/// How a price file is to be understood. The default takes it as it speaks for itself.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The instrument to take of a file, as a column of it names them.
    pub instrument: Option<String>,
    /// The symbol that the user calls the series. Of a file with several instruments, the one of that name is taken; where a
    /// file names another, that is a [`Remark`](super::Remark).
    pub symbol: Option<String>,
    /// How a text writes the time, if not in a way that is known.
    pub time_format: Option<TimePattern>,
    /// The zone of times without an offset; `None`: UTC.
    pub time_zone: Option<LocalZone>,
    /// Whether the file has volumes.
    pub volumes: Volumes,
}

/// Whether a file has volumes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Volumes {
    /// It has a column of them.
    #[default]
    OfFile,
    /// It has none, or none that is to be used: every volume is 0.
    None,
}

impl ReadOptions {
    /// The columns that the file must have.
    pub(super) fn fields(&self) -> &'static [Field] {
        match self.volumes {
            Volumes::OfFile => &Field::ALL,
            Volumes::None => &[Field::Time, Field::Open, Field::High, Field::Low, Field::Close],
        }
    }
}
