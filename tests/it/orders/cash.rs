//! Several instruments that share the cash.

use ct_host::risk::Shorting;
use ct_tests::bars::hourly;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, quantity, still};

#[test]
fn sales_pay_for_the_purchases_of_the_same_open() {
    let mut scenario = two_at_100(1_001.0, 10.0);
    scenario.decisions = vec![go(0, 1.0).of(1), go(1, 1.0).of(0), go(1, 0.0).of(1)];
    // B is bought for 1000; A can only be bought with what B brings.
    assert_snapshot!(scenario.book(), @r"
    1: B buy 10 at 100 from 100, entry
    2: B sell 10 at 100 from 100, exit
    2: A buy 10 at 100 from 100, entry
    1 to 2: B long 10, gross 0, net 0
    open at the end: A 10
    ledger 0: cash 1001, capital -1001
    ledger 1: cash -1000, position 1000
    ledger 2: cash 1000, position -1000
    ledger 2: cash -1000, position 1000
    equity 1001, 1001, 1001
    ");
}

#[test]
fn reductions_pay_for_the_purchases_of_the_same_open() {
    let mut scenario = two_at_100(1_001.0, 10.0);
    scenario.decisions = vec![go(0, 1.0).of(1), go(1, 0.5).of(0), go(1, 0.5).of(1)];
    assert_snapshot!(scenario.book(), @r"
    1: B buy 10 at 100 from 100, entry
    2: B sell 5 at 100 from 100, exit
    2: A buy 5 at 100 from 100, entry
    open at the end: A 5
    open at the end: B 5
    ledger 0: cash 1001, capital -1001
    ledger 1: cash -1000, position 1000
    ledger 2: cash 500, position -500
    ledger 2: cash -500, position 500
    equity 1001, 1001, 1001
    ");
}

#[test]
fn what_cash_does_not_cover_is_cut_and_recorded() {
    let mut scenario = two_at_100(1_050.0, 6.0);
    scenario.decisions = vec![go(0, 1.0).of(0), go(0, 1.0).of(1)];
    // A takes 600; the 450 left buy 4.5 of the 6.
    assert_snapshot!(scenario.book(), @r"
    1: A buy 6 at 100 from 100, entry
    1: B buy 4.5 at 100 from 100, entry
    1: B Cut by Cash, value 6, limit 4.5
    open at the end: A 6
    open at the end: B 4.5
    ledger 0: cash 1050, capital -1050
    ledger 1: cash -600, position 600
    ledger 1: cash -450, position 450
    equity 1050, 1050, 1050
    ");
}

#[test]
fn a_cut_quantity_is_rounded_down_to_the_lot() {
    let mut scenario = two_at_100(650.0, 10.0);
    scenario.instrument().lot = quantity(1.0);
    scenario.decisions = vec![go(0, 1.0)];
    // 650 ÷ 100 = 6.5, 6 whole lots.
    assert_snapshot!(scenario.book(), @r"
    1: A buy 6 at 100 from 100, entry
    1: A Cut by Cash, value 10, limit 6.5
    open at the end: A 6
    ledger 0: cash 650, capital -650
    ledger 1: cash -600, position 600
    equity 650, 650, 650
    ");
}

#[test]
fn cash_for_less_than_one_lot_refuses_the_order() {
    let mut scenario = two_at_100(50.0, 10.0);
    scenario.instrument().lot = quantity(1.0);
    scenario.decisions = vec![go(0, 1.0)];
    assert_snapshot!(scenario.book(), @r"
    1: A Refused by Cash, value 10, limit 0.5
    ledger 0: cash 50, capital -50
    equity 50, 50, 50
    ");
}

#[test]
fn debt_from_a_covered_short_can_ruin_a_long_position() {
    let prices = |closes: [f64; 7]| hourly(&closes.map(still));
    let long = prices([100.0, 100.0, 100.0, 100.0, 80.0, 80.0, 200.0]);
    let short = prices([100.0, 100.0, 290.0, 290.0, 290.0, 290.0, 290.0]);
    let mut scenario = Scenario::of_instruments(1_000.0, 5.0, vec![long, short]);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, 1.0).of(0), go(0, -1.0).of(1), go(2, 0.0).of(1)];
    // Cash: 1000 - 500 + 500 = 1000; at 290 equity is 1000 + 500 - 1450 = 50. Covering costs 1450: cash -450.
    // A opens at 80: equity -450 + 400 = -50: sold there, and whatever comes later is not the account's any more.
    assert_snapshot!(scenario.book(), @r"
    1: A buy 5 at 100 from 100, entry
    1: B sell 5 at 100 from 100, entry
    3: B buy 5 at 290 from 290, exit
    4: A sell 5 at 80 from 80, liquidation
    1 to 3: B short 5, gross -950, net -950
    1 to 4: A long 5, gross -100, net -100
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -500, position 500
    ledger 1: cash 500, position -500
    ledger 3: cash -1450, position 500, realised 950
    ledger 4: cash 400, position -500, realised 100
    equity 1000, 1000, 50, 50, -50, -50, -50
    ");
}

/// A and B at a price of 100 for three rows.
fn two_at_100(cash: f64, units: f64) -> Scenario {
    let bars = || hourly(&[still(100.0); 3]);
    Scenario::of_instruments(cash, units, vec![bars(), bars()])
}
