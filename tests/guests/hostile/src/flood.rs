//! Saying more than anybody wants to hear.

use crate::bindings::ct::strategy::diagnostics::{self, Level};
use crate::mode;

/// Floods the host with what the mode says.
pub(crate) fn diagnostics(row: u64) {
    match mode::name() {
        // Many long lines: 8 GiB in all, if they were kept.
        "log-flood" => {
            let line = "all work and no play ".repeat(1 << 12);
            (0..100_000).for_each(|_| diagnostics::log(Level::Info, None, &line));
        }
        // One line larger than a call may hand over.
        "giant-log-line" => diagnostics::log(Level::Info, None, &"x".repeat(24 << 20)),
        // A line that clears the screen of a terminal and fakes another line.
        "log-escapes" => diagnostics::log(Level::Warn, Some(row), "\x1b[2J\x07one\nERROR two"),
        // More series and points than are kept, and values that no chart can show.
        "plot-flood" | "plot-flood-everywhere" => {
            for series in 0..1_000 {
                let name = format!("series {series} {}", "y".repeat(1 << 12));
                for value in [1.0, f64::NAN, f64::INFINITY] {
                    diagnostics::plot(&name, row, value);
                }
            }
            (0..300_000).for_each(|_| diagnostics::plot("all", u64::MAX, 1.0));
        }
        _ => {}
    }
}
