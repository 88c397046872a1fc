//! The size that an order aims at on an opportunity, beside what is held.

use super::super::orders::WorkingOrder;
use super::super::quote::{Moment, Opportunity, Quote};
use super::super::tape::{At, FillTime};
use super::Venue;
use crate::order::{Rule, Side};
use crate::risk::{ApprovedOrder, Cut};
use crate::units::{Quantity, Rounding, UnitsError};

impl Venue<'_> {
    /// The quantity that `order` aims at on this opportunity where `held` is held already, before limits, with its quote.
    /// Frictions may depend on the quantity that trades, and that depends on the price: they are taken of the quantity without
    /// them, which is a little more than in truth.
    pub(super) fn sized(
        &self,
        order: &ApprovedOrder,
        opportunity: &Opportunity,
        side: Side,
        held: Quantity,
    ) -> Result<(Quantity, Quote), UnitsError> {
        let quote = self.quote(opportunity, side, Quantity::ZERO)?;
        let quantity = order.quantity(held, quote.unit_prices()?)?;
        if !self.tape.setup.costs.depends_on_quantity() {
            return Ok((quantity, quote));
        }
        let fillable = self.fillable(opportunity, quantity.minus(held)?.abs())?;
        let quote = self.quote(opportunity, side, fillable)?;
        Ok((order.quantity(held, quote.unit_prices()?)?, quote))
    }

    /// What is held already of the position that `order` aims at, in base asset.
    fn held_towards(&self, order: &ApprovedOrder, opportunity: &Opportunity) -> Quantity {
        let held = self.account.held(opportunity.moment.at.instrument);
        let towards = order.direction().map_or(0, |direction| i128::from(direction.sign()));
        if held.signum() * towards > 0 { held.abs() } else { Quantity::ZERO }
    }

    /// The quantity that `order` aims at on this opportunity: whole lots, or whole lots more than is held.
    pub(super) fn desired(
        &self,
        order: &ApprovedOrder,
        opportunity: &Opportunity,
        side: Side,
    ) -> Result<Quantity, UnitsError> {
        let (held, lot) = (self.held_towards(order, opportunity), self.lot(opportunity));
        let (quantity, _) = self.sized(order, opportunity, side, held)?;
        if quantity < held {
            return Ok(quantity.rounded_to(lot, Rounding::Down));
        }
        held.plus(quantity.minus(held)?.rounded_to(lot, Rounding::Down))
    }

    /// The quantity that `order` aims at, at the close of the row of `at`.
    pub(in crate::engine) fn desired_at_mark(
        &self,
        order: &ApprovedOrder,
        at: At,
    ) -> Result<Quantity, UnitsError> {
        let mark = self.tape.mark(at);
        let reference = if mark.is_nan() { 0.0 } else { mark };
        let moment = Moment::of_market(at, FillTime::Close);
        self.desired(order, &Opportunity::to_make(moment, reference, 0.0), Side::Buy)
    }

    /// What is to be told of an order that may enlarge nothing and finds its size larger than what is held. One that a rule has
    /// made so later, or has ended, was told then.
    pub(in crate::engine) fn not_enlarged(
        &self,
        order: &WorkingOrder,
        opportunity: &Opportunity,
        towards: Side,
    ) -> Result<Option<Cut>, UnitsError> {
        assert!(order.order.is_reduce_only(), "{order:?} may enlarge a position");
        let held = self.held_towards(&order.order, opportunity);
        let desired = self.desired(&order.order, opportunity, towards)?;
        let told = !order.is_untold() || !order.filled.is_zero() || desired <= held;
        let (value, limit) = (desired.to_f64(), held.to_f64());
        Ok((!told).then_some(Cut { rule: Rule::ReduceOnly, value, limit }))
    }
}
