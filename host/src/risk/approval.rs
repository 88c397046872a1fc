//! From a target to an order that may trade.

use super::{Limits, Shorting, Size, Sizing};
use crate::market::Instrument;
use crate::order::{Direction, Exposure, Rule};
use crate::units::{Money, Price, Quantity, Rounding, UnitsError};

/// An order that has passed sizing and limits. It cannot be made outside this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApprovedOrder {
    direction: Option<Direction>,
    size: Size,
}

/// A rule that cut an order, with what was asked for and what is allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// The rule.
    pub rule: Rule,
    /// What was asked for.
    pub asked: f64,
    /// What is allowed.
    pub allowed: f64,
}

/// Sizing and limits of a run.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    /// The sizing rule.
    pub sizing: &'a Sizing,
    /// The limits.
    pub limits: &'a Limits,
    /// Number of instruments that share the account.
    pub instruments: usize,
}

impl Approval<'_> {
    /// The order that moves a position to `target`, given the equity at the decision's close; and the rule that changed
    /// the target, if any.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn order(
        &self,
        target: Exposure,
        equity: Money,
    ) -> Result<(ApprovedOrder, Option<Cut>), UnitsError> {
        let share = target.share();
        if share < 0.0 && self.limits.shorting == Shorting::Forbidden {
            let cut = Cut { rule: Rule::ShortNotAllowed, asked: share, allowed: 0.0 };
            return Ok((ApprovedOrder::flat(), Some(cut)));
        }
        if share == 0.0 {
            return Ok((ApprovedOrder::flat(), None));
        }
        let direction = if share > 0.0 { Direction::Long } else { Direction::Short };
        let size = self.sizing.size(target, equity, self.instruments)?;
        Ok((ApprovedOrder { direction: Some(direction), size }, None))
    }
}

impl ApprovedOrder {
    /// The order that closes whatever is held. Leaving is always allowed.
    pub const fn flat() -> Self {
        Self { direction: None, size: Size::Units(Quantity::ZERO) }
    }

    /// Direction of the position that is aimed at; `None` for flat.
    pub const fn direction(&self) -> Option<Direction> {
        self.direction
    }

    /// The quantity to hold when one base asset costs `unit_cost`, costs included, and trades at `price`: rounded down to
    /// the lot and within the limits; and the limit that cut it, if any.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn quantity(
        &self,
        unit_cost: Price,
        price: Price,
        limits: &Limits,
        instrument: &Instrument,
    ) -> Result<(Quantity, Option<Cut>), UnitsError> {
        let asked = match self.size {
            Size::Amount(amount) => amount.quantity_at(unit_cost)?,
            Size::Units(quantity) => quantity,
        };
        let mut allowed = asked;
        if let Some(position_max) = limits.position_max {
            allowed = allowed.min(position_max);
        }
        if let Some(notional_max) = limits.position_notional_max {
            allowed = allowed.min(notional_max.quantity_at(price)?);
        }
        let rounded = allowed.rounded_to(instrument.lot, Rounding::Down);
        let cut = |rule, asked: Quantity, allowed: Quantity| {
            Some(Cut { rule, asked: asked.to_f64(), allowed: allowed.to_f64() })
        };
        let cut = if rounded.is_zero() && !allowed.is_zero() {
            cut(Rule::Lot, allowed, instrument.lot)
        } else if allowed < asked {
            cut(Rule::PositionMax, asked, allowed)
        } else {
            None
        };
        Ok((rounded, cut))
    }
}
