//! The loss since Monday, 00:00 UTC.

use ct_host::risk::{BreakerAction, Rearm};
use ct_tests::bars::Row;
use ct_tests::script::go;
use insta::assert_snapshot;

use super::calendar::bars;
use crate::orders::scenario::{Scenario, level, still};

/// Days from a Thursday on: row 4 is a Monday. All of 1000 in 10 units at 100: equity is 10 × the price. A tenth may be lost in
/// a week.
fn scenario(rows: &[Option<Row>], rearm: Rearm) -> Scenario {
    let mut scenario = Scenario::of_bars(1_000.0, 10.0, bars(0, 24, rows));
    scenario.setup.risk.breakers.weekly_loss = vec![level(0.1, BreakerAction::Flatten, rearm)];
    scenario
}

#[test]
fn it_closes_everything_until_monday() {
    let rows = [100.0, 100.0, 90.0, 89.0, 89.0, 89.0].map(still).map(Some);
    let mut scenario = scenario(&rows, Rearm::NextPeriod);
    scenario.decisions = vec![go(0, 1.0), go(2, 1.0), go(3, 1.0)];
    // Saturday closes at 900, a tenth below the start. Sold on Sunday at 89: 890. Sunday's close is the start of the new week:
    // what is decided there trades on Monday.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 10 at 89 from 89, breaker
    4: buy 10 at 89 from 89, entry
    2: WeeklyLoss trips (Flatten), 0.1 of 0.1, equity 900
    3: WeeklyLoss is armed again (Flatten), 0 of 0.1, equity 890
    decision 1: 2: Refused by WeeklyLoss, value 0.1, limit 0.1
    equity 1000, 1000, 900, 890, 890, 890
    ");
}

#[test]
fn by_hand_means_that_monday_changes_nothing() {
    let rows = [100.0, 100.0, 90.0, 89.0, 89.0, 89.0].map(still).map(Some);
    let mut scenario = scenario(&rows, Rearm::Manual);
    scenario.decisions = vec![go(0, 1.0), go(4, 1.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 10 at 89 from 89, breaker
    2: WeeklyLoss trips (Flatten), 0.1 of 0.1, equity 900
    decision 1: 4: Refused by WeeklyLoss, value 0.1, limit 0.1
    equity 1000, 1000, 900, 890, 890, 890
    ");
}

#[test]
fn a_loss_just_below_the_level_changes_nothing_and_monday_starts_a_new_count() {
    // 900.1 is not low enough. The week ends there; a tenth of it is 90.01, and Monday loses 80.1.
    let rows = [100.0, 100.0, 90.01, 90.01, 82.0].map(still).map(Some);
    let mut scenario = scenario(&rows, Rearm::NextPeriod);
    scenario.decisions = vec![go(0, 1.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    equity 1000, 1000, 900.1, 900.1, 820
    ");
}

#[test]
fn a_loss_over_a_gap_counts_in_the_week_of_its_first_bar() {
    let at = |price| Some(still(price));
    let rows = [
        [at(100.0), at(100.0), None, None, None, at(85.0)],
        [at(84.0), None, None, None, None, at(84.0)],
    ];
    let mut scenario = scenario(rows.as_flattened(), Rearm::NextPeriod);
    scenario.decisions = vec![go(0, 1.0), go(2, 1.0)];
    // Row 2 is the Tuesday of a week that began with the 1000 of Friday: 850, 15 % lost. Sold on Wednesday at 84: 840. The week
    // ends in a gap: row 4, the next Monday, has the first close after it.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 10 at 84 from 84, breaker
    2: WeeklyLoss trips (Flatten), 0.15 of 0.1, equity 850
    4: WeeklyLoss is armed again (Flatten), 0 of 0.1, equity 840
    decision 1: 2: Refused by WeeklyLoss, value 0.15, limit 0.1
    equity 1000, 1000, 850, 840, 840
    ");
}
