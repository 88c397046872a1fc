//! The exchange's grid: ticks, lots and the minimum notional.

use ct_host::order::{Decision, GapFill, LimitFill};
use ct_host::risk::Shorting;
use ct_tests::bars::Row;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, bps, money, price, quantity, still};

/// What happens from row 2 on with ticks of 0.5: rows 0 and 1 stand at 100, `inside` is row 2. Positions of 1.
fn on_ticks(decision: Decision, inside: Row) -> Scenario {
    let rows = [still(100.0), still(100.0), inside];
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.instrument().tick = price(0.5);
    scenario.decisions = vec![decision];
    scenario
}

#[track_caller]
fn check_tick(decision: Decision, inside: Row, expected: &str) {
    let fills = on_ticks(decision, inside).fills();
    let inside: Vec<&str> = fills.lines().filter(|line| !line.starts_with("1:")).collect();
    assert_eq!(inside.join("\n"), expected);
}

/// Nobody pays more than a limit says, or gets less, and the market has to come as far as the price that fills.
#[test]
fn limits_rest_on_the_tick_that_keeps_them() {
    let long = || go(1, 1.0).limit(95.7, 0);
    check_tick(long(), bar(98.0, 99.0, 95.5, 96.0), "2: buy 1 at 95.5 from 95.5, entry");
    check_tick(long(), bar(98.0, 99.0, 95.6, 96.0), "");
    let short = || go(1, -1.0).limit(104.3, 0);
    check_tick(short(), bar(102.0, 104.5, 101.0, 103.0), "2: sell 1 at 104.5 from 104.5, entry");
    check_tick(short(), bar(102.0, 104.4, 101.0, 103.0), "");
    // What lies on the grid stays.
    let exact = go(1, 1.0).limit(95.5, 0);
    check_tick(exact, bar(98.0, 99.0, 95.5, 96.0), "2: buy 1 at 95.5 from 95.5, entry");
}

#[test]
fn limits_rest_on_the_grid_under_the_other_rule_too() {
    let mut scenario = on_ticks(go(1, 1.0).limit(95.7, 0), bar(98.0, 99.0, 95.5, 96.0));
    scenario.setup.fills.limit = LimitFill::Through;
    // The market has to trade through the 95.5 that rests, not only through 95.7.
    assert_eq!(scenario.fills(), "");
}

#[test]
fn take_profits_rest_on_the_tick_that_keeps_them() {
    let long = || go(0, 1.0).take_profit(104.3);
    let profit = "2: sell 1 at 104.5 from 104.5, take-profit";
    check_tick(long(), bar(102.0, 104.5, 101.0, 103.0), profit);
    check_tick(long(), bar(102.0, 104.4, 101.0, 103.0), "");
    let short = || go(0, -1.0).take_profit(95.7);
    let profit = "2: buy 1 at 95.5 from 95.5, take-profit";
    check_tick(short(), bar(98.0, 99.0, 95.5, 96.0), profit);
    check_tick(short(), bar(98.0, 99.0, 95.6, 96.0), "");
}

/// A stop triggers at its own price and trades at the tick that is worse; the difference is slippage.
#[test]
fn stops_trade_at_the_worse_tick() {
    check_tick(
        go(0, 1.0).stop(95.7),
        bar(98.0, 99.0, 95.5, 96.0),
        "2: sell 1 at 95.5 from 95.7, stop, slippage 0.2",
    );
    check_tick(
        go(0, -1.0).stop(104.3),
        bar(102.0, 104.5, 101.0, 103.0),
        "2: buy 1 at 104.5 from 104.3, stop, slippage 0.2",
    );
}

/// With slippage of 1 % a purchase at 100 would pay 101; its limit of 100.7 is 100.5 on the grid, and holds.
#[test]
fn a_limit_that_takes_ends_on_the_grid() {
    use ct_host::costs::{FixedSlippage, Slippage};
    let slipping = |decision| {
        let mut scenario = on_ticks(decision, still(100.0));
        scenario.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(100.0) });
        scenario.fills()
    };
    let bought = slipping(go(1, 1.0).limit(100.7, 0));
    assert_snapshot!(bought, @"2: buy 1 at 100.5 from 100, entry, slippage 0.5");
    let sold = slipping(go(1, -1.0).limit(99.3, 0));
    assert_snapshot!(sold, @"2: sell 1 at 99.5 from 100, entry, slippage 0.5");
}

/// Prices of another time may lie on a finer grid than today's: what gets an open like that gets the worse tick.
#[test]
fn an_open_off_the_grid_is_rounded_against_the_order() {
    let filled = |decision, inside| {
        let mut scenario = on_ticks(decision, inside);
        scenario.setup.fills.gap = GapFill::Open;
        scenario.fills()
    };
    let bought = filled(go(1, 1.0).limit(95.7, 0), bar(90.2, 96.0, 88.0, 91.0));
    assert_snapshot!(bought, @"2: buy 1 at 90.5 from 90.2, entry, slippage 0.3");
    let sold = filled(go(1, -1.0).limit(104.3, 0), bar(110.3, 112.0, 104.0, 109.0));
    assert_snapshot!(sold, @"2: sell 1 at 110 from 110.3, entry, slippage 0.3");
}

/// A purchase for less than one tick rests at nothing, and nobody sells there.
#[test]
fn a_limit_below_one_tick_never_fills() {
    check_tick(go(1, 1.0).limit(0.3, 0), bar(98.0, 99.0, 0.1, 96.0), "");
}

#[test]
fn quantities_are_rounded_down_to_the_lot() {
    let mut scenario = one_fill(1.0, 0.379);
    scenario.instrument().lot = quantity(0.05);
    // 0.379 ÷ 0.05 = 7.58: 7 lots are 0.35.
    assert_snapshot!(scenario.fills(), @"1: buy 0.35 at 100 from 100, entry");
}

#[test]
fn a_part_that_is_a_whole_number_of_lots_is_that_number() {
    let mut scenario = Scenario::new(1_000_000.0, 2_100.0, &[still(100.0); 3]);
    scenario.instrument().lot = quantity(300.0);
    scenario.decisions = vec![go(0, 1.0), go(1, 1.0 / 7.0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 2100 at 100 from 100, entry
    2: sell 1800 at 100 from 100, exit
    ");
    let mut scenario = one_fill(1.0 / 3.0, 3.0);
    scenario.instrument().lot = quantity(1.0);
    assert_snapshot!(scenario.fills(), @"1: buy 1 at 100 from 100, entry");
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
    scenario.setup.account.cash = money(1_001.0);
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
