//! What all loss breakers together need to know of rows in which nothing happens.

use super::extremes::{Extremes, higher};
use super::level::Level;

/// Tells rows in which no breaker can act at the cost of two comparisons, however many breakers there are.
///
/// It holds as long as no breaker has acted and no period has started since it was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    /// The first open time at which a period starts or a breaker is due to be armed.
    pub(super) wakes_ms: i64,
    /// The highest equity at which a breaker trips whose base does not rise.
    floor: f64,
    /// The highest of the bases that rise, and 0 or more.
    peak: f64,
    /// The largest part of such a base that trips.
    keep: f64,
    /// The highest close that has passed since the guard was made; negative infinity where none has.
    pub(super) highest: f64,
}

impl Guard {
    /// Lets nothing pass: it is to be made anew at the next row.
    pub(super) const STALE: Self =
        Self { wakes_ms: i64::MIN, floor: f64::INFINITY, ..Self::WITHOUT_LEVELS };

    /// Lets everything pass: there are no levels to look after.
    pub(super) const WITHOUT_LEVELS: Self = Self {
        wakes_ms: i64::MAX,
        floor: f64::NEG_INFINITY,
        peak: 0.0,
        keep: 0.0,
        highest: f64::NEG_INFINITY,
    };

    /// Whether no period will start and no breaker is due to be armed.
    pub(super) const fn sleeps(&self) -> bool {
        self.wakes_ms == i64::MAX
    }

    /// The guard of `levels`, for bars of `interval_ms`.
    pub(super) fn of(levels: &[Level], interval_ms: i64) -> Self {
        let mut guard = Self::WITHOUT_LEVELS;
        for level in levels {
            guard.add(level, interval_ms);
        }
        guard
    }

    /// Looks after `level` too, for bars of `interval_ms`.
    pub(super) fn add(&mut self, level: &Level, interval_ms: i64) {
        self.wakes_ms = self.wakes_ms.min(level.wakes_ms(interval_ms));
        if level.tripped_at().is_some() {
            return;
        }
        if level.rises() {
            self.peak = higher(level.base(), self.peak);
            self.keep = higher(level.keep(), self.keep);
        } else {
            self.floor = higher(level.base() * level.keep(), self.floor);
        }
    }

    /// False where closes between the extremes trip nothing, whatever their order.
    pub(super) fn may_trip(&self, extremes: Extremes) -> bool {
        let peak = higher(extremes.highest, self.peak);
        extremes.lowest <= higher(peak * self.keep, self.floor)
    }

    /// Closes between the extremes have passed and tripped nothing.
    pub(super) const fn pass(&mut self, extremes: Extremes) {
        self.peak = higher(extremes.highest, self.peak);
        self.highest = higher(extremes.highest, self.highest);
    }
}
