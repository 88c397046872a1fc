//! What breaks an invariant is loud.

use super::super::account::Execution;
use super::super::orders::{Remaining, WorkingOrder};
use super::super::quote::Moment;
use super::super::tape::FillTime;
use super::super::test_data::{
    A, B, bar, book, market, money, opening, panel, quantity, setup, tape, traded, with_base_fee,
};
use super::*;
use crate::market::InstrumentId;
use crate::order::{FillReason, Side};
use crate::risk::ApprovedOrder;

/// Does `spoil` to a run that starts in row 1 with 1000, and looks at what holds once the rows before 3 are done. Gives the
/// bookings that were looked at. The first instrument closes at 10, 11 and 12, the second at 50 in row 1 and not again.
fn checked(spoil: impl FnOnce(&mut State, &Tape<'_>)) -> u64 {
    let first = [bar(10.0), bar(11.0), bar(12.0)];
    let (panel, setup) = (panel(&[&first, &[None, bar(50.0), None]]), setup());
    let tape = tape(&panel, &setup);
    let mut state = State::new(&tape, 1).unwrap();
    spoil(&mut state, &tape);
    let mut bookings = 0;
    check(&state, &tape, 3, &mut bookings);
    bookings
}

/// Two coins of the first instrument at 10 in row 1: at the close of row 2 they are worth 4 more.
fn buy(state: &mut State, tape: &Tape<'_>) {
    state.execute(tape, traded(1, Side::Buy, 2.0, 10.0), opening_of(A)).unwrap();
}

/// The open of row 1.
const fn opening_of(instrument: InstrumentId) -> Moment {
    Moment::of_market(At { row: 1, instrument }, FillTime::Open)
}

fn record(state: &mut State, equity: f64) {
    state.record.equity_mut().extend([1_002.0, equity]);
}

/// A run that holds what it should, in which `change` is made to the first instrument's orders.
fn checked_with_orders(change: impl FnOnce(&mut InstrumentOrders)) -> u64 {
    checked(|state, tape| {
        buy(state, tape);
        record(state, 1_004.0);
        change(&mut state.orders[A]);
    })
}

#[test]
fn a_run_in_which_everything_holds_passes_and_its_bookings_are_counted() {
    assert_eq!(checked_with_orders(|_| {}), 1);
}

#[test]
fn a_missing_bar_is_worth_the_last_close() {
    checked(|state, tape| {
        let at = At { row: 1, instrument: B };
        state
            .execute(tape, Execution { at, ..traded(1, Side::Sell, 1.0, 49.0) }, opening_of(B))
            .unwrap();
        // Sold short for 49, marked at 50.
        record(state, 999.0);
    });
}

#[test]
fn nothing_is_looked_at_twice() {
    // Without a booking, the account still holds what it held: 1000.
    assert_eq!(checked(|state, _| record(state, 77.0)), 0);
}

#[test]
#[should_panic(expected = "row 3: equity up to row 2, expected 3")]
fn a_row_without_equity_is_loud() {
    checked(|state, _| state.record.equity_mut().push(1_000.0));
}

#[test]
#[should_panic(expected = "row 3: equity up to row 4, expected 3")]
fn equity_of_a_row_to_come_is_loud() {
    checked(|state, _| state.record.equity_mut().extend([1_000.0; 3]));
}

#[test]
fn rows_of_the_warm_up_have_no_equity() {
    let (panel, setup) = (panel(&[&[bar(10.0), bar(11.0)]]), setup());
    let tape = tape(&panel, &setup);
    let mut state = State::new(&tape, 2).unwrap();
    // Worth 1 more at the close of row 0, which is compared with nothing.
    book(&mut state.account, traded(0, Side::Buy, 1.0, 9.0));
    let mut bookings = 0;
    check(&state, &tape, 1, &mut bookings);
    assert_eq!(bookings, 1, "books are looked at all the same");
}

#[test]
#[should_panic(expected = "row 2: equity is 1004.01, but 1004 is held")]
fn equity_that_is_not_held_is_loud() {
    checked(|state, tape| {
        buy(state, tape);
        record(state, 1_004.01);
    });
}

#[test]
#[should_panic(expected = "row 2: equity is NaN, but 1004 is held")]
fn equity_that_is_no_number_is_loud() {
    checked(|state, tape| {
        buy(state, tape);
        record(state, f64::NAN);
    });
}

#[test]
fn equity_may_differ_in_its_last_digits() {
    checked(|state, tape| {
        buy(state, tape);
        record(state, 1_004.0 * (1.0 + 4.0 * f64::EPSILON));
    });
}

#[test]
#[should_panic(expected = "row 3: 1 cost -100")]
fn a_long_position_with_a_cost_below_zero_is_loud() {
    checked(|state, _| {
        // Of two coins that were bought for 200 one is left; the other one is the fee, but counts for 300.
        let execution = with_base_fee(traded(1, Side::Buy, 2.0, 100.0), 1.0);
        book(&mut state.account, Execution { fee: money(300.0), ..execution });
        record(state, 1_000.0);
    });
}

#[test]
fn an_order_that_may_open_is_fine_where_something_may_be_opened() {
    checked_with_orders(|orders| orders.working = Some(market(opening(), 1, 4)));
}

#[test]
#[should_panic(expected = "an order may open a position where nothing may be opened any more")]
fn an_order_that_may_open_where_the_strategy_has_failed_is_loud() {
    checked_with_orders(|orders| {
        orders.closed = true;
        orders.working = Some(market(opening(), 1, 4));
    });
}

#[test]
#[should_panic(expected = "an order may open a position where nothing may be opened any more")]
fn an_order_that_may_open_on_its_way_to_a_ruined_account_is_loud() {
    checked(|state, tape| {
        buy(state, tape);
        record(state, 1_004.0);
        state.ruined = true;
        state.orders[B].in_flight.push_back(market(opening(), 1, 4));
    });
}

#[test]
fn an_order_that_closes_is_fine_where_the_strategy_has_failed() {
    checked_with_orders(|orders| {
        orders.closed = true;
        orders.working = Some(market(ApprovedOrder::flat(), 1, 4));
    });
}

/// Orders of which the working one has traded `filled`, with `left` still to be traded.
fn partly_filled(orders: &mut InstrumentOrders, filled: f64, left: f64) {
    let mut order = market(opening(), 1, 1);
    order.filled = quantity(filled);
    order.remaining = Some(Remaining { side: Side::Buy, quantity: quantity(left) });
    orders.working = Some(order);
}

#[test]
fn a_partly_filled_order_is_fine() {
    checked_with_orders(|orders| partly_filled(orders, 1.0, 0.5));
}

#[test]
#[should_panic(expected = "row 3: -0.5 is left of an order")]
fn less_than_nothing_left_of_an_order_is_loud() {
    checked_with_orders(|orders| partly_filled(orders, 1.0, -0.5));
}

#[test]
#[should_panic(expected = "row 3: 0.5 is left of an order that has traded nothing")]
fn something_left_of_an_order_that_has_not_traded_is_loud() {
    checked_with_orders(|orders| partly_filled(orders, 0.0, 0.5));
}

#[test]
#[should_panic(expected = "row 3: an order filled -1")]
fn an_order_that_filled_less_than_nothing_is_loud() {
    checked_with_orders(|orders| {
        let mut order = WorkingOrder::closing(FillReason::Exit);
        order.filled = quantity(-1.0);
        orders.in_flight.push_back(order);
    });
}
