//! What breakers demand at a moment.

use super::BreakerAction;
use crate::order::Rule;
use crate::units::Rate;

/// What holds after the last close that the breakers took in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Standing {
    /// The strongest of the tripped breakers that halt or flatten; `None` while orders may open positions.
    pub tripped: Option<Tripped>,
    /// The one of the tripped breakers that reduce which leaves the least; `None` while positions have their full size.
    pub reduced: Option<Reduced>,
}

impl Standing {
    /// Whether everything is closed, or being closed.
    pub(crate) fn flattens(&self) -> bool {
        self.tripped.is_some_and(|tripped| tripped.action == BreakerAction::Flatten)
    }
}

/// A tripped breaker that halts or flattens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tripped {
    /// The breaker.
    pub rule: Rule,
    /// [`BreakerAction::Halt`] or [`BreakerAction::Flatten`].
    pub action: BreakerAction,
    /// The loss at which it tripped, as a share of the equity that it is counted from.
    pub value: f64,
    /// The level, in the same unit.
    pub limit: f64,
}

/// A tripped breaker that reduces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reduced {
    /// The breaker.
    pub rule: Rule,
    /// What positions may be, as a share of what they would be.
    pub to: Rate,
    /// The loss at which it tripped, as a share of the equity that it is counted from.
    pub value: f64,
    /// The level, in the same unit.
    pub limit: f64,
}
