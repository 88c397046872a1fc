//! How an order meets an opportunity: it closes first, then opens, and what it trades is booked.

use super::orders::WorkingOrder;
use super::quote::Opportunity;
use super::state::State;
use super::tape::{FillTime, Tape};
use super::venue::{Opening, Reducing};
use crate::market::InstrumentId;
use crate::order::Verdict;
use crate::units::{Quantity, UnitsError};

/// Trades what makes the position smaller. Gives whether the order is done.
pub(super) fn reduce(
    state: &mut State,
    tape: &Tape<'_>,
    order: &mut WorkingOrder,
    opportunity: &Opportunity,
) -> Result<bool, UnitsError> {
    close(state, tape, order, opportunity)?;
    let held = state.held(opportunity.moment.at.instrument);
    let Some(direction) = order.order.direction() else { return Ok(held.is_zero()) };
    if held.signum() * i128::from(direction.sign()) <= 0 {
        return Ok(false);
    }
    let venue = state.venue(tape);
    let towards = direction.entry_side();
    let side = venue.side(order, opportunity, towards)?;
    if side == towards {
        return Ok(false);
    }
    let Reducing { execution, remaining } = venue.reduce(order, opportunity, side)?;
    if let Some(execution) = execution {
        order.filled = order.filled.plus(execution.quantity)?;
        state.execute(tape, execution, opportunity.moment)?;
        assert_reduced(state, opportunity, held);
        go_live(state, order, opportunity, held);
        order.remaining = Some(remaining);
    }
    Ok(remaining.quantity.is_zero())
}

/// Closes what stands against the order: the whole position for a flat target, an opposite position otherwise.
pub(super) fn close(
    state: &mut State,
    tape: &Tape<'_>,
    order: &mut WorkingOrder,
    opportunity: &Opportunity,
) -> Result<(), UnitsError> {
    let Some(execution) = state.venue(tape).close_against(order, opportunity)? else {
        return Ok(());
    };
    let held = state.held(opportunity.moment.at.instrument);
    order.filled = order.filled.plus(execution.quantity)?;
    // What a reversal is for has both to pay: what closes and what opens.
    order.order.pay(execution.costs()?)?;
    state.execute(tape, execution, opportunity.moment)?;
    assert_reduced(state, opportunity, held);
    // What was just closed may forbid what the same order was to open.
    let at = opportunity.moment.at;
    if !order.order.is_reduce_only()
        && let Some(cut) = state.gate.reduce_only_by(at.instrument, tape.close_ms(at.row))
    {
        order.order.make_reduce_only();
        state.refuse(tape, at, order.decision, (Verdict::Refused, cut));
    }
    Ok(())
}

/// Moves the position up to the order's size. Gives whether the order is done.
pub(super) fn open(
    state: &mut State,
    tape: &Tape<'_>,
    order: &mut WorkingOrder,
    opportunity: &Opportunity,
) -> Result<bool, UnitsError> {
    let at = opportunity.moment.at;
    let Some(direction) = order.order.direction() else { return Ok(false) };
    let held = state.held(at.instrument);
    let towards = direction.entry_side();
    if held.signum() * i128::from(direction.sign()) < 0
        || state.venue(tape).side(order, opportunity, towards)? != towards
    {
        return Ok(false);
    }
    if order.order.is_reduce_only() {
        if let Some(cut) = state.venue(tape).not_enlarged(order, opportunity, towards)? {
            state.refuse(tape, at, order.decision, (Verdict::Refused, cut));
        }
        return Ok(true);
    }
    let place = (at.row, at.instrument);
    state.gate.measure_before(tape.panel, place, state.account.portfolio());
    let opening = state.venue(tape).open(order, opportunity, towards)?;
    let Opening { execution, remaining, cuts, cut_by, done } = opening;
    order.cut_by = cut_by;
    for cut in cuts {
        state.refuse(tape, at, order.decision, cut);
    }
    if let Some(execution) = execution {
        order.filled = order.filled.plus(execution.quantity)?;
        state.execute(tape, execution, opportunity.moment)?;
        let now = state.held(at.instrument);
        assert!(
            now.signum() * i128::from(direction.sign()) >= 0 && now.abs() >= held.abs(),
            "{at:?}: {held} became {now} when an order of {direction:?} opened"
        );
        go_live(state, order, opportunity, held);
        order.remaining = Some(remaining);
    }
    Ok(done)
}

/// What was `held` has become smaller, and did not turn.
fn assert_reduced(state: &State, opportunity: &Opportunity, held: Quantity) {
    let at = opportunity.moment.at;
    let now = state.held(at.instrument);
    assert!(
        now.signum() * held.signum() >= 0 && now.abs() < held.abs(),
        "{at:?}: {held} became {now} when an order made it smaller"
    );
}

/// The order's levels go live with its first fill. A position that was opened at the close meets them from the next bar on.
fn go_live(
    state: &mut State,
    order: &WorkingOrder,
    opportunity: &Opportunity,
    held_before: Quantity,
) {
    let (at, time) = (opportunity.moment.at, opportunity.moment.time);
    let orders = &mut state.orders[at.instrument];
    if let (Some(levels), None) = (order.levels, order.remaining) {
        orders.protect_from(at.row, levels);
    }
    if time == FillTime::Close && held_before.is_zero() {
        orders.take_profit_starts_in(at.row + 1);
    }
}

/// Lets the working order of `instrument`, if there is one, meet what `trade` does with it; it works on if that gives `false`.
pub(super) fn with_working_order(
    state: &mut State,
    instrument: InstrumentId,
    trade: impl FnOnce(&mut State, &mut WorkingOrder) -> Result<bool, UnitsError>,
) -> Result<(), UnitsError> {
    if let Some(mut order) = state.orders[instrument].working.take()
        && !trade(state, &mut order)?
    {
        state.orders[instrument].working = Some(order);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
