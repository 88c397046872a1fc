//! The margin: when it is used up, and what happens then.

use std::ops::Range;

use super::account::{Account, Cause};
use super::bar::Bar;
use super::price_path::Segment;
use super::quote::{Moment, Opportunity};
use super::state::State;
use super::tape::{At, FillTime, Point, Tape};
use crate::market::{Field, InstrumentId, Series};
use crate::order::FillReason;
use crate::units::UnitsError;

/// The first of `rows` in which the margin may not cover the positions, or their end.
pub(super) fn next(account: &Account, tape: &Tape<'_>, mut rows: Range<usize>) -> usize {
    let end = rows.end;
    if !account.is_on_margin() {
        return end;
    }
    rows.find(|&row| margin_at_worst(account, tape, row) <= 0.0).unwrap_or(end)
}

/// Equity less maintenance margin when every position is at its worst price of `row`.
fn margin_at_worst(account: &Account, tape: &Tape<'_>, row: usize) -> f64 {
    margin(account, tape, |_, series, short| {
        let worst = series.rows(if short { Field::High } else { Field::Low }).at(row);
        if worst.is_nan() { series.rows(Field::Mark).at(row) } else { worst }
    })
}

/// Equity less maintenance margin at these prices.
fn margin(
    account: &Account,
    tape: &Tape<'_>,
    price: impl Fn(InstrumentId, &Series, bool) -> f64,
) -> f64 {
    let maintenance = tape.setup.risk.margin.maintenance.to_fraction();
    let held = tape.instruments().filter(|instrument| !account.held(*instrument).is_zero());
    let values = held.map(|instrument| {
        let quantity = account.held(instrument).to_f64();
        let price = price(instrument, tape.series(instrument), quantity < 0.0);
        assert!(price.is_finite(), "a position of {quantity} counts at a price of {price}");
        (quantity - maintenance * quantity.abs()) * price
    });
    account.cash().to_f64() + values.sum::<f64>()
}

/// How far, on the straight way of all prices from their opens (0) to their worst (1), the margin covers the positions in
/// `segment`; `None` when it covers them all the way.
fn way_to_liquidation(account: &Account, tape: &Tape<'_>, segment: &Segment<'_>) -> Option<f64> {
    // Nothing inside a row is worse than all of its worst prices together.
    if !account.is_on_margin() || margin_at_worst(account, tape, segment.row) > 0.0 {
        return None;
    }
    let margin_at = |price: fn(Bar, bool) -> f64| {
        margin(account, tape, |instrument, series, short| match segment.bar(tape, instrument) {
            Some(bar) => price(bar, short),
            None => series.rows(Field::Mark).at(segment.row),
        })
    };
    let at_worst = margin_at(Bar::worst);
    if at_worst > 0.0 {
        return None;
    }
    let at_open = margin_at(|bar, _| bar.open);
    Some(if at_open <= 0.0 { 0.0 } else { at_open / (at_open - at_worst) })
}

/// The instrument whose position the market lets go first, at the open or at its stop, if that is before the margin is
/// used up; those that were `tried` are not.
pub(super) fn left_before_liquidation(
    state: &State,
    tape: &Tape<'_>,
    segment: &Segment<'_>,
    tried: &[InstrumentId],
) -> Option<InstrumentId> {
    let way = way_to_liquidation(&state.account, tape, segment)?;
    let left = |instrument: InstrumentId| {
        let (held, levels) = state.protected(tape, instrument);
        let bar = segment.bar(tape, instrument).filter(|_| !held.is_zero())?;
        if bar.leaves_at_open(held, levels, state.orders[instrument].limit()) {
            return Some((0.0, instrument));
        }
        let (stop, worst) = (levels.stop?.to_f64(), bar.worst(held.signum() < 0));
        let at = (stop - bar.open) / (worst - bar.open);
        (0.0..=way).contains(&at).then_some((at, instrument))
    };
    let untried = tape.instruments().filter(|instrument| !tried.contains(instrument));
    let first = untried.filter_map(left).min_by(|one, other| one.0.total_cmp(&other.0));
    first.map(|(_, instrument)| instrument)
}

/// Liquidates every position when the margin does not cover them inside `segment`: at the open if it is gone by then, else
/// where it is used up.
pub(super) fn liquidate(
    state: &mut State,
    tape: &Tape<'_>,
    segment: &Segment<'_>,
) -> Result<(), UnitsError> {
    let Some(way) = way_to_liquidation(&state.account, tape, segment) else { return Ok(()) };
    for instrument in tape.instruments() {
        if state.held(instrument).is_zero() {
            continue;
        }
        let at = At { row: segment.row, instrument };
        match segment.bar(tape, instrument) {
            Some(bar) => {
                let (time, point) = (FillTime::Open, Point::Start(segment.place()));
                let moment = Moment { at, time, segment: segment.number(), point };
                liquidate_one(state, tape, moment, (bar, way))?;
            }
            // Nothing trades without a bar: the position goes at the next open.
            None => state.close_at_next_open(tape, at, FillReason::Liquidation),
        }
    }
    Ok(())
}

/// Liquidates what is held of one instrument at the part `way` of the way from the open of `bar` to its worst price.
fn liquidate_one(
    state: &mut State,
    tape: &Tape<'_>,
    moment: Moment,
    (bar, way): (Bar, f64),
) -> Result<(), UnitsError> {
    let at = moment.at;
    let (held, levels) = state.protected(tape, at.instrument);
    let limit = state.orders[at.instrument].limit();
    if way > 0.0 && bar.reaches_profit(held, levels.take_profit, limit) {
        state.note_ambiguous(tape, at);
    }
    assert!(!held.is_zero(), "{at:?}: nothing to be liquidated");
    assert!(
        way.is_nan() || (0.0..=1.0).contains(&way),
        "{at:?}: {way} of the way to the worst price"
    );
    let worst = bar.worst(held.signum() < 0);
    let reference = bar.open + way * (worst - bar.open);
    let reference = reference.clamp(bar.open.min(worst), bar.open.max(worst));
    // Nobody is liquidated at a better price than that of an entry before it in the same bar.
    let entry = state.orders[at.instrument].entry_in(at.row, Some(moment.segment), held);
    let reference = match entry {
        Some(entry) if held.signum() < 0 => reference.max(entry),
        Some(entry) => reference.min(entry),
        None => reference,
    };
    let moment = if way > 0.0 { moment.inside() } else { moment };
    state.cancel(tape, at, FillReason::Liquidation);
    // What the bar's volume does not take at once goes at its worst.
    for (reference, whole) in [(reference, false), (worst, true)] {
        let opportunity = Opportunity::to_take(tape, moment, reference, bar.volume);
        let venue = state.venue(tape);
        let held = state.held(at.instrument).abs();
        let quantity = if whole { held } else { venue.fillable(&opportunity, held)? };
        if !quantity.is_zero() {
            let cause = Cause::of(FillReason::Liquidation);
            let execution = venue.close(&opportunity, quantity, cause)?;
            state.execute(tape, execution, moment)?;
        }
    }
    assert!(state.held(at.instrument).is_zero(), "{at:?}: something is held after a liquidation");
    Ok(())
}

#[cfg(test)]
mod tests;
