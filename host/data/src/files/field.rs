//! The six columns that a bar needs.

use std::fmt;

/// A column of a price file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Open time of the bar.
    Time,
    /// First price.
    Open,
    /// Highest price.
    High,
    /// Lowest price.
    Low,
    /// Last price.
    Close,
    /// Traded base asset.
    Volume,
}

impl Field {
    /// All columns, in the order of a file without a header.
    pub const ALL: [Self; 6] =
        [Self::Time, Self::Open, Self::High, Self::Low, Self::Close, Self::Volume];

    /// All columns but the time.
    pub const VALUES: [Self; 5] = [Self::Open, Self::High, Self::Low, Self::Close, Self::Volume];
}

impl fmt::Display for Field {
    /// The name that a header gives to the column.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Time => "timestamp",
            Self::Open => "open",
            Self::High => "high",
            Self::Low => "low",
            Self::Close => "close",
            Self::Volume => "volume",
        })
    }
}
