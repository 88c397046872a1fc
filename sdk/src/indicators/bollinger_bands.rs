//! Bollinger bands.

use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::parameter::{InvalidParameter, Period, checked_width};

/// Bollinger bands: the mean of the last `period` values, and `width` standard deviations to both
/// sides, in their unit.
///
/// The deviation is of the population, as Bollinger wrote it and as TA-Lib `BBANDS` computes it.
/// All three bands meet when all values are equal. The usual parameters are 20 and 2.
///
/// ```
/// use ct_sdk::indicators::BollingerBands;
///
/// let mut bands = BollingerBands::new(2, 2.0)?;
/// assert_eq!(bands.update(1.0), None);
/// let value = bands.update(3.0).expect("two rows are enough");
/// assert_eq!((value.lower, value.middle, value.upper), (0.0, 2.0, 4.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BollingerBands {
    moments: Moments,
    period_rows: f64,
    width: f64,
    value: Option<Bands>,
}

/// One value of [`BollingerBands`], in the unit of the prices.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bands {
    /// `middle + width × deviation`.
    pub upper: f64,
    /// Mean of the window.
    pub middle: f64,
    /// `middle - width × deviation`.
    pub lower: f64,
    /// One standard deviation of the window, at least 0.
    pub deviation: f64,
}

impl BollingerBands {
    /// Makes bands over `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS),
    /// `width` deviations from the middle.
    ///
    /// # Errors
    ///
    /// When `period` is out of range, or `width` is not a finite number above 0.
    pub fn new(period: u32, width: f64) -> Result<Self, InvalidParameter> {
        let period = Period::new("BollingerBands period", period)?;
        Ok(Self {
            moments: Moments::new(period),
            period_rows: f64::from(period.rows()),
            width: checked_width("BollingerBands width", width)?,
            value: None,
        })
    }

    /// Takes in the next value and returns the bands, `None` until there are `period` values.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<Bands> {
        let spread = self.moments.update(value)?;
        let deviation = (spread.square_sum / self.period_rows).sqrt();
        let reach = self.width * deviation;
        let middle = spread.mean;
        self.value =
            Some(Bands { upper: middle + reach, middle, lower: middle - reach, deviation });
        self.value
    }

    /// The latest bands.
    #[inline]
    pub fn value(&self) -> Option<Bands> {
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
    fn the_usual_parameters() {
        // TA-Lib 0.8.1 (Python package 0.8.2): BBANDS, timeperiod 20, nbdevup and nbdevdn 2, SMA;
        // deviation is STDDEV with nbdev 1.
        check(
            &BollingerBands::new(20, 2.0).unwrap(),
            BollingerBands::warm_up_rows,
            |bands, bar| {
                let value = bands.update(bar.close)?;
                Some([value.upper, value.middle, value.lower, value.deviation])
            },
            &[
                (19, [106.079_214_311, 102.263_485_329, 98.447_756_348, 1.907_864_490_693]),
                (20, [106.203_038_826, 102.519_676_954, 98.836_315_082, 1.841_680_936_058]),
                (21, [106.221_030_302, 102.663_359_788, 99.105_689_275, 1.778_835_256_654]),
                (40, [104.250_057_257, 100.900_165_579, 97.550_273_902, 1.674_945_838_865]),
                (60, [104.832_742_383, 100.846_518_017, 96.860_293_650, 1.993_112_183_189]),
                (85, [100.106_808_460, 95.613_504_747, 91.120_201_034, 2.246_651_856_422]),
                (100, [101.165_019_645, 95.947_474_117, 90.729_928_588, 2.608_772_764_203]),
                (118, [99.235_253_071, 97.125_526_804, 95.015_800_538, 1.054_863_133_309]),
                (119, [99.234_465_808, 97.121_683_352, 95.008_900_896, 1.056_391_228_052]),
            ],
        );
    }

    #[test]
    fn short_and_wide() {
        // TA-Lib 0.8.1 (Python package 0.8.2): BBANDS, timeperiod 5, nbdevup and nbdevdn 2.5, SMA;
        // deviation is STDDEV with nbdev 1.
        check(
            &BollingerBands::new(5, 2.5).unwrap(),
            BollingerBands::warm_up_rows,
            |bands, bar| {
                let value = bands.update(bar.close)?;
                Some([value.upper, value.middle, value.lower, value.deviation])
            },
            &[
                (4, [100.853_513_539, 99.724_934_760, 98.596_355_981, 0.451_431_511_609]),
                (5, [101.943_758_764, 100.121_339_601, 98.298_920_437, 0.728_967_665_467]),
                (6, [103.390_377_275, 100.510_899_099, 97.631_420_923, 1.151_791_270_552]),
                (40, [103.667_021_138, 101.739_111_178, 99.811_201_218, 0.771_163_984_000]),
                (60, [102.754_220_191, 99.193_653_464, 95.633_086_737, 1.424_226_690_778]),
                (85, [95.610_243_080, 92.833_480_560, 90.056_718_040, 1.110_705_008_089]),
                (100, [101.018_680_000, 98.162_626_246, 95.306_572_492, 1.142_421_501_619]),
                (118, [100.154_498_377, 97.745_789_649, 95.337_080_922, 0.963_483_491_089]),
                (119, [99.532_547_473, 97.326_290_995, 95.120_034_517, 0.882_502_591_311]),
            ],
        );
    }

    #[test]
    fn equal_values_close_the_bands() {
        let mut bands = BollingerBands::new(3, 2.0).unwrap();
        for value in [5.0, 9.0, 0.1, 0.1, 0.1] {
            bands.update(value);
        }
        let flat = Bands { upper: 0.1, middle: 0.1, lower: 0.1, deviation: 0.0 };
        assert_eq!(bands.value(), Some(flat));
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        assert!(BollingerBands::new(0, 2.0).is_err());
        assert!(BollingerBands::new(20, 0.0).is_err());
        assert!(BollingerBands::new(20, f64::NAN).is_err());
    }
}
