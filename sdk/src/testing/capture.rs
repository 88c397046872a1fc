//! Listening to what a strategy logs and plots.

use crate::Level;
use std::cell::RefCell;

thread_local! {
    /// `None` while nobody listens, so that a strategy that plots every row fills no memory.
    static CAPTURED: RefCell<Option<Captured>> = const { RefCell::new(None) };
}

/// Everything that was logged and plotted, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Captured {
    /// Log lines.
    pub logs: Vec<LogLine>,
    /// Plot points.
    pub plots: Vec<PlotPoint>,
}

/// One line of text to the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// How important it is.
    pub level: Level,
    /// Absolute number of the row that it is about; `None` for what is said between rows.
    pub row: Option<u64>,
    /// What it says.
    pub text: String,
}

/// One point of a named series.
#[derive(Debug, Clone, PartialEq)]
pub struct PlotPoint {
    /// Name of the series.
    pub series: String,
    /// Absolute number of the row.
    pub row: u64,
    /// Height of the point.
    pub value: f64,
}

/// Collects what is logged and plotted on this thread while `call` runs.
///
/// ```
/// use ct_sdk::{log, testing};
///
/// let (answer, captured) = testing::capture(|| {
///     log::info("thinking");
///     42
/// });
/// assert_eq!((answer, captured.logs[0].text.as_str()), (42, "thinking"));
/// ```
pub fn capture<R>(call: impl FnOnce() -> R) -> (R, Captured) {
    let outer = CAPTURED.replace(Some(Captured::default()));
    let answer = call();
    let captured = CAPTURED.replace(outer).unwrap_or_default();
    (answer, captured)
}

/// Keeps a log line if somebody listens.
pub(crate) fn log(level: Level, row: Option<u64>, text: &str) {
    CAPTURED.with_borrow_mut(|captured| {
        if let Some(captured) = captured {
            captured.logs.push(LogLine { level, row, text: text.to_owned() });
        }
    });
}

/// Keeps a plot point if somebody listens.
pub(crate) fn plot(series: &str, row: u64, value: f64) {
    CAPTURED.with_borrow_mut(|captured| {
        if let Some(captured) = captured {
            captured.plots.push(PlotPoint { series: series.to_owned(), row, value });
        }
    });
}
