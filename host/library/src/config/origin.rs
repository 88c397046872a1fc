//! Where a value of the configuration comes from.

use std::fmt;
use std::sync::Arc;

/// Where a value of the configuration comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// Published fees of this name.
    Preset(String),
    /// What an exchange of this name tells.
    Exchange(String),
    /// A place in a configuration file.
    File {
        /// The file, as the user named it.
        file: Arc<str>,
        /// Line, counted from 1.
        line: usize,
        /// Column in characters, counted from 1.
        column: usize,
    },
    /// An environment variable of this name.
    Environment(Arc<str>),
    /// A flag, such as `--fee-bps`.
    Flag(String),
    /// The result of an earlier run in this file.
    Result(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::Preset(name) => write!(formatter, "preset {name}"),
            Self::Exchange(name) => write!(formatter, "exchange {name}"),
            Self::File { file, line, column } => write!(formatter, "{file}:{line}:{column}"),
            Self::Environment(name) => formatter.write_str(name),
            Self::Flag(name) => formatter.write_str(name),
            Self::Result(file) => write!(formatter, "result {file}"),
        }
    }
}
