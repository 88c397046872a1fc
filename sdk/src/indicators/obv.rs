//! On-balance volume.

use serde::{Deserialize, Serialize};

/// Granville's on-balance volume: the running sum of volume, counted up when the close rises and
/// down when it falls, in the unit of the volume.
///
/// The first bar counts up and an unchanged close counts nothing, as TA-Lib `OBV`. Only changes of
/// it mean anything: its level depends on where it started.
///
/// The sum carries its own rounding error along (Neumaier's summation), because it has no window
/// that would forget it.
///
/// ```
/// use ct_sdk::indicators::Obv;
///
/// let mut obv = Obv::new();
/// assert_eq!(obv.update(10.0, 500.0), 500.0);
/// assert_eq!(obv.update(9.0, 200.0), 300.0);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Obv {
    sum: f64,
    rounding_error: f64,
    previous_close: Option<f64>,
}

impl Obv {
    /// Starts at 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the next bar and returns the sum, which exists from the first bar on.
    #[inline]
    pub fn update(&mut self, close: f64, volume: f64) -> f64 {
        match self.previous_close.replace(close) {
            Some(previous) if close < previous => self.add(-volume),
            Some(previous) if close > previous => self.add(volume),
            Some(_) => {}
            None => self.add(volume),
        }
        self.sum + self.rounding_error
    }

    /// The latest sum, `None` before the first bar.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        self.previous_close.map(|_| self.sum + self.rounding_error)
    }

    /// Rows needed for the first value: 1.
    pub fn warm_up_rows(&self) -> u32 {
        1
    }

    /// As [`Self::warm_up_rows`]: its changes have nothing to settle, and its level always depends on where it started.
    pub fn settled_rows(&self) -> u32 {
        self.warm_up_rows()
    }

    #[inline]
    fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        self.rounding_error += if self.sum.abs() >= term.abs() {
            (self.sum - sum) + term
        } else {
            (term - sum) + self.sum
        };
        self.sum = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::{Generator, check};

    #[test]
    fn sample_bars() {
        // TA-Lib 0.8.1 (Python package 0.8.2): OBV.
        check(
            &Obv::new(),
            Obv::warm_up_rows,
            |obv, bar| Some([obv.update(bar.close, bar.volume)]),
            &[
                (0, [652.884_684_101]),
                (1, [771.779_289_058]),
                (2, [551.565_254_458]),
                (40, [3_467.705_853_543]),
                (60, [1_713.601_011_383]),
                (85, [-3_544.013_208_161]),
                (100, [-846.147_358_683]),
                (118, [-2_202.604_988_232]),
                (119, [-1_911.037_472_396]),
            ],
        );
    }

    #[test]
    fn an_unchanged_close_counts_nothing() {
        let mut obv = Obv::new();
        assert_eq!(obv.value(), None);
        let sums: Vec<_> =
            [1.0, 1.0, 2.0].into_iter().map(|close| obv.update(close, 5.0)).collect();
        assert_eq!(sums, [5.0, 5.0, 10.0]);
        assert_eq!(obv.value(), Some(10.0));
    }

    #[test]
    fn five_years_of_minutes_do_not_drift() {
        let mut generator = Generator(3);
        let mut obv = Obv::new();
        // Whole numbers of 32 bits, shifted by up to 47, so that 128-bit integers hold their sum.
        let mut exact = 0_i128;
        let mut close = 0.0;
        for row in 0..2_600_000 {
            let up = generator.unit() < 0.5;
            generator.unit();
            let volume = i128::from(generator.0) << ((generator.0 >> 8) % 48);
            close += if up { 1.0 } else { -1.0 };
            exact += if up || row == 0 { volume } else { -volume };
            let expected = exact as f64;
            let found = obv.update(close, volume as f64);
            assert!(
                (found - expected).abs() <= 1e-12 * expected.abs(),
                "row {row}: {found} {expected}"
            );
        }
    }
}
