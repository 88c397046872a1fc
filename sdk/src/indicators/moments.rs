//! Mean and sum of squared deviations of the last `period` values, without cancellation.
//!
//! The obvious running sums of `x` and `x²` are useless for prices: their difference cancels, and
//! what an early large price left behind in them never goes away. Here the window is cut in two, as
//! in [`Sma`](super::Sma): the values of this turn of the ring are added up as they come, those of
//! the turn before were added up backwards when it ended, so nothing is ever subtracted. All sums
//! are of `y = x - base`, where `base` is itself a value of the window. One `y` is thus 0, which
//! bounds `Σy²` by `(period + 1) × Σ(y - mean)²`, so the one subtraction that remains loses a
//! factor of `period + 1` at the very worst.

use serde::{Deserialize, Serialize};

use super::parameter::Period;
use super::ring::{Pushed, Ring};

/// Rolling mean and spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Moments {
    /// This turn: `linear` is a value. The turn before: sums over the entries after this one.
    ring: Ring<Sums>,
    /// Over the values of this turn.
    turn: Sums,
    /// The last value of the turn before.
    base: f64,
    reciprocal: f64,
    warm: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Sums {
    linear: f64,
    square: f64,
}

/// What a window holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// Arithmetic mean.
    pub(super) mean: f64,
    /// `Σ(x - mean)²`, at least 0; exactly 0 when all values are equal.
    pub(super) square_sum: f64,
}

impl Moments {
    pub(super) fn new(period: Period) -> Self {
        Self {
            ring: Ring::new(period),
            turn: Sums::default(),
            base: 0.0,
            reciprocal: period.reciprocal(),
            warm: false,
        }
    }

    #[inline]
    pub(super) fn update(&mut self, value: f64) -> Option<Spread> {
        let sums = match self.ring.push(Sums { linear: value, square: 0.0 }) {
            Pushed::Within(older) => {
                self.turn = self.turn.with(value - self.base);
                Sums {
                    linear: self.turn.linear + older.linear,
                    square: self.turn.square + older.square,
                }
            }
            Pushed::Last(_) => self.complete_turn(value),
        };
        self.warm.then(|| self.spread(sums))
    }

    fn complete_turn(&mut self, value: f64) -> Sums {
        self.base = value;
        self.turn = Sums::default();
        self.warm = true;
        let mut sums = Sums::default();
        for slot in self.ring.slots_mut().iter_mut().rev() {
            let later = sums;
            sums = sums.with(slot.linear - value);
            *slot = later;
        }
        sums
    }

    #[inline]
    fn spread(&self, sums: Sums) -> Spread {
        let mean = sums.linear * self.reciprocal;
        let square_sum = sums.square - sums.linear * mean;
        Spread {
            mean: self.base + mean,
            square_sum: if square_sum > 0.0 { square_sum } else { 0.0 },
        }
    }

    pub(super) fn period(&self) -> Period {
        self.ring.period()
    }
}

impl Sums {
    #[inline]
    fn with(self, value: f64) -> Self {
        Self { linear: self.linear + value, square: self.square + value * value }
    }
}
