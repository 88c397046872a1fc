//! Rolling volume-weighted average price.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::sma::Sma;
use super::typical_price::typical_price;

/// Volume-weighted average of the typical price over the last `period` bars, in the unit of the
/// prices.
///
/// `Σ(typical × volume) / Σ volume` with `typical = (high + low + close) / 3`. Undefined, so
/// `None`, while no bar of the window has volume. There is no session to restart from, as a market
/// that never closes has none.
///
/// ```
/// use ct_sdk::indicators::Vwap;
///
/// let mut vwap = Vwap::new(2)?;
/// assert_eq!(vwap.update(10.0, 10.0, 10.0, 1.0), None);
/// assert_eq!(vwap.update(14.0, 14.0, 14.0, 3.0), Some(13.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vwap {
    turnover: Sma,
    volume: Sma,
}

impl Vwap {
    /// Makes the average of `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        let period = Period::new("Vwap period", period)?;
        Ok(Self { turnover: Sma::over(period), volume: Sma::over(period) })
    }

    /// Takes in the next bar and returns the average, `None` until there are `period` bars.
    #[inline]
    pub fn update(&mut self, high: f64, low: f64, close: f64, volume: f64) -> Option<f64> {
        self.turnover.update(typical_price(high, low, close) * volume);
        self.volume.update(volume);
        self.value()
    }

    /// The latest average.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        let turnover = self.turnover.value()?;
        let volume = self.volume.value()?;
        (volume > 0.0).then(|| turnover / volume)
    }

    /// Rows needed for the first value: `period`.
    pub fn warm_up_rows(&self) -> u32 {
        self.volume.warm_up_rows()
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
        // pandas 3.1.1: (typical * volume).rolling(20).sum() / volume.rolling(20).sum().
        check(
            &Vwap::new(20).unwrap(),
            Vwap::warm_up_rows,
            |vwap, bar| vwap.update(bar.high, bar.low, bar.close, bar.volume).map(|value| [value]),
            &[
                (19, [102.436_119_697]),
                (20, [102.759_240_067]),
                (21, [102.821_403_908]),
                (40, [100.946_460_356]),
                (60, [100.620_582_573]),
                (85, [95.778_929_298]),
                (100, [95.343_082_293]),
                (118, [96.997_368_693]),
                (119, [96.975_770_456]),
            ],
        );
    }

    #[test]
    fn no_volume_is_undefined_even_after_much_of_it() {
        let mut vwap = Vwap::new(3).unwrap();
        for volume in [0.1, 1e12, 0.3, 0.0] {
            vwap.update(0.1, 0.1, 0.1, volume);
        }
        assert!(vwap.value().is_some());
        vwap.update(0.1, 0.1, 0.1, 0.0);
        assert!(vwap.value().is_some());
        for _ in 0..7 {
            assert_eq!(vwap.update(0.1, 0.1, 0.1, 0.0), None);
        }
    }

    #[test]
    fn one_row_is_its_typical_price() {
        let mut vwap = Vwap::new(1).unwrap();
        assert_eq!(vwap.update(12.0, 6.0, 9.0, 4.0), Some(9.0));
        assert_eq!(vwap.update(8.0, 8.0, 8.0, 1e-12), Some(8.0));
        assert!(Vwap::new(0).is_err());
    }
}
