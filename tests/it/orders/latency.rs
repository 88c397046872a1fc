//! Orders that take bars to arrive.

use ct_host::order::Decision;
use ct_tests::bars::Row;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, still};

/// Orders arrive one bar later than they would.
fn scenario(rows: &[Row], decisions: Vec<Decision>) -> Scenario {
    let mut scenario = Scenario::new(1_000.0, 1.0, rows);
    scenario.setup.fills.latency_bars = 1;
    scenario.decisions = decisions;
    scenario
}

fn rising() -> [Row; 7] {
    [100.0, 101.0, 102.0, 103.0, 104.0, 105.0, 106.0].map(still)
}

#[test]
fn an_order_trades_that_many_bars_later() {
    assert_snapshot!(scenario(&rising(), vec![go(0, 1.0), go(3, 0.0)]).fills(), @r"
    2: buy 1 at 102 from 102, entry
    5: sell 1 at 105 from 105, exit
    ");
    let mut slow = scenario(&rising(), vec![go(0, 1.0)]);
    slow.setup.fills.latency_bars = 5;
    assert_snapshot!(slow.fills(), @"6: buy 1 at 106 from 106, entry");
    slow.setup.fills.latency_bars = 6;
    assert_snapshot!(slow.fills(), @"");
}

#[test]
fn an_order_that_is_called_off_too_late_trades_first() {
    // The purchase arrives on row 2, the order to be flat on row 3.
    assert_snapshot!(scenario(&rising(), vec![go(0, 1.0), go(1, 0.0)]).fills(), @r"
    2: buy 1 at 102 from 102, entry
    3: sell 1 at 103 from 103, exit
    ");
}

#[test]
fn an_order_that_rests_is_called_off_when_the_word_arrives() {
    let low = bar(100.0, 101.0, 94.0, 100.0);
    let decisions = || vec![go(0, 1.0).limit(95.0, 0), go(2, 0.0)];
    // The limit rests from row 2 on; the word to be flat arrives on row 4. A low on row 3 is in time, one on row 4 is not.
    let early = [still(100.0), still(100.0), still(100.0), low, still(100.0), still(100.0)];
    assert_snapshot!(scenario(&early, decisions()).fills(), @r"
    3: buy 1 at 95 from 95, entry
    4: sell 1 at 100 from 100, exit
    ");
    let late = [still(100.0), still(100.0), still(100.0), still(100.0), low, low];
    assert_snapshot!(scenario(&late, decisions()).fills(), @"");
}

#[test]
fn a_limit_order_is_not_touched_before_it_arrives() {
    let low = bar(100.0, 101.0, 94.0, 100.0);
    let rows = [still(100.0), low, still(100.0), low];
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0).limit(95.0, 0)]).fills(), @"3: buy 1 at 95 from 95, entry");
}

#[test]
fn a_limit_order_grows_old_from_its_arrival_on() {
    let low = bar(100.0, 101.0, 94.0, 100.0);
    // It rests for rows 2 and 3.
    let rows = [still(100.0), still(100.0), still(100.0), low, low];
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0).limit(95.0, 2)]).fills(), @"3: buy 1 at 95 from 95, entry");
    let rows = [still(100.0), still(100.0), still(100.0), still(100.0), low];
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0).limit(95.0, 2)]).guarded(), @r"
    decision 0: 4: Refused by Expired
    equity 1000, 1000, 1000, 1000, 1000
    ");
}

#[test]
fn each_order_takes_the_place_of_the_one_before() {
    // Limits at 95 and 97 arrive on rows 2 and 3. On row 3 only the one at 97 is left.
    let rows = [still(100.0), still(100.0), still(100.0), bar(100.0, 101.0, 94.0, 100.0)];
    let decisions = vec![go(0, 1.0).limit(95.0, 0), go(1, 1.0).limit(97.0, 0)];
    assert_snapshot!(scenario(&rows, decisions).fills(), @"3: buy 1 at 97 from 97, entry");
}

#[test]
fn the_levels_of_an_entry_wait_for_it() {
    // A low of 94 on row 1 and a stop of 95: there is no position yet. On row 3 there is.
    let low = bar(100.0, 101.0, 94.0, 100.0);
    let rows = [still(100.0), low, still(100.0), low];
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0).stop(95.0)]).fills(), @r"
    2: buy 1 at 100 from 100, entry
    3: sell 1 at 95 from 95, stop
    ");
}

#[test]
fn a_position_keeps_its_stop_until_its_exit_arrives() {
    // Bought on row 2. The exit of row 2 arrives on row 4; row 3 falls through the stop.
    let fall = bar(100.0, 100.0, 40.0, 40.0);
    let rows = [still(100.0), still(100.0), still(100.0), fall, still(40.0)];
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0).stop(95.0), go(2, 0.0)]).fills(), @r"
    2: buy 1 at 100 from 100, entry
    3: sell 1 at 95 from 95, stop
    ");
}
