//! Linearly weighted moving average.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::ring::{Pushed, Ring};

/// Weighted moving average of the last `period` values, in their unit: weight 1 for the oldest,
/// `period` for the newest.
///
/// `WMA = Σ(weight × value) / (period × (period + 1) / 2)`, as TA-Lib `WMA`. The sums are made as
/// in [`Sma`](super::Sma): nothing is subtracted, so no rounding errors pile up, and equal values
/// have exactly that value as their mean.
///
/// ```
/// use ct_sdk::indicators::Wma;
///
/// let mut wma = Wma::new(2)?;
/// assert_eq!(wma.update(3.0), None);
/// assert_eq!(wma.update(6.0), Some(5.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wma {
    /// This turn: values. The turn before: weighted sums of the values after this one, less `base`
    /// each, with weight 1 for the oldest of them.
    ring: Ring<f64>,
    /// Sum of the values of this turn, less `base` each.
    turn_sum: f64,
    /// The same sum, weighted from 1 for the oldest.
    turn_weighted: f64,
    /// The last value of the turn before.
    base: f64,
    weight_sum: f64,
    value: Option<f64>,
}

impl Wma {
    /// Makes the average of `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        let period = Period::new("Wma period", period)?;
        let rows = f64::from(period.rows());
        Ok(Self {
            ring: Ring::new(period),
            turn_sum: 0.0,
            turn_weighted: 0.0,
            base: 0.0,
            weight_sum: rows * (rows + 1.0) / 2.0,
            value: None,
        })
    }

    /// Takes in the next value and returns the average, `None` until there are `period` values.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        match self.ring.push(value) {
            Pushed::Within(older_weighted) => {
                let difference = value - self.base;
                let turn_rows = self.ring.turn_rows() as f64;
                self.turn_sum += difference;
                self.turn_weighted += difference * turn_rows;
                if self.value.is_some() {
                    // Every value of this turn is newer than the rest, and so weighs that much
                    // more.
                    let older_rows = f64::from(self.ring.period().rows()) - turn_rows;
                    let newer_weighted = self.turn_weighted + self.turn_sum * older_rows;
                    let weighted = older_weighted + newer_weighted;
                    self.value = Some(self.base + weighted / self.weight_sum);
                }
            }
            Pushed::Last(_) => {
                let weighted = weigh_backwards(self.ring.slots_mut(), value);
                self.turn_sum = 0.0;
                self.turn_weighted = 0.0;
                self.base = value;
                self.value = Some(value + weighted / self.weight_sum);
            }
        }
        self.value
    }

    /// The latest average.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        self.value
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

/// Replaces each value by the weighted sum of the values after it, less `base` each, and returns
/// the weighted sum of all. The oldest value of each sum has weight 1.
fn weigh_backwards(values: &mut [f64], base: f64) -> f64 {
    let mut sum = 0.0;
    let mut weighted = 0.0;
    for value in values.iter_mut().rev() {
        sum += *value - base;
        *value = weighted;
        weighted += sum;
    }
    weighted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::{check, check_drift, exact_sum};

    #[test]
    fn nine_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): WMA, timeperiod 9.
        check(
            &Wma::new(9).unwrap(),
            Wma::warm_up_rows,
            |wma, bar| wma.update(bar.close).map(|value| [value]),
            &[
                (8, [101.131_691_197]),
                (9, [101.346_159_366]),
                (10, [101.511_473_912]),
                (40, [101.866_891_731]),
                (60, [99.313_909_406]),
                (85, [93.683_503_664]),
                (100, [98.241_994_367]),
                (118, [97.635_119_624]),
                (119, [97.419_527_181]),
            ],
        );
    }

    #[test]
    fn thirty_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): WMA, timeperiod 30.
        check(
            &Wma::new(30).unwrap(),
            Wma::warm_up_rows,
            |wma, bar| wma.update(bar.close).map(|value| [value]),
            &[
                (29, [101.761_376_806]),
                (30, [101.669_158_433]),
                (31, [101.478_750_881]),
                (40, [101.389_537_863]),
                (60, [100.573_418_732]),
                (85, [95.795_696_160]),
                (100, [96.683_960_042]),
                (118, [97.353_302_938]),
                (119, [97.307_351_425]),
            ],
        );
    }

    #[test]
    fn one_row_is_its_own_average() {
        let mut wma = Wma::new(1).unwrap();
        assert_eq!([3.0, 8.0].map(|value| wma.update(value)), [Some(3.0), Some(8.0)]);
        assert_eq!(wma.value(), Some(8.0));
    }

    #[test]
    fn equal_values_are_exactly_their_own_average() {
        let mut wma = Wma::new(7).unwrap();
        for value in [5.0, 9.0, 2.0] {
            wma.update(value);
        }
        let averages: Vec<_> = (0..30).map(|_| wma.update(0.1)).skip(6).collect();
        assert_eq!(averages, [Some(0.1); 24]);
    }

    #[test]
    fn five_years_of_minutes_do_not_drift() {
        for period in [20, 201] {
            let mut wma = Wma::new(period).unwrap();
            let weight_sum = f64::from(period) * f64::from(period + 1) / 2.0;
            let recompute = |window: &[f64]| {
                let weighted =
                    window.iter().zip(1_u32..).map(|(price, weight)| price * f64::from(weight));
                exact_sum(weighted) / weight_sum
            };
            check_drift(period as usize, |price| wma.update(price), recompute);
        }
    }

    #[test]
    fn a_period_of_nothing_is_refused() {
        assert!(Wma::new(0).is_err());
    }
}
