//! An order that may trade, and what it may trade.

use crate::order::{Direction, Rule, Size};
use crate::units::{Price, Quantity, Rate, Rounding, UnitsError};

/// An order that has passed sizing and risk. It cannot be made outside the host, and none that opens anything outside
/// this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApprovedOrder {
    direction: Option<Direction>,
    size: Size,
    opening: Opening,
    /// Whether it opens or enlarges a position, by the marks of the decision's close.
    enlarges: bool,
}

/// Whether an order may open or enlarge a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It may.
    Allowed,
    /// It may only close, or make smaller.
    Barred,
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

impl ApprovedOrder {
    /// The order that closes whatever is held. Leaving is always allowed.
    pub(crate) const fn flat() -> Self {
        Self {
            direction: None,
            size: Size::Units(Quantity::ZERO),
            opening: Opening::Barred,
            enlarges: false,
        }
    }

    /// The order that makes a position of `held`, which is not flat, no larger than `part` of it.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn reduced(held: Quantity, part: Rate) -> Result<Self, UnitsError> {
        let direction = if held.signum() > 0 { Direction::Long } else { Direction::Short };
        let size = Size::Units(part.of(held.abs(), Rounding::Down)?);
        Ok(Self { direction: Some(direction), size, opening: Opening::Barred, enlarges: false })
    }

    pub(super) const fn new(direction: Direction, size: Size) -> Self {
        let opening = Opening::Allowed;
        Self { direction: Some(direction), size, opening, enlarges: false }
    }

    /// The same order, which opens or enlarges a position.
    pub(super) const fn enlarging(self) -> Self {
        Self { enlarges: true, ..self }
    }

    /// The same order, which may only close, or make smaller.
    pub(super) const fn barred(self) -> Self {
        Self { opening: Opening::Barred, ..self }
    }

    /// Whether it opens or enlarges a position, by the marks of the decision's close.
    pub const fn enlarges(&self) -> bool {
        self.enlarges
    }

    /// Direction of the position that is aimed at; `None` for flat.
    pub const fn direction(&self) -> Option<Direction> {
        self.direction
    }

    /// Whether it may open or enlarge a position.
    pub const fn opening(&self) -> Opening {
        self.opening
    }

    /// From now on the order may only close, or make smaller.
    pub(crate) const fn bar_opening(&mut self) {
        self.opening = Opening::Barred;
    }

    /// The approved size; `None` for flat.
    pub fn size(&self) -> Option<Size> {
        self.direction.map(|_| self.size)
    }

    /// The quantity to hold when one base asset costs `unit_cost`, costs included; before limits and lot. An amount buys nothing
    /// at a price of zero, which is that of a short sale whose frictions eat the whole price.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn quantity(&self, unit_cost: Price) -> Result<Quantity, UnitsError> {
        match self.size {
            Size::Amount(_) if unit_cost.is_zero() => Ok(Quantity::ZERO),
            Size::Amount(amount) => amount.quantity_at(unit_cost),
            Size::Units(quantity) => Ok(quantity),
        }
    }
}
