//! What becomes of decisions.

use super::super::test_market::{
    A, B, Market, coin, hour, price, quantity, rate, still, units_order,
};
use super::*;

fn decision(row: usize, target: Exposure) -> Decision {
    let action = Action::Move { target, entry: Entry::Market };
    Decision { row, instrument: 0, action, levels: Levels::default(), tag: None }
}

#[test]
fn a_decision_takes_the_place_of_what_waited_for_the_hosts_order() {
    let market = Market::new("1h", &[&[still(100.0), still(100.0), still(100.0)]]);
    let mut state = market.holding(2.0);
    // A breaker halves the position, and a limit order waits until it has.
    let halved = ApprovedOrder::reduced(quantity(2.0), rate(0.5)).unwrap();
    state.orders[A].working =
        Some(WorkingOrder { order: halved, ..WorkingOrder::closing(FillReason::Breaker) });
    let limit = EntryType::Limit { side: Side::Sell, price: price(120.0), last_row: None };
    state.orders[A].in_flight.push_back(WorkingOrder { entry: limit, ..units_order(1.0) });
    accept(&mut state, &market.tape(), decision(1, Exposure::FLAT), false).unwrap();
    state.orders[A].arrive(2);
    let working = state.orders[A].working.as_ref().unwrap();
    assert_eq!((working.order.direction(), working.decision), (None, Some(0)));
    assert!(state.orders[A].in_flight.is_empty());
}

#[test]
fn a_frozen_run_refuses_decisions_and_leaves_orders_as_they_are() {
    let market = Market::new("1h", &[&[still(100.0), still(100.0), still(100.0)]]);
    let mut state = market.holding(2.0);
    state.orders[A].working = Some(units_order(3.0));
    state.gate.trading_state_mut().frozen = true;
    accept(&mut state, &market.tape(), decision(1, Exposure::FLAT), false).unwrap();
    assert!(state.orders[A].working.as_ref().unwrap().order.direction().is_some());
    let refusals = state.record.drain(0, 0).refusals;
    assert_eq!(refusals.len(), 1);
    assert_eq!((refusals[0].rule, refusals[0].decision), (Rule::Frozen, Some(0)));
}

#[test]
fn the_way_of_a_decision_tells_its_bar_and_its_instrument() {
    let market = Market::new("1h", &[&[still(100.0); 3], &[still(100.0); 3]]);
    let mut state = market.flat();
    state.record.equity_mut().extend([1_000.0, 1_000.0]);
    state.record.explain();
    let leaves = Decision { instrument: B.index(), ..decision(1, Exposure::FLAT) };
    accept(&mut state, &market.tape(), leaves, false).unwrap();
    let explained = state.record.drain(0, 0).explained;
    assert_eq!(explained.len(), 1);
    let Explained { decision, time, symbol, .. } = &explained[0];
    assert_eq!((*decision, *time, symbol), (0, hour(1), &coin(B)));
}
