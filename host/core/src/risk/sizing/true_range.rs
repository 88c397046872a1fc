//! Wilder's average true range.

use crate::market::{Field, Series};

/// Rows from which an average over `rows` rows is made. Wilder's average forgets slowly: after so many rows what it began with
/// has a weight below 0.1 %. Fewer would begin too near, more would make a decision depend on how long a run has lasted.
pub(super) const fn rows_read(rows: usize) -> usize {
    rows.saturating_mul(8)
}

/// The true ranges of the latest rows, in quote asset.
#[derive(Debug)]
pub(super) struct TrueRanges {
    /// Oldest first.
    values: Vec<f64>,
}

impl TrueRanges {
    /// Those of the latest `rows` rows up to `row`: `max(high − low, |high − close before|, |low − close before|)`. Missing
    /// bars are left out, so that a range reaches over a gap; the first bar of all has none.
    pub(super) fn up_to(row: usize, series: &Series, rows: usize) -> Self {
        let start = row.saturating_sub(rows);
        let part = |field| series.rows(field).of(start..row + 1);
        let bars = part(Field::High).iter().zip(part(Field::Low)).zip(part(Field::Close));
        let bars = bars.filter(|((high, _), _)| !high.is_nan());
        let mut before = None;
        let ranges = bars.filter_map(|((high, low), close)| {
            let before = before.replace(*close)?;
            Some((high - low).max(f64::abs(high - before)).max(f64::abs(low - before)))
        });
        Self { values: ranges.collect() }
    }

    pub(super) const fn count(&self) -> usize {
        self.values.len()
    }

    /// Wilder's average over `rows` ranges (Wilder 1978): the mean of the first `rows`, then
    /// `(average × (rows − 1) + range) ÷ rows` with each later one. `None` with fewer than `rows` ranges, or of none.
    pub(super) fn average(&self, rows: usize) -> Option<f64> {
        let (first, later) = self.values.split_at_checked(rows)?;
        let count = rows as f64;
        let begin = first.iter().sum::<f64>() / count;
        let average =
            later.iter().fold(begin, |average, range| (average * (count - 1.0) + range) / count);
        average.is_finite().then_some(average)
    }
}
