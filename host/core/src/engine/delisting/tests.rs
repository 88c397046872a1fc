//! The first of two instruments has bars of an hour at 100 in rows 0 to 2; the other one goes on. An instrument counts as delisted
//! after three hours.

use std::ops::ControlFlow;

use super::*;
use crate::engine::orders::WorkingOrder;
use crate::engine::test_market::{
    A, B, Market, coin, hour, orders_traded, price, quantity, rules_told, still,
};
use crate::engine::test_strategy::{Told, deciding, needs};
use crate::engine::{Machine, Member, Outcome, Strategies};
use crate::order::Side;
use crate::risk::DelistingRule;
use crate::units::{Interval, Rate};

fn market(action: DelistingAction, last: &[usize]) -> Market {
    let all = [still(50.0); 12];
    let mut prices = [None; 12];
    for row in last {
        prices[*row] = still(100.0);
    }
    let mut market = Market::new("1h", &[&prices, &all]);
    let after: Interval = "3h".parse().unwrap();
    let haircut = Rate::from_fraction(0.1).unwrap();
    market.setup.risk.delisting = DelistingRule { after, action, haircut };
    market
}

/// Both instruments are to be held by these decisions.
fn run(market: &Market, one: &[usize], window_rows: usize) -> Outcome {
    let (mut one, mut other): (Told, Told) = (deciding(one), deciding(&[]));
    let members =
        vec![Member::new(&mut one, needs(0), 0..1), Member::new(&mut other, needs(0), 1..2)];
    let machine = Machine::new(&market.panel, &market.setup, 0).unwrap();
    let strategies = Strategies::new(members, window_rows);
    machine.run((&market.panel).into(), strategies, |_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn a_position_is_closed_at_the_last_price_less_the_haircut_and_told() {
    let market = market(DelistingAction::Close, &[0, 1, 2]);
    for window_rows in [1, 2, 64] {
        let outcome = run(&market, &[0], window_rows);
        // The last bar ends at hour 3.
        let told = Delisting {
            time: hour(6),
            symbol: coin(A),
            last_time: hour(3),
            last_price: 100.0,
            quantity: quantity(5.0),
            action: DelistingAction::Close,
        };
        assert_eq!(outcome.delistings, [told], "{window_rows}");
        let exit = &outcome.fills[1];
        assert_eq!((exit.side, exit.reason), (Side::Sell, FillReason::Delisting));
        assert_eq!((exit.time, exit.price, exit.quantity), (hour(6), price(90.0), quantity(5.0)));
        // Half of 1000 has lost a tenth, from the close of row 5 on.
        assert_eq!((outcome.equity[4], outcome.equity[5], outcome.equity[11]), (1e3, 950.0, 950.0));
    }
}

#[test]
fn a_position_stays_where_that_is_wanted_and_what_was_to_leave_it_is_told() {
    let market = market(DelistingAction::Freeze, &[0, 1, 2]);
    for window_rows in [1, 64] {
        // A decision whose order finds no bar, and one that comes when there are no prices any more.
        let outcome = run(&market, &[0, 2, 8], window_rows);
        assert_eq!(outcome.delistings.len(), 1);
        assert_eq!(outcome.fills.len(), 1);
        assert!(!outcome.positions[0].is_flat());
        let told = outcome.refusals.iter().map(|refusal| (refusal.rule, refusal.decision));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [(Rule::Delisted, Some(1)), (Rule::Delisted, Some(2))],
            "{window_rows}"
        );
    }
}

#[test]
fn an_exit_that_the_last_close_overtakes_is_told() {
    let market = market(DelistingAction::Close, &[0, 1, 2]);
    let mut state = market.flat();
    market.trade(&mut state, (A, 5.0), 100.0);
    let exit = WorkingOrder::closing(FillReason::Exit);
    state.orders[A].working = Some(WorkingOrder { decision: Some(7), ..exit });
    take_in(&mut state, &market.tape(), 0..3);
    settle(&mut state, &market.tape(), 5).unwrap();
    assert_eq!(rules_told(&state), ["Refused 7: Delisted"]);
    assert_eq!(orders_traded(&state), ["Sell 5 at 90, Delisting"]);
}

#[test]
fn an_instrument_is_traded_again_once_there_are_prices() {
    let market = market(DelistingAction::Close, &[0, 1, 2, 8, 9, 10, 11]);
    for window_rows in [1, 64] {
        let outcome = run(&market, &[0, 9], window_rows);
        let times: Vec<_> = outcome.fills.iter().map(|fill| fill.time).collect();
        assert_eq!((times, outcome.refusals.len()), (vec![hour(1), hour(6), hour(10)], 0));
        assert_eq!(outcome.delistings.len(), 1);
    }
}

#[test]
fn a_gap_that_is_shorter_and_an_instrument_that_comes_later_are_no_delistings() {
    for bars in [&[0, 1, 2, 5, 8, 11][..], &[6, 7, 8, 9, 10]] {
        let market = market(DelistingAction::Close, bars);
        for window_rows in [1, 64] {
            assert_eq!(run(&market, &[0], window_rows).delistings, [], "{bars:?}");
        }
    }
}

/// Where rows come one by one, an instrument that had a bar in each so far is one that has none now.
#[test]
fn rows_that_come_one_by_one_find_the_same() {
    let market = market(DelistingAction::Close, &[0, 1, 2]);
    let whole = run(&market, &[0], 1);
    let mut panel = Market::new("1h", &[&[still(100.0); 3], &[still(50.0); 3]]).panel;
    let (mut one, mut other) = (deciding(&[0]), deciding(&[]));
    let members =
        vec![Member::new(&mut one, needs(0), 0..1), Member::new(&mut other, needs(0), 1..2)];
    let mut strategies = Strategies::new(members, 1);
    let mut machine = Machine::new(&panel, &market.setup, 0).unwrap();
    let go_on = |_| ControlFlow::Continue(());
    machine.advance((&panel).into(), &mut strategies, go_on).unwrap();
    for row in 3..12 {
        let series = market.panel.series_of(B);
        let bar = crate::market::ClosedBar {
            open: series.open()[row],
            high: series.high()[row],
            low: series.low()[row],
            close: series.close()[row],
            volume: 100.0,
        };
        panel.append(market.panel.times()[row], &[None, Some(bar)]).unwrap();
        machine.advance((&panel).into(), &mut strategies, go_on).unwrap();
        machine.forget(&mut panel, &strategies);
    }
    let grown = machine.finish((&panel).into()).unwrap();
    assert_eq!((grown.delistings, grown.fills), (whole.delistings, whole.fills));
}
