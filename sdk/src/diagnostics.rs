//! The way of log lines and plot points out of a strategy.
//!
//! In a component they go to the host. Natively they are dropped, unless
//! [`testing::capture`](crate::testing::capture) listens.

use std::cell::Cell;

thread_local! {
    /// Absolute number of the first row of the window that the strategy looks at.
    static FIRST_ROW: Cell<u64> = const { Cell::new(0) };
    /// Number of the row in that window; [`NO_ROW`] between windows. Set for each row, so it is one store and no more.
    static ROW: Cell<u32> = const { Cell::new(NO_ROW) };
}

/// No window is so long.
const NO_ROW: u32 = u32::MAX;

/// Lets the strategy look at a window whose first row has this absolute number.
pub(crate) fn in_window<R>(first_row: u64, look: impl FnOnce() -> R) -> R {
    FIRST_ROW.set(first_row);
    let seen = look();
    ROW.set(NO_ROW);
    seen
}

/// From now on it looks at this row of the window.
#[inline]
pub(crate) fn enter_row(row: u32) {
    ROW.set(row);
}

/// Absolute number of the row that the strategy looks at, if it looks at any.
fn row() -> Option<u64> {
    let row = Some(ROW.get()).filter(|row| *row != NO_ROW)?;
    Some(FIRST_ROW.get() + u64::from(row))
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
            in_window(7_000, || {
                enter_row(7);
                log(Level::Info, "in a row");
            });
            log(Level::Info, "between rows");
        });
        let rows: Vec<Option<u64>> = said.logs.iter().map(|line| line.row).collect();
        assert_eq!(rows, [Some(7_007), None]);
    }
}
