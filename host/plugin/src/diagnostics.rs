//! What a plugin says while it runs: log lines and plot points, capped.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use super::limits;
use ct_core::units::Timestamp;

/// How important a log line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// For the author.
    Debug,
    /// Worth knowing.
    Info,
    /// Probably not meant.
    Warn,
    /// Certainly not meant.
    Error,
}

/// One log line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// How important it is.
    pub level: Level,
    /// The text, cut to [`limits::LOG_LINE_BYTES_MAX`].
    pub text: String,
    /// The row that it is about, warm-up rows included, from 0; `None` where the strategy does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Open time of that row, as soon as somebody who has the prices tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// The rows that the instance had been given when it said so; `None` before the first one. It is no part of a result, which does
    /// not depend on how rows are cut into windows.
    #[serde(skip)]
    pub rows: Option<RowsGiven>,
}

/// Rows that were given at once: it may be any of them that a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowsGiven {
    /// The first one, from 0.
    pub first: usize,
    /// The last one.
    pub last: usize,
    /// Open times of both, as soon as somebody who has the prices tells them.
    pub times: Option<[Timestamp; 2]>,
}

impl LogLine {
    /// Open times of the row that it is about, twice; or of the first and the last that it may be about.
    pub fn times(&self) -> Option<[Timestamp; 2]> {
        self.time.map(|time| [time; 2]).or(self.rows?.times)
    }
}

impl RowsGiven {
    /// Whether the row is one of them.
    fn has(&self, row: u64) -> bool {
        (self.first as u64..=self.last as u64).contains(&row)
    }
}

/// Who hears the log of a strategy while it runs. May be told from several threads, which it must not hold up.
pub trait LogListener: Debug + Send + Sync {
    /// Hears a line of the instance that looks after `symbols`, once.
    fn hear(&self, symbols: &[String], line: &LogLine);
}

/// A named series of plot points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlotSeries {
    /// The name, cut to [`limits::PLOT_NAME_BYTES_MAX`].
    pub name: String,
    /// Absolute rows and values, in the order in which they were given.
    pub points: Vec<(u64, f64)>,
}

/// Everything one instance has said, and how much of it was dropped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Diagnostics {
    /// The first lines of the log.
    pub log: Vec<LogLine>,
    /// Log lines beyond [`limits::LOG_LINES_MAX`], or beyond the share of [`limits::RUN_LOG_LINES_MAX`].
    pub log_lines_dropped: u64,
    /// Plot series.
    pub plots: Vec<PlotSeries>,
    /// Plot points beyond [`limits::PLOT_POINTS_MAX`] or the share of [`limits::RUN_PLOT_POINTS_MAX`], or of too many series.
    pub plot_points_dropped: u64,
}

impl Diagnostics {
    /// True when nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the result of a run with so many `instances` keeps of it: its share of the limits of a run, the earliest of all.
    #[must_use]
    pub fn shared_by(mut self, instances: usize) -> Self {
        let share = |limit: usize| limit / instances.max(1);
        let kept = self.log.len().min(share(limits::RUN_LOG_LINES_MAX));
        self.log_lines_dropped += self.log.drain(kept..).count() as u64;
        self.plot_points_dropped += self.cut_plots(share(limits::RUN_PLOT_POINTS_MAX));
        self
    }

    /// Keeps the first rows, each with all of its points, `points_max` points at most; and tells how many went.
    fn cut_plots(&mut self, points_max: usize) -> u64 {
        let points = self.plots.iter().flat_map(|series| &series.points);
        let mut rows: Vec<u64> = points.map(|(row, _)| *row).collect();
        if rows.len() <= points_max {
            return 0;
        }
        let (_, &mut end, _) = rows.select_nth_unstable(points_max);
        let mut kept = 0;
        for series in &mut self.plots {
            series.points.retain(|(row, _)| *row < end);
            kept += series.points.len();
        }
        (rows.len() - kept) as u64
    }

    /// Keeps the line, if there is room for it.
    pub(super) fn log(
        &mut self,
        (level, text): (Level, &str),
        row: Option<u64>,
        given: Option<RowsGiven>,
    ) {
        if self.log.len() < limits::LOG_LINES_MAX {
            let text = limits::plain(text, limits::LOG_LINE_BYTES_MAX);
            // A row that it has not been given it cannot speak of.
            let row = row.filter(|row| given.is_some_and(|given| given.has(*row)));
            self.log.push(LogLine { level, text, row, time: None, rows: given });
        } else {
            self.log_lines_dropped += 1;
        }
    }

    pub(super) fn plot(&mut self, name: &str, row: u64, value: f64) {
        let name = limits::plain(name, limits::PLOT_NAME_BYTES_MAX);
        let known = self.plots.iter().position(|series| series.name == name);
        let points: usize = self.plots.iter().map(|series| series.points.len()).sum();
        let full = points >= limits::PLOT_POINTS_MAX
            || (known.is_none() && self.plots.len() >= limits::PLOT_SERIES_MAX);
        if full || !value.is_finite() {
            self.plot_points_dropped += 1;
            return;
        }
        match known.and_then(|place| self.plots.get_mut(place)) {
            Some(series) => series.points.push((row, value)),
            None => self.plots.push(PlotSeries { name, points: vec![(row, value)] }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exceeds_the_caps_is_counted() {
        let mut diagnostics = Diagnostics::default();
        for place in 0..limits::LOG_LINES_MAX + 5 {
            diagnostics.log((Level::Info, &"é".repeat(place)), None, None);
        }
        for row in 0..limits::PLOT_POINTS_MAX as u64 + 7 {
            diagnostics.plot("fast", row, 1.0);
        }
        diagnostics.plot("slow", 0, 1.0);
        assert_eq!((diagnostics.log_lines_dropped, diagnostics.plot_points_dropped), (5, 8));
        assert!(diagnostics.log.iter().all(|line| line.text.len() <= limits::LOG_LINE_BYTES_MAX));
    }

    #[test]
    fn instances_share_what_a_run_keeps() {
        let mut diagnostics = Diagnostics::default();
        for row in 0..5_000 {
            diagnostics.log((Level::Info, "said"), None, None);
            for name in ["fast", "slow"] {
                diagnostics.plot(name, row, 1.0);
            }
        }
        assert_eq!(diagnostics.clone().shared_by(20), diagnostics);
        let shared = diagnostics.clone().shared_by(1_000);
        assert_eq!((shared.log.len(), shared.log_lines_dropped), (100, 4_900));
        let ends = shared.plots.iter().map(|series| series.points.last().unwrap().0);
        assert_eq!(ends.collect::<Vec<_>>(), [999, 999], "both series end at the same row");
        assert_eq!(shared.plot_points_dropped, 8_000);
        // Points that one row has too many of have no part that comes first.
        let mut crowd = Diagnostics::default();
        (0..3).for_each(|_| crowd.plot("a", 7, 1.0));
        assert_eq!(crowd.clone().shared_by(1_000_000).plots[0].points, []);
        assert_eq!(crowd.shared_by(1_000_000).plot_points_dropped, 3);
    }
}
