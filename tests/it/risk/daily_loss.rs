//! The loss since the start of the UTC day.

use ct_host::risk::{BreakerAction, Rearm};
use ct_tests::bars::Row;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::calendar::bars;
use crate::orders::scenario::{Scenario, bar, level, still};

/// Bars of six hours: four rows a day. A target of 0.5 buys 2.5 at 100: equity is 750 + 2.5 × the price. 5 % may be lost in a
/// day, of 1000 down to 950, at a price of 80.
fn scenario(rows: &[Option<Row>], action: BreakerAction, rearm: Rearm) -> Scenario {
    let mut scenario = Scenario::of_bars(1_000.0, 5.0, bars(0, 6, rows));
    scenario.setup.risk.breakers.daily_loss = vec![level(0.05, action, rearm)];
    scenario
}

#[test]
fn a_halt_lets_nothing_grow_until_the_next_day() {
    let rows = [100.0, 100.0, 80.0, 80.0, 80.0, 80.0].map(still).map(Some);
    let mut scenario = scenario(&rows, BreakerAction::Halt, Rearm::NextPeriod);
    scenario.decisions = vec![go(0, 0.5), go(2, 1.0), go(3, 1.0)];
    // Row 2 closes at 750 + 200 = 950. What is held stays. Row 3 closes at midnight: what is decided there trades on the next
    // day, 2.5 more at 80.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 2.5 at 100 from 100, entry
    4: buy 2.5 at 80 from 80, entry
    2: DailyLoss trips (Halt), 0.05 of 0.05, equity 950
    3: DailyLoss is armed again (Halt), 0 of 0.05, equity 950
    decision 1: 2: Refused by DailyLoss, value 0.05, limit 0.05
    equity 1000, 1000, 950, 950, 950, 950
    ");
}

#[test]
fn what_is_held_during_a_halt_keeps_its_stop() {
    let rows = [still(100.0), still(100.0), still(80.0), bar(80.0, 80.0, 70.0, 76.0)].map(Some);
    let mut scenario = scenario(&rows, BreakerAction::Halt, Rearm::NextPeriod);
    scenario.decisions = vec![go(0, 0.5).stop(75.0)];
    // 750 + 2.5 × 75 = 937.5. Row 3 ends the day.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 2.5 at 100 from 100, entry
    3: sell 2.5 at 75 from 75, stop
    2: DailyLoss trips (Halt), 0.05 of 0.05, equity 950
    3: DailyLoss is armed again (Halt), 0 of 0.05, equity 937.5
    equity 1000, 1000, 950, 937.5
    ");
}

#[test]
fn flattening_closes_at_the_next_open() {
    let rows = [100.0, 100.0, 80.0, 78.0, 78.0, 78.0].map(still).map(Some);
    let mut scenario = scenario(&rows, BreakerAction::Flatten, Rearm::NextPeriod);
    scenario.decisions = vec![go(0, 0.5), go(2, 0.5), go(4, 0.5)];
    // Sold at 78: 750 + 195 = 945. Bought again on the next day.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 2.5 at 100 from 100, entry
    3: sell 2.5 at 78 from 78, breaker
    5: buy 2.5 at 78 from 78, entry
    2: DailyLoss trips (Flatten), 0.05 of 0.05, equity 950
    3: DailyLoss is armed again (Flatten), 0 of 0.05, equity 945
    decision 1: 2: Refused by DailyLoss, value 0.05, limit 0.05
    equity 1000, 1000, 950, 945, 945, 945
    ");
}

#[test]
fn by_hand_means_that_the_next_day_changes_nothing() {
    let rows = [100.0, 100.0, 80.0, 80.0, 80.0, 80.0].map(still).map(Some);
    let mut scenario = scenario(&rows, BreakerAction::Halt, Rearm::Manual);
    scenario.decisions = vec![go(0, 0.5), go(4, 1.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 2.5 at 100 from 100, entry
    2: DailyLoss trips (Halt), 0.05 of 0.05, equity 950
    decision 1: 4: Refused by DailyLoss, value 0.05, limit 0.05
    equity 1000, 1000, 950, 950, 950, 950
    ");
}

#[test]
fn a_loss_just_below_the_level_changes_nothing_and_midnight_starts_a_new_count() {
    // 750 + 2.5 × 80.01 = 950.025. The day ends at 750 + 2.5 × 88 = 970; 5 % of that is 48.5. The next day loses 45, down to
    // 750 + 2.5 × 70 = 925, which is 7.5 % below the start of the run.
    let rows = [100.0, 100.0, 80.01, 88.0, 70.0].map(still).map(Some);
    let mut scenario = scenario(&rows, BreakerAction::Flatten, Rearm::NextPeriod);
    scenario.decisions = vec![go(0, 0.5)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 2.5 at 100 from 100, entry
    equity 1000, 1000, 950.025, 970, 925
    ");
}

#[test]
fn a_loss_over_a_gap_counts_in_the_day_of_its_first_bar() {
    let at = |price| Some(still(price));
    let rows = [at(100.0), at(100.0), None, None, None, None, at(60.0), at(58.0), at(58.0)];
    let mut scenario = scenario(&rows, BreakerAction::Flatten, Rearm::NextPeriod);
    scenario.decisions = vec![go(0, 0.5), go(2, 0.5), go(4, 0.5)];
    // Row 2 is the 36th hour, on the second day, which began with the 1000 of row 1: 750 + 2.5 × 60 = 900, a tenth lost. Sold at
    // 58: 750 + 145 = 895. Row 3 closes at the end of that day. What is decided on the last row has no bar to trade in.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 2.5 at 100 from 100, entry
    3: sell 2.5 at 58 from 58, breaker
    2: DailyLoss trips (Flatten), 0.1 of 0.05, equity 900
    3: DailyLoss is armed again (Flatten), 0 of 0.05, equity 895
    decision 1: 2: Refused by DailyLoss, value 0.1, limit 0.05
    equity 1000, 1000, 900, 895, 895
    ");
}

/// With bars of a day the loss of one is known when the next begins: what the first trips is armed again for the second.
#[test]
fn every_bar_of_a_day_counts() {
    let mut scenario = Scenario::of_bars(
        1_000.0,
        10.0,
        bars(0, 24, &[100.0, 100.0, 90.0, 80.0, 80.0].map(|price| Some(still(price)))),
    );
    let halt = level(0.05, BreakerAction::Halt, Rearm::NextPeriod);
    scenario.setup.risk.breakers.daily_loss = vec![halt];
    scenario.decisions = vec![go(0, 1.0)];
    // 1000, 900 and 800: 10 % and 11.11 % of the day before.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    2: DailyLoss trips (Halt), 0.1 of 0.05, equity 900
    3: DailyLoss is armed again (Halt), 0.111111111 of 0.05, equity 800
    3: DailyLoss trips (Halt), 0.111111111 of 0.05, equity 800
    4: DailyLoss is armed again (Halt), 0 of 0.05, equity 800
    equity 1000, 1000, 900, 800, 800
    ");
}
