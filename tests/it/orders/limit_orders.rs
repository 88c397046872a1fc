//! Limit orders: at the limit or better, until they fill, expire or are replaced.

use ct_host::costs::{FeeSchedule, FixedSlippage, Slippage};
use ct_host::order::Decision;
use ct_host::risk::Shorting;
use ct_tests::bars::Row;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, bps, still};

/// Decisions for 1 unit, with a maker fee of 4 bps, a taker fee of 10 bps and slippage of 1 %. Row 0 stands at 100.
fn scenario(decisions: Vec<Decision>, rows: &[Row]) -> Scenario {
    let rows: Vec<Row> = std::iter::once(still(100.0)).chain(rows.iter().copied()).collect();
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.setup.costs.fees =
        FeeSchedule { maker_bps: bps(4.0), taker_bps: bps(10.0), ..FeeSchedule::default() };
    scenario.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(100.0) });
    scenario.decisions = decisions;
    scenario
}

#[track_caller]
fn check(decision: Decision, rows: &[Row], expected: &str) {
    assert_eq!(scenario(vec![decision], rows).fills(), expected);
}

#[test]
fn a_limit_order_fills_at_its_limit() {
    let long = || go(0, 1.0).limit(95.0, 0);
    // The maker fee of 4 bps and nothing else: 0.038 of 95.
    let at_limit = "1: buy 1 at 95 from 95, entry, fee 0.038";
    check(long(), &[bar(98.0, 99.0, 94.0, 96.0)], at_limit);
    check(long(), &[bar(98.0, 99.0, 95.0, 96.0)], at_limit);
    check(long(), &[bar(98.0, 99.0, 95.01, 96.0)], "");

    let short = || go(0, -1.0).limit(105.0, 0);
    let at_limit = "1: sell 1 at 105 from 105, entry, fee 0.042";
    check(short(), &[bar(102.0, 106.0, 101.0, 103.0)], at_limit);
    check(short(), &[bar(102.0, 105.0, 101.0, 103.0)], at_limit);
    check(short(), &[bar(102.0, 104.99, 101.0, 103.0)], "");
}

#[test]
fn a_limit_order_expires_after_its_rows() {
    let quiet = bar(98.0, 99.0, 96.0, 98.0);
    let low = bar(98.0, 99.0, 94.0, 96.0);
    // It rests for rows 1 and 2.
    let late = scenario(vec![go(0, 1.0).limit(95.0, 2)], &[quiet, quiet, low]);
    assert_snapshot!(late.book(), @r"
    3: Refused by Expired
    ledger 0: cash 1000, capital -1000
    equity 1000, 1000, 1000, 1000
    ");
    let in_time = scenario(vec![go(0, 1.0).limit(95.0, 2)], &[quiet, low, low]);
    assert_snapshot!(in_time.fills(), @"2: buy 1 at 95 from 95, entry, fee 0.038");
    // Without a number of rows it rests on.
    let patient = scenario(vec![go(0, 1.0).limit(95.0, 0)], &[quiet, quiet, quiet, low]);
    assert_snapshot!(patient.fills(), @"4: buy 1 at 95 from 95, entry, fee 0.038");
}

#[test]
fn the_next_decision_replaces_a_limit_order() {
    let quiet = bar(98.0, 99.0, 96.0, 98.0);
    let low = bar(98.0, 99.0, 94.0, 96.0);
    let moved = vec![go(0, 1.0).limit(95.0, 0), go(1, 1.0).limit(97.0, 0)];
    // 4 bps of 97.
    assert_snapshot!(
        scenario(moved, &[quiet, low]).fills(),
        @"2: buy 1 at 97 from 97, entry, fee 0.0388"
    );
    let called_off = vec![go(0, 1.0).limit(95.0, 0), go(1, 0.0)];
    assert_snapshot!(scenario(called_off, &[quiet, low]).fills(), @"");
}

#[test]
fn positions_are_left_and_reduced_by_limit_orders() {
    let high = bar(105.0, 111.0, 104.0, 108.0);
    let leave = vec![go(0, 1.0), go(1, 0.0).limit(110.0, 0)];
    // In: 100 + 1 % = 101, fee 0.101. Out: 4 bps of 110.
    assert_snapshot!(scenario(leave, &[still(100.0), high]).fills(), @r"
    1: buy 1 at 101 from 100, entry, fee 0.101, slippage 1
    2: sell 1 at 110 from 110, exit, fee 0.044
    ");
    let reduce = vec![go(0, 1.0), go(1, 0.25).limit(110.0, 0)];
    // 0.75 × 110 = 82.5, fee 4 bps.
    assert_snapshot!(scenario(reduce, &[still(100.0), high]).fills(), @r"
    1: buy 1 at 101 from 100, entry, fee 0.101, slippage 1
    2: sell 0.75 at 110 from 110, exit, fee 0.033
    ");
    let reverse = vec![go(0, 1.0), go(1, -1.0).limit(110.0, 0)];
    assert_snapshot!(scenario(reverse, &[still(100.0), high]).fills(), @r"
    1: buy 1 at 101 from 100, entry, fee 0.101, slippage 1
    2: sell 1 at 110 from 110, exit, fee 0.044
    2: sell 1 at 110 from 110, entry, fee 0.044
    ");
}

#[test]
fn the_stop_of_an_entry_inside_the_bar_can_follow_in_the_same_bar() {
    // Whoever reaches 92 has come through 95. Stop: 92 - 1 % = 91.08.
    check(
        go(0, 1.0).limit(95.0, 0).stop(92.0),
        &[bar(98.0, 99.0, 90.0, 91.0)],
        "1: buy 1 at 95 from 95, entry, fee 0.038\n\
         1: sell 1 at 91.08 from 92, stop, fee 0.09108, slippage 0.92",
    );
    // 108 + 1 % = 109.08.
    check(
        go(0, -1.0).limit(105.0, 0).stop(108.0),
        &[bar(102.0, 110.0, 101.0, 109.0)],
        "1: sell 1 at 105 from 105, entry, fee 0.042\n\
         1: buy 1 at 109.08 from 108, stop, fee 0.10908, slippage 1.08",
    );
}

#[test]
fn the_take_profit_of_an_entry_inside_the_bar_waits_for_the_next_bar() {
    // The high of 99 may have come before the low of 94.
    check(
        go(0, 1.0).limit(95.0, 0).take_profit(98.0),
        &[bar(97.0, 99.0, 94.0, 96.0), bar(96.0, 97.0, 95.5, 96.5), bar(97.0, 98.5, 96.0, 97.0)],
        "1: buy 1 at 95 from 95, entry, fee 0.038\n\
         3: sell 1 at 98 from 98, take-profit, fee 0.0392\n\
         ambiguous: 1",
    );
}

#[test]
fn a_gap_beyond_limit_and_stop_fills_both() {
    // The bar never trades at the stop of 92: what is bought at 95 on the way is sold at 90, less 1 %.
    check(
        go(0, 1.0).limit(95.0, 0).stop(92.0),
        &[bar(90.0, 91.0, 88.0, 89.0)],
        "1: buy 1 at 95 from 95, entry, fee 0.038\n\
         1: sell 1 at 89.1 from 90, stop, fee 0.0891, slippage 0.9",
    );
    check(
        go(0, -1.0).limit(105.0, 0).stop(108.0),
        &[bar(110.0, 112.0, 109.0, 111.0)],
        "1: sell 1 at 105 from 105, entry, fee 0.042\n\
         1: buy 1 at 111.1 from 110, stop, fee 0.1111, slippage 1.1",
    );
}

#[test]
fn a_stop_on_the_wrong_side_of_the_limit_leaves_at_the_entry() {
    // At 95 the market is already below the stop of 97: out at 95, not at 97. 95 - 1 % = 94.05.
    check(
        go(0, 1.0).limit(95.0, 0).stop(97.0),
        &[bar(98.0, 99.0, 94.0, 96.0)],
        "1: buy 1 at 95 from 95, entry, fee 0.038\n\
         1: sell 1 at 94.05 from 95, stop, fee 0.09405, slippage 0.95",
    );
}

#[test]
fn a_stop_calls_off_a_resting_limit_order() {
    let rows = [still(100.0), bar(98.0, 99.0, 94.0, 96.0), bar(96.0, 97.0, 89.0, 90.0)];
    let decisions = vec![go(0, 0.5).stop(95.0), go(1, 1.0).limit(90.0, 0)];
    // In: 0.5 × 101 = 50.5, fee 0.0505. Out: 0.5 × 94.05 = 47.025, fee 0.047025.
    assert_snapshot!(scenario(decisions, &rows).fills(), @r"
    1: buy 0.5 at 101 from 100, entry, fee 0.0505, slippage 0.5
    2: sell 0.5 at 94.05 from 95, stop, fee 0.047025, slippage 0.475
    ");
}

/// A purchase up to 105 when the market stands at 100 is a market order with a limit: it pays as a taker, 1 % slippage and
/// 10 bps, and never more than its limit.
#[test]
fn a_limit_that_the_market_has_already_takes() {
    check(
        go(0, 1.0).limit(105.0, 0),
        &[still(100.0)],
        "1: buy 1 at 101 from 100, entry, fee 0.101, slippage 1",
    );
    check(
        go(0, 1.0).limit(100.5, 0),
        &[still(100.0)],
        "1: buy 1 at 100.5 from 100, entry, fee 0.1005, slippage 0.5",
    );
    check(
        go(0, -1.0).limit(99.5, 0),
        &[still(100.0)],
        "1: sell 1 at 99.5 from 100, entry, fee 0.0995, slippage 0.5",
    );
}
