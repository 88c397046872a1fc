//! The usual size of price moves: the deviation of log returns, as the median absolute deviation from the median tells it.
//!
//! Half of the values may be anything without changing it much (F. R. Hampel, "The influence curve and its role in robust
//! estimation", 1974). Returns of exactly 0 are left out: quiet markets and coarse ticks have so many that nothing else
//! would count. Returns over missing bars do not count either.

use super::median::{median, strata};
use super::rows::Rows;
use ct_core::units::Interval;

/// What makes the median absolute deviation of normal values their standard deviation: 1 / Φ⁻¹(3/4).
const NORMAL: f64 = 1.482_602_218_505_602;

/// Fewer returns tell nothing.
const RETURNS_MIN: usize = 20;
/// Fewer returns nearby tell nothing.
const NEARBY_MIN: usize = 8;
/// How many returns before and after a bar are nearby.
const NEARBY: usize = 24;

/// The usual size of log returns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) median: f64,
    /// The median absolute deviation from the median, times 1.4826.
    pub(super) deviation: f64,
}

/// The log returns of rows that ascend.
#[derive(Clone, Copy, Debug)]
pub(super) struct Returns<'a> {
    rows: Rows<'a>,
    interval_ms: i64,
}

impl<'a> Returns<'a> {
    pub(super) fn new(rows: Rows<'a>, interval: Interval) -> Self {
        Self { rows, interval_ms: interval.as_ms() }
    }

    /// The log return into the bar at `place`; `None` if the bar before is missing.
    pub(super) fn at(&self, place: usize) -> Option<f64> {
        let (before, close) = (self.before(place)?, self.rows.close.get(place)?);
        Some(libm::log(close / before))
    }

    /// Whether the bar at `place` follows the one before without a gap.
    pub(super) fn follows(&self, place: usize) -> bool {
        self.before(place).is_some()
    }

    /// The usual size of all returns; of a sample where there are many. `None` for fewer than 20 that are not 0.
    pub(super) fn scale(&self) -> Option<Scale> {
        let returns = strata(self.rows.len()).filter_map(|place| self.at(place));
        let mut returns: Vec<f64> = returns.filter(|value| *value != 0.0).collect();
        if returns.len() < RETURNS_MIN {
            return None;
        }
        let median_return = median(&mut returns)?;
        for value in &mut returns {
            *value = (*value - median_return).abs();
        }
        let deviation = NORMAL * median(&mut returns)?;
        (deviation > 0.0).then_some(Scale { median: median_return, deviation })
    }

    /// The usual size of the 24 returns before and the 24 after `place`, without the one into it and the one out of it.
    /// `None` for fewer than 8 that are not 0.
    pub(super) fn deviation_around(&self, place: usize) -> Option<f64> {
        let mut nearby = [0.0; 2 * NEARBY];
        let mut count = 0;
        let places = (place.saturating_sub(NEARBY)..place).chain(place + 2..place + 2 + NEARBY);
        for value in places.filter_map(|place| self.at(place)).filter(|value| *value != 0.0) {
            if let Some(slot) = nearby.get_mut(count) {
                *slot = value.abs();
                count += 1;
            }
        }
        let nearby = nearby.get_mut(..count).filter(|nearby| nearby.len() >= NEARBY_MIN)?;
        Some(NORMAL * median(nearby)?)
    }

    /// The close before `place`, one interval earlier.
    fn before(&self, place: usize) -> Option<f64> {
        let earlier = place.checked_sub(1)?;
        let (before, time) = (self.rows.time.get(earlier)?, self.rows.time.get(place)?);
        if time - before != self.interval_ms {
            return None;
        }
        self.rows.close.get(earlier).copied()
    }
}
