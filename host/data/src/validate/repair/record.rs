//! What was repaired.

use serde::{Deserialize, Serialize};

use crate::validate::BarValues;
use ct_core::units::Timestamp;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairAction {
    /// A row that cannot be a bar was dropped.
    DroppedUnsound,
    /// The rows were put in order.
    Sorted,
    /// A row that is equal to another one was dropped.
    DroppedDuplicate,
    /// Another version of a bar was dropped.
    DroppedConflict,
    /// A bar that was not closed was dropped.
    DroppedUnfinished,
    /// A row off the time grid was dropped.
    DroppedOffGrid,
    /// Prices were cut to those of the neighbours.
    Clipped,
    /// Missing bars were made up.
    Filled,
}

/// One repair.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repair {
    /// What was done.
    pub action: RepairAction,
    /// Open time of the bar, or of the first of several; `None` for rows with an impossible time.
    pub time: Option<Timestamp>,
    /// How many bars: those made up of one gap, rows that moved; otherwise 1.
    pub rows: u64,
    /// The bar as it was; `None` where there was none, or where several moved.
    pub before: Option<BarValues>,
    /// The bar as it is; for a dropped version of a bar the one that was kept. `None` where there is none any more.
    pub after: Option<BarValues>,
}

impl Repair {
    /// One bar at `time_ms`, UTC milliseconds.
    pub(super) fn of_bar(
        action: RepairAction,
        time_ms: i64,
        before: Option<BarValues>,
        after: Option<BarValues>,
    ) -> Self {
        Self { action, time: Timestamp::from_ms(time_ms).ok(), rows: 1, before, after }
    }
}
