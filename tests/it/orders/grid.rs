//! The exchange's grid: lots and the minimum notional.

use ct_tests::script::go;
use insta::assert_snapshot;

use super::scenario::{Scenario, bps, money, quantity, still};

#[test]
fn quantities_are_rounded_down_to_the_lot() {
    let mut scenario = one_fill(1.0, 0.379);
    scenario.instrument().lot = quantity(0.05);
    // 0.379 ÷ 0.05 = 7.58: 7 lots are 0.35.
    assert_snapshot!(scenario.fills(), @"1: buy 0.35 at 100 from 100, entry");
}

#[test]
fn an_order_below_one_lot_is_refused() {
    let mut scenario = one_fill(1.0, 0.04);
    scenario.instrument().lot = quantity(0.05);
    assert_snapshot!(scenario.book(), @r"
    1: Refused by Lot, value 0.04, limit 0.05
    ledger 0: cash 1000, capital -1000
    equity 1000, 1000
    ");
}

#[test]
fn the_last_lot_that_cash_pays_to_the_unit_is_bought() {
    let mut scenario = one_fill(1.0, 10.0);
    scenario.setup.cash = money(1_001.0);
    scenario.setup.costs.fees.taker_bps = bps(10.0);
    scenario.instrument().lot = quantity(1.0);
    // 10 × 100 = 1000, fee 1: all of the cash, and no more.
    assert_snapshot!(scenario.book(), @r"
    1: buy 10 at 100 from 100, entry, fee 1
    open at the end: 10
    ledger 0: cash 1001, capital -1001
    ledger 1: cash -1001, position 1000, fees 1
    equity 1001, 1000
    ");
}

#[test]
fn an_order_below_the_minimum_notional_is_refused() {
    // 0.4 × 100 = 40 < 50.
    let mut scenario = one_fill(1.0, 0.4);
    scenario.instrument().notional_min = money(50.0);
    assert_snapshot!(scenario.book(), @r"
    1: Refused by NotionalMin, value 40, limit 50
    ledger 0: cash 1000, capital -1000
    equity 1000, 1000
    ");
    // 0.5 × 100 = 50: just enough.
    let mut scenario = one_fill(1.0, 0.5);
    scenario.instrument().notional_min = money(50.0);
    assert_snapshot!(scenario.fills(), @"1: buy 0.5 at 100 from 100, entry");
}

#[test]
fn an_order_below_the_minimum_quantity_is_refused() {
    let mut scenario = one_fill(1.0, 0.4);
    scenario.instrument().quantity_min = quantity(0.5);
    assert_snapshot!(scenario.book(), @r"
    1: Refused by QuantityMin, value 0.4, limit 0.5
    ledger 0: cash 1000, capital -1000
    equity 1000, 1000
    ");
    // Just enough; and what is left can always be sold.
    let mut scenario = Scenario::new(1_000.0, 0.5, &[still(100.0), still(100.0), still(80.0)]);
    scenario.instrument().quantity_min = quantity(0.5);
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 0.5 at 100 from 100, entry
    2: sell 0.5 at 80 from 80, exit
    ");
}

#[test]
fn what_is_left_of_a_position_can_always_be_sold() {
    // Bought for 0.5 × 100 = 50; at 80 it is worth 40, which is below the minimum.
    let mut scenario = Scenario::new(1_000.0, 0.5, &[still(100.0), still(100.0), still(80.0)]);
    scenario.instrument().notional_min = money(50.0);
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 0.5 at 100 from 100, entry
    2: sell 0.5 at 80 from 80, exit
    ");
}

fn one_fill(target: f64, units: f64) -> Scenario {
    let mut scenario = Scenario::new(1_000.0, units, &[still(100.0), still(100.0)]);
    scenario.decisions = vec![go(0, target)];
    scenario
}
