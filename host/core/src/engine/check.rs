//! What must hold after every span, in every build: a broken invariant stops the run with the numbers.

use super::orders::InstrumentOrders;
use super::state::State;
use super::tape::{At, Tape};
use crate::portfolio::Position;
use crate::units::{Money, Quantity};

/// Looks at everything that must hold once the rows before `end` are done. `checked` is the number of bookings that have been
/// looked at: only new ones can have changed what the account holds.
///
/// # Panics
/// When something does not hold.
pub(super) fn check(state: &State, tape: &Tape<'_>, end: usize, checked: &mut u64) {
    let first_row = state.record.first_row();
    let recorded = state.record.equity_end();
    let expected = end.max(first_row);
    assert!(recorded == expected, "row {end}: equity up to row {recorded}, expected {expected}");
    let bookings = state.account.bookings();
    if std::mem::replace(checked, bookings) != bookings {
        check_books(state, tape, end);
        for orders in state.orders.values() {
            check_orders(end, orders, orders.closed || state.ruined);
        }
        if end > first_row {
            check_equity(state, tape, end - 1);
        }
    }
}

/// Account and ledger hold the same.
fn check_books(state: &State, tape: &Tape<'_>, end: usize) {
    let ledger = state.account.portfolio().ledger();
    let cash = state.account.cash();
    assert!(ledger.cash() == cash, "row {end}: cash is {cash}, the ledger's {}", ledger.cash());
    for instrument in tape.instruments() {
        let position = state.account.portfolio().position(instrument);
        let booked = ledger.position(instrument);
        assert!(
            booked == position.cost,
            "row {end}, instrument {}: the position cost {}, in the ledger {booked}",
            instrument.index(),
            position.cost,
        );
        check_position(end, &position);
    }
}

fn check_position(end: usize, position: &Position) {
    let (quantity, cost) = (position.quantity, position.cost);
    assert!(
        !position.is_flat() || cost.is_zero(),
        "row {end}: nothing is held, but it cost {cost}"
    );
    let long = cost >= Money::ZERO && quantity > Quantity::ZERO;
    let short = cost <= Money::ZERO && quantity < Quantity::ZERO;
    assert!(position.is_flat() || long || short, "row {end}: {quantity} cost {cost}");
}

fn check_orders(end: usize, orders: &InstrumentOrders, closed: bool) {
    assert!(
        !closed || orders.all_reduce_only(),
        "row {end}: an order may open a position where nothing may be opened any more"
    );
    for order in orders.working.iter().chain(&orders.in_flight) {
        let remaining = order.remaining.map_or(Quantity::ZERO, |remaining| remaining.quantity);
        assert!(remaining >= Quantity::ZERO, "row {end}: {remaining} is left of an order");
        assert!(order.filled >= Quantity::ZERO, "row {end}: an order filled {}", order.filled);
        assert!(
            order.remaining.is_none() || !order.filled.is_zero(),
            "row {end}: {remaining} is left of an order that has traded nothing"
        );
    }
}

/// Equity is cash and what the positions are worth at their marks.
fn check_equity(state: &State, tape: &Tape<'_>, row: usize) {
    let held = tape.instruments().filter(|instrument| !state.held(*instrument).is_zero());
    let values =
        held.map(|instrument| state.held(instrument).to_f64() * tape.mark(At { row, instrument }));
    let cash = state.account.cash().to_f64();
    let (mut held, mut size) = (cash, cash.abs());
    for value in values {
        held += value;
        size += value.abs();
    }
    let equity = state.record.equity_at(row);
    // Sums of doubles in another order differ in their last digits; prices near the largest double have no sum.
    let same = (equity - held).abs() <= 1e-9 * size.max(1.0);
    assert!(same || !size.is_finite(), "row {row}: equity is {equity}, but {held} is held");
}

#[cfg(test)]
mod tests;
