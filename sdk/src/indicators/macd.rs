//! Moving average convergence/divergence.

use serde::{Deserialize, Serialize};

use super::ema::Ema;
use super::parameter::{InvalidParameter, Period};
use super::smoothing::Use;

/// Moving average convergence/divergence, in the unit of its values.
///
/// `macd = EMA(fast) - EMA(slow)`, `signal = EMA(macd)`, `histogram = macd - signal`. As in TA-Lib
/// `MACD` both averages start on the same row: the fast one from the mean of the `fast_period`
/// values that end on row `slow_period`. The usual periods are 12, 26 and 9.
///
/// ```
/// use ct_sdk::indicators::Macd;
///
/// let mut macd = Macd::new(1, 2, 1)?;
/// assert_eq!(macd.update(3.0), None);
/// let value = macd.update(6.0).expect("two rows are enough");
/// assert_eq!((value.macd, value.signal, value.histogram), (1.5, 1.5, 0.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Macd {
    fast: Ema,
    slow: Ema,
    signal: Ema,
    /// Rows that the fast average still leaves out, to start together with the slow one.
    fast_wait_rows: u32,
    value: Option<MacdValue>,
}

/// One value of [`Macd`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MacdValue {
    /// Fast average less slow average.
    pub macd: f64,
    /// Exponential average of `macd`.
    pub signal: f64,
    /// `macd - signal`.
    pub histogram: f64,
}

impl Macd {
    /// Makes the difference of the averages of `fast_period` and `slow_period` rows, with the
    /// average of `signal_period` rows of it. All are from 1 to
    /// [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When a period is out of range, or `fast_period` is not below `slow_period`.
    pub fn new(
        fast_period: u32,
        slow_period: u32,
        signal_period: u32,
    ) -> Result<Self, InvalidParameter> {
        let slow = Period::at_least(2, "Macd slow_period", slow_period)?;
        let fast = Period::below(slow, "Macd fast_period", fast_period)?;
        let signal = Period::new("Macd signal_period", signal_period)?;
        Ok(Self {
            fast: Ema::over(fast),
            slow: Ema::over(slow),
            signal: Ema::over(signal),
            fast_wait_rows: slow.rows() - fast.rows(),
            value: None,
        })
    }

    /// Takes in the next value, `None` until the signal has its first value.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<MacdValue> {
        let slow = self.slow.update(value);
        if self.fast_wait_rows > 0 {
            self.fast_wait_rows -= 1;
            return None;
        }
        let macd = self.fast.update(value)? - slow?;
        let signal = self.signal.update(macd)?;
        self.value = Some(MacdValue { macd, signal, histogram: macd - signal });
        self.value
    }

    /// The latest value.
    #[inline]
    pub fn value(&self) -> Option<MacdValue> {
        self.value
    }

    /// Rows needed for the first value: `slow_period + signal_period - 1`.
    pub fn warm_up_rows(&self) -> u32 {
        self.slow.warm_up_rows() + self.signal.warm_up_rows() - 1
    }

    /// Rows until it no longer matters on which row it started: to 1e-9 of the range of its
    /// values.
    pub fn settled_rows(&self) -> u32 {
        let averages = [&self.slow, &self.signal];
        let forgetting = averages.map(|average| average.forgetting_rows(Use::Averaged));
        self.warm_up_rows() + forgetting.into_iter().max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::check;

    #[test]
    fn the_usual_periods() {
        // TA-Lib 0.8.1 (Python package 0.8.2): MACD, fastperiod 12, slowperiod 26, signalperiod 9.
        check(
            &Macd::new(12, 26, 9).unwrap(),
            Macd::warm_up_rows,
            |macd, bar| {
                macd.update(bar.close).map(|value| [value.macd, value.signal, value.histogram])
            },
            &[
                (33, [-0.249_103_457_686, -0.004_421_813_066, -0.244_681_644_620]),
                (34, [-0.075_723_014_574, -0.018_682_053_368, -0.057_040_961_206]),
                (35, [-0.047_515_359_198, -0.024_448_714_534, -0.023_066_644_664]),
                (40, [0.159_102_032_485, 0.027_342_073_111, 0.131_759_959_373]),
                (60, [-0.616_040_630_648, -0.559_764_500_081, -0.056_276_130_567]),
                (85, [-1.493_939_352_058, -1.047_248_669_184, -0.446_690_682_874]),
                (100, [0.460_936_875_394, 0.212_595_255_313, 0.248_341_620_081]),
                (118, [0.163_302_537_706, 0.178_025_055_771, -0.014_722_518_065]),
                (119, [0.096_240_454_696, 0.161_668_135_556, -0.065_427_680_860]),
            ],
        );
    }

    #[test]
    fn short_periods() {
        // TA-Lib 0.8.1 (Python package 0.8.2): MACD, fastperiod 3, slowperiod 10, signalperiod 4.
        check(
            &Macd::new(3, 10, 4).unwrap(),
            Macd::warm_up_rows,
            |macd, bar| {
                macd.update(bar.close).map(|value| [value.macd, value.signal, value.histogram])
            },
            &[
                (12, [1.425_140_683_165, 1.091_816_144_671, 0.333_324_538_494]),
                (13, [0.988_406_037_451, 1.050_452_101_783, -0.062_046_064_332]),
                (14, [0.922_135_724_189, 0.999_125_550_745, -0.076_989_826_556]),
                (40, [0.589_696_196_308, 0.481_996_470_947, 0.107_699_725_361]),
                (60, [0.148_355_533_575, -0.226_224_172_212, 0.374_579_705_786]),
                (85, [-1.855_545_628_892, -1.766_364_629_069, -0.089_180_999_824]),
                (100, [-0.108_304_945_850, 0.426_794_174_455, -0.535_099_120_305]),
                (118, [-0.295_756_909_402, 0.091_803_680_392, -0.387_560_589_794]),
                (119, [-0.373_855_902_577, -0.094_460_152_795, -0.279_395_749_781]),
            ],
        );
    }

    #[test]
    fn equal_values_do_not_diverge() {
        let mut macd = Macd::new(3, 7, 4).unwrap();
        let last = (0..40).filter_map(|_| macd.update(0.1)).last().unwrap();
        assert_eq!((last.macd, last.signal, last.histogram), (0.0, 0.0, 0.0));
    }

    #[test]
    fn the_fast_average_must_be_the_faster() {
        assert!(Macd::new(25, 26, 9).is_ok());
        assert!(Macd::new(1, 2, 9).is_ok());
        assert!(Macd::new(26, 26, 9).is_err());
        assert!(Macd::new(0, 26, 9).is_err());
        assert!(Macd::new(1, 1, 9).is_err());
        assert!(Macd::new(12, 26, 0).is_err());
    }
}
