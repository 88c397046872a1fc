//! What becomes of decisions.

mod placed_stops;
mod sizes;
mod weights;

use super::super::test_market::{A, B, Market, coin, hour, price, quantity, still, units_order};
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
    let halved = ApprovedOrder::reduced(quantity(2.0), quantity(1.0));
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

/// Levels that are said again while the position of 2 waits to be turned by a limit order, or by one in flight.
fn kept_levels(in_flight: bool, target: f64, stop: Option<f64>) -> (Levels, Levels) {
    let market = Market::new("1h", &[&[still(100.0); 4]]);
    let mut state = market.holding(2.0);
    let levels = |stop: Option<f64>| Levels { stop: stop.map(price), take_profit: None };
    let orders = &mut state.orders[A];
    orders.protect_from(1, levels(Some(95.0)));
    orders.target = Exposure::new(target);
    let entry = EntryType::Limit { side: Side::Sell, price: price(107.0), last_row: None };
    let turning = WorkingOrder { entry, levels: Some(levels(Some(112.0))), ..units_order(-2.0) };
    if in_flight {
        orders.in_flight.push_back(turning);
    } else {
        orders.working = Some(turning);
    }
    let keep =
        Decision { action: Action::Keep, levels: levels(stop), ..decision(1, Exposure::FLAT) };
    accept(&mut state, &market.tape(), keep, false).unwrap();
    let order = state.orders[A].latest().unwrap().levels.unwrap();
    (state.orders[A].levels, order)
}

#[test]
fn levels_of_what_is_to_turn_a_position_are_not_the_positions() {
    let stop = |price: Option<f64>| Levels {
        stop: price.map(super::super::test_market::price),
        take_profit: None,
    };
    for in_flight in [false, true] {
        for said in [Some(111.0), None] {
            let (position, order) = kept_levels(in_flight, -1.0, said);
            assert_eq!((position, order), (stop(Some(95.0)), stop(said)), "{in_flight} {said:?}");
        }
        // A larger target, and leaving, are of the position that is held.
        for target in [1.0, 0.0] {
            let (position, _) = kept_levels(in_flight, target, Some(96.0));
            assert_eq!(position, stop(Some(96.0)), "{in_flight} {target}");
        }
    }
}
