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
    /// Close of the last row in which the run could trade, UTC milliseconds: that of the last row, unless
    /// the account was closed for good before. `None` without such a row.
    pub traded_until: Option<i64>,
    /// Time from start to end, in milliseconds.
    pub duration_ms: i64,
    /// Time from the start to `traded_until`, in milliseconds: what figures per year are of. `None` in
    /// results that were made before it was told.
    pub traded_ms: Option<i64>,
    /// Rows.
    pub rows: u64,
    /// UTC days of the time traded from the first to the last, partial days and days without rows
    /// included: what daily statistics are of.
    pub days: u64,
}

impl SpanMetrics {
    /// Measures the span of a run.
    pub fn compute(inputs: &Inputs, daily: &DailySeries) -> Self {
        let traded = inputs.traded();
        Self {
            start_time: inputs.times.first().copied(),
            end_time: inputs.times.last().map(|last| last + inputs.interval_ms),
            traded_until: traded.times.last().map(|last| last + inputs.interval_ms),
            duration_ms: inputs.duration_ms(),
            traded_ms: Some(traded.duration_ms()),
            rows: inputs.times.len() as u64,
            days: daily.equity.len() as u64,
        }
    }

    /// Time from start to end in days, with the fraction.
    pub fn elapsed_days(&self) -> f64 {
        self.duration_ms as f64 / DAY_MS as f64
    }

    /// Time traded in days, with the fraction: what growth and rates are annualised by.
    pub fn traded_days(&self) -> f64 {
        self.traded_ms.unwrap_or(self.duration_ms) as f64 / DAY_MS as f64
    }
}
