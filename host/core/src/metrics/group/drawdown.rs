//! Falls of the equity below its peak.

use serde::{Deserialize, Serialize};

use crate::metrics::statistic::{Drawdown, DrawdownScan, Underwater, ulcer_index};

/// Drawdowns. Depths are fractions at most 0, as in QuantStats. The deepest and the longest are
/// those of the bars; averages and the ulcer index are those of daily equity, because on minute
/// bars every second bar would begin a drawdown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawdownMetrics {
    /// Deepest drawdown, `trough ÷ peak − 1`. 0 if equity never fell below its peak; `None` without
    /// rows.
    pub max_drawdown: Option<f64>,
    /// Close of the last row at the peak before the deepest drawdown, UTC milliseconds. `None` if
    /// there was none.
    pub max_drawdown_peak_time: Option<i64>,
    /// Close of the row at its lowest point.
    pub max_drawdown_trough_time: Option<i64>,
    /// Close of the first row back at the peak; `None` if it was not reached again.
    pub max_drawdown_recovery_time: Option<i64>,
    /// Time from peak to recovery, or to the end of the run, in milliseconds.
    pub max_drawdown_duration_ms: Option<i64>,
    /// Time from trough to recovery, in milliseconds; `None` if there was none.
    pub time_to_recovery_ms: Option<i64>,
    /// Longest time from a peak to its recovery, or to the end of the run, in milliseconds.
    pub longest_drawdown_ms: Option<i64>,
    /// See [`Underwater::average_drawdown`].
    pub average_drawdown: Option<f64>,
    /// See [`Underwater::average_drawdown_days`].
    pub average_drawdown_days: Option<f64>,
    /// See [`ulcer_index`].
    pub ulcer_index: Option<f64>,
    /// The five deepest drawdowns of the bars, deepest first.
    pub drawdowns: Vec<Drawdown>,
}

impl DrawdownMetrics {
    /// Computes the group from the scan of the bars and the daily depths below the peak.
    pub fn compute(scan: DrawdownScan, depths: &[f64]) -> Self {
        let underwater = Underwater::from_depths(depths);
        let deepest = scan.worst.first().copied();
        let recovery = deepest.and_then(|worst| worst.recovery_time.zip(Some(worst.trough_time)));
        Self {
            max_drawdown: match deepest {
                Some(worst) => Some(worst.depth),
                None => (!depths.is_empty()).then_some(0.0),
            },
            max_drawdown_peak_time: deepest.map(|worst| worst.peak_time),
            max_drawdown_trough_time: deepest.map(|worst| worst.trough_time),
            max_drawdown_recovery_time: deepest.and_then(|worst| worst.recovery_time),
            max_drawdown_duration_ms: deepest.map(|worst| worst.duration_ms),
            time_to_recovery_ms: recovery.map(|(recovery, trough)| recovery - trough),
            longest_drawdown_ms: scan.longest_ms,
            average_drawdown: underwater.average_drawdown(),
            average_drawdown_days: underwater.average_drawdown_days(),
            ulcer_index: ulcer_index(depths),
            drawdowns: scan.worst,
        }
    }
}
