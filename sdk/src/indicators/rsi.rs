//! Relative strength index.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::smoothing::{Smoothing, Use};

/// Wilder's relative strength index, from 0 to 100.
///
/// `RSI = 100 × gain / (gain + loss)`, where `gain` and `loss` are Wilder averages (weight `1 /
/// period`) of the upward and downward changes, both positive, that start from the simple mean of
/// the first `period` changes. 50 where both are 0, that is when nothing has moved: TA-Lib `RSI`,
/// which gives the same numbers elsewhere, gives 0 there. The usual period is 14.
///
/// Source: J. Welles Wilder, *New Concepts in Technical Trading Systems* (1978).
///
/// ```
/// use ct_sdk::indicators::Rsi;
///
/// let mut rsi = Rsi::new(2)?;
/// assert_eq!(rsi.update(10.0), None);
/// assert_eq!(rsi.update(13.0), None);
/// assert_eq!(rsi.update(12.0), Some(75.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rsi {
    gain: Smoothing,
    loss: Smoothing,
    previous: Option<f64>,
}

impl Rsi {
    /// Makes the index over `period` changes, from 1 to
    /// [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        let period = Period::new("Rsi period", period)?;
        Ok(Self {
            gain: Smoothing::wilder(period),
            loss: Smoothing::wilder(period),
            previous: None,
        })
    }

    /// Takes in the next close and returns the index, `None` until there are `period` changes.
    #[inline]
    pub fn update(&mut self, close: f64) -> Option<f64> {
        if let Some(previous) = self.previous.replace(close) {
            let change = close - previous;
            // Exact, and without a branch that half of all bars would mispredict.
            let gain = (change.abs() + change) * 0.5;
            self.gain.update(gain);
            self.loss.update(gain - change);
        }
        self.value()
    }

    /// The latest index.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        let gain = self.gain.value()?;
        let movement = gain + self.loss.value()?;
        Some(if movement > 0.0 { gain / movement * 100.0 } else { 50.0 })
    }

    /// Rows needed for the first value: `period + 1`.
    pub fn warm_up_rows(&self) -> u32 {
        self.gain.period().rows() + 1
    }

    /// Rows until it no longer matters on which row it started: to 1e-9 of its scale, as long
    /// as prices move at least a thousandth of what they did at the start.
    pub fn settled_rows(&self) -> u32 {
        self.warm_up_rows() + self.gain.forgetting_rows(Use::Divided)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::check;

    #[test]
    fn fourteen_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): RSI, timeperiod 14.
        check(
            &Rsi::new(14).unwrap(),
            Rsi::warm_up_rows,
            |rsi, bar| rsi.update(bar.close).map(|value| [value]),
            &[
                (14, [64.838_031_683]),
                (15, [63.113_222_370]),
                (16, [68.301_158_044]),
                (40, [55.104_703_802]),
                (60, [47.683_401_750]),
                (85, [36.080_872_747]),
                (100, [50.947_562_675]),
                (118, [46.798_004_615]),
                (119, [48.135_825_052]),
            ],
        );
    }

    #[test]
    fn two_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): RSI, timeperiod 2.
        check(
            &Rsi::new(2).unwrap(),
            Rsi::warm_up_rows,
            |rsi, bar| rsi.update(bar.close).map(|value| [value]),
            &[
                (2, [44.940_895_778]),
                (3, [69.595_618_662]),
                (4, [55.156_811_484]),
                (40, [70.603_221_488]),
                (60, [45.106_815_511]),
                (85, [54.736_741_274]),
                (100, [39.080_247_754]),
                (118, [22.636_336_968]),
                (119, [38.141_439_566]),
            ],
        );
    }

    #[test]
    fn movement_one_way_only_is_an_end_of_the_scale() {
        for (step, end) in [(1.0, 100.0), (-1.0, 0.0)] {
            let mut rsi = Rsi::new(3).unwrap();
            let last = (0..20).filter_map(|row| rsi.update(50.0 + step * f64::from(row))).last();
            assert_eq!(last, Some(end));
        }
    }

    #[test]
    fn no_movement_is_the_middle_of_the_scale() {
        let mut rsi = Rsi::new(3).unwrap();
        let values = [7.0; 6].map(|close| rsi.update(close));
        assert_eq!(values, [None, None, None, Some(50.0), Some(50.0), Some(50.0)]);
    }

    #[test]
    fn one_row_looks_at_the_last_change_only() {
        let mut rsi = Rsi::new(1).unwrap();
        let values = [1.0, 2.0, 1.5, 1.5].map(|close| rsi.update(close));
        assert_eq!(values, [None, Some(100.0), Some(0.0), Some(50.0)]);
    }

    #[test]
    fn a_period_of_nothing_is_refused() {
        assert!(Rsi::new(0).is_err());
    }
}
