//! Momentum.

use serde::{Deserialize, Serialize};

use super::lag::Lag;
use super::parameter::{InvalidParameter, Period};

/// Momentum: the change over `period` rows, in the unit of its values.
///
/// `value - value[period rows before]`, as TA-Lib `MOM`.
///
/// ```
/// use ct_sdk::indicators::Momentum;
///
/// let mut momentum = Momentum::new(1)?;
/// assert_eq!(momentum.update(10.0), None);
/// assert_eq!(momentum.update(12.0), Some(2.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Momentum {
    lag: Lag,
    value: Option<f64>,
}

impl Momentum {
    /// Makes the change over `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        Ok(Self { lag: Lag::new(Period::new("Momentum period", period)?), value: None })
    }

    /// Takes in the next value and returns the change, `None` in the first `period` rows.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        self.value = self.lag.push(value).map(|older| value - older);
        self.value
    }

    /// The latest change.
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
        // TA-Lib 0.8.1 (Python package 0.8.2): MOM, timeperiod 10.
        check(
            &Momentum::new(10).unwrap(),
            Momentum::warm_up_rows,
            |momentum, bar| momentum.update(bar.close).map(|value| [value]),
            &[
                (10, [2.407_023_530_453]),
                (11, [2.649_192_143_232]),
                (12, [4.998_777_028_173]),
                (40, [2.235_341_396_183]),
                (60, [-1.751_754_764_467]),
                (85, [-6.564_872_141_927]),
                (100, [1.974_452_313_036]),
                (118, [0.478_956_650_943]),
                (119, [1.703_617_233_783]),
            ],
        );
    }

    #[test]
    fn equal_values_have_none() {
        let mut momentum = Momentum::new(2).unwrap();
        assert_eq!(
            [0.1; 4].map(|value| momentum.update(value)),
            [None, None, Some(0.0), Some(0.0)]
        );
        assert_eq!(momentum.value(), Some(0.0));
        assert!(Momentum::new(0).is_err());
    }
}
