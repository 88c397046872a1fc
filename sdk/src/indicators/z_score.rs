//! Rolling z-score.

use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::parameter::InvalidParameter;
use super::standard_deviation::DeviationKind;

/// How many standard deviations the newest value lies above the mean of the last `period` values,
/// itself included.
///
/// `(value - mean) / deviation`. Undefined, so `None`, while all values of the window are equal.
///
/// ```
/// use ct_sdk::indicators::{DeviationKind, ZScore};
///
/// let mut score = ZScore::new(2, DeviationKind::Population)?;
/// assert_eq!(score.update(1.0), None);
/// assert_eq!(score.update(3.0), Some(1.0));
/// assert_eq!(score.update(3.0), None);
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ZScore {
    moments: Moments,
    divisor: f64,
    value: Option<f64>,
}

impl ZScore {
    /// Makes the score over `period` rows, up to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS) and
    /// from 1, or from 2 for a sample.
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32, kind: DeviationKind) -> Result<Self, InvalidParameter> {
        let period = kind.checked_period("ZScore period", period)?;
        Ok(Self { moments: Moments::new(period), divisor: kind.divisor(period), value: None })
    }

    /// Takes in the next value and returns its score, `None` until there are `period` values.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        let spread = self.moments.update(value)?;
        let deviation = (spread.square_sum / self.divisor).sqrt();
        self.value = (deviation > 0.0).then(|| (value - spread.mean) / deviation);
        self.value
    }

    /// The latest score.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// Rows needed for the first value: `period`.
    pub fn warm_up_rows(&self) -> u32 {
        self.moments.period().rows()
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
    use crate::indicators::sample_bars::check;

    #[test]
    fn twenty_rows_of_a_population() {
        // pandas 3.1.1: (close - rolling(20).mean()) / rolling(20).std(ddof=0).
        check(
            &ZScore::new(20, DeviationKind::Population).unwrap(),
            ZScore::warm_up_rows,
            |score, bar| score.update(bar.close).map(|value| [value]),
            &[
                (19, [1.819_647_864_432]),
                (20, [1.058_543_236_435]),
                (21, [0.322_230_544_884]),
                (40, [0.998_117_989_584]),
                (60, [-0.537_393_901_101]),
                (85, [-1.339_855_062_028]),
                (100, [0.519_861_091_244]),
                (118, [-0.768_145_938_564]),
                (119, [-0.431_860_036_468]),
            ],
        );
    }

    #[test]
    fn twenty_rows_of_a_sample() {
        // pandas 3.1.1: (close - rolling(20).mean()) / rolling(20).std(ddof=1).
        check(
            &ZScore::new(20, DeviationKind::Sample).unwrap(),
            ZScore::warm_up_rows,
            |score, bar| score.update(bar.close).map(|value| [value]),
            &[
                (19, [1.773_573_351_459]),
                (20, [1.031_740_323_062]),
                (21, [0.314_071_485_260]),
                (40, [0.972_845_077_632]),
                (60, [-0.523_786_783_619]),
                (85, [-1.305_929_174_144]),
                (100, [0.506_697_914_422]),
                (118, [-0.748_696_048_998]),
                (119, [-0.420_925_096_120]),
            ],
        );
    }

    #[test]
    fn equal_values_have_none() {
        let mut score = ZScore::new(3, DeviationKind::Population).unwrap();
        for value in [5.0, 9.0, 1.0] {
            score.update(value);
        }
        assert!(score.value().is_some());
        assert_eq!([0.1; 4].map(|value| score.update(value))[2..], [None, None]);
        assert_eq!(score.value(), None);
        assert!(ZScore::new(1, DeviationKind::Sample).is_err());
    }
}
