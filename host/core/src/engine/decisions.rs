//! From what a strategy decides to an order on its way.

use super::delisting;
use super::orders::{EntryType, WorkingOrder};
use super::state::State;
use super::tape::{At, FillTime, Tape};
use crate::market::InstrumentId;
use crate::order::{
    Action, Decision, Direction, Entry, Explained, Exposure, FillReason, Levels, Rule, Side,
    SizingBasis, Verdict,
};
use crate::risk::{Answer, ApprovedOrder, Book, Cut, Pending, Request};
use crate::units::{Quantity, UnitsError};

/// An intent to hold a position: a strategy's, or the host's own.
#[derive(Clone, Debug)]
pub(super) struct Intent {
    pub(super) at: At,
    pub(super) target: Exposure,
    pub(super) entry: Entry,
    /// Levels of the position to come; `None`: the live ones stay.
    pub(super) levels: Option<Levels>,
    /// Reason of the fills that open or enlarge the position.
    pub(super) entry_reason: FillReason,
    /// Reason of the fills that close it, or make it smaller.
    pub(super) exit_reason: FillReason,
    pub(super) decision: Option<u64>,
    pub(super) tag: Option<Box<str>>,
}

/// Accepts a decision: it is carried out from the next row on, or kept while the strategy warms up.
pub(super) fn accept(
    state: &mut State,
    tape: &Tape<'_>,
    decision: Decision,
    reads_account: bool,
) -> Result<(), UnitsError> {
    let deferred = &mut state.orders[InstrumentId::new(decision.instrument)].deferred;
    if decision.row + 1 >= state.record.first_row() {
        let decision = match (decision.action, deferred.take()) {
            // The last decision of the warm-up moves the levels of the one before, or takes its place.
            (Action::Keep, Some(before)) => {
                Decision { row: decision.row, levels: decision.levels, ..before }
            }
            _ => decision,
        };
        return carry_out(state, tape, decision);
    }
    // A strategy that reads its account sees that nothing was traded and decides anew.
    if !reads_account {
        match (decision.action, deferred.as_mut()) {
            (Action::Keep, Some(before)) => before.levels = decision.levels,
            (Action::Keep, None) => {}
            (Action::Move { .. }, _) => *deferred = Some(decision),
        }
    }
    Ok(())
}

/// What the strategies decided last while they warmed up is what the run starts with.
pub(super) fn carry_out_deferred(state: &mut State, tape: &Tape<'_>) -> Result<(), UnitsError> {
    let Some(last) = state.record.first_row().checked_sub(1) else { return Ok(()) };
    for instrument in tape.instruments() {
        let Some(deferred) = state.orders[instrument].deferred.take() else { continue };
        let flat = matches!(deferred.action, Action::Move { target: Exposure::FLAT, .. });
        if !flat {
            carry_out(state, tape, Decision { row: last, ..deferred })?;
        }
    }
    Ok(())
}

fn carry_out(state: &mut State, tape: &Tape<'_>, decision: Decision) -> Result<(), UnitsError> {
    let number = state.record.number_decision();
    let Decision { row, instrument, action, levels, tag } = decision;
    let at = At { row, instrument: InstrumentId::new(instrument) };
    if state.gate.trading_state().frozen {
        let cut = Cut { rule: Rule::Frozen, value: 0.0, limit: 0.0 };
        state.refuse(tape, at, Some(number), (Verdict::Refused, cut));
        return Ok(());
    }
    match action {
        Action::Keep => {
            let held = Direction::of(state.held(at.instrument));
            // Where the host places the stop that a decision leaves out, leaving it out takes none away.
            let placed = state.gate.places_stops(at.instrument);
            let kept = |before: Levels| Levels {
                stop: levels.stop.or(before.stop.filter(|_| placed)),
                ..levels
            };
            let orders = &mut state.orders[at.instrument];
            // Levels belong to the position that they were said for: what is to be turned keeps its own until it is.
            let wanted = orders.target.and_then(Exposure::direction);
            if held.is_none() || wanted.is_none() || held == wanted {
                orders.protect_from(row + 1, kept(orders.levels));
            }
            if let Some(working) = orders.in_flight.back_mut().or(orders.working.as_mut()) {
                working.levels = working.levels.map(kept);
            }
            Ok(())
        }
        Action::Move { target, entry } => {
            let (entry_reason, exit_reason) = (FillReason::Entry, FillReason::Exit);
            let (levels, decision) = (Some(levels), Some(number));
            let intent =
                Intent { at, target, entry, levels, entry_reason, exit_reason, decision, tag };
            submit(state, tape, intent)
        }
    }
}

/// Asks risk for the order of `intent` and sends it off.
fn submit(state: &mut State, tape: &Tape<'_>, mut intent: Intent) -> Result<(), UnitsError> {
    let at = intent.at;
    assert!(at.row < tape.rows(), "{at:?}: a decision on a row that is not there");
    if let Some(rule) = closed_by(state, at.instrument) {
        explain(state, tape, &intent, None, None);
        if intent.target != Exposure::FLAT {
            let cut = Cut { rule, value: intent.target.share(), limit: 0.0 };
            state.refuse(tape, at, intent.decision, (Verdict::Refused, cut));
        }
        return Ok(());
    }
    if state.listings[at.instrument].ended {
        explain(state, tape, &intent, None, None);
        if intent.target != Exposure::FLAT || !state.held(at.instrument).is_zero() {
            delisting::refuse(state, tape, at, intent.decision);
        }
        return Ok(());
    }
    let order = if intent.target == Exposure::FLAT {
        explain(state, tape, &intent, None, None);
        Some(ApprovedOrder::flat())
    } else {
        let (answer, basis) = ask_risk(state, tape, &intent)?;
        place_stop(state, &mut intent, &answer);
        explain(state, tape, &intent, answer.order.as_ref(), basis);
        refuse_each(state, tape, &intent, &answer.cuts);
        // Leaving is the part of a refused intent that can be done.
        let order = answer.order;
        let order = order.or_else(|| stands_against(state, &intent).then(ApprovedOrder::flat));
        unless_closing(state, tape, &intent, order)
    };
    let held = Direction::of(state.held(at.instrument));
    let orders = &mut state.orders[at.instrument];
    orders.target = Some(intent.target);
    match order {
        // The host closes the position already, at the market; a limit order in its place might never fill.
        Some(order) if order.direction().is_none() && orders.is_being_closed() => Ok(()),
        Some(order) => send(state, tape, intent, order),
        None => {
            // What is held keeps its protection, which a refused decision can only tighten; nothing that was on its way
            // opens a position any more.
            if let (Some(levels), Some(direction)) = (intent.levels, held)
                && held == intent.target.direction()
            {
                orders.protect_from(at.row + 1, orders.levels.tightened(levels, direction));
            }
            orders.cancel_openings();
            Ok(())
        }
    }
}

/// Gives an intent without a stop the one that sizing places. That of a position which does not become larger stays where it is
/// nearer to the market.
fn place_stop(state: &State, intent: &mut Intent, answer: &Answer) {
    let (Some(levels), Some(stop)) = (&mut intent.levels, answer.placed_stop) else { return };
    levels.stop = Some(stop);
    let enlarges = answer.order.is_some_and(|order| order.enlarges());
    let held = Direction::of(state.held(intent.at.instrument));
    if let (Some(direction), false) = (held, enlarges)
        && held == intent.target.direction()
    {
        *levels = levels.tightened(state.orders[intent.at.instrument].levels, direction);
    }
}

/// What risk says, and what sizing measured where the way of decisions is kept.
pub(super) fn ask_risk(
    state: &mut State,
    tape: &Tape<'_>,
    intent: &Intent,
) -> Result<(Answer, Option<SizingBasis>), UnitsError> {
    let Intent { at, target, entry, levels, .. } = *intent;
    let pending = if state.gate.reads_pending() {
        let others = tape.instruments().filter(|instrument| *instrument != at.instrument);
        others.filter_map(|instrument| pending_of(state, tape, At { instrument, ..at })).collect()
    } else {
        Vec::new()
    };
    let weights = weights_beside(state, tape, at);
    let equity = state.record.equity_at(at.row);
    if state.gate.counts_days() {
        state.go_to_day(tape, tape.close_ms(at.row));
    }
    let own = pending_of(state, tape, at);
    // What brings no levels goes on under those of the position.
    let stop = levels.unwrap_or(state.orders[at.instrument].levels).stop;
    let limit = match entry {
        Entry::Limit { price, .. } => Some(price),
        Entry::Market => None,
    };
    let request = Request { row: at.row, instrument: at.instrument, target, stop, limit };
    let State { gate, account, record, .. } = state;
    let (portfolio, trades) = (account.portfolio(), record.trades());
    let panel = tape.panel;
    let book = Book { panel, portfolio, trades, pending: &pending, own, equity, weights };
    let basis = if record.explains() { gate.sizing_basis(&request, &book) } else { None };
    let mut answer = gate.approve(&request, &book)?;
    if answer.order.is_some_and(|order| order.direction().is_some()) {
        answer.placed_stop = gate.placed_stop(&request, &book);
    }
    Ok((answer, basis))
}

/// Takes note of what `decision` asks for: what is decided at one close is weighed together, and what was decided while the strategy
/// warmed up with what the run starts with.
pub(super) fn weigh(state: &mut State, decision: &Decision) {
    let start = state.record.first_row().saturating_sub(1);
    if let (Action::Move { target, .. }, false) =
        (decision.action, state.gate.trading_state().frozen)
    {
        let weight = (decision.row.max(start), target);
        state.orders[InstrumentId::new(decision.instrument)].weight = weight;
    }
}

/// Σ |latest target| of the instruments beside which a target of the one of `at` is a weight, itself included; 0 where it is none.
/// What was left since it was decided, by its stop or by the host, takes no capital any more.
fn weights_beside(state: &State, tape: &Tape<'_>, at: At) -> f64 {
    let beside =
        tape.instruments().filter(|other| state.gate.weigh_together(at.instrument, *other));
    let weights = beside.filter_map(|instrument| {
        let orders = &state.orders[instrument];
        let (row, target) = orders.weight;
        let may_trade = !state.listings[instrument].ended;
        let wanted = may_trade && (row == at.row || orders.is_working());
        let stands = wanted || !state.held(instrument).is_zero();
        (stands && !orders.closed).then(|| state.gate.weight_of(target))
    });
    weights.sum()
}

/// The order of an instrument that is on its way, at the close of `at`.
fn pending_of(state: &State, tape: &Tape<'_>, at: At) -> Option<Pending> {
    let order = &state.orders[at.instrument].latest()?.order;
    let (instrument, mark) = (at.instrument, tape.mark(at));
    let value = order.size().map_or(0.0, |size| size.value(mark));
    if !order.is_reduce_only() {
        return Some(Pending { instrument, direction: order.direction(), value });
    }
    // What opens nothing leaves no more than is held.
    let held = state.held(at.instrument);
    let direction = order.direction().filter(|way| Direction::of(held) == Some(*way));
    let value = direction.map_or(0.0, |_| value.min(held.abs().to_f64() * mark));
    Some(Pending { instrument, direction, value })
}

/// Sends `order` to the exchange, where it arrives after the latency.
pub(super) fn send(
    state: &mut State,
    tape: &Tape<'_>,
    intent: Intent,
    order: ApprovedOrder,
) -> Result<(), UnitsError> {
    let Intent { at, entry, levels, entry_reason, exit_reason, decision, tag, .. } = intent;
    let latency = tape.setup.fills.latency_bars as usize;
    let from_row = at.row.saturating_add(1 + latency);
    let side = side_of(state, tape, &order, at)?;
    let held = state.held(at.instrument).signum();
    let reverses =
        order.direction().is_some_and(|direction| held * i128::from(direction.sign()) < 0);
    assert!(
        order.is_reduce_only() || closed_by(state, at.instrument).is_none(),
        "{at:?}: an order that may open where nothing may be opened any more"
    );
    if order.enlarges() {
        state.gate.add_order();
    }
    let orders = &mut state.orders[at.instrument];
    let before = orders.in_flight.back().map_or(0, |before| before.from_row);
    assert!(
        before <= from_row,
        "{at:?}: it arrives in row {from_row}, one sent before in {before}"
    );
    // An order to be flat has something to do as long as another one may still arrive before it.
    let side = if latency > 0 && orders.is_working() { side.or(Some(Side::Sell)) } else { side };
    let tick = tape.tick(at.instrument);
    let working = side.map(|side| WorkingOrder {
        order,
        entry: EntryType::new(entry, (side, tick), from_row),
        from_row,
        levels,
        entry_reason,
        exit_reason,
        marketable_in: None,
        met_bar: false,
        remaining: None,
        cut_by: None,
        filled: Quantity::ZERO,
        ended: false,
        decision,
        tag,
    });
    // What leaves, or turns the position, leaves it protected until it trades.
    let stays = order.direction().is_some() && !reverses;
    if let (Some(levels), true) = (levels, working.is_none() || (entry == Entry::Market && stays)) {
        orders.protect_from(at.row + 1, levels);
    }
    match working {
        // A limit order waits until the host has made the position smaller at the market.
        Some(working) if entry != Entry::Market && orders.hosts_order().is_some() => {
            orders.in_flight.push_back(working);
        }
        Some(working) if latency > 0 => orders.in_flight.push_back(working),
        working => {
            // What waited for the order that it replaces was sent before it.
            orders.in_flight.clear();
            orders.working = working;
        }
    }
    Ok(())
}

/// The rule that has closed `instrument` for good, if any.
fn closed_by(state: &State, instrument: InstrumentId) -> Option<Rule> {
    if state.orders[instrument].closed {
        return Some(Rule::Fault);
    }
    state.ruined.then_some(Rule::Ruin)
}

/// Whether what is held points the other way.
fn stands_against(state: &State, intent: &Intent) -> bool {
    state.held(intent.at.instrument).to_f64() * intent.target.share() < 0.0
}

/// The side on which `order` trades first; `None` when it has nothing to do.
fn side_of(
    state: &State,
    tape: &Tape<'_>,
    order: &ApprovedOrder,
    at: At,
) -> Result<Option<Side>, UnitsError> {
    let held = state.held(at.instrument);
    let Some(direction) = order.direction() else {
        return Ok(match held.signum() {
            1 => Some(Side::Sell),
            -1 => Some(Side::Buy),
            _ => None,
        });
    };
    let towards = direction.entry_side();
    if held.signum() * towards.sign() <= 0 {
        return Ok(Some(towards));
    }
    let larger = state.venue(tape).desired_at_mark(order, at)? >= held.abs();
    Ok(Some(if larger { towards } else { towards.opposite() }))
}

/// What the host closes it closes to the end: until then no order of a decision takes the place of its own.
fn unless_closing(
    state: &mut State,
    tape: &Tape<'_>,
    intent: &Intent,
    order: Option<ApprovedOrder>,
) -> Option<ApprovedOrder> {
    let closing = state.orders[intent.at.instrument].is_being_closed();
    if !closing || order.is_none_or(|order| order.direction().is_none()) {
        return order;
    }
    let value = state.held(intent.at.instrument).abs().to_f64();
    let cut = Cut { rule: Rule::Closing, value, limit: 0.0 };
    state.refuse(tape, intent.at, intent.decision, (Verdict::Refused, cut));
    None
}

/// Rules refused the order of `intent`, or cut it.
pub(super) fn refuse_each(
    state: &mut State,
    tape: &Tape<'_>,
    intent: &Intent,
    cuts: &[(Verdict, Cut)],
) {
    for cut in cuts {
        state.refuse(tape, intent.at, intent.decision, *cut);
    }
}

/// Keeps the way of a strategy's decision, if that is wanted.
fn explain(
    state: &mut State,
    tape: &Tape<'_>,
    intent: &Intent,
    order: Option<&ApprovedOrder>,
    basis: Option<SizingBasis>,
) {
    let At { row, instrument } = intent.at;
    let (true, Some(decision)) = (state.record.explains(), intent.decision) else { return };
    let limit = match intent.entry {
        Entry::Limit { price, .. } => Some(price),
        Entry::Market => None,
    };
    let levels = intent.levels.unwrap_or_default();
    state.record.add_explained(Explained {
        decision,
        time: tape.time(row, FillTime::Open),
        symbol: tape.symbol(instrument).clone(),
        target: intent.target.share(),
        limit,
        stop: levels.stop,
        take_profit: levels.take_profit,
        tag: intent.tag.clone(),
        equity: state.record.equity_at(row),
        held: state.account.held(instrument),
        basis,
        approved: order.and_then(ApprovedOrder::size),
    });
}

#[cfg(test)]
mod tests;
