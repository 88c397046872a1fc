//! The time that a run covers.

use serde::{Deserialize, Serialize};

use crate::metrics::{DAY_MS, DailySeries, Inputs};

/// First and last instant, and what lies between.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SpanMetrics {
    /// Open of the first row, UTC milliseconds. `None` without rows.
    pub start_time: Option<i64>,
    /// Close of the last row, UTC milliseconds. `None` without rows.
    pub end_time: Option<i64>,
    /// Time from start to end, in milliseconds.
    pub duration_ms: i64,
    /// Rows.
    pub rows: u64,
    /// UTC days from the first to the last, partial days and days without rows included.
    pub days: u64,
}

impl SpanMetrics {
    /// Measures the span of a run.
    pub fn compute(inputs: &Inputs, daily: &DailySeries) -> Self {
        Self {
            start_time: inputs.times.first().copied(),
            end_time: inputs.times.last().map(|last| last + inputs.interval_ms),
            duration_ms: inputs.duration_ms(),
            rows: inputs.times.len() as u64,
            days: daily.equity.len() as u64,
        }
    }

    /// Elapsed time in days, with the fraction: what growth and rates are annualised by.
    pub fn elapsed_days(&self) -> f64 {
        self.duration_ms as f64 / DAY_MS as f64
    }
}
