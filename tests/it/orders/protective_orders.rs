//! Stops and take-profits.

use ct_host::costs::{FeeSchedule, FixedSlippage, Slippage};
use ct_host::order::Decision;
use ct_host::risk::Shorting;
use ct_tests::bars::Row;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, bps, still};

/// A position of 1, entered at 100 on row 1, meets `inside` on row 2. Stops pay a fee of 10 bps and slippage of 1 %;
/// take-profits pay a fee of 4 bps. `expected` is what happens from row 2 on.
#[track_caller]
fn check(decision: Decision, inside: Row, expected: &str) {
    let rows = [still(100.0), still(100.0), inside, still(100.0)];
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.setup.costs.fees =
        FeeSchedule { maker_bps: bps(4.0), taker_bps: bps(10.0), ..FeeSchedule::default() };
    scenario.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(100.0) });
    scenario.decisions = vec![decision];
    let fills = scenario.fills();
    assert_eq!(fills.lines().skip(1).collect::<Vec<_>>().join("\n"), expected);
}

#[test]
fn a_stop_fills_at_its_level_or_at_a_worse_open() {
    let long = || go(0, 1.0).stop(95.0);
    // 95 - 1 % = 94.05; fee 0.1 % of that.
    let at_level = "2: sell 1 at 94.05 from 95, stop, fee 0.09405, slippage 0.95";
    check(long(), bar(98.0, 99.0, 94.0, 96.0), at_level);
    check(long(), bar(98.0, 99.0, 95.0, 96.0), at_level);
    check(long(), bar(98.0, 99.0, 95.01, 96.0), "");
    // A gap to 90: 90 - 1 % = 89.1.
    let gap = "2: sell 1 at 89.1 from 90, stop, fee 0.0891, slippage 0.9";
    check(long(), bar(90.0, 99.0, 88.0, 91.0), gap);

    let short = || go(0, -1.0).stop(105.0);
    // 105 + 1 % = 106.05.
    let at_level = "2: buy 1 at 106.05 from 105, stop, fee 0.10605, slippage 1.05";
    check(short(), bar(102.0, 106.0, 101.0, 103.0), at_level);
    check(short(), bar(102.0, 105.0, 101.0, 103.0), at_level);
    check(short(), bar(102.0, 104.99, 101.0, 103.0), "");
    // A gap to 110: 110 + 1 % = 111.1.
    let gap = "2: buy 1 at 111.1 from 110, stop, fee 0.1111, slippage 1.1";
    check(short(), bar(110.0, 112.0, 101.0, 103.0), gap);
}

#[test]
fn a_take_profit_fills_at_its_level() {
    let long = || go(0, 1.0).take_profit(110.0);
    // 4 bps of 110.
    let at_level = "2: sell 1 at 110 from 110, take-profit, fee 0.044";
    check(long(), bar(105.0, 111.0, 104.0, 108.0), at_level);
    check(long(), bar(105.0, 110.0, 104.0, 108.0), at_level);
    check(long(), bar(105.0, 109.99, 104.0, 108.0), "");

    let short = || go(0, -1.0).take_profit(90.0);
    let at_level = "2: buy 1 at 90 from 90, take-profit, fee 0.036";
    check(short(), bar(95.0, 96.0, 89.0, 92.0), at_level);
    check(short(), bar(95.0, 96.0, 90.0, 92.0), at_level);
    check(short(), bar(95.0, 96.0, 90.01, 92.0), "");
}

#[test]
fn the_stop_comes_first_when_both_lie_inside_one_bar() {
    let long = || go(0, 1.0).stop(95.0).take_profit(110.0);
    check(
        long(),
        bar(100.0, 111.0, 94.0, 100.0),
        "2: sell 1 at 94.05 from 95, stop, fee 0.09405, slippage 0.95\nambiguous: 2",
    );
    check(
        go(0, -1.0).stop(105.0).take_profit(90.0),
        bar(100.0, 106.0, 89.0, 100.0),
        "2: buy 1 at 106.05 from 105, stop, fee 0.10605, slippage 1.05\nambiguous: 2",
    );
    // The open comes before everything else in the bar: nothing is ambiguous. 4 bps of 110; 94 - 1 % = 93.06.
    let above = bar(112.0, 113.0, 94.0, 100.0);
    check(long(), above, "2: sell 1 at 110 from 110, take-profit, fee 0.044");
    let below = bar(94.0, 111.0, 93.0, 100.0);
    check(long(), below, "2: sell 1 at 93.06 from 94, stop, fee 0.09306, slippage 0.94");
}

#[test]
fn a_level_is_live_right_after_its_entry() {
    // The decision of row 0 enters at the open of row 1; the rest of row 1 already reaches the stop.
    let rows = [still(100.0), bar(100.0, 101.0, 94.0, 96.0), still(96.0)];
    let mut scenario = Scenario::new(1_000.0, 2.0, &rows);
    scenario.decisions = vec![go(0, 1.0).stop(95.0)];
    // 2 × (95 - 100) = -10.
    assert_snapshot!(scenario.book(), @r"
    1: buy 2 at 100 from 100, entry
    1: sell 2 at 95 from 95, stop
    1 to 1: long 2, gross -10, net -10
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -200, position 200
    ledger 1: cash 190, position -200, realised 10
    equity 1000, 990, 990
    ");
}

#[test]
fn an_entry_beyond_its_own_stop_leaves_at_the_open() {
    let rows = [still(100.0), bar(90.0, 99.0, 89.0, 98.0), still(98.0)];
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.decisions = vec![go(0, 1.0).stop(95.0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 1 at 90 from 90, entry
    1: sell 1 at 90 from 90, stop
    ");
}

#[test]
fn after_a_stop_the_instrument_stays_flat_until_the_next_decision() {
    let rows = [
        still(100.0),
        still(100.0),
        bar(98.0, 99.0, 94.0, 96.0),
        still(97.0),
        still(120.0),
        // The old stop of 95 is gone with its position: this low of 80 leaves the new one alone.
        bar(121.0, 121.0, 80.0, 121.0),
    ];
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.decisions = vec![go(0, 1.0).stop(95.0), go(4, 1.0)];
    // Cash: 1000 - 100 + 95 = 995, - 121 = 874; equity 874 + 121.
    assert_snapshot!(scenario.book(), @r"
    1: buy 1 at 100 from 100, entry
    2: sell 1 at 95 from 95, stop
    5: buy 1 at 121 from 121, entry
    1 to 2: long 1, gross -5, net -5
    open at the end: 1
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -100, position 100
    ledger 2: cash 95, position -100, realised 5
    ledger 5: cash -121, position 121
    equity 1000, 1000, 995, 995, 995, 995
    ");
}

#[test]
fn a_market_exit_comes_before_the_stop_of_the_same_bar() {
    let rows = [still(100.0), still(100.0), bar(98.0, 99.0, 94.0, 96.0)];
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.decisions = vec![go(0, 1.0).stop(95.0), go(1, 0.0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 1 at 100 from 100, entry
    2: sell 1 at 98 from 98, exit
    ");
}
