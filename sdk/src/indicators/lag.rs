//! The value of a fixed number of rows ago.

use serde::{Deserialize, Serialize};

use super::parameter::Period;
use super::ring::{Pushed, Ring};

/// Remembers the last `period` values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Lag {
    ring: Ring<f64>,
    full: bool,
}

impl Lag {
    pub(super) fn new(period: Period) -> Self {
        Self { ring: Ring::new(period), full: false }
    }

    /// Takes in `value` and returns the value of `period` rows before it.
    #[inline]
    pub(super) fn push(&mut self, value: f64) -> Option<f64> {
        let full = self.full;
        let (Pushed::Within(older) | Pushed::Last(older)) = self.ring.push(value);
        self.full |= self.ring.turn_rows() == 0;
        full.then_some(older)
    }

    pub(super) fn period(&self) -> Period {
        self.ring.period()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_empty_until_the_period_has_passed() {
        let mut lag = Lag::new(Period::new("period", 2).unwrap());
        let values = [1.0, 2.0, 3.0, 4.0, 5.0].map(|value| lag.push(value));
        assert_eq!(values, [None, None, Some(1.0), Some(2.0), Some(3.0)]);
    }
}
