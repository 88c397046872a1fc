//! Rate of change.

use serde::{Deserialize, Serialize};

use super::lag::Lag;
use super::parameter::{InvalidParameter, Period};

/// Rate of change over `period` rows, in percent: 5 means 5 % up.
///
/// `100 × (value / value[period rows before] - 1)`, as TA-Lib `ROC`. Undefined, so `None`, while
/// the older value is 0, where TA-Lib gives 0.
///
/// ```
/// use ct_sdk::indicators::RateOfChange;
///
/// let mut rate = RateOfChange::new(1)?;
/// assert_eq!(rate.update(10.0), None);
/// assert_eq!(rate.update(15.0), Some(50.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RateOfChange {
    lag: Lag,
    value: Option<f64>,
}

impl RateOfChange {
    /// Makes the rate over `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        Ok(Self { lag: Lag::new(Period::new("RateOfChange period", period)?), value: None })
    }

    /// Takes in the next value and returns the rate, `None` in the first `period` rows.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        let older = self.lag.push(value).filter(|&older| older != 0.0);
        self.value = older.map(|older| (value / older - 1.0) * 100.0);
        self.value
    }

    /// The latest rate.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// Rows needed for the first value: `period + 1`.
    pub fn warm_up_rows(&self) -> u32 {
        self.lag.period().rows() + 1
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
    fn ten_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): ROC, timeperiod 10.
        check(
            &RateOfChange::new(10).unwrap(),
            RateOfChange::warm_up_rows,
            |rate, bar| rate.update(bar.close).map(|value| [value]),
            &[
                (10, [2.422_885_108_908]),
                (11, [2.639_613_036_099]),
                (12, [5.043_347_806_569]),
                (40, [2.227_842_084_138]),
                (60, [-1.725_404_618_926]),
                (85, [-6.619_937_508_568]),
                (100, [2.071_193_162_960]),
                (118, [0.499_765_479_562]),
                (119, [1.794_001_676_050]),
            ],
        );
    }

    #[test]
    fn a_change_from_zero_is_undefined() {
        let mut rate = RateOfChange::new(1).unwrap();
        let rates = [0.0, 5.0, 5.0, 10.0].map(|value| rate.update(value));
        assert_eq!(rates, [None, None, Some(0.0), Some(100.0)]);
        assert_eq!(rate.value(), Some(100.0));
        assert!(RateOfChange::new(0).is_err());
    }
}
