//! Orders on their way, working, and forgotten rows.

use std::num::NonZeroU32;

use super::super::test_data::{
    A, bar, hosts_cut, levels, limit, market, opening, opening_short, panel, price, quantity,
    setup, tape, traded,
};
use super::*;

/// What works and waits in front of `working`.
fn orders(working: Option<WorkingOrder>, in_flight: Vec<WorkingOrder>) -> InstrumentOrders {
    InstrumentOrders { working, in_flight: in_flight.into(), ..InstrumentOrders::default() }
}

fn hosts_closing() -> WorkingOrder {
    WorkingOrder::closing(FillReason::Breaker)
}

fn working_decision(orders: &InstrumentOrders) -> Option<u64> {
    orders.working.as_ref().unwrap().decision
}

#[test]
fn an_order_arrives_after_its_latency_and_replaces_the_one_before() {
    let later = market(opening(), 2, 6);
    let mut orders =
        orders(Some(limit(Side::Buy, 9.0, None)), vec![market(opening(), 1, 4), later]);
    assert_eq!(orders.latest().unwrap().decision, Some(2));
    orders.arrive(3);
    assert_eq!((working_decision(&orders), orders.in_flight.len()), (Some(7), 2));
    orders.arrive(4);
    assert_eq!((working_decision(&orders), orders.in_flight.len()), (Some(1), 1));
    orders.arrive(6);
    assert_eq!(orders.latest().unwrap().decision, Some(2));
    assert_eq!((working_decision(&orders), orders.in_flight.len()), (Some(2), 0));
}

#[test]
fn an_order_waits_for_what_the_host_closes() {
    let mut orders = orders(Some(hosts_closing()), vec![market(opening(), 1, 4)]);
    orders.arrive(4);
    assert_eq!(working_decision(&orders), None);
    orders.working = None;
    orders.arrive(6);
    // It cannot trade in rows before it arrived.
    assert_eq!(orders.working.as_ref().unwrap().from_row, 6);
    assert_eq!(working_decision(&orders), Some(1));
}

#[test]
fn an_order_to_be_flat_does_not_wait_for_what_the_host_cuts() {
    let mut orders = orders(Some(hosts_cut()), vec![market(ApprovedOrder::flat(), 1, 4)]);
    assert!(orders.hosts_order().is_some());
    assert!(!orders.is_being_closed(), "a part of the position stays");
    orders.arrive(4);
    assert_eq!(working_decision(&orders), Some(1));
}

#[test]
fn only_a_reduce_only_market_order_without_a_decision_is_the_hosts() {
    assert!(orders(Some(hosts_closing()), vec![]).is_being_closed());
    let decided = market(ApprovedOrder::flat(), 1, 0);
    assert!(orders(Some(decided), vec![]).hosts_order().is_none());
    let opens = WorkingOrder { order: opening(), ..hosts_closing() };
    assert!(orders(Some(opens), vec![]).hosts_order().is_none());
    let entry = EntryType::Limit { side: Side::Sell, price: price(9.0), last_row: None };
    let rests = WorkingOrder { entry, ..hosts_closing() };
    assert!(orders(Some(rests), vec![]).hosts_order().is_none());
}

#[test]
fn reduce_only_names_the_decisions_that_might_have_opened() {
    let flat = market(ApprovedOrder::flat(), 2, 4);
    let mut orders = orders(Some(market(opening(), 1, 3)), vec![flat, market(opening(), 3, 5)]);
    assert!(!orders.all_reduce_only());
    assert_eq!(orders.make_reduce_only(), [Some(1), Some(3)]);
    assert!(orders.all_reduce_only());
    assert!(orders.make_reduce_only().is_empty(), "told once");
    assert_eq!(orders.in_flight.len(), 2);
}

#[test]
fn cancelled_openings_leave_what_makes_the_position_smaller() {
    let flat = || market(ApprovedOrder::flat(), 2, 4);
    let mut opens = orders(Some(market(opening(), 1, 3)), vec![market(opening(), 3, 3), flat()]);
    opens.cancel_openings();
    assert!(opens.working.is_none());
    assert_eq!(opens.in_flight.iter().map(|order| order.decision).collect::<Vec<_>>(), [Some(2)]);
    let mut leaves = orders(Some(flat()), vec![]);
    leaves.cancel_openings();
    assert!(leaves.is_working());
    assert_eq!(leaves.cancel(), [Some(2)]);
    assert!(!leaves.is_working());
}

#[test]
fn an_end_is_told_once_and_never_of_what_the_host_closes() {
    let flat = || market(ApprovedOrder::flat(), 2, 4);
    let mut told = orders(Some(hosts_closing()), vec![market(opening(), 1, 3), flat()]);
    assert_eq!(told.make_reduce_only(), [Some(1)]);
    assert_eq!(told.end_exits(), [Some(2)]);
    assert!(told.end_exits().is_empty() && told.cancel().is_empty());
    // What opens a position gives an exit behind it something to do.
    let mut waits = orders(None, vec![market(opening(), 1, 3), flat()]);
    assert!(waits.end_exits().is_empty());
    assert_eq!(waits.cancel(), [Some(1), Some(2)]);
}

#[test]
fn a_limit_order_expires_after_the_rows_it_may_rest() {
    let rests = |rows| {
        let expires_after_rows = NonZeroU32::new(rows);
        let entry = Entry::Limit { price: price(9.07), expires_after_rows };
        EntryType::new(entry, (Side::Buy, price(0.1)), 5)
    };
    // Rows 5, 6 and 7; the price is a multiple of the tick.
    let expected = EntryType::Limit { side: Side::Buy, price: price(9.0), last_row: Some(7) };
    assert_eq!(rests(3), expected);
    let order = WorkingOrder { entry: rests(3), ..market(opening(), 1, 5) };
    assert_eq!(orders(Some(order), vec![]).expiry(), Some(7));
    assert_eq!(orders(Some(limit(Side::Buy, 9.0, None)), vec![]).expiry(), None);
    assert_eq!(orders(Some(market(opening(), 1, 5)), vec![]).expiry(), None);
}

#[test]
fn what_an_order_opens_and_what_it_closes_trade_for_their_own_reasons() {
    let order = market(opening(), 1, 0);
    assert_eq!(order.entry_cause().reason, FillReason::Entry);
    assert_eq!(order.exit_cause().reason, FillReason::Exit);
}

#[test]
fn a_market_order_trades_from_its_row_on() {
    let orders = orders(Some(market(opening(), 1, 5)), vec![market(opening(), 2, 3)]);
    assert_eq!((orders.trades_in(4), orders.trades_in(5)), (false, true));
    // The one that arrives first.
    assert_eq!(orders.trades_at(), Some(3));
}

#[test]
fn a_limit_order_is_no_market_order() {
    let orders = orders(Some(limit(Side::Sell, 11.0, None)), vec![]);
    assert_eq!((orders.trades_in(9), orders.trades_at()), (false, None));
    assert_eq!(orders.limit(), Some((Side::Sell, price(11.0))));
}

#[test]
fn a_market_order_the_other_way_turns_a_position_and_leaves_it() {
    let short = market(opening_short(), 1, 0);
    assert_eq!((short.turns(quantity(1.0)), short.leaves(quantity(1.0))), (true, true));
    assert_eq!((short.turns(quantity(-1.0)), short.leaves(quantity(-1.0))), (false, false));
    assert!(!short.turns(Quantity::ZERO));
    let closing = hosts_closing();
    assert_eq!((closing.turns(quantity(1.0)), closing.leaves(quantity(1.0))), (false, true));
    assert!(!limit(Side::Buy, 9.0, None).turns(quantity(-1.0)), "it may never trade");
}

#[test]
fn levels_trigger_on_the_side_that_the_position_gives_them() {
    let long = InstrumentOrders { levels: levels(9.0, 12.0), ..InstrumentOrders::default() };
    assert_eq!(long.triggers(quantity(1.0)), Triggers::NONE.below(9.0).above(12.0));
    assert_eq!(long.triggers(Quantity::ZERO), Triggers::NONE);
    let short = InstrumentOrders { levels: levels(12.5, 9.5), ..InstrumentOrders::default() };
    assert_eq!(short.triggers(quantity(-1.0)), Triggers::NONE.below(9.5).above(12.5));
}

#[test]
fn of_a_level_and_a_limit_order_the_nearer_triggers() {
    let mut orders = orders(Some(limit(Side::Buy, 9.5, None)), vec![]);
    assert_eq!(orders.triggers(Quantity::ZERO), Triggers::NONE.below(9.5));
    orders.levels = levels(9.0, 12.0);
    assert_eq!(orders.triggers(quantity(1.0)), Triggers::NONE.below(9.5).above(12.0));
    orders.working = Some(limit(Side::Sell, 12.5, None));
    assert_eq!(orders.triggers(quantity(1.0)), Triggers::NONE.below(9.0).above(12.0));
}

#[test]
fn levels_without_a_position_are_idle() {
    let mut orders = InstrumentOrders { levels: levels(9.0, 12.0), ..InstrumentOrders::default() };
    assert_eq!((orders.is_idle(true), orders.is_idle(false)), (true, false));
    orders.levels = Levels::default();
    assert!(orders.is_idle(false));
    orders.working = Some(limit(Side::Buy, 9.5, None));
    assert!(!orders.is_idle(true));
}

#[test]
fn only_another_take_profit_is_new_in_the_market() {
    let mut orders = InstrumentOrders::default();
    orders.protect_from(3, levels(9.0, 12.0));
    assert!(orders.is_take_profit_new_in(3));
    orders.protect_from(5, levels(9.5, 12.0));
    assert_eq!(orders.levels, levels(9.5, 12.0));
    assert_eq!((orders.is_take_profit_new_in(3), orders.is_take_profit_new_in(5)), (true, false));
    orders.take_profit_starts_in(5);
    assert!(orders.is_take_profit_new_in(5), "it says so itself");
}

#[test]
fn what_is_traded_counts_for_its_row_and_its_segment() {
    let mut orders = InstrumentOrders::default();
    let counted = |orders: &InstrumentOrders, row| {
        let Traded { in_row, in_segment, .. } = orders.traded(row);
        (in_row, in_segment)
    };
    orders.add_traded(&traded(4, Side::Buy, 1.5, 10.0), 1, true).unwrap();
    orders.renew_volume();
    orders.add_traded(&traded(4, Side::Sell, 0.25, 10.0), 2, false).unwrap();
    assert_eq!(counted(&orders, 4), (quantity(1.75), quantity(0.25)));
    assert_eq!(counted(&orders, 5), (Quantity::ZERO, Quantity::ZERO));
    orders.add_traded(&traded(5, Side::Sell, 0.5, 10.0), 1, false).unwrap();
    assert_eq!(counted(&orders, 5), (quantity(0.5), quantity(0.5)));
}

#[test]
fn an_entry_is_found_in_its_row_and_segment_while_it_is_held() {
    let mut orders = InstrumentOrders::default();
    assert_eq!(orders.entry_in(0, None, quantity(1.0)), None);
    orders.add_traded(&traded(4, Side::Buy, 1.0, 10.0), 2, true).unwrap();
    // An exit changes nothing about it.
    orders.add_traded(&traded(4, Side::Sell, 0.5, 11.0), 3, false).unwrap();
    let held = quantity(0.5);
    assert_eq!(orders.entry_in(4, None, held), Some(10.0));
    assert_eq!(orders.entry_in(4, Some(2), held), Some(10.0));
    assert_eq!(orders.entry_in(4, Some(3), held), None);
    assert_eq!(orders.entry_in(5, None, held), None);
    assert_eq!(orders.entry_in(4, None, quantity(-0.5)), None);
    assert_eq!(orders.entry_in(4, None, Quantity::ZERO), None);
}

/// What a limit order from row 2 on, which took last in `marketable_in`, remembers of the rows before `row`: whether it met a
/// bar, and the row in which it took last. Bars are in the rows 0, 1 and 4; rows before `forgotten` are forgotten already.
fn remembered(marketable_in: Option<usize>, forgotten: usize, row: usize) -> (bool, Option<usize>) {
    let (there, missing) = (bar(10.0), None);
    let first = [there, there, missing, missing, there, missing];
    let (mut panel, setup) = (panel(&[&first, &[there; 6]]), setup());
    panel.forget_before(forgotten);
    assert_eq!(panel.first_row(), forgotten);
    let working = WorkingOrder { marketable_in, ..limit(Side::Buy, 9.0, None) };
    let mut orders = orders(Some(working), vec![]);
    orders.forget_before(&tape(&panel, &setup), A, row);
    let working = orders.working.unwrap();
    (working.met_bar, working.marketable_in)
}

#[test]
fn a_limit_order_remembers_that_it_met_a_bar_in_rows_to_be_forgotten() {
    assert_eq!(remembered(None, 0, 5), (true, None));
    assert_eq!(remembered(None, 0, 4), (false, None));
    // The order was not there for the bars before row 2.
    assert_eq!(remembered(None, 0, 2), (false, None));
    assert_eq!(remembered(None, 3, 5), (true, None));
}

#[test]
fn a_limit_order_that_took_last_remembers_the_last_row_without_a_bar() {
    assert_eq!(remembered(Some(2), 0, 4), (false, Some(3)));
    assert_eq!(remembered(Some(2), 0, 5), (true, None));
    // The bar of row 4 is the one that it took from.
    assert_eq!(remembered(Some(4), 0, 6), (false, Some(5)));
}
