//! Rolling standard deviation.

use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::parameter::{InvalidParameter, Period};

/// Standard deviation of the last `period` values, in their unit.
///
/// `sqrt(Σ(x - mean)² / divisor)`; the divisor is a choice, see [`DeviationKind`]. The population
/// form gives the numbers of TA-Lib `STDDEV`, the sample form those of pandas' `rolling().std()`.
/// Exactly 0 when all values are equal, never NaN for finite input.
///
/// # Rounding
///
/// The sums behind it never subtract what leaves the window, and are of differences from a value of
/// the window, so they do not cancel even for prices of 100 000 that move by a cent, and a price of
/// long ago leaves no trace.
///
/// ```
/// use ct_sdk::indicators::{DeviationKind, StandardDeviation};
///
/// let mut deviation = StandardDeviation::new(2, DeviationKind::Population)?;
/// assert_eq!(deviation.update(1.0), None);
/// assert_eq!(deviation.update(3.0), Some(1.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StandardDeviation {
    moments: Moments,
    divisor: f64,
    value: Option<f64>,
}

/// What the sum of squared deviations of `period` values is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviationKind {
    /// `period`: the window is all there is. The custom of technical analysis (Bollinger, TA-Lib).
    Population,
    /// `period - 1`: the window is a sample of something larger. The custom of statistics (pandas).
    /// Needs a period of 2 at least.
    Sample,
}

impl StandardDeviation {
    /// Makes the deviation of `period` rows, up to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS) and
    /// from 1, or from 2 for a sample.
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32, kind: DeviationKind) -> Result<Self, InvalidParameter> {
        let period = kind.checked_period("StandardDeviation period", period)?;
        Ok(Self { moments: Moments::new(period), divisor: kind.divisor(period), value: None })
    }

    /// Takes in the next value and returns the deviation, `None` until there are `period` values.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        let spread = self.moments.update(value)?;
        self.value = Some((spread.square_sum / self.divisor).sqrt());
        self.value
    }

    /// The latest deviation.
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

impl DeviationKind {
    pub(super) fn checked_period(
        self,
        parameter: &'static str,
        rows: u32,
    ) -> Result<Period, InvalidParameter> {
        match self {
            Self::Population => Period::new(parameter, rows),
            Self::Sample => Period::at_least(2, parameter, rows),
        }
    }

    pub(super) fn divisor(self, period: Period) -> f64 {
        let rows = f64::from(period.rows());
        match self {
            Self::Population => rows,
            Self::Sample => rows - 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::{check, check_drift, exact_sum};

    #[test]
    fn twenty_rows_of_a_population() {
        // TA-Lib 0.8.1 (Python package 0.8.2): STDDEV, timeperiod 20, nbdev 1.
        check(
            &StandardDeviation::new(20, DeviationKind::Population).unwrap(),
            StandardDeviation::warm_up_rows,
            |deviation, bar| deviation.update(bar.close).map(|value| [value]),
            &[
                (19, [1.907_864_490_693]),
                (20, [1.841_680_936_058]),
                (21, [1.778_835_256_654]),
                (40, [1.674_945_838_865]),
                (60, [1.993_112_183_189]),
                (85, [2.246_651_856_422]),
                (100, [2.608_772_764_203]),
                (118, [1.054_863_133_309]),
                (119, [1.056_391_228_052]),
            ],
        );
    }

    #[test]
    fn twenty_rows_of_a_sample() {
        // pandas 3.1.1: rolling(20).std(), ddof 1.
        check(
            &StandardDeviation::new(20, DeviationKind::Sample).unwrap(),
            StandardDeviation::warm_up_rows,
            |deviation, bar| deviation.update(bar.close).map(|value| [value]),
            &[
                (19, [1.957_427_666_163]),
                (20, [1.889_524_771_843]),
                (21, [1.825_046_465_252]),
                (40, [1.718_458_171_591]),
                (60, [2.044_889_953_229]),
                (85, [2.305_016_169_361]),
                (100, [2.676_544_381_582]),
                (118, [1.082_266_739_187]),
                (119, [1.083_834_531_314]),
            ],
        );
    }

    #[test]
    fn the_shortest_sample() {
        // pandas 3.1.1: rolling(2).std(), ddof 1.
        check(
            &StandardDeviation::new(2, DeviationKind::Sample).unwrap(),
            StandardDeviation::warm_up_rows,
            |deviation, bar| deviation.update(bar.close).map(|value| [value]),
            &[
                (1, [0.719_519_905_254]),
                (2, [0.881_516_061_661]),
                (3, [0.649_135_031_758]),
                (40, [0.667_980_028_326]),
                (60, [1.018_046_726_046]),
                (85, [0.915_019_842_776]),
                (100, [0.396_923_309_038]),
                (118, [1.187_162_467_714]),
                (119, [0.247_651_581_225]),
            ],
        );
    }

    #[test]
    fn equal_values_have_exactly_none() {
        for rows_before in 0..14 {
            let mut deviation = StandardDeviation::new(7, DeviationKind::Population).unwrap();
            for row in 0..rows_before {
                deviation.update(1e5 + f64::from(row).sqrt());
            }
            for _ in 1..7 {
                deviation.update(0.1);
            }
            for _ in 0..20 {
                assert_eq!(deviation.update(0.1), Some(0.0), "{rows_before} rows before");
            }
        }
    }

    #[test]
    fn cents_on_a_large_price_do_not_cancel() {
        let mut deviation = StandardDeviation::new(4, DeviationKind::Population).unwrap();
        let steps = [0.0, 0.25, 0.5, 0.75].into_iter().cycle().take(40);
        for value in steps.filter_map(|step| deviation.update(1e9 + step)) {
            // Of 0, 1/4, 1/2 and 3/4 the variance is 5/64.
            assert!((value - 0.078_125_f64.sqrt()).abs() < 1e-12, "{value}");
        }
    }

    #[test]
    fn one_row_deviates_by_nothing_and_is_no_sample() {
        let mut deviation = StandardDeviation::new(1, DeviationKind::Population).unwrap();
        assert_eq!([3.0, 4.0].map(|value| deviation.update(value)), [Some(0.0), Some(0.0)]);
        assert_eq!(deviation.value(), Some(0.0));
        assert!(StandardDeviation::new(1, DeviationKind::Sample).is_err());
        assert!(StandardDeviation::new(0, DeviationKind::Population).is_err());
    }

    #[test]
    fn five_years_of_minutes_do_not_drift() {
        for period in [20, 201] {
            let mut deviation = StandardDeviation::new(period, DeviationKind::Population).unwrap();
            let rows = f64::from(period);
            let recompute = |window: &[f64]| {
                let mean = exact_sum(window.iter().copied()) / rows;
                let squares = exact_sum(window.iter().map(|price| (price - mean).powi(2)));
                let rest = exact_sum(window.iter().map(|price| price - mean));
                ((squares - rest * rest / rows) / rows).sqrt()
            };
            check_drift(period as usize, |price| deviation.update(price), recompute);
        }
    }
}
