//! Exponential smoothing that starts from a simple mean: the recurrence under the EMA and under
//! everything of Wilder.

use serde::{Deserialize, Serialize};

use super::parameter::Period;

/// `mean += (value - mean) × weight`, after the simple mean of the first `period` values.
///
/// The weight is `1 / k` for the `k`-th of the first `period` values, which makes the mean the
/// simple one, and `weight` from then on. Equal values have exactly that value as their mean. The
/// recurrence forgets its rounding errors as it forgets its input, so nothing drifts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Smoothing {
    period: Period,
    rows_seen: u32,
    weight: f64,
    mean: f64,
}

impl Smoothing {
    /// Weight `2 / (period + 1)`, as in an EMA.
    pub(super) fn exponential(period: Period) -> Self {
        Self::new(period, 2.0 / (f64::from(period.rows()) + 1.0))
    }

    /// Weight `1 / period`, as in Wilder's indicators.
    pub(super) fn wilder(period: Period) -> Self {
        Self::new(period, period.reciprocal())
    }

    fn new(period: Period, weight: f64) -> Self {
        Self { period, rows_seen: 0, weight, mean: 0.0 }
    }

    #[inline]
    pub(super) fn update(&mut self, value: f64) -> Option<f64> {
        if self.rows_seen < self.period.rows() {
            self.rows_seen += 1;
            self.mean += (value - self.mean) / f64::from(self.rows_seen);
        } else {
            self.mean += (value - self.mean) * self.weight;
        }
        self.value()
    }

    #[inline]
    pub(super) fn value(&self) -> Option<f64> {
        (self.rows_seen == self.period.rows()).then_some(self.mean)
    }

    pub(super) fn period(&self) -> Period {
        self.period
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_starts_from_the_simple_mean() {
        let mut smoothing = Smoothing::wilder(Period::new("period", 4).unwrap());
        let values = [1.0, 2.0, 3.0, 6.0, 7.0].map(|value| smoothing.update(value));
        assert_eq!(values, [None, None, None, Some(3.0), Some(4.0)]);
    }

    #[test]
    fn equal_values_are_their_own_mean() {
        let mut smoothing = Smoothing::exponential(Period::new("period", 10).unwrap());
        let last = (0..50).filter_map(|_| smoothing.update(0.1)).last();
        assert_eq!(last, Some(0.1));
    }
}
