//! A cool-down after an exit.

use ct_host::order::Decision;
use ct_host::risk::{BreakerAction, CoolDown, PauseAfter, Rearm, Shorting};
use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::calendar::time;
use crate::orders::scenario::{Scenario, bar, level, still};

/// Positions of 1, and a rest of three hours.
fn guarded(mut scenario: Scenario, after: PauseAfter) -> Scenario {
    scenario.setup.risk.breakers.cool_down = Some(CoolDown { after, pause: time("3h") });
    scenario
}

fn scenario(rows: &[Row], after: PauseAfter, decisions: Vec<Decision>) -> Scenario {
    let mut scenario = guarded(Scenario::new(1_000.0, 1.0, rows), after);
    scenario.decisions = decisions;
    scenario
}

#[test]
fn nothing_is_entered_until_the_rest_is_over() {
    let mut rows = vec![still(100.0), still(100.0), bar(98.0, 99.0, 94.0, 96.0)];
    rows.extend([still(96.0); 4]);
    let again = (2..=5).map(|row| go(row, 1.0));
    let decisions = std::iter::once(go(0, 1.0).stop(95.0)).chain(again).collect();
    // Stopped at 95 on row 2, which closes at 03:00. At 06:00, the close of row 5, the rest is over. 900 + 95 = 995.
    assert_snapshot!(scenario(&rows, PauseAfter::Stop, decisions).guarded(), @r"
    1: buy 1 at 100 from 100, entry
    2: sell 1 at 95 from 95, stop
    6: buy 1 at 96 from 96, entry
    decision 1: 2: Refused by CoolDown, value 3, limit 3
    decision 2: 3: Refused by CoolDown, value 2, limit 3
    decision 3: 4: Refused by CoolDown, value 1, limit 3
    equity 1000, 1000, 995, 995, 995, 995, 995
    ");
}

#[test]
fn only_the_exits_that_are_meant_are_followed_by_a_rest() {
    // Bought at 100 on row 1, sold by decision on row 2 at 99 or 101, wanted again on row 2.
    for (after, exit, rests) in [
        (PauseAfter::Stop, 99.0, false),
        (PauseAfter::Loss, 99.0, true),
        (PauseAfter::Loss, 101.0, false),
        (PauseAfter::Loss, 100.0, false),
        (PauseAfter::Exit, 101.0, true),
    ] {
        let rows = [still(100.0), still(100.0), still(exit), still(exit)];
        let outcome = scenario(&rows, after, vec![go(0, 1.0), go(1, 0.0), go(2, 1.0)]).outcome();
        assert_eq!(outcome.refusals.len(), usize::from(rests), "{after:?} at {exit}");
        assert_eq!(outcome.fills.len(), if rests { 2 } else { 3 }, "{after:?} at {exit}");
    }
}

#[test]
fn an_exit_by_a_breaker_counts_as_a_stop() {
    let rows = [still(100.0), still(100.0), still(90.0), still(90.0), still(90.0), still(90.0)];
    let decisions = vec![go(0, 1.0), go(3, 1.0), go(4, 1.0)];
    let mut scenario = scenario(&rows, PauseAfter::Stop, decisions);
    let flatten = level(0.01, BreakerAction::Flatten, Rearm::After(time("1h")));
    scenario.setup.risk.breakers.drawdown = vec![flatten];
    // 900 + 90 = 990 on row 2: everything is sold on row 3, at whose close, 04:00, the breaker is armed again. But A rests from
    // then on until 07:00.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 1 at 100 from 100, entry
    3: sell 1 at 90 from 90, breaker
    2: Drawdown trips (Flatten), 0.01 of 0.01, equity 990
    3: Drawdown is armed again (Flatten), 0 of 0.01, equity 990
    decision 1: 3: Refused by CoolDown, value 3, limit 3
    decision 2: 4: Refused by CoolDown, value 2, limit 3
    equity 1000, 1000, 990, 990, 990, 990
    ");
}

#[test]
fn the_rest_after_an_exit_inside_a_gap_goes_on_while_there_is_no_bar() {
    let at = |price| Some(still(price));
    let a = [at(100.0), at(100.0), None, None, Some(bar(90.0, 96.0, 89.0, 95.0)), None, None, None];
    let a: Vec<Option<Row>> = a.into_iter().chain([None, at(94.0)]).collect();
    let bars = vec![hourly_with_gaps(&a), hourly(&[still(50.0); 10])];
    let mut scenario = guarded(Scenario::of_instruments(1_000.0, 1.0, bars), PauseAfter::Stop);
    let others = [go(4, 1.0).of(1), go(6, 1.0), go(7, 1.0)];
    scenario.decisions = vec![go(0, 1.0).stop(95.0), go(4, 1.0)];
    scenario.decisions.extend(others);
    // Stopped at the first open after the gap, 90; that row closes at 05:00. B does not rest. At 07:00 one hour is left, at
    // 08:00, the close of row 7, none; the order waits for the bar of row 9. 900 + 90 = 990.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 1 at 100 from 100, entry
    4: A sell 1 at 90 from 90, stop
    5: B buy 1 at 50 from 50, entry
    9: A buy 1 at 94 from 94, entry
    decision 1: 4: A Refused by CoolDown, value 3, limit 3
    decision 3: 6: A Refused by CoolDown, value 1, limit 3
    equity 1000, 1000, 1000, 1000, 990, 990, 990, 990, 990, 990
    ");
}

/// Turning a position around is an exit and an entry: the rest begins between the two.
#[test]
fn a_reversal_does_not_pass_the_rest() {
    let rows = [still(100.0), still(100.0), still(100.0), still(100.0)];
    let mut scenario = scenario(&rows, PauseAfter::Exit, vec![go(0, 1.0), go(1, -1.0)]);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 1 at 100 from 100, entry
    2: sell 1 at 100 from 100, exit
    decision 1: 2: Refused by CoolDown, value 3, limit 3
    equity 1000, 1000, 1000, 1000
    ");
}
