//! Rows in which an instrument has no bar.

use ct_tests::bars::{hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, still};

/// A has a bar in each of six rows; B has none in rows 2 and 3.
fn scenario() -> Scenario {
    let b = [
        Some(still(50.0)),
        Some(bar(50.0, 52.0, 50.0, 52.0)),
        None,
        None,
        Some(bar(60.0, 61.0, 59.0, 60.0)),
        Some(still(60.0)),
    ];
    let bars = vec![hourly(&[still(100.0); 6]), hourly_with_gaps(&b)];
    Scenario::of_instruments(1_000.0, 2.0, bars)
}

#[test]
fn a_market_order_waits_for_the_next_bar_and_marks_carry_the_last_close() {
    let mut scenario = scenario();
    scenario.decisions = vec![go(0, 1.0).of(1), go(1, 0.0).of(1)];
    // Cash 1000 - 100 = 900. Equity 900 + 2 × 52 on rows 1 to 3; out at 60: cash 1020.
    assert_snapshot!(scenario.book(), @r"
    1: B buy 2 at 50 from 50, entry
    4: B sell 2 at 60 from 60, exit
    1 to 4: B long 2, gross 20, net 20
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -100, position 100
    ledger 4: cash 120, position -100, realised -20
    equity 1000, 1004, 1004, 1004, 1020, 1020
    ");
}

#[test]
fn an_order_decided_in_a_missing_bar_waits_too() {
    let mut scenario = scenario();
    scenario.decisions = vec![go(2, 1.0).of(1)];
    assert_snapshot!(scenario.fills(), @"4: B buy 2 at 60 from 60, entry");
}

#[test]
fn levels_sleep_while_there_is_no_bar() {
    let mut scenario = scenario();
    scenario.decisions = vec![go(0, 1.0).of(1).stop(49.0).take_profit(55.0)];
    // The first bar after the gap opens beyond the take-profit, which is filled at its own price.
    assert_snapshot!(scenario.fills(), @r"
    1: B buy 2 at 50 from 50, entry
    4: B sell 2 at 55 from 55, take-profit
    ");
}

#[test]
fn a_limit_order_grows_old_while_there_is_no_bar() {
    let mut scenario = scenario();
    scenario.decisions = vec![go(1, 1.0).of(1).limit(59.0, 2)];
    // It rests for rows 2 and 3, in which nothing trades.
    assert_snapshot!(scenario.book(), @r"
    4: B Refused by Expired
    ledger 0: cash 1000, capital -1000
    equity 1000, 1000, 1000, 1000, 1000, 1000
    ");
}
