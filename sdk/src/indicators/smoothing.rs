//! Exponential smoothing that starts from a simple mean: the recurrence under the EMA and under
//! everything of Wilder.

use serde::{Deserialize, Serialize};

use super::parameter::Period;

/// Share of its start that a settled average may still hold.
const START_SHARE_MAX: f64 = 1e-9;

/// Two averages, one of the other, forget their start more slowly than the slower of them alone: after `n` rows by a factor of
/// at most `1 + 2 n × weight`, which is below 100 for all shares that are asked for here. Stricter by as much, the bound holds.
const OF_AN_AVERAGE: f64 = 1e-2;

/// A quotient of averages is as wrong as its start was large beside what it divides by now. Stricter by as much, the bound holds
/// as long as the market moves at least a thousandth of what it did at the start.
const OF_A_QUOTIENT: f64 = 1e-3;

/// What is made of an average, and so how much of its start the average may hold when that is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// The average is the value.
    Itself,
    /// The average is averaged again.
    Averaged,
    /// The value is a quotient of averages.
    Divided,
    /// Quotients of averages are averaged again.
    DividedAndAveraged,
}

impl Use {
    fn start_share_max(self) -> f64 {
        START_SHARE_MAX
            * match self {
                Self::Itself => 1.0,
                Self::Averaged => OF_AN_AVERAGE,
                Self::Divided => OF_A_QUOTIENT,
                Self::DividedAndAveraged => OF_AN_AVERAGE * OF_A_QUOTIENT,
            }
    }
}

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

    /// Rows after the first value until the start is forgotten: the simple mean, and whatever else came before, has the weight
    /// `(1 - weight)ⁿ` after `n` rows.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 33 rows for each one of the period, which has at most a million"
    )]
    pub(super) fn forgetting_rows(&self, used: Use) -> u32 {
        // The weight 1 forgets at once: the logarithm is infinite, and no row is needed.
        let rows = used.start_share_max().ln() / (-self.weight).ln_1p();
        rows.ceil() as u32
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
    fn the_start_is_forgotten_when_its_weight_is_small_enough() {
        let rows = |period, used| {
            let period = Period::new("period", period).unwrap();
            Smoothing::wilder(period).forgetting_rows(used)
        };
        // 13/14 to the power of 279 is 1.05e-9, and to the power of 280 is 9.7e-10.
        assert_eq!(rows(14, Use::Itself), 280);
        assert_eq!(rows(14, Use::Divided), 373);
        assert_eq!(rows(1, Use::DividedAndAveraged), 0);
        assert!(rows(1_000_000, Use::DividedAndAveraged) < 33_000_000);
    }

    #[test]
    fn equal_values_are_their_own_mean() {
        let mut smoothing = Smoothing::exponential(Period::new("period", 10).unwrap());
        let last = (0..50).filter_map(|_| smoothing.update(0.1)).last();
        assert_eq!(last, Some(0.1));
    }
}
