//! An order that may trade, and what it may trade.

use crate::order::{Direction, Rule, Size};
use crate::units::{Money, Price, Quantity, Rounding, UnitsError};

/// An order that has passed sizing and risk. It cannot be made outside the host, and none that opens anything outside
/// this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApprovedOrder {
    direction: Option<Direction>,
    size: Size,
    /// It may only close a position, or make it smaller.
    reduce_only: bool,
    /// Whether it opens or enlarges a position, by the marks of the decision's close.
    enlarges: bool,
}

/// A rule that cut or refused an order, in the rule's own unit: see [`Rule`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// The rule.
    pub rule: Rule,
    /// What the order would have led to.
    pub value: f64,
    /// What the rule allows.
    pub limit: f64,
}

/// One base asset at the moment in which an order trades, in quote asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnitPrices {
    /// Its price without friction.
    pub worth: Price,
    /// What it costs to enter, fees in quote asset included.
    pub cost: Price,
    /// What it costs to trade it, more than it is worth: frictions and fee.
    pub loss: Price,
}

/// Whether a size is none.
pub(super) fn is_below_zero(size: Size) -> bool {
    match size {
        Size::Amount(amount) => amount < Money::ZERO,
        Size::Units(units) => units < Quantity::ZERO,
    }
}

/// Whether `part` is no more than the `whole`, in the same asset.
pub(super) fn is_part(part: Size, whole: Size) -> bool {
    match (part, whole) {
        (Size::Amount(part), Size::Amount(whole)) => part <= whole,
        (Size::Units(part), Size::Units(whole)) => part <= whole,
        (Size::Amount(_), Size::Units(_)) | (Size::Units(_), Size::Amount(_)) => false,
    }
}

impl ApprovedOrder {
    /// The order that closes whatever is held. Leaving is always allowed.
    pub(crate) const fn flat() -> Self {
        Self {
            direction: None,
            size: Size::Units(Quantity::ZERO),
            reduce_only: true,
            enlarges: false,
        }
    }

    /// The order that makes a position of `held`, which is not flat, no larger than `left`.
    pub(crate) fn reduced(held: Quantity, left: Quantity) -> Self {
        assert!(!held.is_zero(), "nothing is held that could be made smaller");
        assert!(Quantity::ZERO <= left && left <= held.abs(), "{left} are left of {held}");
        let direction = if held.signum() > 0 { Direction::Long } else { Direction::Short };
        let size = Size::Units(left);
        Self { direction: Some(direction), size, reduce_only: true, enlarges: false }
    }

    pub(super) fn new(direction: Direction, size: Size) -> Self {
        assert!(!is_below_zero(size), "an order to be {direction:?} with {size:?}");
        Self { direction: Some(direction), size, reduce_only: false, enlarges: false }
    }

    /// The same order, which opens or enlarges a position.
    pub(super) fn enlarging(self) -> Self {
        assert!(!self.reduce_only, "{self:?} may open nothing");
        Self { enlarges: true, ..self }
    }

    /// The same order, which may only close, or make smaller.
    pub(super) fn reduce_only(self) -> Self {
        assert!(!self.enlarges, "{self:?} opens or enlarges a position");
        Self { reduce_only: true, ..self }
    }

    /// Whether it opens or enlarges a position, by the marks of the decision's close.
    pub const fn enlarges(&self) -> bool {
        self.enlarges
    }

    /// Direction of the position that is aimed at; `None` for flat.
    pub const fn direction(&self) -> Option<Direction> {
        self.direction
    }

    /// Whether it may only close a position, or make it smaller.
    pub const fn is_reduce_only(&self) -> bool {
        self.reduce_only
    }

    /// From now on the order may only close a position, or make it smaller.
    pub(crate) const fn make_reduce_only(&mut self) {
        self.reduce_only = true;
    }

    /// The approved size; `None` for flat.
    pub fn size(&self) -> Option<Size> {
        self.direction.map(|_| self.size)
    }

    /// The quantity to hold where `held` is held in the order's direction; before limits and lot.
    ///
    /// What an amount is for is the position and the costs of getting there from what is held, which are those of the difference
    /// alone: `amount = held × worth + bought × cost`, or `amount = left × worth + sold × loss`. It buys nothing at a cost of
    /// zero, which is that of a short sale whose frictions eat the whole price.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn quantity(
        &self,
        held: Quantity,
        unit: UnitPrices,
    ) -> Result<Quantity, UnitsError> {
        let amount = match self.size {
            Size::Units(quantity) => return Ok(quantity),
            Size::Amount(amount) => amount,
        };
        let worth = unit.worth.notional(held, Rounding::Up)?;
        let missing = amount.minus(worth)?;
        if !held.is_zero() && missing.abs() <= rounding_of(worth) {
            return Ok(held);
        }
        if missing < Money::ZERO {
            let left = amount.minus(unit.loss.notional(held, Rounding::Up)?)?.max(Money::ZERO);
            if left.is_zero() {
                return Ok(Quantity::ZERO);
            }
            return Ok(left.quantity_at(unit.worth.minus(unit.loss)?)?.min(held));
        }
        if unit.cost.is_zero() {
            return Ok(held);
        }
        held.plus(missing.quantity_at(unit.cost)?)
    }

    /// Takes what it has cost to close the position that stood against the order from the amount that it aims at.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn pay(&mut self, costs: Money) -> Result<(), UnitsError> {
        if let Size::Amount(amount) = self.size {
            self.size = Size::Amount(amount.minus(costs)?.max(Money::ZERO));
        }
        Ok(())
    }
}

/// What a sum of doubles may be off: amounts are made of the equity, which is one.
fn rounding_of(worth: Money) -> Money {
    Money::from_units(worth.units() / 1_000_000_000_000)
}

#[cfg(test)]
mod tests;
