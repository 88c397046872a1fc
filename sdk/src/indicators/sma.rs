//! Simple moving average.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::ring::{Pushed, Ring};

/// Simple moving average: the arithmetic mean of the last `period` values, in their unit.
///
/// The first value comes with row `period`. The same numbers as TA-Lib `SMA`.
///
/// # Rounding
///
/// A sum that adds what enters the window and subtracts what leaves it collects rounding errors,
/// and after a crash they belong to prices that are long gone. Here nothing is subtracted: the
/// window is cut where the ring wraps; the newer part is added up as it comes, and sums over the
/// older part were made backwards, in one pass, when the ring wrapped. That is still constant work
/// per update on average (one update in `period` costs `period` additions). All sums are of
/// differences from one value of the window, so equal values have exactly that value as their mean.
/// For positive input the relative error stays below about `period² × 2⁻⁵²`, whatever came before.
///
/// ```
/// use ct_sdk::indicators::Sma;
///
/// let mut sma = Sma::new(3)?;
/// assert_eq!(sma.update(1.0), None);
/// assert_eq!(sma.update(2.0), None);
/// assert_eq!(sma.update(6.0), Some(3.0));
/// assert_eq!(sma.update(7.0), Some(5.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sma {
    /// This turn: values. The turn before: sums of the values after this one, less `base` each.
    ring: Ring<f64>,
    /// Sum of the values of this turn, less `base` each.
    turn_sum: f64,
    /// The last value of the turn before.
    base: f64,
    reciprocal: f64,
    mean: f64,
    warm: bool,
}

impl Sma {
    /// Makes the mean of `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        Ok(Self::over(Period::new("Sma period", period)?))
    }

    pub(super) fn over(period: Period) -> Self {
        Self {
            ring: Ring::new(period),
            turn_sum: 0.0,
            base: 0.0,
            reciprocal: period.reciprocal(),
            mean: 0.0,
            warm: false,
        }
    }

    /// Takes in the next value and returns the mean, `None` until there are `period` values.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        match self.ring.push(value) {
            Pushed::Within(older_sum) => {
                self.turn_sum += value - self.base;
                self.mean = self.base + (self.turn_sum + older_sum) * self.reciprocal;
            }
            Pushed::Last(_) => self.end_turn(value),
        }
        self.value()
    }

    /// Out of line, so that the loop over the bars stays small.
    #[cold]
    #[inline(never)]
    fn end_turn(&mut self, value: f64) {
        let sum = sum_backwards(self.ring.slots_mut(), value);
        self.turn_sum = 0.0;
        self.base = value;
        self.mean = value + sum * self.reciprocal;
        self.warm = true;
    }

    /// The latest mean.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        self.warm.then_some(self.mean)
    }

    /// Rows needed for the first value: `period`.
    pub fn warm_up_rows(&self) -> u32 {
        self.ring.period().rows()
    }

    /// Rows until it no longer matters on which row it started: those of the first value, because it
    /// looks at its window only.
    pub fn settled_rows(&self) -> u32 {
        self.warm_up_rows()
    }
}

/// Replaces each value by the sum of the values after it, less `base` each, and returns the sum of
/// all.
#[inline]
fn sum_backwards(values: &mut [f64], base: f64) -> f64 {
    // Two at a time: then only every other addition waits for the one before it.
    let (rest, pairs) = values.as_rchunks_mut::<2>();
    let mut sum = 0.0;
    for pair in pairs.iter_mut().rev() {
        let [first, second] = pair.map(|value| value - base);
        *pair = [sum + second, sum];
        sum += first + second;
    }
    for value in rest.iter_mut().rev() {
        let difference = *value - base;
        *value = sum;
        sum += difference;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::{check, check_drift, exact_sum, round_trip};

    #[test]
    fn five_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): SMA, timeperiod 5.
        check(
            &Sma::new(5).unwrap(),
            Sma::warm_up_rows,
            |sma, bar| sma.update(bar.close).map(|value| [value]),
            &[
                (4, [99.724_934_760]),
                (5, [100.121_339_601]),
                (6, [100.510_899_099]),
                (40, [101.739_111_178]),
                (60, [99.193_653_464]),
                (85, [92.833_480_560]),
                (100, [98.162_626_246]),
                (118, [97.745_789_649]),
                (119, [97.326_290_995]),
            ],
        );
    }

    #[test]
    fn twenty_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): SMA, timeperiod 20.
        check(
            &Sma::new(20).unwrap(),
            Sma::warm_up_rows,
            |sma, bar| sma.update(bar.close).map(|value| [value]),
            &[
                (19, [102.263_485_329]),
                (20, [102.519_676_954]),
                (21, [102.663_359_788]),
                (40, [100.900_165_579]),
                (60, [100.846_518_017]),
                (85, [95.613_504_747]),
                (100, [95.947_474_117]),
                (118, [97.125_526_804]),
                (119, [97.121_683_352]),
            ],
        );
    }

    #[test]
    fn fifty_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): SMA, timeperiod 50.
        check(
            &Sma::new(50).unwrap(),
            Sma::warm_up_rows,
            |sma, bar| sma.update(bar.close).map(|value| [value]),
            &[
                (49, [101.766_942_373]),
                (50, [101.810_579_235]),
                (51, [101.839_285_781]),
                (60, [101.504_853_935]),
                (85, [98.568_585_245]),
                (100, [97.047_673_497]),
                (118, [96.579_268_910]),
                (119, [96.625_787_778]),
            ],
        );
    }

    #[test]
    fn one_row_is_its_own_mean() {
        let mut sma = Sma::new(1).unwrap();
        assert_eq!(sma.value(), None);
        for value in [3.0, 1e-8, 1e5] {
            assert_eq!(sma.update(value), Some(value));
            assert_eq!(sma.value(), Some(value));
        }
    }

    #[test]
    fn equal_values_are_exactly_their_own_mean() {
        for period in [2, 3, 7, 20, 50] {
            for rows_before in 0..2 * period {
                let mut sma = Sma::new(period).unwrap();
                for row in 0..rows_before {
                    sma.update(1.0 + f64::from(row).sqrt());
                }
                for _ in 1..period {
                    sma.update(0.1);
                }
                for _ in 0..3 * period {
                    assert_eq!(sma.update(0.1), Some(0.1), "{period} rows, {rows_before} before");
                }
            }
        }
    }

    #[test]
    fn a_large_value_leaves_no_trace() {
        let mut sma = Sma::new(4).unwrap();
        let values = [1e18, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let means = values.map(|value| sma.update(value));
        assert_eq!(means[4..], [Some(2.5), Some(3.5), Some(4.5)]);
    }

    #[test]
    fn five_years_of_minutes_do_not_drift() {
        for period in [20, 201] {
            let mut sma = Sma::new(period).unwrap();
            check_drift(
                period as usize,
                |price| sma.update(price),
                |window| exact_sum(window.iter().copied()) / f64::from(period),
            );
        }
    }

    #[test]
    fn a_snapshot_keeps_every_bit() {
        let mut original = Sma::new(7).unwrap();
        for row in 0..10 {
            original.update(f64::from(row).sqrt());
        }
        let mut restored = round_trip(&original);
        assert_eq!(restored, original);
        for row in 10..40 {
            let value = f64::from(row).sqrt();
            assert_eq!(
                restored.update(value).map(f64::to_bits),
                original.update(value).map(f64::to_bits)
            );
        }
    }

    #[test]
    fn a_period_of_nothing_is_refused() {
        assert!(Sma::new(0).is_err());
        assert!(Sma::new(u32::MAX).is_err());
    }
}
