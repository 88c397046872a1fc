//! Equity at the closes of some rows.

use std::ops::Range;

/// Equity at the closes of consecutive rows, open positions included.
#[derive(Clone, Copy, Debug)]
pub struct Closes<'a> {
    /// The first of the rows.
    pub first_row: usize,
    /// Open times of the rows, in milliseconds since 1970 UTC, ascending.
    pub times_ms: &'a [i64],
    /// Length of a bar, in milliseconds.
    pub interval_ms: i64,
    /// Equity at the closes, in quote asset; as many as there are times.
    pub equity: &'a [f64],
}

/// One row and the equity at its close.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClosedRow {
    pub(super) open_ms: i64,
    pub(super) close_ms: i64,
    pub(super) equity: f64,
}

/// How far rows were taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Rows that were taken in: all, or those up to the first at which a breaker tripped, itself included.
    pub rows: usize,
    /// Whether a breaker tripped at the last of them.
    pub tripped: bool,
}

impl<'a> Closes<'a> {
    /// How many there are.
    pub(super) fn rows(&self) -> usize {
        let (times, rows) = (self.times_ms.len(), self.equity.len());
        assert!(times == rows, "{times} times, but equity of {rows} rows from {}", self.first_row);
        rows
    }

    /// Those of `places`, counted from the first row.
    pub(super) fn part(&self, places: Range<usize>) -> Self {
        let parts = self.times_ms.get(places.clone()).zip(self.equity.get(places.clone()));
        let Some((times_ms, equity)) = parts else {
            unreachable!("{places:?} of {} rows from {}", self.rows(), self.first_row);
        };
        let first_row = self.first_row + places.start;
        Self { first_row, times_ms, interval_ms: self.interval_ms, equity }
    }

    /// One by one, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = ClosedRow> + use<'a> {
        let interval_ms = self.interval_ms;
        self.times_ms.iter().zip(self.equity).map(move |(&open_ms, &equity)| ClosedRow {
            open_ms,
            close_ms: open_ms.saturating_add(interval_ms),
            equity,
        })
    }

    /// How many rows, from the first on, open before `end_ms`. Where bars are closer to each other than their length it may be
    /// fewer, but none only if there is none.
    pub(super) fn opening_before(&self, end_ms: i64) -> usize {
        let Some(first_ms) = self.times_ms.first().filter(|time_ms| **time_ms < end_ms) else {
            return 0;
        };
        // No more bars than this fit before the end. Mostly just as many do, and one look far ahead is enough.
        let fit = end_ms.saturating_sub(*first_ms).saturating_sub(1) / self.interval_ms.max(1);
        let fit = usize::try_from(fit).unwrap_or(usize::MAX).saturating_add(1);
        let near = self.times_ms.get(..fit).unwrap_or(self.times_ms);
        if near.last().is_some_and(|time_ms| *time_ms < end_ms) {
            return near.len();
        }
        near.partition_point(|time_ms| *time_ms < end_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_before_a_time_are_found_with_and_without_gaps() {
        let regular: Vec<i64> = (0..50).map(|row| row * 10).collect();
        let gaps: Vec<i64> = regular.iter().copied().filter(|time| time % 70 != 30).collect();
        for times_ms in [&regular, &gaps] {
            for end_ms in -5..520 {
                let closes = Closes { first_row: 0, times_ms, interval_ms: 10, equity: &[] };
                let expected = times_ms.iter().filter(|time_ms| **time_ms < end_ms).count();
                assert_eq!(closes.opening_before(end_ms), expected, "{end_ms}");
            }
        }
    }
}
