//! Stochastic oscillator.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::rolling_highest::RollingHighest;
use super::rolling_lowest::RollingLowest;
use super::sma::Sma;

/// Lane's stochastic oscillator: where the close lies in the range of the last rows, from 0 to 100.
///
/// `fast_k = 100 × (close - lowest low) / (highest high - lowest low)` over `range_period` rows,
/// `slow_k = SMA(fast_k)`, `slow_d = SMA(slow_k)`, as TA-Lib `STOCH` with simple averages. While
/// the range is 0, `fast_k` is 50, the middle; TA-Lib gives 0. The usual periods are 14, 3 and 3.
///
/// ```
/// use ct_sdk::indicators::Stochastic;
///
/// let mut stochastic = Stochastic::new(2, 1, 1)?;
/// assert_eq!(stochastic.update(12.0, 10.0, 11.0), None);
/// let value = stochastic.update(14.0, 11.0, 13.0).expect("two rows are enough");
/// assert_eq!(value.fast_k, 75.0);
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stochastic {
    highest: RollingHighest,
    lowest: RollingLowest,
    slow_k: Sma,
    slow_d: Sma,
    value: Option<StochasticValue>,
}

/// One value of [`Stochastic`], each from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StochasticValue {
    /// Place of the close in the range.
    pub fast_k: f64,
    /// Simple average of `fast_k`; also the %D of the fast stochastic.
    pub slow_k: f64,
    /// Simple average of `slow_k`.
    pub slow_d: f64,
}

impl Stochastic {
    /// Makes the oscillator over the range of `range_period` rows, averaged over `smoothing_period`
    /// and then `signal_period` rows. All are from 1 to
    /// [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When a period is out of range.
    pub fn new(
        range_period: u32,
        smoothing_period: u32,
        signal_period: u32,
    ) -> Result<Self, InvalidParameter> {
        let fast_k = Period::new("Stochastic range_period", range_period)?;
        Ok(Self {
            highest: RollingHighest::over(fast_k),
            lowest: RollingLowest::over(fast_k),
            slow_k: Sma::over(Period::new("Stochastic smoothing_period", smoothing_period)?),
            slow_d: Sma::over(Period::new("Stochastic signal_period", signal_period)?),
            value: None,
        })
    }

    /// Takes in the next bar, `None` until `slow_d` has its first value.
    #[inline]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> Option<StochasticValue> {
        let highest = self.highest.update(high);
        let lowest = self.lowest.update(low)?;
        let range = highest? - lowest;
        let fast_k = if range > 0.0 { 100.0 * ((close - lowest) / range) } else { 50.0 };
        let slow_k = self.slow_k.update(fast_k)?;
        let slow_d = self.slow_d.update(slow_k)?;
        self.value = Some(StochasticValue { fast_k, slow_k, slow_d });
        self.value
    }

    /// The latest value.
    #[inline]
    pub fn value(&self) -> Option<StochasticValue> {
        self.value
    }

    /// Rows needed for the first value: `range_period + smoothing_period + signal_period - 2`.
    pub fn warm_up_rows(&self) -> u32 {
        let averages = self.slow_k.warm_up_rows() + self.slow_d.warm_up_rows();
        self.highest.warm_up_rows() + averages - 2
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
    fn the_usual_periods() {
        // TA-Lib 0.8.1 (Python package 0.8.2): STOCH, fastk_period 14, slowk_period 3, slowd_period
        // 3, SMA; fast_k is STOCHF with fastk_period 14.
        check(
            &Stochastic::new(14, 3, 3).unwrap(),
            Stochastic::warm_up_rows,
            |stochastic, bar| {
                let value = stochastic.update(bar.high, bar.low, bar.close)?;
                Some([value.fast_k, value.slow_k, value.slow_d])
            },
            &[
                (17, [70.008_141_686, 79.143_660_227, 76.386_851_222]),
                (18, [90.954_863_908, 86.392_935_807, 82.038_465_939]),
                (19, [94.706_033_428, 85.223_013_007, 83.586_536_347]),
                (40, [85.916_536_586, 81.324_732_733, 75.740_779_845]),
                (60, [51.425_216_278, 55.943_766_654, 43.996_343_569]),
                (85, [23.123_415_408, 11.108_200_565, 7.012_661_504_398]),
                (100, [55.514_396_756, 58.458_758_466, 69.028_866_665]),
                (118, [36.617_724_332, 51.235_190_155, 63.507_334_350]),
                (119, [43.208_636_633, 49.346_270_244, 55.571_124_222]),
            ],
        );
    }

    #[test]
    fn three_different_periods() {
        // TA-Lib 0.8.1 (Python package 0.8.2): STOCH, fastk_period 5, slowk_period 2, slowd_period
        // 4, SMA; fast_k is STOCHF with fastk_period 5.
        check(
            &Stochastic::new(5, 2, 4).unwrap(),
            Stochastic::warm_up_rows,
            |stochastic, bar| {
                let value = stochastic.update(bar.high, bar.low, bar.close)?;
                Some([value.fast_k, value.slow_k, value.slow_d])
            },
            &[
                (8, [42.451_837_365, 66.576_640_184, 81.899_055_804]),
                (9, [59.509_822_504, 50.980_829_934, 76.317_761_093]),
                (10, [46.341_602_540, 52.925_712_522, 65.612_371_132]),
                (40, [74.079_365_245, 61.856_797_173, 55.922_504_188]),
                (60, [62.227_101_196, 79.174_212_041, 63.555_439_681]),
                (85, [33.060_313_999, 22.039_960_884, 8.629_478_684_146]),
                (100, [28.528_281_038, 19.123_641_300, 34.264_119_632]),
                (118, [10.176_498_630, 31.884_852_652, 50.467_653_705]),
                (119, [29.517_892_831, 19.847_195_731, 35.121_088_347]),
            ],
        );
    }

    #[test]
    fn no_range_is_the_middle_of_the_scale() {
        let mut stochastic = Stochastic::new(1, 1, 1).unwrap();
        let value = stochastic.update(5.0, 5.0, 5.0).unwrap();
        assert_eq!((value.fast_k, value.slow_k, value.slow_d), (50.0, 50.0, 50.0));
    }

    #[test]
    fn a_period_of_nothing_is_refused() {
        assert!(Stochastic::new(0, 1, 1).is_err());
        assert!(Stochastic::new(1, 0, 1).is_err());
        assert!(Stochastic::new(1, 1, 0).is_err());
    }
}
