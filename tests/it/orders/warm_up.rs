//! Rows that only warm the strategy up.

use ct_host::order::Decision;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, still};

/// The run starts on row 3, at an open of 103.
fn scenario(decisions: Vec<Decision>) -> Scenario {
    let rows = [
        still(100.0),
        still(101.0),
        still(102.0),
        bar(103.0, 104.0, 103.0, 104.0),
        bar(104.0, 105.0, 96.0, 100.0),
    ];
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.first_row = 3;
    scenario.decisions = decisions;
    scenario
}

#[test]
fn the_standing_decision_of_the_warm_up_is_carried_out_on_the_first_row() {
    // Equity starts with row 3: 1000 - 103 + 104, then 897 + 100.
    assert_snapshot!(scenario(vec![go(0, 1.0)]).book(), @r"
    3: buy 1 at 103 from 103, entry
    open at the end: 1
    ledger 0: cash 1000, capital -1000
    ledger 3: cash -103, position 103
    equity 1001, 997
    ");
}

#[test]
fn only_the_last_decision_of_the_warm_up_stands() {
    assert_snapshot!(scenario(vec![go(0, 1.0), go(1, 0.5)]).fills(), @"3: buy 0.5 at 103 from 103, entry");
    assert_snapshot!(scenario(vec![go(0, 1.0), go(1, 0.0)]).fills(), @"");
    // The last row of the warm-up is the first whose decision can trade in time.
    assert_snapshot!(scenario(vec![go(0, 1.0), go(2, 0.5)]).fills(), @"3: buy 0.5 at 103 from 103, entry");
    assert_snapshot!(scenario(vec![go(0, 1.0), go(2, 0.0)]).fills(), @"");
}

#[test]
fn the_standing_decision_has_the_last_levels() {
    for row in [1, 2] {
        let moved = go(row, 1.0).levels_only().stop(97.0);
        let fills = scenario(vec![go(0, 1.0).stop(90.0), moved]).fills();
        let expected = "3: buy 1 at 103 from 103, entry\n4: sell 1 at 97 from 97, stop";
        assert_eq!(fills, expected, "levels of row {row}");
    }
}
