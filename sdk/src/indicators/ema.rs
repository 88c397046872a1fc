//! Exponential moving average.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::smoothing::{Smoothing, Use};

/// Exponential moving average, in the unit of its values.
///
/// `EMA = EMA' + (value - EMA') × 2 / (period + 1)`, starting from the simple mean of the first
/// `period` values, as in TA-Lib `EMA`. (pandas' `ewm` and many charts start from the first value
/// alone, and need several periods to come to the same numbers.)
///
/// ```
/// use ct_sdk::indicators::Ema;
///
/// let mut ema = Ema::new(3)?;
/// assert_eq!(ema.update(1.0), None);
/// assert_eq!(ema.update(2.0), None);
/// assert_eq!(ema.update(6.0), Some(3.0));
/// assert_eq!(ema.update(5.0), Some(4.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ema {
    smoothing: Smoothing,
}

impl Ema {
    /// Makes the average of `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        Ok(Self::over(Period::new("Ema period", period)?))
    }

    pub(super) fn over(period: Period) -> Self {
        Self { smoothing: Smoothing::exponential(period) }
    }

    /// Takes in the next value and returns the average, `None` until there are `period` values.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        self.smoothing.update(value)
    }

    /// The latest average.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        self.smoothing.value()
    }

    pub(super) fn forgetting_rows(&self, used: Use) -> u32 {
        self.smoothing.forgetting_rows(used)
    }

    /// Rows needed for the first value: `period`.
    pub fn warm_up_rows(&self) -> u32 {
        self.smoothing.period().rows()
    }

    /// Rows until it no longer matters on which row it started: what it started from has a
    /// weight of less than 1e-9 then.
    pub fn settled_rows(&self) -> u32 {
        self.warm_up_rows() + self.smoothing.forgetting_rows(Use::Itself)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::check;

    #[test]
    fn twelve_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): EMA, timeperiod 12.
        check(
            &Ema::new(12).unwrap(),
            Ema::warm_up_rows,
            |ema, bar| ema.update(bar.close).map(|value| [value]),
            &[
                (11, [101.036_828_992]),
                (12, [101.510_397_334]),
                (13, [101.692_946_404]),
                (40, [101.507_913_007]),
                (60, [99.874_495_427]),
                (85, [94.676_794_089]),
                (100, [97.491_012_521]),
                (118, [97.354_503_080]),
                (119, [97.248_498_021]),
            ],
        );
    }

    #[test]
    fn twenty_six_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): EMA, timeperiod 26.
        check(
            &Ema::new(26).unwrap(),
            Ema::warm_up_rows,
            |ema, bar| ema.update(bar.close).map(|value| [value]),
            &[
                (25, [102.249_021_453]),
                (26, [101.919_708_491]),
                (27, [101.600_978_539]),
                (40, [101.421_473_614]),
                (60, [100.493_108_216]),
                (85, [96.170_772_935]),
                (100, [97.030_078_869]),
                (118, [97.191_200_701]),
                (119, [97.152_257_701]),
            ],
        );
    }

    #[test]
    fn one_row_is_its_own_average() {
        let mut ema = Ema::new(1).unwrap();
        assert_eq!(
            [3.0, 8.0, 1.0].map(|value| ema.update(value)),
            [Some(3.0), Some(8.0), Some(1.0)]
        );
        assert_eq!(ema.value(), Some(1.0));
    }

    #[test]
    fn a_period_of_nothing_is_refused() {
        assert!(Ema::new(0).is_err());
    }
}
