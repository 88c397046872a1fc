//! The set of bar columns that a strategy reads.

use std::fmt;

/// A set of bar columns.
///
/// The host fills only the columns that a strategy asks for, so asking for less makes it faster: a
/// strategy that reads only closes moves a sixth of the data.
///
/// ```
/// use ct_sdk::Columns;
///
/// const RANGE: Columns = Columns::HIGH.union(Columns::LOW);
/// assert!(RANGE.contains(Columns::LOW));
/// assert!(!RANGE.contains(Columns::CLOSE));
/// assert_eq!(format!("{RANGE:?}"), "HIGH | LOW");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Columns(u8);

impl Columns {
    /// No column at all.
    pub const NONE: Self = Self(0);
    /// Open time of the bar.
    pub const TIME: Self = Self(1);
    /// First price.
    pub const OPEN: Self = Self(1 << 1);
    /// Highest price.
    pub const HIGH: Self = Self(1 << 2);
    /// Lowest price.
    pub const LOW: Self = Self(1 << 3);
    /// Last price.
    pub const CLOSE: Self = Self(1 << 4);
    /// Traded amount of the base asset.
    pub const VOLUME: Self = Self(1 << 5);
    /// Every column, the time included.
    pub const ALL: Self = Self((1 << 6) - 1);

    const NAMES: [(Self, &'static str); 6] = [
        (Self::TIME, "TIME"),
        (Self::OPEN, "OPEN"),
        (Self::HIGH, "HIGH"),
        (Self::LOW, "LOW"),
        (Self::CLOSE, "CLOSE"),
        (Self::VOLUME, "VOLUME"),
    ];

    /// The columns of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every column of `other` is in this set.
    #[inline]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl fmt::Debug for Columns {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Self::NAMES.into_iter().filter(|(column, _)| self.contains(*column));
        let names: Vec<&str> = names.map(|(_, name)| name).collect();
        formatter.write_str(if names.is_empty() { "NONE" } else { "" })?;
        formatter.write_str(&names.join(" | "))
    }
}
