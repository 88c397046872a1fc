//! Progress bars on standard error, shown only on a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use tracing::level_filters::LevelFilter;

use super::terminal::{Terminal, Verbosity};
use ct_host::printable::printable;
use ct_host::run::{Task, TaskProgress};

/// A bar that is wiped away when it is dropped.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar for `task`.
    pub(super) fn of(terminal: Terminal, task: Task<'_>) -> Self {
        match task {
            Task::ReadFile(name) => {
                Self::new(terminal, &format!("reading {name}"), "{bytes} of {total_bytes}")
            }
            Task::ReadFiles(count) => {
                let progress = Self::new(terminal, "reading", "{pos} of {len} files");
                progress.0.set_length(count as u64);
                progress
            }
            Task::Run(strategy) => Self::bars(terminal, &format!("running {strategy}")),
        }
    }

    /// A bar named `task`, for work that is counted in bars.
    pub(super) fn bars(terminal: Terminal, task: &str) -> Self {
        Self::new(terminal, task, "{human_pos} of {human_len} bars")
    }

    fn new(terminal: Terminal, task: &str, counter: &str) -> Self {
        // Lines of a log would go through a bar.
        let is_logging = LevelFilter::current() != LevelFilter::OFF;
        if terminal.verbosity() == Verbosity::Quiet || is_logging {
            return Self(ProgressBar::hidden());
        }
        let template =
            format!("{{prefix}} {{wide_bar}} {{percent:>3}} % ({counter}, {{eta}} left)");
        let style = ProgressStyle::with_template(&template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::new(0).with_style(style).with_prefix(printable(task).into_owned()))
    }
}

impl TaskProgress for Progress {
    fn set(&self, done: u64, total: u64) {
        // A run tells each of its steps.
        if self.0.is_hidden() {
            return;
        }
        self.0.set_length(total);
        self.0.set_position(done);
    }

    fn advance(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
