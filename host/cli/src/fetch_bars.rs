//! One progress bar for each series that is fetched, and the notices between them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::terminal::{Terminal, Verbosity};
use ct_host::data::SeriesKey;
use ct_host::data::fetch::{FetchEvent, FetchNotice};
use ct_host::printable::printable;
use ct_host::run::FetchProgress;

/// What the user sees while prices are fetched. Shared by all tasks.
#[derive(Debug)]
pub(super) struct FetchBars {
    terminal: Terminal,
    all: MultiProgress,
    bars: Mutex<BTreeMap<SeriesKey, ProgressBar>>,
}

impl FetchBars {
    pub(super) fn new(terminal: Terminal) -> Self {
        Self { terminal, all: MultiProgress::new(), bars: Mutex::default() }
    }

    fn set(&self, key: &SeriesKey, done: u64, total: u64) {
        if self.terminal.verbosity() == Verbosity::Quiet || total == 0 {
            return;
        }
        let mut bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bars.entry(key.clone()).or_insert_with(|| {
            let name = printable(&key.to_string()).into_owned();
            let bar = ProgressBar::new(total).with_style(style()).with_prefix(name);
            self.all.add(bar)
        });
        bar.set_length(total);
        bar.set_position(done);
    }

    fn finish(&self, key: &SeriesKey) {
        let mut bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = bars.remove(key) {
            bar.finish_and_clear();
        }
    }
}

impl FetchProgress for FetchBars {
    /// Says what the user should know, without tearing the bars.
    fn notice(&self, text: &str) {
        self.all.suspend(|| self.terminal.notice(text));
    }

    fn step(&self, event: FetchEvent<'_>) {
        match event {
            FetchEvent::Waiting { key } => {
                self.notice(&format!("{key}: another ct-host is fetching it; waiting"));
            }
            FetchEvent::Started { key, bars_missing } => self.set(key, 0, bars_missing),
            FetchEvent::Progress { key, bars_done, bars_total, .. } => {
                self.set(key, bars_done, bars_total);
            }
            FetchEvent::Note { key, notice } => match notice {
                // The report has the first bar, and most users ask for more than there is.
                FetchNotice::FirstBar { .. } => {}
                notice => self.notice(&format!("{key}: {notice}")),
            },
            FetchEvent::Finished { report } => self.finish(&report.key),
        }
    }
}

fn style() -> ProgressStyle {
    const TEMPLATE: &str =
        "{prefix} {bar:32} {percent:>3} % ({human_pos} of {human_len} bars, {per_sec}, {eta} left)";
    ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar())
}
