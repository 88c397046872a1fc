//! What trades inside the bars of a row: stops, take-profits and limits, and what the margin does not cover.

use super::contest;
use super::liquidation::{left_before_liquidation, liquidate};
use super::orders::InstrumentOrders;
use super::price_path::Segment;
use super::state::State;
use super::tape::{At, Tape};
use super::walk::Walk;
use crate::market::InstrumentId;
use crate::order::{Rule, Verdict};
use crate::risk::Cut;
use crate::units::UnitsError;

/// Everything that happens inside `row`: in one go, or in steps where finer bars tell what came first.
pub(super) fn trade(state: &mut State, tape: &Tape<'_>, row: usize) -> Result<(), UnitsError> {
    let booked = state.account.bookings();
    trade_segments(state, tape, row)?;
    if state.account.bookings() != booked {
        state.account.finish_row(tape, row);
    }
    Ok(())
}

fn trade_segments(state: &mut State, tape: &Tape<'_>, row: usize) -> Result<(), UnitsError> {
    for orders in state.orders.values_mut() {
        // What had to wait for an order of the host's own.
        orders.arrive(row);
    }
    for instrument in tape.instruments() {
        expire(state, tape, At { row, instrument });
    }
    let may_trade = |instrument| !state.held(instrument).is_zero() || !state.is_idle(instrument);
    let Some(steps) = tape.steps(row, may_trade) else {
        return trade_segment(state, tape, &Segment::whole(row));
    };
    for place in 0..steps.count {
        state.orders.values_mut().iter_mut().for_each(InstrumentOrders::renew_volume);
        trade_segment(state, tape, &Segment::step(row, &steps, place))?;
    }
    Ok(())
}

/// Stops, take-profits and limits of every instrument in a segment of a row, and the margin.
fn trade_segment(
    state: &mut State,
    tape: &Tape<'_>,
    segment: &Segment<'_>,
) -> Result<(), UnitsError> {
    // Where the margin is used up on the way, only what lies before that point saves what it protects.
    let mut tried = Vec::new();
    while let Some(instrument) = left_before_liquidation(state, tape, segment, &tried) {
        tried.push(instrument);
        trade_alone(state, tape, segment, instrument)?;
    }
    liquidate(state, tape, segment)?;
    let waits = |instrument: &_| !state.is_idle(*instrument) && !tried.contains(instrument);
    let mut waiting = tape.instruments().filter(waits);
    match (waiting.next(), waiting.next()) {
        (None, _) => {}
        (Some(only), None) => trade_alone(state, tape, segment, only)?,
        (Some(_), Some(_)) => contest::trade(state, tape, segment, &tried)?,
    }
    // A limit order may have been filled on the way to the worst of the segment.
    liquidate(state, tape, segment)
}

/// Stops, take-profits and limits of one instrument.
fn trade_alone(
    state: &mut State,
    tape: &Tape<'_>,
    segment: &Segment<'_>,
    instrument: InstrumentId,
) -> Result<(), UnitsError> {
    match Walk::new(tape, segment, instrument) {
        Some(mut walk) => walk.finish(state, tape),
        None => Ok(()),
    }
}

/// Cancels the limit order of an instrument whose rows are over before the one of `at`.
fn expire(state: &mut State, tape: &Tape<'_>, at: At) {
    let orders = &mut state.orders[at.instrument];
    if orders.expiry().is_none_or(|last_row| at.row <= last_row) {
        return;
    }
    if let Some(working) = orders.working.take().filter(|working| !working.ended) {
        let cut = Cut { rule: Rule::Expired, value: 0.0, limit: 0.0 };
        state.refuse(tape, at, working.decision, (Verdict::Refused, cut));
    }
}

#[cfg(test)]
mod tests;
