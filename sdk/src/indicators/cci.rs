//! Commodity channel index.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::ring::Ring;
use super::sma::Sma;
use super::typical_price::typical_price;

/// Share of the mean deviation that Lambert chose so that most values lie between -100 and 100.
const LAMBERT_CONSTANT: f64 = 0.015;

/// Lambert's commodity channel index, without unit, mostly from -100 to 100.
///
/// `CCI = (typical - SMA(typical)) / (0.015 × Σ|typical - SMA| / period)` with `typical = (high +
/// low + close) / 3`, as TA-Lib `CCI`. 0 while all typical prices of the window are equal. The
/// usual period is 20 (TA-Lib: 14).
///
/// Each update costs `period` steps: the mean absolute deviation is about a mean that moves.
///
/// ```
/// use ct_sdk::indicators::Cci;
///
/// let mut cci = Cci::new(2)?;
/// assert_eq!(cci.update(10.0, 10.0, 10.0), None);
/// let value = cci.update(12.0, 12.0, 12.0).expect("two rows are enough");
/// assert!((value - 1.0 / 0.015).abs() < 1e-9);
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cci {
    typical: Ring<f64>,
    mean: Sma,
    value: Option<f64>,
}

impl Cci {
    /// Makes the index over `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        let period = Period::new("Cci period", period)?;
        Ok(Self { typical: Ring::new(period), mean: Sma::over(period), value: None })
    }

    /// Takes in the next bar and returns the index, `None` until there are `period` bars.
    #[inline]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> Option<f64> {
        let typical = typical_price(high, low, close);
        self.typical.push(typical);
        let mean = self.mean.update(typical)?;
        let deviations: f64 = self.typical.slots().iter().map(|price| (price - mean).abs()).sum();
        let mean_deviation = deviations / f64::from(self.typical.period().rows());
        self.value = Some(if mean_deviation > 0.0 {
            (typical - mean) / (LAMBERT_CONSTANT * mean_deviation)
        } else {
            0.0
        });
        self.value
    }

    /// The latest index.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// Rows needed for the first value: `period`.
    pub fn warm_up_rows(&self) -> u32 {
        self.typical.period().rows()
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
    fn fourteen_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): CCI, timeperiod 14.
        check(
            &Cci::new(14).unwrap(),
            Cci::warm_up_rows,
            |cci, bar| cci.update(bar.high, bar.low, bar.close).map(|value| [value]),
            &[
                (13, [108.576_658_600]),
                (14, [81.358_610_209]),
                (15, [75.383_013_020]),
                (40, [81.223_141_954]),
                (60, [22.909_353_280]),
                (85, [-111.315_047_028]),
                (100, [-3.340_254_807_522]),
                (118, [-11.173_607_214]),
                (119, [-50.308_665_121]),
            ],
        );
    }

    #[test]
    fn twenty_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): CCI, timeperiod 20.
        check(
            &Cci::new(20).unwrap(),
            Cci::warm_up_rows,
            |cci, bar| cci.update(bar.high, bar.low, bar.close).map(|value| [value]),
            &[
                (19, [154.289_942_718]),
                (20, [121.151_436_844]),
                (21, [44.311_631_297]),
                (40, [64.129_847_320]),
                (60, [-24.186_218_550]),
                (85, [-124.855_495_684]),
                (100, [32.886_731_701]),
                (118, [-20.515_363_048]),
                (119, [-64.266_398_675]),
            ],
        );
    }

    #[test]
    fn equal_prices_are_in_the_middle() {
        let mut cci = Cci::new(3).unwrap();
        cci.update(9.0, 8.0, 8.5);
        let last = (0..7).filter_map(|_| cci.update(0.1, 0.1, 0.1)).last();
        assert_eq!(last, Some(0.0));
        assert_eq!(cci.value(), Some(0.0));
        assert!(Cci::new(0).is_err());
    }
}
