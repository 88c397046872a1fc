//! Market orders of a row, and the end of a run.

use super::account::Cause;
use super::execution::{open, reduce, with_working_order};
use super::quote::{Moment, Opportunity};
use super::state::State;
use super::tape::{At, FillTime, Tape};
use crate::order::FillReason;
use crate::units::UnitsError;

/// Which part of the market orders trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// What frees cash.
    Closing,
    /// What needs cash.
    Opening,
}

/// Market orders at the open of `row`, or at its close.
pub(super) fn trade(
    state: &mut State,
    tape: &Tape<'_>,
    row: usize,
    time: FillTime,
) -> Result<(), UnitsError> {
    for pass in [Pass::Closing, Pass::Opening] {
        for instrument in tape.instruments() {
            trade_one(state, tape, Moment::of_market(At { row, instrument }, time), pass)?;
        }
    }
    Ok(())
}

fn trade_one(
    state: &mut State,
    tape: &Tape<'_>,
    moment: Moment,
    pass: Pass,
) -> Result<(), UnitsError> {
    let at = moment.at;
    if !state.orders[at.instrument].trades_in(at.row) {
        return Ok(());
    }
    if pass == Pass::Closing && opens_from_nothing(state, at) {
        return Ok(());
    }
    let reference = tape.market_price(at, moment.time);
    if reference.is_nan() {
        return Ok(());
    }
    // Only the columns that are needed: each is another part of memory.
    let volume = if tape.setup.costs.reads_volume() { tape.volume(at) } else { 0.0 };
    assert!(reference > 0.0, "{at:?}: an order meets a price of {reference}");
    with_working_order(state, at.instrument, |state, order| {
        assert!(order.from_row <= at.row, "{at:?}: an order trades before row {}", order.from_row);
        let opportunity = Opportunity::to_take(tape, moment, reference, volume);
        let opportunity = Opportunity { filled: order.filled, ..opportunity };
        match pass {
            Pass::Closing => reduce(state, tape, order, &opportunity),
            Pass::Opening => open(state, tape, order, &opportunity),
        }
    })
}

/// Whether the order opens a position where there is none: it has nothing to close.
fn opens_from_nothing(state: &State, at: At) -> bool {
    let working = state.orders[at.instrument].working.as_ref();
    state.held(at.instrument).is_zero()
        && working.is_some_and(|working| working.order.direction().is_some())
}

/// Closes every position at the last close of its instrument.
pub(super) fn close_all(state: &mut State, tape: &Tape<'_>) -> Result<(), UnitsError> {
    let Some(row) = tape.rows().checked_sub(1) else { return Ok(()) };
    state.start_day(tape, row);
    for instrument in tape.instruments() {
        let at = At { row, instrument };
        let held = state.held(instrument);
        if held.is_zero() {
            continue;
        }
        let volume = tape.volume(at);
        let volume = if volume.is_nan() { 0.0 } else { volume };
        let moment = Moment::of_market(at, FillTime::Close);
        let opportunity = Opportunity::to_take(tape, moment, tape.mark(at), volume);
        let cause = Cause::of(FillReason::EndOfRun);
        let execution = state.venue(tape).close(&opportunity, held.abs(), cause)?;
        state.execute(tape, execution, moment)?;
        assert!(state.held(instrument).is_zero(), "{at:?}: something is held after the end");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
