//! Orders that find their price in the market when they come do not rest: they take the open, with 3 % of slippage and a fee that
//! those that rest do not pay.

use super::super::super::test_market::bps;
use super::*;
use crate::costs::{FixedSlippage, Impact, Slippage, SquareRootImpact};

/// Hours with these bars, of which orders take 1, beside an instrument that has one in each.
fn market(bars: &[Prices]) -> Market {
    let mut market = Market::new("1h", &[bars, &vec![still(1.0); bars.len()]]);
    market.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(300.0) });
    market.setup.costs.fees.taker_bps = bps(100.0);
    market.setup.costs.participation = Some(Participation { rate: rate(0.01) });
    market
}

/// What orders have traded, and whether they took.
fn taken_or_not(state: &State) -> Vec<String> {
    let (fills, traded) = (state.record.fills(), orders_traded(state));
    let of_orders = &fills[fills.len() - traded.len()..];
    let told = traded.iter().zip(of_orders).map(|(traded, fill)| {
        let how = if fill.fee.is_zero() { "rests" } else { "takes" };
        format!("{traded}, {how}")
    });
    told.collect()
}

/// What `order` trades in each of the rows from 1 on.
fn trades(bars: &[Prices], order: WorkingOrder) -> Vec<String> {
    let market = market(bars);
    let mut state = market.flat();
    state.orders[A].working = Some(order);
    for row in 1..bars.len() {
        trade(&mut state, &market.tape(), row).unwrap();
    }
    taken_or_not(&state)
}

#[test]
fn a_limit_order_takes_the_open_up_to_its_price_if_the_close_before_had_it_already() {
    let bar = |open: f64| Some([open, 104.0, 96.0, 100.0]);
    for (before, open, order, traded) in [
        (100.0, 99.0, buying(103.0, 1.0), "Buy 1 at 101.97, Entry, takes"),
        // 99 and 3 % more is dearer than that.
        (100.0, 99.0, buying(100.0, 1.0), "Buy 1 at 100, Entry, takes"),
        (100.0, 101.0, selling(98.0, -1.0), "Sell 1 at 98, Entry, takes"),
        (100.0, 101.0, selling(97.0, -1.0), "Sell 1 at 97.97, Entry, takes"),
        // It came when the market was elsewhere, or the market has left: it rests.
        (102.0, 99.0, buying(101.0, 1.0), "Buy 1 at 101, Entry, rests"),
        (100.0, 102.0, buying(101.0, 1.0), "Buy 1 at 101, Entry, rests"),
        (96.0, 101.0, selling(98.0, -1.0), "Sell 1 at 98, Entry, rests"),
    ] {
        let case = format!("{open} after {before}, {:?}", order.entry);
        assert_eq!(trades(&[still(before), bar(open)], order), [traded], "{case}");
    }
}

#[test]
fn it_takes_bar_after_bar_until_the_market_has_left_its_price_once() {
    let left = Some([105.0, 105.0, 102.0, 103.0]);
    let bars = [still(100.0), still(100.0), None, still(99.0), left, still(100.0), still(99.0)];
    let [taken, rested] = ["Buy 1 at 101.97, Entry, takes", "Buy 1 at 104, Entry, rests"];
    let expected = ["Buy 1 at 103, Entry, takes", taken, rested, rested, rested];
    assert_eq!(trades(&bars, buying(104.0, 5.0)), expected);
}

#[test]
fn it_takes_from_the_first_bar_that_it_meets() {
    let came_down = Some([110.0, 110.0, 104.0, 104.0]);
    for (bars, traded) in [
        ([still(100.0), None, still(100.0)], "Buy 1 at 103, Entry, takes"),
        // It has met a bar, in which the market came as far as its price.
        ([still(110.0), came_down, still(100.0)], "Buy 1 at 104, Entry, rests"),
    ] {
        assert_eq!(trades(&bars, buying(104.0, 1.0)), [traded]);
    }
    let met = WorkingOrder { met_bar: true, ..buying(104.0, 1.0) };
    assert_eq!(trades(&[still(100.0); 2], met), ["Buy 1 at 104, Entry, rests"]);
}

#[test]
fn what_takes_at_the_open_was_there_before_the_bar() {
    // The take-profit at 110 counts, as it does not for an entry inside; an open that stops the position still comes first.
    let mut market = market(&[still(100.0), Some([100.0, 111.0, 94.0, 99.0])]);
    market.setup.costs.participation = None;
    for (held, levels, traded) in [
        (
            0.0,
            levels_at(0.0, 110.0),
            ["Buy 3 at 101, Entry", "Sell 3 at 110, TakeProfit"].as_slice(),
        ),
        (2.0, levels_at(0.0, 110.0), &["Buy 1 at 101, Entry", "Sell 3 at 110, TakeProfit"]),
        (2.0, levels_at(100.0, 0.0), &["Sell 2 at 97, Stop"]),
    ] {
        let mut state = holding(&market, held, levels);
        let order = buying(101.0, 3.0);
        state.orders[A].working = Some(WorkingOrder { levels: Some(levels), ..order });
        assert_eq!(trade_in(&market, &mut state, 1), traded);
    }
}

#[test]
fn impact_is_that_of_the_whole_order_so_far() {
    let bars = [100.0, 110.0, 100.0, 100.0].map(still);
    let mut market = market(&bars);
    market.setup.costs.impact = Impact::SquareRoot(SquareRootImpact::default());
    let [one, four] = [0.0, 3.0].map(|filled| {
        let mut state = market.flat();
        let order = buying(150.0, 1.0).from(3);
        state.orders[A].working = Some(WorkingOrder { filled: quantity(filled), ..order });
        trade_in(&market, &mut state, 3);
        state.record.fills()[0].impact.to_f64()
    });
    assert!(one > 0.1 && (four - 2.0 * one).abs() < 1e-9, "{one} and {four}");
}

#[test]
fn a_take_profit_that_the_market_has_passed_takes_the_open_up_to_its_price() {
    // The take-profit is at 110, or 90 of a short position, and from when it is in the market, or the entry in the row.
    for (held, before, open, from_row, entered, traded) in [
        (1.0, 115.0, 115.0, 1, None, "Sell 1 at 111.55, TakeProfit, takes"),
        (1.0, 112.0, 111.0, 1, None, "Sell 1 at 110, TakeProfit, takes"),
        // It came before.
        (1.0, 115.0, 115.0, 0, None, "Sell 1 at 110, TakeProfit, rests"),
        // The market was not there when it came, or has left.
        (1.0, 105.0, 115.0, 1, None, "Sell 1 at 110, TakeProfit, rests"),
        (1.0, 115.0, 105.0, 1, None, "Sell 1 at 110, TakeProfit, rests"),
        (-1.0, 85.0, 85.0, 1, None, "Buy 1 at 87.55, TakeProfit, takes"),
        (-1.0, 95.0, 85.0, 1, None, "Buy 1 at 90, TakeProfit, rests"),
        (-1.0, 85.0, 95.0, 1, None, "Buy 1 at 90, TakeProfit, rests"),
        (-1.0, 85.0, 85.0, 0, None, "Buy 1 at 90, TakeProfit, rests"),
        // An entry in the row says when it came.
        (1.0, 105.0, 115.0, 0, Some(115.0), "Sell 1 at 111.55, TakeProfit, takes"),
        (1.0, 115.0, 115.0, 1, Some(105.0), "Sell 1 at 110, TakeProfit, rests"),
        (-1.0, 95.0, 85.0, 0, Some(85.0), "Buy 1 at 87.55, TakeProfit, takes"),
    ] {
        let mut market = market(&[still(before), Some([open, 120.0, 80.0, 100.0])]);
        market.setup.costs.participation = None;
        let mut state = market.flat();
        let row = usize::from(entered.is_some());
        market.trade_in(&mut state, (row, 0), (A, held), entered.unwrap_or(100.0));
        let level = if held > 0.0 { 110.0 } else { 90.0 };
        state.orders[A].protect_from(from_row, levels_at(0.0, level));
        let case = format!("{held} held, {before}, {open}, from row {from_row}, {entered:?}");
        trade_in(&market, &mut state, 1);
        assert_eq!(taken_or_not(&state), [traded], "{case}");
    }
}
