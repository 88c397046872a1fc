//! What a strategy wants to hold after a bar.

use crate::LimitOrder;
use crate::tag::Tag;
use serde::{Deserialize, Serialize};

/// What a strategy wants to hold from the next bar on: an exposure with its protective levels.
///
/// A strategy gives its view on every bar. The SDK sends it to the host only when it changed, so
/// `Signal::long()` on a hundred bars in a row buys once. A change of the stop or the take-profit
/// alone moves these levels and trades nothing. A change of the tag alone is not sent.
///
/// The exposure is a share of the capital that the host grants to the instrument, of all the equity in a
/// portfolio strategy, from -1 (all short) over 0 (flat) to 1 (all long). The host refuses anything outside, a price that is not
/// positive and a value that is not finite, and reports the row.
///
/// ```
/// use ct_sdk::Signal;
///
/// let entry = Signal::long().stop(95.0).take_profit(120.0).tag("breakout");
/// assert_ne!(entry, Signal::long());
/// assert_eq!(Signal::target(1.0), Signal::long());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[must_use = "a signal does nothing until it is returned from `on_bar` or given to `Targets::set`"]
pub struct Signal {
    pub(crate) exposure: Option<Exposure>,
    pub(crate) rebalance: bool,
    pub(crate) tag: Option<Tag>,
}

/// The part of a signal that counts as a change.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Exposure {
    pub(crate) target: f64,
    /// `None` for a plain target: two plain targets are compared without a look at any level.
    pub(crate) levels: Option<Levels>,
}

/// The prices of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Levels {
    pub(crate) stop: Option<f64>,
    pub(crate) take_profit: Option<f64>,
    pub(crate) limit: Option<LimitOrder>,
}

impl Levels {
    const NONE: Self = Self { stop: None, take_profit: None, limit: None };
}

impl Signal {
    /// Fully long: a target of 1.
    #[inline]
    pub const fn long() -> Self {
        Self::target(1.0)
    }

    /// Fully short: a target of -1. The run must allow short positions.
    #[inline]
    pub const fn short() -> Self {
        Self::target(-1.0)
    }

    /// No position: a target of 0.
    #[inline]
    pub const fn flat() -> Self {
        Self::target(0.0)
    }

    /// A share of the granted capital, from -1 to 1.
    #[inline]
    pub const fn target(exposure: f64) -> Self {
        let exposure = Some(Exposure { target: exposure, levels: None });
        Self { exposure, rebalance: false, tag: None }
    }

    /// Leave everything as it is, whatever it is. The other methods have no effect on this signal.
    #[inline]
    pub const fn hold() -> Self {
        Self { exposure: None, rebalance: false, tag: None }
    }

    /// Leaves the position when the market trades at `price`, against it.
    #[inline]
    pub const fn stop(self, price: f64) -> Self {
        let levels = Levels { stop: Some(price), ..self.levels() };
        self.with_levels(levels)
    }

    /// Leaves the position when the market trades at `price`, in its favour.
    #[inline]
    pub const fn take_profit(self, price: f64) -> Self {
        let levels = Levels { take_profit: Some(price), ..self.levels() };
        self.with_levels(levels)
    }

    /// Enters with a limit order at `price`, which rests until the next decision replaces it.
    #[inline]
    pub const fn limit(self, price: f64) -> Self {
        self.limit_for(price, 0)
    }

    /// Enters with a limit order at `price`, which expires when it has rested for `rows` rows
    /// without a fill. 0 rows: it never expires.
    #[inline]
    pub const fn limit_for(self, price: f64, rows: u32) -> Self {
        let limit = Some(LimitOrder { price, expires_after_rows: rows });
        let levels = Levels { limit, ..self.levels() };
        self.with_levels(levels)
    }

    /// Sends the signal even though nothing changed, so that a position that drifted with the
    /// market is brought back to its target.
    #[inline]
    pub const fn rebalance(mut self) -> Self {
        self.rebalance = true;
        self
    }

    /// A short reason that the host shows with the fill, at most 64 bytes.
    #[inline]
    pub const fn tag(mut self, tag: &'static str) -> Self {
        self.tag = Some(Tag(tag));
        self
    }

    const fn levels(&self) -> Levels {
        match self.exposure {
            Some(Exposure { levels: Some(levels), .. }) => levels,
            _ => Levels::NONE,
        }
    }

    const fn with_levels(mut self, levels: Levels) -> Self {
        if let Some(exposure) = &mut self.exposure {
            exposure.levels = Some(levels);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restored_signal_is_the_same_to_its_tag() {
        let signals = [
            Signal::hold(),
            Signal::short().rebalance(),
            Signal::target(0.25).stop(90.0).take_profit(120.0).limit_for(99.0, 3).tag("entry"),
        ];
        for signal in signals {
            let bytes = postcard::to_allocvec(&signal).unwrap();
            assert_eq!(postcard::from_bytes::<Signal>(&bytes), Ok(signal));
        }
    }
}
