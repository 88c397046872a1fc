//! What came out of a test run.

use super::{Fill, LogLine, PlotPoint};
use crate::{Decision, LimitOrder};

/// What a strategy did in a test run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// Decisions in order.
    pub decisions: Vec<Decided>,
    /// Fills of the simulated account; empty when the strategy does not read its account or the
    /// account is scripted.
    pub fills: Vec<Fill>,
    /// Log lines.
    pub logs: Vec<LogLine>,
    /// Plot points.
    pub plots: Vec<PlotPoint>,
}

/// A [`Decision`] at an absolute row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decided {
    /// Absolute number of the row: 0 for the first bar.
    pub row: u64,
    /// Index of the instrument.
    pub instrument: u32,
    /// Exposure to hold, or `None` when only the levels change.
    pub target: Option<f64>,
    /// Price of the stop.
    pub stop: Option<f64>,
    /// Price of the take-profit.
    pub take_profit: Option<f64>,
    /// Limit order of the entry.
    pub limit: Option<LimitOrder>,
    /// Reason.
    pub tag: Option<&'static str>,
}

impl Decided {
    pub(super) fn at(first_row: u64, decision: &Decision) -> Self {
        Self {
            row: first_row + u64::from(decision.row),
            instrument: decision.instrument,
            target: decision.target,
            stop: decision.stop,
            take_profit: decision.take_profit,
            limit: decision.limit,
            tag: decision.tag,
        }
    }
}

impl Run {
    /// Row and target of every decision that has a target.
    pub fn targets(&self) -> Vec<(u64, f64)> {
        let targets = self.decisions.iter().map(|decision| Some((decision.row, decision.target?)));
        targets.flatten().collect()
    }

    /// Rows of the decisions that have this target.
    #[expect(clippy::float_cmp, reason = "a target is what the strategy wrote down")]
    pub fn rows_of(&self, target: f64) -> Vec<u64> {
        let decisions = self.targets().into_iter().filter(|(_, other)| *other == target);
        decisions.map(|(row, _)| row).collect()
    }

    /// Row and value of every point of a series.
    pub fn plotted(&self, series: &str) -> Vec<(u64, f64)> {
        let points = self.plots.iter().filter(|point| point.series == series);
        points.map(|point| (point.row, point.value)).collect()
    }
}
