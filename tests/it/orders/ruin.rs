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
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, -1.0), go(2, -1.0), go(3, 1.0)];
    // Cash 1000 + 900 = 1900. On the way from 150 to 220 it is used up at 1900 ÷ 9 = 211.111…: the position is liquidated
    // there. Rounding leaves 1e-12, which pays for nothing.
    assert_snapshot!(scenario.book(), @r"
    1: sell 9 at 100 from 100, entry
    2: buy 9 at 211.111111111111 from 211.111111111111, liquidation
    3: Refused by Cash, value 9, limit 0
    4: Refused by Cash, value 9, limit 0
    1 to 2: short 9, gross -999.999999999999, net -999.999999999999
    ledger 0: cash 1000, capital -1000
    ledger 1: cash 900, position -900
    ledger 2: cash -1899.999999999999, position 900, realised 999.999999999999
    equity 1000, 1000, 0, 0, 0
    ");
}

#[test]
fn a_gap_can_leave_a_debt() {
    let rows = [still(100.0), still(100.0), still(220.0), still(50.0), still(50.0)];
    let mut scenario = Scenario::new(1_000.0, 9.0, &rows);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, -1.0), go(2, -1.0), go(3, 1.0)];
    // Cash 1000 + 900 = 1900; the open of 220 is beyond 211.11: 1900 - 1980 = -80. The account never trades again.
    assert_snapshot!(scenario.book(), @r"
    1: sell 9 at 100 from 100, entry
    2: buy 9 at 220 from 220, liquidation
    2: Refused by Ruin, value -1, limit 0
    3: Refused by Ruin, value 1, limit 0
    1 to 2: short 9, gross -1080, net -1080
    ledger 0: cash 1000, capital -1000
    ledger 1: cash 900, position -900
    ledger 2: cash -1980, position 900, realised 1080
    equity 1000, 1000, -80, -80, -80
    ");
}

#[test]
fn an_account_of_exactly_nothing_is_ruined() {
    let rows = [still(100.0), still(100.0), still(200.0), still(150.0)];
    let mut scenario = Scenario::new(1_000.0, 10.0, &rows);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, -1.0), go(2, 1.0)];
    // 2000 - 10 × 200 = 0.
    assert_snapshot!(scenario.book(), @r"
    1: sell 10 at 100 from 100, entry
    2: buy 10 at 200 from 200, liquidation
    2: Refused by Ruin, value 1, limit 0
    1 to 2: short 10, gross -1000, net -1000
    ledger 0: cash 1000, capital -1000
    ledger 1: cash 1000, position -1000
    ledger 2: cash -2000, position 1000, realised 1000
    equity 1000, 1000, 0, 0
    ");
}
