//! Losing trades in a row.

use ct_host::risk::{LosingStreak, StreakScope};
use ct_tests::bars::{hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::calendar::{bars, time};
use crate::orders::scenario::{Scenario, bar, bps, still};

/// Positions of 1 that may lose twice in a row; then a pause of two hours.
fn guarded(mut scenario: Scenario, pause: Option<&str>) -> Scenario {
    let pause = pause.map(time);
    let scope = StreakScope::Strategy;
    scenario.setup.risk.breakers.losing_streak = Some(LosingStreak { losses: 2, pause, scope });
    scenario
}

/// A falls by 1 a row and is sold with a loss on rows 2 and 4; B stands still and is bought after that.
fn beside_another(scope: StreakScope) -> Scenario {
    let falling = [100.0, 99.0, 98.0, 97.0, 96.0, 96.0].map(still);
    let bars = vec![hourly(&falling), hourly(&[still(50.0); 6])];
    let mut scenario = guarded(Scenario::of_instruments(1_000.0, 1.0, bars), None);
    if let Some(streak) = &mut scenario.setup.risk.breakers.losing_streak {
        streak.scope = scope;
    }
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0), go(2, 1.0), go(3, 0.0), go(4, 1.0)];
    scenario.decisions.push(go(4, 1.0).of(1));
    scenario
}

/// Bought on rows 1 and 3, sold on rows 2 and 4: both lose 1 unless `second` says otherwise.
fn two_trades(second: f64) -> Scenario {
    let rows = [
        [still(100.0), bar(100.0, 100.0, 99.0, 99.0), still(99.0), bar(99.0, 99.0, 98.0, 98.0)],
        [still(second); 4],
    ];
    let mut scenario = Scenario::new(1_000.0, 1.0, rows.as_flattened());
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0), go(2, 1.0), go(3, 0.0)];
    scenario
}

#[test]
fn it_rests_its_time_after_the_last_loss() {
    let mut scenario = guarded(two_trades(98.0), Some("2h"));
    scenario.decisions.extend([go(4, 1.0), go(5, 1.0), go(6, 1.0)]);
    // The second loss is taken on row 4, which closes at 05:00. The decisions of rows 4 and 5, at 05:00 and 06:00, are refused;
    // that of row 6, at 07:00, is not.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 1 at 100 from 100, entry
    2: sell 1 at 99 from 99, exit
    3: buy 1 at 99 from 99, entry
    4: sell 1 at 98 from 98, exit
    7: buy 1 at 98 from 98, entry
    4: LosingStreak trips (Halt), 2 of 2, equity 998
    decision 4: 4: Refused by LosingStreak, value 2, limit 2
    decision 5: 5: Refused by LosingStreak, value 2, limit 2
    equity 1000, 999, 999, 998, 998, 998, 998, 998
    ");
}

#[test]
fn without_a_time_it_rests_for_good() {
    let mut scenario = guarded(two_trades(98.0), None);
    scenario.decisions.push(go(6, 1.0));
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 1 at 100 from 100, entry
    2: sell 1 at 99 from 99, exit
    3: buy 1 at 99 from 99, entry
    4: sell 1 at 98 from 98, exit
    4: LosingStreak trips (Halt), 2 of 2, equity 998
    decision 4: 6: Refused by LosingStreak, value 2, limit 2
    equity 1000, 999, 999, 998, 998, 998, 998, 998
    ");
}

#[test]
fn a_trade_that_gains_ends_the_streak() {
    // The second trade is sold at 100 and gains 1; the third is bought at 100 on row 5 and sold at 100 on row 6, and neither
    // gains nor loses.
    let mut scenario = guarded(two_trades(100.0), None);
    scenario.decisions.extend([go(4, 1.0), go(5, 0.0), go(6, 1.0)]);
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 1 at 100 from 100, entry
    2: sell 1 at 99 from 99, exit
    3: buy 1 at 99 from 99, entry
    4: sell 1 at 100 from 100, exit
    5: buy 1 at 100 from 100, entry
    6: sell 1 at 100 from 100, exit
    7: buy 1 at 100 from 100, entry
    equity 1000, 999, 999, 998, 1000, 1000, 1000, 1000
    ");
}

#[test]
fn a_gain_that_costs_eat_up_is_a_loss() {
    // The first trade loses 1, and fees of 1 and 0.99. The second gains 1, from 99 to 100, less fees of 0.99 and 1.
    let mut scenario = guarded(two_trades(100.0), None);
    scenario.setup.costs.fees.taker_bps = bps(100.0);
    scenario.decisions.push(go(5, 1.0));
    let outcome = scenario.outcome();
    let nets: Vec<String> = outcome.trades.iter().map(|trade| trade.net_pnl.to_string()).collect();
    assert_eq!(nets, ["-2.99", "-0.99"]);
    assert_eq!(outcome.breaker_events.len(), 1, "{:?}", outcome.breaker_events);
    assert_eq!(outcome.fills.len(), 4, "{:?}", outcome.fills);
}

#[test]
fn streak_of_an_instrument_leaves_the_others_alone() {
    let fills = beside_another(StreakScope::Instrument).fills();
    assert!(
        fills.ends_with("4: A sell 1 at 96 from 96, exit\n5: B buy 1 at 50 from 50, entry"),
        "{fills}"
    );
}

#[test]
fn a_streak_of_the_strategy_bars_every_instrument() {
    // The second loss is taken on row 4, at whose close both instruments are decided for: both are refused.
    assert_snapshot!(beside_another(StreakScope::Strategy).guarded(), @r"
    1: A buy 1 at 99 from 99, entry
    2: A sell 1 at 98 from 98, exit
    3: A buy 1 at 97 from 97, entry
    4: A sell 1 at 96 from 96, exit
    4: LosingStreak trips (Halt), 2 of 2, equity 999
    decision 4: 4: A Refused by LosingStreak, value 2, limit 2
    decision 5: 4: B Refused by LosingStreak, value 2, limit 2
    equity 1000, 1000, 999, 999, 998, 998
    ");
}

#[test]
fn a_loss_inside_missing_bars_counts_when_it_is_taken() {
    let at = |price| Some(still(price));
    let a =
        [at(100.0), at(100.0), at(99.0), at(99.0), None, None, Some(bar(90.0, 91.0, 89.0, 90.0))];
    let a: Vec<_> = a.into_iter().chain([None, None, at(90.0)]).collect();
    let bars = vec![hourly_with_gaps(&a), hourly(&[still(50.0); 10])];
    let mut scenario = guarded(Scenario::of_instruments(1_000.0, 1.0, bars), Some("2h"));
    let again = go(2, 1.0).stop(95.0);
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0), again, go(6, 1.0), go(7, 1.0), go(8, 1.0)];
    // The first trade loses 1. The second is bought at 99 on row 3 and stopped at the open of row 6, at 90: the second loss. Row
    // 6 closes at 07:00, and the rest is over at 09:00, the close of row 8. Cash: 999 - 99 = 900, + 90 = 990, - 90 = 900. The
    // equity that the breaker tells is that of the close before, 999.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 1 at 100 from 100, entry
    2: A sell 1 at 99 from 99, exit
    3: A buy 1 at 99 from 99, entry
    6: A sell 1 at 90 from 90, stop
    9: A buy 1 at 90 from 90, entry
    6: LosingStreak trips (Halt), 2 of 2, equity 999
    decision 3: 6: A Refused by LosingStreak, value 2, limit 2
    decision 4: 7: A Refused by LosingStreak, value 2, limit 2
    equity 1000, 1000, 999, 999, 999, 999, 990, 990, 990, 990
    ");
}

#[test]
fn time_passes_inside_a_gap() {
    let at = |price| Some(still(price));
    let rows = [100.0, 99.0, 98.0, 97.0, 96.0].map(at);
    let rows: Vec<_> = rows.into_iter().chain([None, None, None, at(96.0), at(96.0)]).collect();
    let mut scenario = guarded(Scenario::of_bars(1_000.0, 1.0, bars(0, 1, &rows)), Some("2h"));
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0), go(2, 1.0), go(3, 0.0), go(5, 1.0)];
    // Bought at 99 and 97, sold at 98 and 96. Row 4 closes at 05:00, row 5 at 09:00: the rest is over, though no row has passed.
    let fills = scenario.fills();
    assert!(
        fills.ends_with("4: sell 1 at 96 from 96, exit\n6: buy 1 at 96 from 96, entry"),
        "{fills}"
    );
}
