//! The loss since the highest equity: levels that reduce, halt and flatten.

use ct_host::risk::{BreakerAction, LossBreaker, Rearm};
use ct_tests::bars::Row;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::calendar::{bars, time};
use crate::orders::scenario::{Scenario, level, share, still};

fn manual(loss: f64, action: BreakerAction) -> LossBreaker {
    level(loss, action, Rearm::Manual)
}

/// Hourly bars. All of 1000 in 10 units at 100: equity is 10 × the price, until something is sold.
fn scenario(rows: &[Option<Row>], levels: &[LossBreaker]) -> Scenario {
    let mut scenario = Scenario::of_bars(1_000.0, 10.0, bars(0, 1, rows));
    scenario.setup.risk.breakers.drawdown = levels.to_vec();
    scenario
}

fn three_levels() -> [LossBreaker; 3] {
    [
        manual(0.1, BreakerAction::Reduce),
        manual(0.2, BreakerAction::Halt),
        manual(0.3, BreakerAction::Flatten),
    ]
}

fn at(prices: &[f64]) -> Vec<Option<Row>> {
    prices.iter().map(|&price| Some(still(price))).collect()
}

#[test]
fn levels_reduce_then_halt_then_flatten() {
    let rows = at(&[100.0, 100.0, 120.0, 108.0, 108.0, 84.0, 60.0, 58.0, 58.0]);
    let mut scenario = scenario(&rows, &three_levels());
    scenario.decisions = vec![go(0, 1.0), go(5, 1.0), go(7, 1.0)];
    // Row 2: the peak, 1200. Row 3: 1080, a tenth lost: half of the 10 are sold at the next open, 108; equity is 540 + 5 × the
    // price. Row 5: 540 + 420 = 960, a fifth lost: nothing is sold, but the decision for 10 is refused. Row 6: 540 + 300 = 840,
    // 30 % lost: the rest is sold at 58. 540 + 290 = 830.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    4: sell 5 at 108 from 108, breaker
    7: sell 5 at 58 from 58, breaker
    3: Drawdown trips (Reduce), 0.1 of 0.1, equity 1080
    5: Drawdown trips (Halt), 0.2 of 0.2, equity 960
    6: Drawdown trips (Flatten), 0.3 of 0.3, equity 840
    decision 1: 5: Refused by Drawdown, value 0.2, limit 0.2
    decision 2: 7: Refused by Drawdown, value 0.3, limit 0.3
    equity 1000, 1000, 1200, 1080, 1080, 960, 840, 830, 830
    ");
}

#[test]
fn while_reduced_new_positions_are_smaller() {
    let rows = at(&[100.0, 100.0, 90.0, 90.0, 90.0, 90.0]);
    let mut scenario = scenario(&rows, &[manual(0.1, BreakerAction::Reduce)]);
    scenario.decisions = vec![go(0, 1.0), go(3, 0.0), go(4, 1.0)];
    // Row 2: 900 of 1000. Half is sold on row 3 by the breaker, the rest on row 4 by decision. A full position is 5 now.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 5 at 90 from 90, breaker
    4: sell 5 at 90 from 90, exit
    5: buy 5 at 90 from 90, entry
    2: Drawdown trips (Reduce), 0.1 of 0.1, equity 900
    decision 2: 4: Cut by Drawdown, value 0.1, limit 0.1
    equity 1000, 1000, 900, 900, 900, 900
    ");
}

#[test]
fn a_second_level_reduces_to_its_own_share_of_the_whole() {
    let quarter = LossBreaker { reduce_to: share(0.25), ..manual(0.2, BreakerAction::Reduce) };
    let rows = at(&[100.0, 100.0, 90.0, 90.0, 70.0, 70.0]);
    let mut scenario = scenario(&rows, &[manual(0.1, BreakerAction::Reduce), quarter]);
    scenario.decisions = vec![go(0, 1.0)];
    // Row 2: 900: half of 10 is kept. Cash 450, equity 450 + 5 × the price: row 4 closes at 800, a fifth lost. A quarter of 10
    // is 2.5: the other 2.5 are sold.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 5 at 90 from 90, breaker
    5: sell 2.5 at 70 from 70, breaker
    2: Drawdown trips (Reduce), 0.1 of 0.1, equity 900
    4: Drawdown trips (Reduce), 0.2 of 0.2, equity 800
    equity 1000, 1000, 900, 900, 800, 800
    ");
}

#[test]
fn losses_just_below_each_level_change_nothing() {
    // A tenth of the peak of 1200 is 120, and 1080.1 is not low enough; the others likewise.
    for (loss, action, close) in [
        (0.1, BreakerAction::Reduce, 108.01),
        (0.2, BreakerAction::Halt, 96.01),
        (0.3, BreakerAction::Flatten, 84.01),
    ] {
        let rows = at(&[100.0, 100.0, 120.0, close, close, close]);
        let mut scenario = scenario(&rows, &[manual(loss, action)]);
        // The second decision takes nothing away and adds nothing; the third is carried out.
        scenario.decisions = vec![go(0, 1.0), go(3, 1.0), go(4, 0.0)];
        let outcome = scenario.outcome();
        assert_eq!((outcome.breaker_events, outcome.refusals), (vec![], vec![]), "{action:?}");
        assert_eq!(outcome.fills.len(), 2, "{action:?}");
    }
}

#[test]
fn a_gap_that_passes_every_level_trips_them_all_and_the_strongest_rules() {
    let price = |price| Some(still(price));
    let rows =
        [price(100.0), price(100.0), None, None, None, price(65.0), price(64.0), price(64.0)];
    let mut scenario = scenario(&rows, &three_levels());
    scenario.decisions = vec![go(0, 1.0), go(2, 0.5), go(3, 1.0).limit(10.0, 0)];
    // Row 2 comes after three missing hours: 650 of 1000. Everything is sold at the next open, 64, whatever is decided.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 10 at 64 from 64, breaker
    2: Drawdown trips (Reduce), 0.35 of 0.1, equity 650
    2: Drawdown trips (Halt), 0.35 of 0.2, equity 650
    2: Drawdown trips (Flatten), 0.35 of 0.3, equity 650
    decision 1: 2: Refused by Drawdown, value 0.35, limit 0.3
    decision 2: 3: Refused by Drawdown, value 0.35, limit 0.3
    equity 1000, 1000, 650, 640, 640
    ");
}

#[test]
fn after_its_time_the_peak_is_the_equity_of_that_close() {
    let rearm = Rearm::After(time("3h"));
    let flatten = level(0.1, BreakerAction::Flatten, rearm);
    let rows = at(&[100.0, 100.0, 90.0, 88.0, 95.0, 88.0, 88.0, 80.0, 79.2, 70.0]);
    let mut scenario = scenario(&rows, &[flatten]);
    scenario.decisions = vec![go(0, 1.0), go(4, 1.0), go(5, 1.0)];
    // Tripped at the close of row 2, 03:00; armed at 06:00, the close of row 5, with an equity of 880. Row 7: 800 of 880, 9.1 %
    // lost: not enough. Row 8: 792 = 0.9 × 880.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 10 at 88 from 88, breaker
    6: buy 10 at 88 from 88, entry
    9: sell 10 at 70 from 70, breaker
    2: Drawdown trips (Flatten), 0.1 of 0.1, equity 900
    5: Drawdown is armed again (Flatten), 0 of 0.1, equity 880
    8: Drawdown trips (Flatten), 0.1 of 0.1, equity 792
    decision 1: 4: Refused by Drawdown, value 0.1, limit 0.1
    equity 1000, 1000, 900, 880, 880, 880, 880, 800, 792, 700
    ");
}

#[test]
fn a_time_that_ends_inside_a_gap_is_over_at_the_first_close_after_it() {
    let rearm = Rearm::After(time("3h"));
    let flatten = level(0.1, BreakerAction::Flatten, rearm);
    let price = |price| Some(still(price));
    let mut rows = at(&[100.0, 100.0, 90.0, 88.0]);
    rows.extend([None, None, None, None, None, price(50.0), price(50.0)]);
    let mut scenario = scenario(&rows, &[flatten]);
    scenario.decisions = vec![go(0, 1.0), go(3, 1.0), go(4, 1.0)];
    // 06:00 lies in the gap; row 4 closes at 10:00.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 10 at 88 from 88, breaker
    5: buy 10 at 50 from 50, entry
    2: Drawdown trips (Flatten), 0.1 of 0.1, equity 900
    4: Drawdown is armed again (Flatten), 0 of 0.1, equity 880
    decision 1: 3: Refused by Drawdown, value 0.1, limit 0.1
    equity 1000, 1000, 900, 880, 880, 880
    ");
}
