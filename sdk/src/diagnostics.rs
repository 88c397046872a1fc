//! The way of log lines and plot points out of a strategy.
//!
//! In a component they go to the host. Natively they are dropped, unless
//! [`testing::capture`](crate::testing::capture) listens.

use std::cell::Cell;

thread_local! {
    /// Absolute number of the row that the strategy looks at; [`NO_ROW`] between rows.
    static ROW: Cell<u64> = const { Cell::new(NO_ROW) };
}

/// No row is so late.
const NO_ROW: u64 = u64::MAX;

/// From now on the strategy looks at the row of this absolute number.
#[inline]
pub(crate) fn enter_row(row: u64) {
    ROW.set(row);
}

/// The strategy looks at no row any more.
#[cfg(any(target_arch = "wasm32", test))]
pub(crate) fn leave_rows() {
    ROW.set(NO_ROW);
}

/// The row that the strategy looks at, if it looks at any.
fn row() -> Option<u64> {
    Some(ROW.get()).filter(|row| *row != NO_ROW)
}

/// Says `text` about the row that the strategy looks at.
pub(crate) fn log(level: Level, text: &str) {
    send(level, row(), text);
}

/// How important a log line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For the author of the strategy.
    Debug,
    /// Normal events.
    Info,
    /// Something unexpected that the strategy can live with.
    Warn,
    /// Something that makes the strategy's decisions doubtful.
    Error,
}

#[cfg(target_arch = "wasm32")]
use crate::component::log as send;
#[cfg(target_arch = "wasm32")]
pub(crate) use crate::component::plot;

#[cfg(not(target_arch = "wasm32"))]
use crate::testing::log as send;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use crate::testing::plot;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_line_tells_the_row_that_the_strategy_looks_at() {
        let ((), said) = testing::capture(|| {
            enter_row(7);
            log(Level::Info, "in a row");
            leave_rows();
            log(Level::Info, "between rows");
        });
        let rows: Vec<Option<u64>> = said.logs.iter().map(|line| line.row).collect();
        assert_eq!(rows, [Some(7), None]);
    }
}
