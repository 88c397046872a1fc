//! The loss since the start of the run.

use ct_host::risk::{BreakerAction, Rearm};
use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::calendar::time;
use crate::orders::scenario::{Scenario, bar, level, still};

/// All of 1000 in 10 units at 100: equity is 10 × the price. 20 % of it may be lost, down to 800.
fn guarded(mut scenario: Scenario, rearm: Rearm) -> Scenario {
    let stop = level(0.2, BreakerAction::Flatten, rearm);
    scenario.setup.risk.breakers.portfolio_stop = Some(stop);
    scenario
}

fn scenario(rows: &[Row]) -> Scenario {
    guarded(Scenario::new(1_000.0, 10.0, rows), Rearm::Manual)
}

#[test]
fn it_closes_everything_at_the_next_open_and_stays_closed() {
    let rows =
        [still(100.0), still(100.0), bar(100.0, 100.0, 79.0, 80.0), still(78.0), still(90.0)];
    let mut scenario = scenario(&rows);
    scenario.decisions = vec![go(0, 1.0), go(2, 1.0), go(3, 1.0)];
    // Row 2 closes at 10 × 80 = 800, a loss of 200 of 1000. Sold at 78: 780. Whatever is decided from row 2 on is refused.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 10 at 78 from 78, breaker
    2: PortfolioStop trips (Flatten), 0.2 of 0.2, equity 800
    decision 1: 2: Refused by PortfolioStop, value 0.2, limit 0.2
    decision 2: 3: Refused by PortfolioStop, value 0.2, limit 0.2
    equity 1000, 1000, 800, 780, 780
    ");
}

#[test]
fn a_loss_just_below_the_level_changes_nothing() {
    // The low of 50 does not count: breakers look at closes. 10 × 80.01 = 800.1.
    let rows = [still(100.0), still(100.0), bar(100.0, 100.0, 50.0, 80.01), still(80.01)];
    let mut scenario = scenario(&rows);
    scenario.decisions = vec![go(0, 1.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    equity 1000, 1000, 800.1, 800.1
    ");
}

#[test]
fn a_loss_inside_missing_bars_is_seen_at_the_first_bar_after_them() {
    let a = [
        Some(still(100.0)),
        Some(still(100.0)),
        None,
        None,
        Some(bar(62.0, 63.0, 58.0, 60.0)),
        Some(still(55.0)),
    ];
    let bars = vec![hourly_with_gaps(&a), hourly(&[still(50.0); 6])];
    let mut scenario = guarded(Scenario::of_instruments(1_000.0, 10.0, bars), Rearm::Manual);
    scenario.decisions = vec![go(0, 1.0).of(0), go(4, 0.1).of(1)];
    // The mark of 100 is carried over rows 2 and 3. Row 4: 10 × 60 = 600, 40 % lost. Sold at 55, and B is not bought.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 10 at 100 from 100, entry
    5: A sell 10 at 55 from 55, breaker
    4: PortfolioStop trips (Flatten), 0.4 of 0.2, equity 600
    decision 1: 4: B Refused by PortfolioStop, value 0.4, limit 0.2
    equity 1000, 1000, 1000, 1000, 600, 550
    ");
}

#[test]
fn an_exit_waits_for_the_next_bar() {
    let a = [
        Some(still(100.0)),
        Some(still(100.0)),
        Some(bar(100.0, 100.0, 80.0, 80.0)),
        None,
        None,
        Some(still(70.0)),
    ];
    let bars = vec![hourly_with_gaps(&a), hourly(&[still(50.0); 6])];
    let mut scenario = guarded(Scenario::of_instruments(1_000.0, 10.0, bars), Rearm::Manual);
    scenario.decisions = vec![go(0, 1.0).of(0), go(3, 1.0).of(0)];
    // Nothing can be sold in rows 3 and 4, and nothing that is decided there keeps the exit from happening: 10 × 70.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 10 at 100 from 100, entry
    5: A sell 10 at 70 from 70, breaker
    2: PortfolioStop trips (Flatten), 0.2 of 0.2, equity 800
    decision 1: 3: A Refused by PortfolioStop, value 0.2, limit 0.2
    equity 1000, 1000, 800, 800, 800, 700
    ");
}

#[test]
fn once_armed_again_it_counts_from_the_equity_of_that_close() {
    let prices = [100.0, 100.0, 80.0, 78.0, 78.0, 78.0, 62.4, 62.4];
    let scenario = Scenario::new(1_000.0, 10.0, &prices.map(still));
    let mut scenario = guarded(scenario, Rearm::After(time("2h")));
    scenario.decisions = vec![go(0, 1.0), go(3, 1.0), go(4, 1.0)];
    // It trips at the close of row 2, 03:00, and is armed at 05:00, the close of row 4, with an equity of 780. What is decided
    // on row 3 is refused, on row 4 not. The next level is 0.8 × 780 = 624 = 10 × 62.4, reached on row 6.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 10 at 78 from 78, breaker
    5: buy 10 at 78 from 78, entry
    7: sell 10 at 62.4 from 62.4, breaker
    2: PortfolioStop trips (Flatten), 0.2 of 0.2, equity 800
    4: PortfolioStop is armed again (Flatten), 0 of 0.2, equity 780
    6: PortfolioStop trips (Flatten), 0.2 of 0.2, equity 624
    decision 1: 3: Refused by PortfolioStop, value 0.2, limit 0.2
    equity 1000, 1000, 800, 780, 780, 780, 624, 624
    ");
}
