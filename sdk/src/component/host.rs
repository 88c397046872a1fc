//! The two functions of the host that a plugin may call.

use super::bindings::ct::strategy::diagnostics;
use crate::Level;

/// Sends a log line to the host.
pub(crate) fn log(level: Level, row: Option<u64>, text: &str) {
    let level = match level {
        Level::Debug => diagnostics::Level::Debug,
        Level::Info => diagnostics::Level::Info,
        Level::Warn => diagnostics::Level::Warn,
        Level::Error => diagnostics::Level::Error,
    };
    diagnostics::log(level, row, text);
}

/// Sends a plot point to the host.
pub(crate) fn plot(series: &str, row: u64, value: f64) {
    diagnostics::plot(series, row, value);
}

/// Sends the message of every panic to the host's log before the plugin traps.
pub(super) fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        crate::diagnostics::log(Level::Error, &panic.to_string())
    }));
}
