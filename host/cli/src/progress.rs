//! Progress bars on standard error, shown only on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

use super::terminal::{Terminal, Verbosity};

/// A bar that is wiped away when it is dropped.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar named `task`, for work that is counted in bytes.
    pub(super) fn bytes(terminal: Terminal, task: impl Into<String>) -> Self {
        Self::new(terminal, task.into(), "{bytes} of {total_bytes}")
    }

    /// A bar named `task`, for work that is counted in bars.
    pub(super) fn bars(terminal: Terminal, task: impl Into<String>) -> Self {
        Self::new(terminal, task.into(), "{human_pos} of {human_len} bars")
    }

    /// A bar named `task`, for work on so many files at the same time.
    pub(super) fn files(terminal: Terminal, task: impl Into<String>, total: usize) -> Self {
        let progress = Self::new(terminal, task.into(), "{pos} of {len} files");
        progress.0.set_length(total as u64);
        progress
    }

    fn new(terminal: Terminal, task: String, counter: &str) -> Self {
        if terminal.verbosity() == Verbosity::Quiet {
            return Self(ProgressBar::hidden());
        }
        let template = format!("{{prefix}} {{bar:32}} {{percent:>3}} % ({counter}, {{eta}} left)");
        let style = ProgressStyle::with_template(&template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::new(0).with_style(style).with_prefix(task))
    }

    /// `done` of `total` is done.
    pub(super) fn set(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }

    /// One more is done.
    pub(super) fn advance(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
