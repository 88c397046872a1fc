//! Breakers: they are shown every close, and what they say is done.

use std::ops::Range;

use super::orders::{EntryType, WorkingOrder};
use super::state::State;
use super::tape::{At, FillTime, Tape};
use crate::order::FillReason;
use crate::risk::{ApprovedOrder, BreakerAction, BreakerEventKind, Breakers, Closes, Cut};
use crate::units::{Rate, Rounding, UnitsError};

/// What breakers made of rows that may still be cut short.
#[derive(Debug, Default)]
pub(super) struct Watched {
    tripped: bool,
    /// The breakers before those rows; kept where they may be cut short.
    before: Option<Box<Breakers>>,
}

/// Shows the breakers the marked `rows`. One past the first row at which one trips ends the span. Gives the end.
pub(super) fn watch(
    state: &mut State,
    tape: &Tape<'_>,
    rows: Range<usize>,
    may_be_cut: bool,
) -> (usize, Watched) {
    if rows.end <= state.record.first_row() || !state.gate.breakers().is_watching() {
        return (rows.end, Watched::default());
    }
    let before = may_be_cut.then(|| Box::new(state.gate.breakers().clone()));
    let (end, tripped) = take_in(state, tape, rows);
    (end, Watched { tripped, before })
}

/// The strategies took in `rows` only, of those up to `shown` that the breakers were shown. Gives whether one tripped at
/// their last row.
pub(super) fn settle(
    state: &mut State,
    tape: &Tape<'_>,
    rows: Range<usize>,
    (shown, watched): (usize, Watched),
) -> bool {
    let Watched { tripped, before } = watched;
    assert!(
        rows.end <= shown,
        "rows {rows:?} were taken in: the breakers were shown those to {shown}"
    );
    let tripped = match before {
        Some(before) if rows.end < shown => {
            *state.gate.breakers_mut() = *before;
            take_in(state, tape, rows).1
        }
        _ => tripped,
    };
    state.record.add_breaker_events(state.gate.breakers_mut().drain_events());
    tripped
}

fn take_in(state: &mut State, tape: &Tape<'_>, rows: Range<usize>) -> (usize, bool) {
    let State { gate, record, .. } = state;
    let taken = gate.breakers_mut().take_in(&Closes {
        first_row: rows.start,
        times_ms: tape.panel.row_times().of(rows.clone()),
        interval_ms: tape.panel.interval().as_ms(),
        equity: record.equity_of(rows.clone()),
    });
    assert!((1..=rows.len()).contains(&taken.rows), "{taken:?} of rows {rows:?}");
    (rows.start + taken.rows, taken.tripped)
}

/// A breaker tripped at the close of `row`: what it says happens at the next open.
pub(super) fn obey(state: &mut State, tape: &Tape<'_>, row: usize) -> Result<(), UnitsError> {
    if state.ruined {
        return Ok(());
    }
    let standing = state.gate.breakers().standing();
    let trips_now = state.record.breaker_events_at(tape.time(row, FillTime::Open)).any(|event| {
        event.action == BreakerAction::Reduce && event.kind == BreakerEventKind::Tripped
    });
    // Positions that are entered later are that much smaller, too, whatever becomes of those that are held.
    let reduced = standing.reduced.filter(|_| trips_now);
    let cut = reduced.map(|reduced| (state.gate.breakers_mut().cut(reduced.to), reduced));
    match standing.tripped.map(|tripped| tripped.action) {
        Some(BreakerAction::Flatten) => {
            for at in tape.instruments().map(|instrument| At { row, instrument }) {
                state.make_reduce_only(tape, at);
                state.close_at_next_open(tape, at, FillReason::Breaker);
            }
            return Ok(());
        }
        Some(BreakerAction::Halt | BreakerAction::Reduce) => {
            for instrument in tape.instruments() {
                state.make_reduce_only(tape, At { row, instrument });
            }
        }
        None => {}
    }
    if let Some((part, reduced)) = cut {
        let part = Rate::from_fraction(part)?;
        let cut = Cut { rule: reduced.rule, value: reduced.value, limit: reduced.limit };
        for instrument in tape.instruments() {
            reduce(state, tape, At { row, instrument }, (part, cut))?;
        }
    }
    Ok(())
}

/// Cuts what is held of an instrument, or is left of it by a cut that has not traded yet, to `part` when market orders trade next,
/// unless it is being closed already. Nothing on its way opens or enlarges a position any more; what leaves goes on.
fn reduce(
    state: &mut State,
    tape: &Tape<'_>,
    at: At,
    (part, cut): (Rate, Cut),
) -> Result<(), UnitsError> {
    let changed = state.orders[at.instrument].make_reduce_only();
    state.refuse_all(tape, at, changed, cut);
    assert!(state.orders[at.instrument].all_reduce_only(), "{at:?}: an order opens after a cut");
    let held = state.held(at.instrument);
    if held.is_zero() {
        return Ok(());
    }
    let orders = &mut state.orders[at.instrument];
    // An order that leaves at the market goes on.
    let mut next = orders.working.iter().chain(&orders.in_flight);
    if next.any(|order| order.from_row <= at.row + 1 && order.leaves(held)) {
        return Ok(());
    }
    // What waits for its price waits until the position is smaller.
    let waiting = orders.working.take_if(|order| order.entry != EntryType::Market);
    if let Some(waiting) = waiting {
        orders.in_flight.push_front(waiting);
    }
    let left = part.of(orders.left_by_cut(held), Rounding::Down)?;
    orders.start_cut(held, left);
    orders.working = Some(WorkingOrder {
        order: ApprovedOrder::reduced(held, left),
        levels: None,
        ..WorkingOrder::closing(FillReason::Breaker).from(at.row + 1)
    });
    Ok(())
}

#[cfg(test)]
mod tests;
