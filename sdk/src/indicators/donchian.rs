//! Donchian channel.

use serde::{Deserialize, Serialize};

use super::channel::Channel;
use super::parameter::{InvalidParameter, Period};
use super::rolling_highest::RollingHighest;
use super::rolling_lowest::RollingLowest;

/// Donchian channel: the highest high and the lowest low of the last `period` bars, in the unit of
/// the prices.
///
/// The window includes the bar of the update, so no close ever lies outside the channel. A breakout
/// compares the close with the channel of the bars *before*: read [`value`](Self::value) before
/// [`update`](Self::update).
///
/// ```
/// use ct_sdk::indicators::Donchian;
///
/// let mut donchian = Donchian::new(2)?;
/// assert_eq!(donchian.update(12.0, 10.0), None);
/// let channel = donchian.update(14.0, 11.0).expect("two rows are enough");
/// assert_eq!((channel.lower, channel.middle, channel.upper), (10.0, 12.0, 14.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Donchian {
    highest: RollingHighest,
    lowest: RollingLowest,
}

impl Donchian {
    /// Makes the channel of `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        let period = Period::new("Donchian period", period)?;
        Ok(Self { highest: RollingHighest::over(period), lowest: RollingLowest::over(period) })
    }

    /// Takes in the next bar and returns the channel, `None` until there are `period` bars.
    #[inline]
    pub fn update(&mut self, high: f64, low: f64) -> Option<Channel> {
        self.highest.update(high);
        self.lowest.update(low);
        self.value()
    }

    /// The latest channel.
    #[inline]
    pub fn value(&self) -> Option<Channel> {
        let upper = self.highest.value()?;
        let lower = self.lowest.value()?;
        Some(Channel { upper, middle: upper.midpoint(lower), lower })
    }

    /// Rows needed for the first value: `period`.
    pub fn warm_up_rows(&self) -> u32 {
        self.highest.warm_up_rows()
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
    fn twenty_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): MAX of high, MIDPRICE and MIN of low, timeperiod 20.
        check(
            &Donchian::new(20).unwrap(),
            Donchian::warm_up_rows,
            |donchian, bar| {
                let channel = donchian.update(bar.high, bar.low)?;
                Some([channel.upper, channel.middle, channel.lower])
            },
            &[
                (19, [106.047_065_655, 102.208_892_226, 98.370_718_797]),
                (20, [106.689_760_748, 102.530_239_773, 98.370_718_797]),
                (21, [106.689_760_748, 102.530_239_773, 98.370_718_797]),
                (40, [105.083_412_763, 100.877_184_757, 96.670_956_750]),
                (60, [105.524_211_241, 100.798_237_157, 96.072_263_073]),
                (85, [99.980_942_224, 95.182_585_625, 90.384_229_026]),
                (100, [101.125_622_242, 95.754_925_634, 90.384_229_026]),
                (118, [99.683_286_949, 97.026_354_123, 94.369_421_297]),
                (119, [99.683_286_949, 97.026_354_123, 94.369_421_297]),
            ],
        );
    }

    #[test]
    fn one_row_is_the_range_of_the_bar() {
        let mut donchian = Donchian::new(1).unwrap();
        for (high, low) in [(12.0, 10.0), (9.0, 7.0)] {
            let channel = donchian.update(high, low).unwrap();
            assert_eq!((channel.upper, channel.lower), (high, low));
        }
        assert!(Donchian::new(0).is_err());
    }
}
