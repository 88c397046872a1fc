//! Average true range.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::smoothing::{Smoothing, Use};
use super::true_range::true_range;

/// Wilder's average true range, in the unit of the prices.
///
/// The true range of a bar is `max(high, close') - min(low, close')` with the close of the bar
/// before; the first bar has none. The average has weight `1 / period` and starts from the simple
/// mean of the first `period` true ranges, as TA-Lib `ATR`. The usual period is 14.
///
/// Source: J. Welles Wilder, *New Concepts in Technical Trading Systems* (1978).
///
/// ```
/// use ct_sdk::indicators::Atr;
///
/// let mut atr = Atr::new(1)?;
/// assert_eq!(atr.update(12.0, 10.0, 11.0), None);
/// assert_eq!(atr.update(16.0, 13.0, 15.0), Some(5.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Atr {
    smoothing: Smoothing,
    previous_close: Option<f64>,
}

impl Atr {
    /// Makes the average of `period` true ranges, from 1 to
    /// [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        Ok(Self::over(Period::new("Atr period", period)?))
    }

    pub(super) fn over(period: Period) -> Self {
        Self { smoothing: Smoothing::wilder(period), previous_close: None }
    }

    /// Takes in the next bar and returns the average, `None` in the first `period` rows.
    #[inline]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> Option<f64> {
        let previous_close = self.previous_close.replace(close)?;
        self.smoothing.update(true_range(high, low, previous_close))
    }

    /// The latest average.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        self.smoothing.value()
    }

    /// Rows needed for the first value: `period + 1`.
    pub fn warm_up_rows(&self) -> u32 {
        self.smoothing.period().rows() + 1
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
    fn fourteen_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): ATR, timeperiod 14.
        check(
            &Atr::new(14).unwrap(),
            Atr::warm_up_rows,
            |atr, bar| atr.update(bar.high, bar.low, bar.close).map(|value| [value]),
            &[
                (14, [1.980_732_162_450]),
                (15, [1.925_937_212_657]),
                (16, [1.988_817_841_307]),
                (40, [2.058_118_744_504]),
                (60, [2.156_566_688_572]),
                (85, [1.996_977_973_963]),
                (100, [2.145_323_456_909]),
                (118, [2.059_440_126_731]),
                (119, [2.024_728_098_185]),
            ],
        );
    }

    #[test]
    fn one_row() {
        // TA-Lib 0.8.1 (Python package 0.8.2): ATR, timeperiod 1.
        check(
            &Atr::new(1).unwrap(),
            Atr::warm_up_rows,
            |atr, bar| atr.update(bar.high, bar.low, bar.close).map(|value| [value]),
            &[
                (1, [1.519_767_185_906]),
                (2, [2.885_718_666_250]),
                (3, [1.678_581_202_636]),
                (40, [2.873_450_745_130]),
                (60, [2.779_220_875_585]),
                (85, [2.012_303_171_912]),
                (100, [1.861_700_993_264]),
                (118, [2.515_525_728_697]),
                (119, [1.573_471_727_083]),
            ],
        );
    }

    #[test]
    fn no_movement_has_no_range() {
        let mut atr = Atr::new(2).unwrap();
        assert_eq!(
            [0.1; 4].map(|price| atr.update(price, price, price)),
            [None, None, Some(0.0), Some(0.0)]
        );
        assert_eq!(atr.value(), Some(0.0));
        assert!(Atr::new(0).is_err());
    }
}
