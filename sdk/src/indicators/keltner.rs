//! Keltner channel.

use serde::{Deserialize, Serialize};

use super::atr::Atr;
use super::channel::Channel;
use super::ema::Ema;
use super::parameter::{InvalidParameter, Period, checked_width};

/// Keltner channel in Raschke's form: the exponential average of the close, and `width` average
/// true ranges to both sides, in the unit of the prices.
///
/// The parts are [`Ema`] and [`Atr`]. The usual parameters are 20, 10 and 2.
///
/// ```
/// use ct_sdk::indicators::Keltner;
///
/// let mut keltner = Keltner::new(1, 1, 2.0)?;
/// assert_eq!(keltner.update(12.0, 10.0, 11.0), None);
/// let channel = keltner.update(16.0, 13.0, 15.0).expect("two rows are enough");
/// assert_eq!((channel.lower, channel.middle, channel.upper), (5.0, 15.0, 25.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Keltner {
    ema: Ema,
    atr: Atr,
    width: f64,
}

impl Keltner {
    /// Makes the channel around the average of `ema_period` rows, `width` times the average of
    /// `atr_period` ranges from it. Both periods are from 1 to
    /// [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When a period is out of range, or `width` is not a finite number above 0.
    pub fn new(ema_period: u32, atr_period: u32, width: f64) -> Result<Self, InvalidParameter> {
        Ok(Self {
            ema: Ema::over(Period::new("Keltner ema_period", ema_period)?),
            atr: Atr::over(Period::new("Keltner atr_period", atr_period)?),
            width: checked_width("Keltner width", width)?,
        })
    }

    /// Takes in the next bar and returns the channel, `None` until both averages have a value.
    #[inline]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> Option<Channel> {
        self.ema.update(close);
        self.atr.update(high, low, close);
        self.value()
    }

    /// The latest channel.
    #[inline]
    pub fn value(&self) -> Option<Channel> {
        let middle = self.ema.value()?;
        let reach = self.width * self.atr.value()?;
        Some(Channel { upper: middle + reach, middle, lower: middle - reach })
    }

    /// Rows needed for the first value: the larger of `ema_period` and `atr_period + 1`.
    pub fn warm_up_rows(&self) -> u32 {
        self.ema.warm_up_rows().max(self.atr.warm_up_rows())
    }

    /// Rows until it no longer matters on which row it started: both averages have settled.
    pub fn settled_rows(&self) -> u32 {
        self.ema.settled_rows().max(self.atr.settled_rows())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::check;

    #[test]
    fn the_usual_parameters() {
        // TA-Lib 0.8.1 (Python package 0.8.2): EMA of close, timeperiod 20, and twice ATR,
        // timeperiod 10.
        check(
            &Keltner::new(20, 10, 2.0).unwrap(),
            Keltner::warm_up_rows,
            |keltner, bar| {
                let channel = keltner.update(bar.high, bar.low, bar.close)?;
                Some([channel.upper, channel.middle, channel.lower])
            },
            &[
                (19, [106.249_476_162, 102.263_485_329, 98.277_494_497]),
                (20, [106.541_672_336, 102.473_551_093, 98.405_429_851]),
                (21, [106.762_833_918, 102.546_218_117, 98.329_602_316]),
                (40, [105.517_270_085, 101.364_642_631, 97.212_015_176]),
                (60, [104.624_689_767, 100.270_081_481, 95.915_473_195]),
                (85, [99.654_760_074, 95.627_786_974, 91.600_813_873]),
                (100, [101.480_571_322, 97.104_649_579, 92.728_727_837]),
                (118, [101.420_517_422, 97.248_014_536, 93.075_511_650]),
                (119, [101.262_481_066, 97.192_534_123, 93.122_587_180]),
            ],
        );
    }

    #[test]
    fn a_longer_range() {
        // TA-Lib 0.8.1 (Python package 0.8.2): EMA of close, timeperiod 5, and 1.5 times ATR,
        // timeperiod 14.
        check(
            &Keltner::new(5, 14, 1.5).unwrap(),
            Keltner::warm_up_rows,
            |keltner, bar| {
                let channel = keltner.update(bar.high, bar.low, bar.close)?;
                Some([channel.upper, channel.middle, channel.lower])
            },
            &[
                (14, [105.897_707_829, 102.926_609_586, 99.955_511_342]),
                (15, [105.837_193_859, 102.948_288_040, 100.059_382_221]),
                (16, [106.595_256_892, 103.612_030_130, 100.628_803_368]),
                (40, [105.037_881_289, 101.950_703_173, 98.863_525_056]),
                (60, [102.936_940_202, 99.702_090_169, 96.467_240_136]),
                (85, [96.099_268_604, 93.103_801_643, 90.108_334_682]),
                (100, [101.007_149_431, 97.789_164_245, 94.571_179_060]),
                (118, [100.407_254_846, 97.318_094_656, 94.228_934_466]),
                (119, [100.137_645_317, 97.100_553_170, 94.063_461_022]),
            ],
        );
    }

    #[test]
    fn the_first_value_waits_for_both_averages() {
        assert_eq!(Keltner::new(20, 10, 2.0).unwrap().warm_up_rows(), 20);
        assert_eq!(Keltner::new(5, 14, 2.0).unwrap().warm_up_rows(), 15);
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        assert!(Keltner::new(0, 10, 2.0).is_err());
        assert!(Keltner::new(20, 0, 2.0).is_err());
        assert!(Keltner::new(20, 10, -2.0).is_err());
    }
}
