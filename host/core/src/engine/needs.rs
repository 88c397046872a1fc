//! What a strategy wants to be told.

use serde::{Deserialize, Serialize};

/// What a strategy wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Columns of its windows.
    pub columns: Columns,
    /// Instruments of its windows.
    pub scope: Scope,
    /// Whether it is told its account.
    pub reads_account: bool,
    /// Rows it must have seen before its decisions mean anything.
    pub warm_up_rows: usize,
    /// Rows after which it no longer matters where they began: at least those of the warm-up. It is handed as many before the first
    /// one that is traded, where there are.
    pub settled_rows: usize,
}

impl Needs {
    /// Rows after which it no longer matters where they began; `None` when it never does, as of a strategy that looks at windows only.
    pub fn rows_to_settle(&self) -> Option<usize> {
        (self.settled_rows > self.warm_up_rows).then_some(self.settled_rows)
    }
}

/// What one instance of a strategy looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// One instrument: there is one instance for each.
    Instrument,
    /// All instruments, one timestamp at a time.
    Portfolio,
}

/// A set of bar columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns(u8);

impl Columns {
    /// No column.
    pub const NONE: Self = Self(0);
    /// Open times.
    pub const TIME: Self = Self(1);
    /// First prices.
    pub const OPEN: Self = Self(2);
    /// Highest prices.
    pub const HIGH: Self = Self(4);
    /// Lowest prices.
    pub const LOW: Self = Self(8);
    /// Last prices.
    pub const CLOSE: Self = Self(16);
    /// Traded base asset.
    pub const VOLUME: Self = Self(32);

    /// The names, in the order of a bar.
    pub const NAMES: [(Self, &'static str); 6] = [
        (Self::TIME, "time"),
        (Self::OPEN, "open"),
        (Self::HIGH, "high"),
        (Self::LOW, "low"),
        (Self::CLOSE, "close"),
        (Self::VOLUME, "volume"),
    ];

    /// The columns of both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True when every column of `other` is in this set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names of the columns in this set, in the order of a bar.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES
            .into_iter()
            .filter(move |(column, _)| self.contains(*column))
            .map(|(_, name)| name)
    }
}
