//! The simulated venue: what an order trades on an opportunity, and why not more. It answers with executions and changes nothing.

mod size;

use super::account::{Account, Cause, Execution};
use super::orders::{EntryType, Orders, Remaining, Traded, WorkingOrder};
use super::quote::{Moment, Opportunity, Quote};
use super::tape::{At, FillTime, Tape};
use crate::costs::FeeSide;
use crate::market::InstrumentId;
use crate::order::{Rule, Side, Verdict};
use crate::risk::{Cut, Gate, Increase};
use crate::units::{Money, Price, Quantity, Rate, Rounding, UnitsError};

/// The market, and the account that trades on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Venue<'v> {
    pub(super) tape: &'v Tape<'v>,
    pub(super) account: &'v Account,
    pub(super) orders: &'v Orders,
    pub(super) gate: &'v Gate,
}

/// What an order makes of an opportunity to make the position smaller.
#[derive(Debug)]
pub(super) struct Reducing {
    pub(super) execution: Option<Execution>,
    pub(super) remaining: Remaining,
}

/// What an order makes of an opportunity to open or enlarge the position.
#[derive(Debug)]
pub(super) struct Opening {
    pub(super) execution: Option<Execution>,
    pub(super) remaining: Remaining,
    /// What refused or cut the order: cash, limits, minima.
    pub(super) cuts: Vec<(Verdict, Cut)>,
    /// The limit that cut it last.
    pub(super) cut_by: Option<Rule>,
    /// It has nothing more to do.
    pub(super) done: bool,
}

impl Venue<'_> {
    /// The execution of `quantity`, which is above zero, at the price of `quote`.
    fn execution(
        &self,
        opportunity: &Opportunity,
        quote: &Quote,
        quantity: Quantity,
        cause: Cause,
    ) -> Result<Execution, UnitsError> {
        let (fee, fee_quantity) = quote.fee(self.account, opportunity.liquidity, quantity)?;
        let Moment { at, time, .. } = opportunity.moment;
        let Quote { side, price, reference_price, frictions, .. } = *quote;
        Ok(Execution {
            at,
            time: self.tape.time(at.row, time),
            symbol: self.tape.symbol(at.instrument).clone(),
            side,
            quantity,
            price,
            reference_price,
            frictions,
            fee,
            fee_quantity,
            liquidation_fee: self.tape.setup.risk.margin.liquidation_fee_bps,
            cause,
        })
    }

    /// Closes `quantity` of the position, which is above zero.
    pub(super) fn close(
        &self,
        opportunity: &Opportunity,
        quantity: Quantity,
        cause: Cause,
    ) -> Result<Execution, UnitsError> {
        let held = self.account.held(opportunity.moment.at.instrument);
        assert!(quantity <= held.abs(), "{opportunity:?}: {quantity} of {held} is closed");
        let side = if held.signum() > 0 { Side::Sell } else { Side::Buy };
        let quote = self.quote(opportunity, side, quantity)?;
        self.execution(opportunity, &quote, quantity, cause)
    }

    /// Closes what stands against the order: the whole position for a flat target, an opposite position otherwise. `None` if
    /// nothing does, or if no volume is left.
    pub(super) fn close_against(
        &self,
        order: &WorkingOrder,
        opportunity: &Opportunity,
    ) -> Result<Option<Execution>, UnitsError> {
        let held = self.account.held(opportunity.moment.at.instrument);
        let against = match order.order.direction() {
            None => !held.is_zero(),
            Some(direction) => held.signum() * i128::from(direction.sign()) < 0,
        };
        if !against {
            return Ok(None);
        }
        let quantity = self.fillable(opportunity, held.abs())?;
        if quantity.is_zero() {
            return Ok(None);
        }
        self.close(opportunity, quantity, order.exit_cause()).map(Some)
    }

    /// Sells (or buys back) on `side` what the position is larger than the order's size.
    pub(super) fn reduce(
        &self,
        order: &WorkingOrder,
        opportunity: &Opportunity,
        side: Side,
    ) -> Result<Reducing, UnitsError> {
        let held = self.account.held(opportunity.moment.at.instrument).abs();
        let whole = if let Some(remaining) = order.remaining {
            remaining.quantity.min(held)
        } else {
            held.minus(self.desired(&order.order, opportunity, side)?)?.max(Quantity::ZERO)
        };
        let quantity = self.fillable(opportunity, whole)?;
        assert!(quantity <= whole, "{opportunity:?}: {quantity} is reduced, {whole} was asked");
        let remaining = Remaining { side, quantity: whole.minus(quantity)? };
        let execution = if quantity.is_zero() {
            None
        } else {
            let quote = self.quote(opportunity, side, quantity)?;
            Some(self.execution(opportunity, &quote, quantity, order.exit_cause())?)
        };
        Ok(Reducing { execution, remaining })
    }

    /// Moves the position on the side `towards` up to the order's size, as far as limits, volume and cash let it.
    pub(super) fn open(
        &self,
        order: &WorkingOrder,
        opportunity: &Opportunity,
        towards: Side,
    ) -> Result<Opening, UnitsError> {
        let held = self.account.held(opportunity.moment.at.instrument).abs();
        // What is left of an order is a part of what it was when it met its first opportunity.
        let traded = order.remaining.map_or(Quantity::ZERO, |_| order.filled);
        let from = held.minus(traded)?.max(Quantity::ZERO);
        let (desired, quote) = self.sized(&order.order, opportunity, towards, from)?;
        let asked = match order.remaining {
            Some(remaining) => held.plus(remaining.quantity)?,
            None => desired,
        };
        let (whole, cut) = self.within_limits(order, opportunity, &quote, asked)?;
        let fillable = self.fillable(opportunity, whole)?;
        // The quantity may be more than the one that was quoted: it trades at its own price, within the limits at that price.
        let (quote, whole, fillable, cut) = if self.tape.setup.costs.depends_on_quantity() {
            let quote = self.quote(opportunity, towards, fillable)?;
            let asked = held.plus(whole)?;
            let (whole, cut_again) = self.within_limits(order, opportunity, &quote, asked)?;
            (quote, whole, fillable.min(whole), cut_again.or(cut))
        } else {
            (quote, whole, fillable, cut)
        };
        let mut cuts = Vec::new();
        let (quantity, short_of_cash) = self.affordable(opportunity, &quote, fillable)?;
        cuts.extend(short_of_cash);
        // What cash does not cover is cut for good; what the bar's volume does not cover waits for the next bar.
        let size = if quantity < fillable { quantity } else { whole };
        assert!(
            quantity <= fillable && fillable <= whole && quantity >= Quantity::ZERO,
            "{opportunity:?}: {quantity} of {fillable} of {whole} is opened"
        );
        let remaining = Remaining { side: towards, quantity: size.minus(quantity)? };
        let mut opening =
            Opening { execution: None, remaining, cuts, cut_by: order.cut_by, done: false };
        if quantity.is_zero() && !remaining.quantity.is_zero() {
            return Ok(opening);
        }
        // What is left of an order is cut by the same limit again and again.
        if let Some(cut) = cut
            && opening.cut_by.replace(cut.rule) != Some(cut.rule)
        {
            let verdict = if whole.is_zero() { Verdict::Refused } else { Verdict::Cut };
            opening.cuts.push((verdict, cut));
        }
        if order.remaining.is_none()
            && let Some(too_small) = self.too_small(opportunity, size)?
        {
            opening.cuts.push((Verdict::Refused, too_small));
            return Ok(Opening { done: true, ..opening });
        }
        if size.is_zero() && order.remaining.is_none() && opening.cuts.is_empty() {
            let cut = less_than_a_lot(size, self.lot(opportunity));
            opening.cuts.push((Verdict::Refused, cut));
        }
        if !quantity.is_zero() {
            let quote = self.requote(&quote, opportunity, quantity)?;
            let cause = order.entry_cause();
            let execution = self.execution(opportunity, &quote, quantity, cause)?;
            if execution.fee_quantity < quantity {
                opening.execution = Some(execution);
            } else if remaining.quantity.is_zero() {
                // All of it would be kept as its fee: nothing would be held, and nothing could be sold.
                let cut = less_than_a_lot(Quantity::ZERO, self.lot(opportunity));
                opening.cuts.push((Verdict::Refused, cut));
            } else {
                return Ok(opening);
            }
        }
        Ok(Opening { done: remaining.quantity.is_zero(), ..opening })
    }

    /// The side on which the order moves a position of `held` towards its size: that of its first fill or of its limit, or
    /// else what the price of the opportunity makes of it.
    pub(super) fn side(
        &self,
        order: &WorkingOrder,
        opportunity: &Opportunity,
        towards: Side,
    ) -> Result<Side, UnitsError> {
        match (order.remaining, order.entry) {
            (Some(remaining), _) => Ok(remaining.side),
            (None, EntryType::Limit { side, .. }) => Ok(side),
            (None, EntryType::Market) => {
                let held = self.account.held(opportunity.moment.at.instrument).abs();
                let larger =
                    held.is_zero() || self.desired(&order.order, opportunity, towards)? >= held;
                Ok(if larger { towards } else { towards.opposite() })
            }
        }
    }

    fn quote(
        &self,
        opportunity: &Opportunity,
        side: Side,
        quantity: Quantity,
    ) -> Result<Quote, UnitsError> {
        Quote::of(self.tape, self.account, opportunity, side, quantity)
    }

    /// `quote` for another quantity; only frictions that depend on it make a difference.
    fn requote(
        &self,
        quote: &Quote,
        opportunity: &Opportunity,
        quantity: Quantity,
    ) -> Result<Quote, UnitsError> {
        if !self.tape.setup.costs.depends_on_quantity() {
            return Ok(*quote);
        }
        self.quote(opportunity, quote.side, quantity)
    }

    /// The order's own quantity that lots and limits leave of a position of `asked`, and the limit that cut it.
    fn within_limits(
        &self,
        order: &WorkingOrder,
        opportunity: &Opportunity,
        quote: &Quote,
        asked: Quantity,
    ) -> Result<(Quantity, Option<Cut>), UnitsError> {
        let Moment { at, time, .. } = opportunity.moment;
        let held = self.account.held(at.instrument).abs();
        let Some(direction) = order.order.direction() else {
            unreachable!("{at:?}: an order to be flat opens nothing");
        };
        let price_of = |instrument: InstrumentId| self.tape.price(At { instrument, ..at }, time);
        let increase = Increase {
            panel: self.tape.panel,
            row: at.row,
            instrument: at.instrument,
            direction,
            reference_price: quote.reference_price,
            price: quote.price,
            unit_loss: quote.unit_loss()?,
            fee_minimum: self.account.fees().minimum,
            portfolio: self.account.portfolio(),
            price_of: &price_of,
        };
        let (allowed, cut) = self.gate.bounded(asked, &increase)?;
        let lot = self.lot(opportunity);
        let size = allowed.minus(held)?.max(Quantity::ZERO);
        let whole_lots = size.rounded_to(lot, Rounding::Down);
        if whole_lots.is_zero() && (held.is_zero() || cut.is_none()) && !size.is_zero() {
            return Ok((whole_lots, Some(less_than_a_lot(size, lot))));
        }
        let most = asked.minus(held)?.max(Quantity::ZERO);
        assert!(whole_lots <= most, "{at:?}: {whole_lots} is allowed, {most} was asked");
        let whole_lots = if cut.is_some() { unless_dust(whole_lots, most) } else { whole_lots };
        Ok((whole_lots, cut))
    }

    /// The part of `quantity`, in whole lots, that cash covers; with leverage or for a short sale, that equity not yet at
    /// risk covers: `value + leverage × costs ≤ leverage × equity − gross exposure`. Also what is to be told of a cut.
    fn affordable(
        &self,
        opportunity: &Opportunity,
        quote: &Quote,
        quantity: Quantity,
    ) -> Result<(Quantity, Option<(Verdict, Cut)>), UnitsError> {
        // Two units of 1e-12 pay for the rounding of notional and fee.
        const RESERVE: Money = Money::from_units(2);
        let lot = self.lot(opportunity);
        let leverage = self.tape.setup.risk.margin.leverage_max;
        let Moment { at, time, .. } = opportunity.moment;
        let power = self.buying_power(at, time, opportunity.reference)?.max(Money::ZERO);
        let fees = *self.account.fees();
        let reference = quote.reference_price;
        let covers = |quantity: Quantity| -> Result<bool, UnitsError> {
            let bought = reference.notional(quantity, Rounding::Nearest)?;
            let notional = quote.price.notional(quantity, Rounding::Nearest)?;
            let (worth, fee) = match quote.fee_side {
                FeeSide::Quote => (bought, fees.fee(notional, opportunity.liquidity)?),
                FeeSide::Base => {
                    let fee = quote.unit_fee.notional(quantity, Rounding::Up)?;
                    (bought.minus(fee)?, fee)
                }
            };
            let costs = notional.minus(bought)?.abs().plus(fee)?;
            Ok(worth.plus(leverage.of(costs, Rounding::Up)?)? <= power)
        };
        if covers(quantity)? {
            return Ok((quantity.rounded_to(lot, Rounding::Down), None));
        }
        let unit = quote.unit_worth()?.plus(leverage.of(quote.unit_loss()?, Rounding::Up)?)?;
        let mut affordable = power.quantity_at(unit)?;
        if !covers(affordable)? {
            let reserve = RESERVE.plus(leverage.of(fees.minimum, Rounding::Up)?)?;
            affordable = power.minus(reserve)?.max(Money::ZERO).quantity_at(unit)?;
        }
        let whole_lots = unless_dust(affordable.rounded_to(lot, Rounding::Down), quantity);
        // A difference that only rounding makes is no cut worth telling.
        let (value, limit) = (quantity.to_f64(), affordable.to_f64());
        let told = limit < value * (1.0 - 1e-9) - 1e-11;
        let verdict = if whole_lots.is_zero() { Verdict::Refused } else { Verdict::Cut };
        let cut = Cut { rule: Rule::Cash, value, limit };
        Ok((whole_lots, told.then_some((verdict, cut))))
    }

    /// `leverage × equity − gross exposure`, in quote asset: what new positions may be worth. Without leverage that is cash,
    /// less twice the value of short positions, whose proceeds are in the cash and whose buy-back must stay covered.
    /// What is held of the instrument of `at` counts at `own` price.
    fn buying_power(&self, at: At, time: FillTime, own: f64) -> Result<Money, UnitsError> {
        let leverage = self.tape.setup.risk.margin.leverage_max;
        if leverage == Rate::ONE && !self.account.is_on_margin() {
            return Ok(self.account.cash());
        }
        let (mut equity, mut gross) = (self.account.cash(), Money::ZERO);
        for instrument in self.tape.instruments() {
            let held = self.account.held(instrument);
            if held.is_zero() {
                continue;
            }
            let price = if instrument == at.instrument {
                own
            } else {
                self.tape.price(At { instrument, ..at }, time)
            };
            let value = Price::from_f64(price)?.notional(held.abs(), Rounding::Up)?;
            gross = gross.plus(value)?;
            equity = if held.signum() > 0 { equity.plus(value)? } else { equity.minus(value)? };
        }
        leverage.of(equity, Rounding::Down)?.minus(gross)
    }

    /// What new positions may be worth at the prices at which positions count in the row of `at` at this time.
    pub(super) fn free(&self, at: At, time: FillTime) -> Result<Money, UnitsError> {
        self.buying_power(at, time, self.tape.price(at, time))
    }

    /// Why an opening order of `quantity` is not worth the exchange's while, if it is not.
    fn too_small(
        &self,
        opportunity: &Opportunity,
        quantity: Quantity,
    ) -> Result<Option<Cut>, UnitsError> {
        let instrument = self.tape.instrument(opportunity.moment.at.instrument);
        let (quantity_min, notional_min) = (instrument.quantity_min, instrument.notional_min);
        if !quantity.is_zero() && quantity < quantity_min {
            let (value, limit) = (quantity.to_f64(), quantity_min.to_f64());
            return Ok(Some(Cut { rule: Rule::QuantityMin, value, limit }));
        }
        if quantity.is_zero() || notional_min.is_zero() {
            return Ok(None);
        }
        let reference = Price::from_f64(opportunity.reference)?;
        let notional = reference.notional(quantity, Rounding::Nearest)?;
        let (value, limit) = (notional.to_f64(), notional_min.to_f64());
        let cut = Cut { rule: Rule::NotionalMin, value, limit };
        Ok((notional < notional_min).then_some(cut))
    }

    /// The part of `quantity` that the volume still fills: all of it, or whole lots.
    pub(super) fn fillable(
        &self,
        opportunity: &Opportunity,
        quantity: Quantity,
    ) -> Result<Quantity, UnitsError> {
        let at = opportunity.moment.at;
        let Traded { in_row, in_segment, .. } = self.orders[at.instrument].traded(at.row);
        let left = |traded: Quantity, volume: f64| {
            let part = self.tape.setup.costs.fillable(quantity.plus(traded)?, volume)?;
            Ok(part.minus(traded)?.max(Quantity::ZERO))
        };
        let mut part = left(in_segment, opportunity.volume)?;
        if in_row != in_segment {
            // The segments of a row share its volume with what trades at its open or close.
            part = part.min(left(in_row, self.tape.volume(at))?);
        }
        assert!(Quantity::ZERO <= part && part <= quantity, "{at:?}: {part} of {quantity} fits");
        if part == quantity {
            return Ok(quantity);
        }
        Ok(part.rounded_to(self.lot(opportunity), Rounding::Down))
    }

    fn lot(&self, opportunity: &Opportunity) -> Quantity {
        self.tape.lot(opportunity.moment.at.instrument)
    }
}

/// What is to be told of an order of `size`: without lots, nothing is smaller than a unit of 1e-12.
fn less_than_a_lot(size: Quantity, lot: Quantity) -> Cut {
    let limit = lot.max(Quantity::from_units(1));
    Cut { rule: Rule::Lot, value: size.to_f64(), limit: limit.to_f64() }
}

/// What is `left` of `wanted`, unless it is only what rounding leaves: no exchange trades that, and it would count as a round trip.
fn unless_dust(left: Quantity, wanted: Quantity) -> Quantity {
    if left.to_f64() < wanted.to_f64() * 1e-9 { Quantity::ZERO } else { left }
}

#[cfg(test)]
mod tests;
