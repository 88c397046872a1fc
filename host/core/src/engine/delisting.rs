//! Instruments whose prices end: it is told, and what is held of them is closed at the last price, or stays where that is wanted.

use std::ops::Range;

use super::account::Cause;
use super::quote::{Moment, Opportunity};
use super::state::State;
use super::tape::{At, FillTime, Tape};
use super::{Delisting, Listing};
use crate::market::{Field, InstrumentId, PerInstrument};
use crate::order::{FillReason, Rule, Verdict};
use crate::risk::{Cut, DelistingAction};
use crate::units::{Timestamp, UnitsError};

/// The first of `rows` at whose close an instrument counts as delisted, or their end.
pub(super) fn next(
    listings: &PerInstrument<Listing>,
    tape: &Tape<'_>,
    first_row: usize,
    rows: Range<usize>,
) -> usize {
    let mut end = rows.end;
    if rows.start < first_row {
        return end;
    }
    for instrument in tape.instruments() {
        let listing = &listings[instrument];
        if !tape.series(instrument).is_complete() && !listing.ended {
            end = ends_in(listing, tape, instrument, rows.start..end).unwrap_or(end);
        }
    }
    end
}

/// The first of `rows` at whose close there has been no bar for as long as the rule says.
fn ends_in(
    listing: &Listing,
    tape: &Tape<'_>,
    instrument: InstrumentId,
    rows: Range<usize>,
) -> Option<usize> {
    let after_ms = tape.setup.risk.delisting.after.as_ms();
    let last_row = rows.end.checked_sub(1).filter(|last| *last >= rows.start)?;
    let close_ms = tape.close_ms(last_row);
    let mut start = rows.start;
    let mut last_ms = match listing.last_ms.or_else(|| end_of_bar_before(tape, instrument, start)) {
        Some(last_ms) => last_ms,
        None if close_ms.saturating_sub(tape.open_ms(start)) < after_ms => return None,
        None => {
            let first = first_bar(tape, instrument, rows.clone())?;
            start = first + 1;
            tape.close_ms(first)
        }
    };
    if close_ms < last_ms.saturating_add(after_ms) {
        return None;
    }
    while start < rows.end {
        let due = tape.first_known_at(last_ms.saturating_add(after_ms), start..rows.end);
        let shown = (due + 1).min(rows.end);
        match latest_bar(tape, instrument, start..shown) {
            Some(row) => (last_ms, start) = (tape.close_ms(row), row + 1),
            None if due < rows.end => return Some(due),
            None => return None,
        }
    }
    None
}

/// When the bar before `row` ended, if there is one: where none was missing before, nothing is kept.
fn end_of_bar_before(tape: &Tape<'_>, instrument: InstrumentId, row: usize) -> Option<i64> {
    let before = row.checked_sub(1).filter(|before| *before >= tape.panel.first_row())?;
    tape.has_bar(instrument, before..row).then(|| tape.close_ms(before))
}

fn latest_bar(tape: &Tape<'_>, instrument: InstrumentId, rows: Range<usize>) -> Option<usize> {
    let closes = tape.series(instrument).rows(Field::Close).of(rows.clone());
    closes.iter().rposition(|close| !close.is_nan()).map(|place| rows.start + place)
}

fn first_bar(tape: &Tape<'_>, instrument: InstrumentId, rows: Range<usize>) -> Option<usize> {
    let closes = tape.series(instrument).rows(Field::Close).of(rows.clone());
    closes.iter().position(|close| !close.is_nan()).map(|place| rows.start + place)
}

/// Takes in which instruments have had a bar in `rows`: one that has is listed, whatever was before.
pub(super) fn take_in(state: &mut State, tape: &Tape<'_>, rows: Range<usize>) {
    for instrument in tape.instruments() {
        if tape.series(instrument).is_complete() {
            continue;
        }
        let listing = &mut state.listings[instrument];
        if let Some(row) = latest_bar(tape, instrument, rows.clone()) {
            *listing = Listing { last_ms: Some(tape.close_ms(row)), ended: false };
        } else if listing.last_ms.is_none() {
            listing.last_ms = end_of_bar_before(tape, instrument, rows.start);
        }
    }
}

/// Instruments that count as delisted at the close of `row`.
pub(super) fn settle(state: &mut State, tape: &Tape<'_>, row: usize) -> Result<(), UnitsError> {
    for instrument in tape.instruments() {
        let listing = state.listings[instrument];
        if tape.series(instrument).is_complete() || listing.ended {
            continue;
        }
        if ends_in(&listing, tape, instrument, row..row + 1) == Some(row) {
            delist(state, tape, At { row, instrument })?;
        }
    }
    Ok(())
}

fn delist(state: &mut State, tape: &Tape<'_>, at: At) -> Result<(), UnitsError> {
    let (rule, held) = (tape.setup.risk.delisting, state.held(at.instrument));
    let price = tape.mark(at);
    assert!(price.is_finite(), "{at:?}: delisted before its first bar");
    let known = state.listings[at.instrument].last_ms;
    let known = known.or_else(|| end_of_bar_before(tape, at.instrument, at.row));
    let Some(last_ms) = known else { unreachable!("{at:?}: delisted before its first bar") };
    state.listings[at.instrument] = Listing { last_ms: Some(last_ms), ended: true };
    state.record.add_delisting(Delisting {
        time: tape.time(at.row, FillTime::Close),
        symbol: tape.symbol(at.instrument).clone(),
        last_time: Timestamp::clamped(last_ms),
        last_price: price,
        quantity: held,
        action: rule.action,
    });
    // What the host closes of the position comes to the same where it is closed here; all else that was on its way is told.
    let closes = rule.action == DelistingAction::Close;
    let orders = &mut state.orders[at.instrument];
    let hosts = orders.hosts_order().filter(|_| !closes).map(|order| order.decision);
    let cancelled = hosts.into_iter().chain(orders.cancel()).collect();
    state.refuse_all(tape, at, cancelled, refusal());
    if !closes || held.is_zero() {
        return Ok(());
    }
    let haircut = rule.haircut.to_fraction();
    let factor = if held.signum() > 0 { 1.0 - haircut } else { 1.0 + haircut };
    let moment = Moment::of_market(at, FillTime::Close);
    let opportunity = Opportunity::to_make(moment, price * factor, 0.0);
    let cause = Cause::of(FillReason::Delisting);
    let execution = state.venue(tape).close(&opportunity, held.abs(), cause)?;
    state.execute(tape, execution, moment)?;
    assert!(state.held(at.instrument).is_zero(), "{at:?}: something is held after a delisting");
    Ok(())
}

/// What is told of an order, or a decision, on an instrument that is delisted.
pub(super) const fn refusal() -> Cut {
    Cut { rule: Rule::Delisted, value: 0.0, limit: 0.0 }
}

/// The decision of a strategy, or of the host, on an instrument that is delisted.
pub(super) fn refuse(state: &mut State, tape: &Tape<'_>, at: At, decision: Option<u64>) {
    state.refuse(tape, at, decision, (Verdict::Refused, refusal()));
}

#[cfg(test)]
mod tests;
