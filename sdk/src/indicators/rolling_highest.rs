//! Highest value of the last rows.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::ring::{Pushed, Ring};

/// Highest of the last `period` values, this one included, as TA-Lib `MAX`.
///
/// To compare a bar with the bars *before* it, read [`value`](Self::value) before
/// [`update`](Self::update).
///
/// The window is cut where the ring wraps, as in [`Sma`](super::Sma): the highest of the newer part
/// is kept as it comes, those of the older part were found in one pass when the ring wrapped.
/// Constant work per update on average, and less state than the usual deque of candidates with
/// their row numbers.
///
/// ```
/// use ct_sdk::indicators::RollingHighest;
///
/// let mut highest = RollingHighest::new(2)?;
/// assert_eq!(highest.update(5.0), None);
/// assert_eq!(highest.update(4.0), Some(5.0));
/// assert_eq!(highest.update(3.0), Some(4.0));
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RollingHighest {
    /// This turn: values. The turn before: the highest of the values after this one.
    ring: Ring<f64>,
    turn_highest: f64,
    value: Option<f64>,
}

impl RollingHighest {
    /// Looks back over `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        Ok(Self::over(Period::new("RollingHighest period", period)?))
    }

    pub(super) fn over(period: Period) -> Self {
        Self { ring: Ring::new(period), turn_highest: f64::NEG_INFINITY, value: None }
    }

    /// Takes in the next value and returns the highest, `None` until there are `period` values.
    #[inline]
    pub fn update(&mut self, value: f64) -> Option<f64> {
        match self.ring.push(value) {
            Pushed::Within(older_highest) => {
                self.turn_highest = higher(self.turn_highest, value);
                if self.value.is_some() {
                    self.value = Some(higher(self.turn_highest, older_highest));
                }
            }
            Pushed::Last(_) => {
                self.turn_highest = f64::NEG_INFINITY;
                self.value = Some(rank_backwards(self.ring.slots_mut()));
            }
        }
        self.value
    }

    /// The latest highest value.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// Rows needed for the first value: `period`.
    pub fn warm_up_rows(&self) -> u32 {
        self.ring.period().rows()
    }

    /// Rows until it no longer matters on which row it started: those of the first value, because it
    /// looks at its window only.
    pub fn settled_rows(&self) -> u32 {
        self.warm_up_rows()
    }
}

/// Replaces each value by the highest of the values after it, and returns the highest of all.
fn rank_backwards(values: &mut [f64]) -> f64 {
    let mut highest = f64::NEG_INFINITY;
    for value in values.iter_mut().rev() {
        let later = highest;
        highest = higher(highest, *value);
        *value = later;
    }
    highest
}

/// Not `f64::max`: which zero that returns for 0 and -0 may differ between machines.
#[inline]
fn higher(left: f64, right: f64) -> f64 {
    if right > left { right } else { left }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::{Generator, check};

    #[test]
    fn twenty_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): MAX of high, timeperiod 20.
        check(
            &RollingHighest::new(20).unwrap(),
            RollingHighest::warm_up_rows,
            |highest, bar| highest.update(bar.high).map(|value| [value]),
            &[
                (19, [106.047_065_655]),
                (20, [106.689_760_748]),
                (21, [106.689_760_748]),
                (40, [105.083_412_763]),
                (60, [105.524_211_241]),
                (85, [99.980_942_224]),
                (100, [101.125_622_242]),
                (118, [99.683_286_949]),
                (119, [99.683_286_949]),
            ],
        );
    }

    #[test]
    fn it_agrees_with_a_search_of_the_window() {
        let mut generator = Generator(11);
        // Few different values, so that ties are frequent.
        let values: Vec<f64> = (0..500).map(|_| (generator.unit() * 20.0).floor()).collect();
        for period in 1..=40 {
            let mut highest = RollingHighest::new(period).unwrap();
            let rows = period as usize;
            for (row, &value) in values.iter().enumerate() {
                let found = highest.update(value);
                let window = (row + 1 >= rows).then(|| &values[row + 1 - rows..=row]);
                let expected = window.and_then(|window| window.iter().copied().reduce(f64::max));
                assert_eq!(found, expected, "row {row} of {period}");
                assert_eq!(highest.value(), expected);
            }
        }
        assert!(RollingHighest::new(0).is_err());
    }
}
