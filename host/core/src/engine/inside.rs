//! What trades inside the bars of a row: stops, take-profits and limits, and what the margin does not cover.

use super::bar::{Bar, Entered, Extremes, LimitTurn, ProtectiveExit};
use super::execution::{close, open, reduce, with_working_order};
use super::liquidation::{left_before_liquidation, liquidate};
use super::orders::{InstrumentOrders, WorkingOrder};
use super::price_path::Segment;
use super::quote::{Moment, Opportunity};
use super::state::State;
use super::tape::{At, FillTime, Point, Tape};
use crate::market::InstrumentId;
use crate::order::{FillReason, Levels, Rule, Side, Verdict};
use crate::risk::Cut;
use crate::units::{Price, Quantity, UnitsError};

/// A piece of the way of the price in one instrument.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Its open.
    moment: Moment,
    bar: Bar,
}

impl Piece {
    const fn at(&self) -> At {
        self.moment.at
    }

    /// Whether it is the first one of its row.
    fn opens_row(&self) -> bool {
        self.moment.point == Point::Start(0)
    }
}

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
        trade_instrument(state, tape, segment, instrument)?;
    }
    liquidate(state, tape, segment)?;
    for instrument in tape.instruments() {
        trade_instrument(state, tape, segment, instrument)?;
    }
    // A limit order may have been filled on the way to the worst of the segment.
    liquidate(state, tape, segment)
}

/// Stops, take-profits and limits of one instrument.
fn trade_instrument(
    state: &mut State,
    tape: &Tape<'_>,
    segment: &Segment<'_>,
    instrument: InstrumentId,
) -> Result<(), UnitsError> {
    if state.is_idle(instrument) {
        return Ok(());
    }
    let at = At { row: segment.row, instrument };
    let (time, segment_number) = (FillTime::Open, segment.number());
    let moment = |place| Moment { at, time, segment: segment_number, point: Point::Start(place) };
    if let Some((steps, place)) = segment.steps() {
        if let Some(bar) = steps.bar(instrument, place) {
            trade_piece(state, tape, &Piece { moment: moment(place), bar })?;
        }
        return Ok(());
    }
    let Some(path) = tape.price_path(at) else { return Ok(()) };
    for place in 0..path.count() {
        let Some(bar) = path.at(place) else { break };
        if path.has_volumes() {
            state.orders[instrument].renew_volume();
        }
        if trade_piece(state, tape, &Piece { moment: moment(place), bar })? {
            break;
        }
    }
    Ok(())
}

/// What rests meets `piece`, in the order in which the price comes to it. Gives whether nothing more can happen in the row.
fn trade_piece(state: &mut State, tape: &Tape<'_>, piece: &Piece) -> Result<bool, UnitsError> {
    let Piece { bar, .. } = *piece;
    let at = piece.at();
    assert!(bar.low <= bar.open && bar.open <= bar.high, "{at:?}: {bar:?}");
    let (held, levels) = state.protected(tape, at.instrument);
    let turn = match state.orders[at.instrument].limit() {
        Some(_) if limit_takes(state, tape, piece) => {
            let left = bar.exit_at_open(held, levels).is_some();
            if left { LimitTurn::Last } else { LimitTurn::First }
        }
        Some(limit) => bar.turn_of_limit(limit, held, levels),
        None => LimitTurn::Last,
    };
    if turn == LimitTurn::First {
        let filled = fill_limit(state, tape, piece)?;
        let (now, levels_now) = state.protected(tape, at.instrument);
        let shrank = now.signum() == held.signum() && now.abs() <= held.abs();
        // What is left of a position was there before the bar; what was added to it was not.
        let entered = match filled {
            Some(entered) if !shrank || levels != levels_now => entered,
            _ => Entered::Before,
        };
        return protect(state, tape, piece, entered);
    }
    if turn == LimitTurn::Unknown && bar.extremes == Extremes::Unordered {
        state.note_ambiguous(tape, at);
    }
    if protect(state, tape, piece, Entered::Before)? {
        return Ok(true);
    }
    match fill_limit(state, tape, piece)? {
        Some(entered) => protect(state, tape, piece, entered),
        None => Ok(false),
    }
}

/// Leaves the position when the bar reaches its stop or take-profit. Gives whether nothing more can happen to it in the
/// bar: what a take-profit has not sold is still there to be stopped.
fn protect(
    state: &mut State,
    tape: &Tape<'_>,
    piece: &Piece,
    entered: Entered,
) -> Result<bool, UnitsError> {
    let Piece { moment, bar } = *piece;
    let at = piece.at();
    let (held, levels) = state.protected(tape, at.instrument);
    let Some(ProtectiveExit { fill, ambiguous }) = bar.protective_exit(held, levels, entered)
    else {
        return Ok(false);
    };
    if ambiguous {
        state.note_ambiguous(tape, at);
    }
    let Some((reason, reference)) = fill else { return Ok(false) };
    let (low, high) = (bar.low, bar.high);
    assert!(
        reason != FillReason::Stop || (low <= reference && reference <= high),
        "{at:?}: stopped at {reference} between {low} and {high}"
    );
    let taken = levels.take_profit.filter(|&level| {
        reason == FillReason::TakeProfit && takes_profit_at_once(state, tape, piece, level)
    });
    let at_open = entered == Entered::Before && bar.exit_at_open(held, levels).is_some();
    let moment = if at_open || taken.is_some() { moment } else { moment.inside() };
    let opportunity = match (reason, taken) {
        (_, Some(_)) => Opportunity::to_take(tape, moment, bar.open, bar.volume),
        (FillReason::TakeProfit, None) => Opportunity::to_make(moment, reference, bar.volume),
        _ => Opportunity::to_take(tape, moment, reference, bar.volume),
    };
    let opportunity = Opportunity { limit: taken, ..opportunity };
    let mut closing = WorkingOrder::closing(reason).from(at.row + 1);
    close(state, tape, &mut closing, &opportunity)?;
    let flat = state.held(at.instrument).is_zero();
    // What the bar could not fill of a take-profit goes on resting, and of a stop as a market order.
    if flat || reason == FillReason::Stop {
        state.orders[at.instrument].levels = Levels::default();
        go_on_after_exit(state, tape, at, (held, (!flat).then_some(closing)));
    }
    Ok(flat || reason == FillReason::Stop)
}

/// What becomes of the working order when a stop or take-profit has ended a position of `held`, or is still `closing` it: one
/// that turns the position goes on, one that enlarges it is cancelled.
fn go_on_after_exit(
    state: &mut State,
    tape: &Tape<'_>,
    at: At,
    (held, closing): (Quantity, Option<WorkingOrder>),
) {
    let orders = &mut state.orders[at.instrument];
    let before = orders.working.take();
    let direction = before.as_ref().and_then(|working| working.order.direction());
    let turns = direction.is_some_and(|direction| i128::from(direction.sign()) * held.signum() < 0);
    match before {
        // A market order that turns the position closes the rest of it first.
        Some(working) if turns && (closing.is_none() || working.turns(held)) => {
            orders.working = Some(working);
        }
        Some(working) if turns => {
            orders.working = closing;
            orders.in_flight.push_front(working);
        }
        before => {
            orders.working = closing;
            if let Some(working) = before.filter(|working| !working.order.is_reduce_only()) {
                let cut = Cut { rule: Rule::ProtectiveExit, value: 0.0, limit: 0.0 };
                state.refuse(tape, at, working.decision, (Verdict::Refused, cut));
            }
        }
    }
}

/// Whether a take-profit at `level` finds a market that is beyond it already when it comes, at the entry in the row or else
/// at the close before it: then it does not rest, and the open is all there is to get.
fn takes_profit_at_once(state: &State, tape: &Tape<'_>, piece: &Piece, level: Price) -> bool {
    let at = piece.at();
    let (orders, held) = (&state.orders[at.instrument], state.held(at.instrument));
    let before = match orders.entry_in(at.row, None, held) {
        Some(entry) => entry,
        None if orders.is_take_profit_new_in(at.row) && piece.opens_row() => tape.mark_before(at),
        None => return false,
    };
    let level = level.to_f64();
    match held.signum() {
        -1 => before <= level && piece.bar.open <= level,
        _ => before >= level && piece.bar.open >= level,
    }
}

/// Fills the limit order if `piece` reaches it. Gives when that was, if anything was filled.
fn fill_limit(
    state: &mut State,
    tape: &Tape<'_>,
    piece: &Piece,
) -> Result<Option<Entered>, UnitsError> {
    let Piece { moment, bar } = *piece;
    let at = piece.at();
    let Some((side, price)) = state.orders[at.instrument].limit() else { return Ok(None) };
    let takes = limit_takes(state, tape, piece);
    if let Some(working) = &mut state.orders[at.instrument].working {
        working.marketable_in = takes.then_some(at.row);
    }
    let (opportunity, entered) = if takes {
        (Opportunity::to_take(tape, moment, bar.open, bar.volume), Entered::Before)
    } else if let Some((reference, entered)) = bar.limit_fill(side, price.to_f64()) {
        let moment = if entered == Entered::Before { moment } else { moment.inside() };
        (Opportunity::to_make(moment, reference, bar.volume), entered)
    } else {
        return Ok(None);
    };
    let fills = state.record.fills().len();
    with_working_order(state, at.instrument, |state, order| {
        let opportunity = Opportunity { limit: Some(price), filled: order.filled, ..opportunity };
        Ok(reduce(state, tape, order, &opportunity)? || open(state, tape, order, &opportunity)?)
    })?;
    Ok((state.record.fills().len() > fills).then_some(entered))
}

/// Whether the limit order finds a market that has its price already, and has had it ever since it came: it does not rest, it
/// takes the open.
fn limit_takes(state: &State, tape: &Tape<'_>, piece: &Piece) -> bool {
    let at = piece.at();
    let orders = &state.orders[at.instrument];
    let (Some(working), Some((side, price))) = (&orders.working, orders.limit()) else {
        return false;
    };
    let has = |market: f64| match side {
        Side::Buy => market <= price.to_f64(),
        Side::Sell => market >= price.to_f64(),
    };
    // It takes from its first bar on, as long as it has taken in every bar.
    let ever_since = match working.marketable_in {
        Some(last) => last == at.row || !tape.has_bar(at.instrument, last + 1..at.row),
        None => {
            piece.opens_row()
                && !working.met_bar
                && !tape
                    .has_bar(at.instrument, working.from_row.max(tape.panel.first_row())..at.row)
                && has(tape.mark_before(at))
        }
    };
    has(piece.bar.open) && ever_since
}

/// Cancels the limit order of an instrument whose rows are over before the one of `at`.
fn expire(state: &mut State, tape: &Tape<'_>, at: At) {
    let orders = &mut state.orders[at.instrument];
    if orders.expiry().is_none_or(|last_row| at.row <= last_row) {
        return;
    }
    if let Some(working) = orders.working.take() {
        let cut = Cut { rule: Rule::Expired, value: 0.0, limit: 0.0 };
        state.refuse(tape, at, working.decision, (Verdict::Refused, cut));
    }
}

#[cfg(test)]
mod tests;
