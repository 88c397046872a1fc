//! Rebalancing: positions are brought back to their size at the ends of periods.

use std::ops::Range;

use super::decisions::{Intent, ask_risk, refuse_each, send};
use super::state::State;
use super::tape::{At, Tape};
use crate::order::{Entry, FillReason};
use crate::risk::Rebalancing;
use crate::units::{Quantity, Rounding, UnitsError};

/// The row after the first of `rows` that ends a period of rebalancing, the first of them that opens after one that has ended in a
/// gap, or their end.
pub(super) fn next(tape: &Tape<'_>, first_row: usize, rows: Range<usize>) -> usize {
    let Some(rule) = tape.setup.risk.rebalancing else { return rows.end };
    // The row before `rows` belongs to the span, too, and may be the one that ends the period.
    let first = rows.start.saturating_sub(1);
    if first >= first_row && tape.ends_period(first, rule.every) {
        return rows.start;
    }
    let period = rule.every.number(tape.close_ms(first));
    let over = tape.first_known_at(rule.every.start_ms(period + 1), rows.clone());
    if over < rows.end && tape.opens_after_period(over, rule.every) {
        return over;
    }
    (over + 1).min(rows.end)
}

/// Brings positions that have drifted back to their size, when `row` ends a period.
pub(super) fn rebalance(state: &mut State, tape: &Tape<'_>, row: usize) -> Result<(), UnitsError> {
    match tape.setup.risk.rebalancing {
        Some(rule) if tape.ends_period(row, rule.every) => bring_back(state, tape, row, rule),
        _ => Ok(()),
    }
}

/// The same before the open of `row`, when a period has ended in the gap before it: at its last close nobody knew that it was the
/// last.
pub(super) fn after_gap(state: &mut State, tape: &Tape<'_>, row: usize) -> Result<(), UnitsError> {
    match (tape.setup.risk.rebalancing, row.checked_sub(1)) {
        (Some(rule), Some(last)) if tape.opens_after_period(row, rule.every) => {
            bring_back(state, tape, last, rule)
        }
        _ => Ok(()),
    }
}

/// Brings positions that have drifted by the close of `row` back to the size that is granted then.
fn bring_back(
    state: &mut State,
    tape: &Tape<'_>,
    row: usize,
    rule: Rebalancing,
) -> Result<(), UnitsError> {
    let is_off = state.ruined || state.gate.trading_state().frozen;
    if row < state.record.first_row() || is_off {
        return Ok(());
    }
    for instrument in tape.instruments() {
        let at = At { row, instrument };
        let (held, orders) = (state.held(instrument), &state.orders[instrument]);
        let target = orders.target.filter(|target| target.share() * held.to_f64() > 0.0);
        let Some(target) = target.filter(|_| {
            !orders.is_working()
                && !orders.closed
                && !state.listings[instrument].ended
                && !state.gate.keeps_entry_size(instrument)
        }) else {
            continue;
        };
        let intent = Intent {
            at,
            target,
            entry: Entry::Market,
            levels: None,
            entry_reason: FillReason::Rebalance,
            exit_reason: FillReason::Rebalance,
            decision: None,
            tag: None,
        };
        let (answer, _) = ask_risk(state, tape, &intent)?;
        let wanted = match (&answer.order, answer.refused) {
            (Some(order), _) => state.venue(tape).desired_at_mark(order, at)?,
            (None, Some(size)) => size.quantity_at(tape.mark(at))?,
            // Without a size there is nothing that could have drifted.
            (None, None) => continue,
        };
        assert!(wanted >= Quantity::ZERO, "{at:?}: a size of {wanted}");
        if wanted.minus(held.abs())?.abs() > rule.band.of(wanted, Rounding::Down)? {
            refuse_each(state, tape, &intent, &answer.cuts);
            if let Some(order) = answer.order {
                send(state, tape, intent, order)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
