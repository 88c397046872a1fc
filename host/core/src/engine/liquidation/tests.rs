//! With a maintenance margin of 20 %, 20 that were bought at 100 with 1000 of own cash are covered while
//! `-1000 + 0.8 × 20 × price > 0`: down to a price of 62.5.

use super::super::AmbiguousBar;
use super::super::orders::{EntryType, WorkingOrder};
use super::super::test_market::{
    A, B, Market, Prices, bps, coin, hour, limit_order, price, rate, still, units_order,
};
use super::*;
use crate::costs::Participation;
use crate::order::{Fill, Levels, Rule, Side};

/// An hour at 100, and one with `prices`.
fn market(prices: [f64; 4]) -> Market {
    with_margin(Market::new("1h", &[&[still(100.0), Some(prices)]]))
}

/// A maintenance margin of 20 %, and liquidations that cost nothing.
fn with_margin(mut market: Market) -> Market {
    market.setup.risk.margin.maintenance = rate(0.2);
    market.setup.risk.margin.liquidation_fee_bps = bps(0.0);
    market
}

/// Liquidates in row 1 where it has to be. Gives the quantities and prices of what was sold or bought.
fn liquidated(market: &Market, state: &mut State) -> Vec<(Side, String, String)> {
    let known = state.record.fills().len();
    liquidate(state, &market.tape(), &Segment::whole(1)).unwrap();
    let fills = &state.record.fills()[known..];
    assert!(fills.iter().all(|fill| fill.reason == FillReason::Liquidation));
    let told = |fill: &Fill| (fill.side, fill.quantity.to_string(), fill.price.to_string());
    fills.iter().map(told).collect()
}

fn filled(side: Side, quantity: &str, price: &str) -> (Side, String, String) {
    (side, quantity.into(), price.into())
}

fn first_left(market: &Market, state: &State, tried: &[InstrumentId]) -> Option<InstrumentId> {
    left_before_liquidation(state, &market.tape(), &Segment::whole(1), tried)
}

#[test]
fn the_next_row_is_the_first_whose_worst_price_ends_the_margin() {
    let low = |low: f64| Some([100.0, 100.0, low, 100.0]);
    let bars = [still(100.0), low(63.0), low(62.5), low(50.0), None, still(100.0)];
    let market = with_margin(Market::new("1h", &[&bars, &[still(1.0); 6]]));
    let state = market.holding(20.0);
    let first = |state: &State, rows| next(&state.account, &market.tape(), rows);
    assert_eq!(first(&state, 1..6), 2, "at 62.5 nothing is left");
    assert_eq!(first(&state, 3..6), 3);
    assert_eq!(first(&state, 1..2), 2);
    // Without a bar, the last close counts.
    assert_eq!(first(&state, 4..6), 6);
    assert_eq!(first(&market.holding(10.0), 1..6), 6, "what is paid for needs no margin");
}

#[test]
fn a_short_position_is_worst_at_the_high() {
    // 2000 - 1.2 × 10 × price: up to 166.67.
    let high = |high: f64| Some([100.0, high, 40.0, 100.0]);
    let bars = [still(100.0), high(166.0), high(167.0)];
    let market = with_margin(Market::new("1h", &[&bars]));
    let state = market.holding(-10.0);
    assert_eq!(next(&state.account, &market.tape(), 1..3), 2);
}

#[test]
fn a_position_goes_where_the_margin_ends_on_the_way_to_the_worst_price() {
    let market = market([100.0, 100.0, 50.0, 60.0]);
    let mut state = market.holding(20.0);
    assert_eq!(liquidated(&market, &mut state), [filled(Side::Sell, "20", "62.5")]);
    // -1000 + 20 × 62.5
    assert_eq!(state.account.cash().to_string(), "250");
    // Short with a maintenance margin of a quarter: 2000 - 1.25 × 10 × price ends at 160.
    let mut market = self::market([100.0, 200.0, 90.0, 100.0]);
    market.setup.risk.margin.maintenance = rate(0.25);
    let mut state = market.holding(-10.0);
    assert_eq!(liquidated(&market, &mut state), [filled(Side::Buy, "10", "160")]);
}

#[test]
fn nothing_goes_while_the_margin_covers_it() {
    let market = market([100.0, 100.0, 63.0, 64.0]);
    let mut state = market.holding(20.0);
    assert!(liquidated(&market, &mut state).is_empty());
    assert_eq!(state.held(A).to_string(), "20");
}

#[test]
fn a_margin_that_is_gone_at_the_open_ends_there() {
    let market = market([60.0, 70.0, 40.0, 70.0]);
    let mut state = market.holding(20.0);
    assert_eq!(liquidated(&market, &mut state), [filled(Side::Sell, "20", "60")]);
}

#[test]
fn a_liquidation_costs_its_fee() {
    let mut market = market([100.0, 100.0, 50.0, 60.0]);
    market.setup.risk.margin.liquidation_fee_bps = bps(100.0);
    let mut state = market.holding(20.0);
    liquidated(&market, &mut state);
    // 1 % of 1250.
    assert_eq!(state.account.cash().to_string(), "237.5");
}

#[test]
fn what_the_volume_does_not_take_goes_at_the_worst_price() {
    let mut market = market([100.0, 100.0, 50.0, 60.0]);
    market.setup.costs.participation = Some(Participation { rate: rate(0.15) });
    let mut state = market.holding(20.0);
    let expected = [filled(Side::Sell, "15", "62.5"), filled(Side::Sell, "5", "50")];
    assert_eq!(liquidated(&market, &mut state), expected);
}

#[test]
fn no_liquidation_is_better_than_an_entry_before_it_in_the_same_segment() {
    // 21 for 2060: `-1060 + 0.8 × 21 × price` ends at 63.1, but one of them was bought at 60 on the way.
    for (segment, expected) in [(1, "60"), (0, "63.095238095238")] {
        let market = market([100.0, 100.0, 50.0, 60.0]);
        let mut state = market.holding(20.0);
        market.trade_in(&mut state, (1, segment), (A, 1.0), 60.0);
        let expected = [filled(Side::Sell, "21", expected)];
        assert_eq!(liquidated(&market, &mut state), expected, "segment {segment}");
    }
}

#[test]
fn all_positions_go_after_the_same_part_of_their_ways() {
    let bars: [[Prices; 2]; 2] =
        [100.0, 40.0].map(|worst| [still(100.0), Some([100.0, 100.0, worst, 100.0])]);
    let market = with_margin(Market::new("1h", &[&bars[0], &bars[1]]));
    let mut state = market.holding(10.0);
    market.trade(&mut state, (B, 10.0), 100.0);
    // 600 at the open and 800 + 320 - 1000 = 120 at the worst are enough.
    assert!(liquidated(&market, &mut state).is_empty());
    market.trade_in(&mut state, (1, 0), (B, 5.0), 100.0);
    // -1500 + 800 + 1200 = 500 at the open, -1500 + 800 + 480 = -220 at the worst: after 500 ÷ 720 of 60, at 58.333.
    let found = liquidated(&market, &mut state);
    assert_eq!(found[0], filled(Side::Sell, "10", "100"));
    // Within the rounding of the way.
    assert!(found[1].2.starts_with("58.3333333333"), "{found:?}");
    assert_eq!((found.len(), found[1].1.as_str()), (2, "15"));
}

#[test]
fn what_has_no_bar_goes_at_the_next_open() {
    let bars: [&[Prices]; 2] =
        [&[still(100.0), Some([100.0, 100.0, 20.0, 50.0])], &[still(100.0), None]];
    let market = with_margin(Market::new("1h", &bars));
    let mut state = market.holding(10.0);
    market.trade(&mut state, (B, 10.0), 100.0);
    // -1000 + 800 is covered by 0.8 × 10 × price down to 25.
    assert_eq!(liquidated(&market, &mut state), [filled(Side::Sell, "10", "25")]);
    assert_eq!(state.held(B).to_string(), "10");
    let working = state.orders[B].working.as_ref().unwrap();
    assert_eq!(working.exit_reason, FillReason::Liquidation);
    assert_eq!(working.order.direction(), None);
}

/// A limit order of decision 8 to be flat, far away.
fn closing() -> WorkingOrder {
    let WorkingOrder { entry, .. } = limit_order(Side::Sell, 200.0, 1.0);
    WorkingOrder { entry, decision: Some(8), ..WorkingOrder::closing(FillReason::Exit) }
}

#[test]
fn orders_go_with_the_position_and_what_may_have_come_first_is_noted() {
    let market = market([100.0, 110.0, 50.0, 60.0]);
    let bar = AmbiguousBar { time: hour(1), symbol: coin(A) };
    for (take_profit, ambiguous) in [(105.0, vec![bar]), (111.0, vec![])] {
        let mut state = market.holding(20.0);
        state.orders[A].levels.take_profit = Some(price(take_profit));
        state.orders[A].working = Some(closing());
        state.orders[A].in_flight.push_back(units_order(30.0));
        liquidated(&market, &mut state);
        assert!(!state.orders[A].is_working());
        let out = state.record.drain(0, 0);
        assert_eq!(out.ambiguous, ambiguous, "{take_profit}");
        let told: Vec<_> = out.refusals.iter().map(|told| (told.decision, told.rule)).collect();
        assert_eq!(told, [(Some(8), Rule::Liquidation), (Some(7), Rule::Liquidation)]);
    }
}

#[test]
fn an_instrument_that_is_not_held_keeps_its_orders() {
    let bar = Some([100.0, 100.0, 50.0, 60.0]);
    let market = with_margin(Market::new("1h", &[&[still(100.0), bar], &[still(100.0), bar]]));
    let mut state = market.holding(20.0);
    state.orders[B].working = Some(units_order(3.0));
    assert_eq!(liquidated(&market, &mut state), [filled(Side::Sell, "20", "62.5")]);
    assert!(state.orders[B].working.is_some());
    assert!(state.record.drain(0, 0).refusals.is_empty());
}

#[test]
fn a_stop_before_the_end_of_the_margin_comes_first() {
    let market = market([100.0, 100.0, 50.0, 60.0]);
    for (stop, expected) in
        [(Some(80.0), Some(A)), (Some(62.5), Some(A)), (Some(60.0), None), (None, None)]
    {
        let mut state = market.holding(20.0);
        state.orders[A].levels = Levels { stop: stop.map(price), take_profit: None };
        assert_eq!(first_left(&market, &state, &[]), expected, "{stop:?}");
        assert_eq!(first_left(&market, &state, &[A]), None, "{stop:?}, but it was tried");
    }
    let mut covered = market.holding(10.0);
    covered.orders[A].levels.stop = Some(price(80.0));
    assert_eq!(first_left(&market, &covered, &[]), None, "there is no liquidation");
}

#[test]
fn of_several_stops_the_one_nearest_to_its_open_comes_first() {
    let bar = Some([100.0, 100.0, 50.0, 60.0]);
    let market = with_margin(Market::new("1h", &[&[still(100.0), bar], &[still(100.0), bar]]));
    let mut state = market.holding(10.0);
    market.trade(&mut state, (B, 10.0), 100.0);
    state.orders[A].levels.stop = Some(price(80.0));
    state.orders[B].levels.stop = Some(price(90.0));
    assert_eq!(first_left(&market, &state, &[]), Some(B));
    assert_eq!(first_left(&market, &state, &[B]), Some(A));
    // A limit that the open has passed comes before either.
    let (side, last_row) = (Side::Sell, None);
    let entry = EntryType::Limit { side, price: price(95.0), last_row };
    state.orders[A].working =
        Some(WorkingOrder { entry, ..WorkingOrder::closing(FillReason::Exit) });
    assert_eq!(first_left(&market, &state, &[]), Some(A));
}
