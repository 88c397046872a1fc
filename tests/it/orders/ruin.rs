//! An account that is worth nothing any more.

use ct_host::risk::Shorting;
use ct_tests::script::go;
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, still};

#[test]
fn a_short_position_can_ruin_the_account() {
    let rows =
        [still(100.0), still(100.0), bar(150.0, 220.0, 150.0, 215.0), still(220.0), still(50.0)];
    let mut scenario = Scenario::new(1_000.0, 9.0, &rows);
    scenario.setup.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, -1.0), go(2, -1.0), go(3, 1.0)];
    // Cash 1000 + 900 = 1900. At 215 equity is 1900 - 1935 = -35: everything is closed at the next open.
    // 9 × 220 = 1980: cash -80. What is decided from row 2 on is refused.
    assert_snapshot!(scenario.book(), @r"
    1: sell 9 at 100 from 100, entry
    3: buy 9 at 220 from 220, ruin
    2: Refused by Ruin, asked -1, allowed 0
    3: Refused by Ruin, asked 1, allowed 0
    1 to 3: short 9, gross -1080, net -1080
    ledger 0: cash 1000, capital -1000
    ledger 1: cash 900, position -900
    ledger 3: cash -1980, position 900, realised 1080
    equity 1000, 1000, -35, -80, -80
    ");
}

#[test]
fn an_account_of_exactly_nothing_is_ruined() {
    let rows = [still(100.0), still(100.0), still(200.0), still(150.0)];
    let mut scenario = Scenario::new(1_000.0, 10.0, &rows);
    scenario.setup.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, -1.0)];
    // 2000 - 10 × 200 = 0.
    assert_snapshot!(scenario.fills(), @r"
    1: sell 10 at 100 from 100, entry
    3: buy 10 at 150 from 150, ruin
    ");
}
