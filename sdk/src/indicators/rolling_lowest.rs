//! Lowest value of the last rows.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::rolling_highest::RollingHighest;

/// Lowest of the last `period` values, this one included, as TA-Lib `MIN`.
///
/// The negative of the [`RollingHighest`] of the negative values, which is exact.
///
/// ```
/// use ct_sdk::indicators::RollingLowest;
///
/// let mut lowest = RollingLowest::new(2)?;
/// assert_eq!(lowest.update(3.0), None);
/// assert_eq!(lowest.update(4.0), Some(3.0));
/// assert_eq!(lowest.update(5.0), Some(4.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RollingLowest {
    negative: RollingHighest,
}

impl RollingLowest {
    /// Looks back over `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        Ok(Self::over(Period::new("RollingLowest period", period)?))
    }

    pub(super) fn over(period: Period) -> Self {
        Self { negative: RollingHighest::over(period) }
    }

    /// Takes in the next value and returns the lowest, `None` until there are `period` values.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        self.negative.update(-value).map(|highest| -highest)
    }

    /// The latest lowest value.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        self.negative.value().map(|highest| -highest)
    }

    /// Rows needed for the first value: `period`.
    pub fn warm_up_rows(&self) -> u32 {
        self.negative.warm_up_rows()
    }

    /// Rows until it no longer matters on which row it started: those of the first value, because it
    /// looks at its window only.
    pub fn settled_rows(&self) -> u32 {
        self.warm_up_rows()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::{Generator, check};

    #[test]
    fn twenty_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): MIN of low, timeperiod 20.
        check(
            &RollingLowest::new(20).unwrap(),
            RollingLowest::warm_up_rows,
            |lowest, bar| lowest.update(bar.low).map(|value| [value]),
            &[
                (19, [98.370_718_797]),
                (20, [98.370_718_797]),
                (21, [98.370_718_797]),
                (40, [96.670_956_750]),
                (60, [96.072_263_073]),
                (85, [90.384_229_026]),
                (100, [90.384_229_026]),
                (118, [94.369_421_297]),
                (119, [94.369_421_297]),
            ],
        );
    }

    #[test]
    fn it_agrees_with_a_search_of_the_window() {
        let mut generator = Generator(11);
        // Few different values, so that ties are frequent.
        let values: Vec<f64> = (0..500).map(|_| (generator.unit() * 20.0).floor()).collect();
        for period in 1..=40 {
            let mut lowest = RollingLowest::new(period).unwrap();
            let rows = period as usize;
            for (row, &value) in values.iter().enumerate() {
                let found = lowest.update(value);
                let window = (row + 1 >= rows).then(|| &values[row + 1 - rows..=row]);
                let expected = window.and_then(|window| window.iter().copied().reduce(f64::min));
                assert_eq!(found, expected, "row {row} of {period}");
                assert_eq!(lowest.value(), expected);
            }
        }
        assert!(RollingLowest::new(0).is_err());
    }
}
