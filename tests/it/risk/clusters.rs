//! The cap on positions that move together.

use ct_host::risk::{CorrelationLimit, Estimator};
use ct_host::units::Rate;
use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use crate::orders::scenario::{Scenario, bar, share, still};

/// Six returns are measured, three are needed; half of the equity is the most for a cluster.
fn guarded(mut scenario: Scenario) -> Scenario {
    let estimator =
        Estimator { window_rows: 6, overlap_min: 3, shrinkage: Rate::ZERO, refresh_rows: 1 };
    let limit = CorrelationLimit { estimator, threshold: 0.7, exposure_max: share(0.5) };
    scenario.setup.risk.correlation = Some(limit);
    scenario
}

/// Up and down by a tenth, seven rows from 100 to 100.
fn zigzag() -> [f64; 7] {
    [100.0, 110.0, 100.0, 110.0, 100.0, 110.0, 100.0]
}

/// A moves up and down; B does the same at half the price; C does the opposite, and stands at 50 when A is at 100. The rows
/// after the seventh are `more` of A, B and C. Full positions are 10 units, and there are 1000 of cash.
fn scenario(more: &[[Row; 3]]) -> Scenario {
    let bars = (0..3).map(|place| {
        let price = |a: f64| [a, a / 2.0, 5_000.0 / a][place];
        let rows = zigzag().into_iter().map(|a| still(price(a)));
        let rows: Vec<Row> = rows.chain(more.iter().map(|row| row[place])).collect();
        hourly(&rows)
    });
    guarded(Scenario::of_instruments(1_000.0, 10.0, bars.collect()))
}

const CALM: [Row; 3] = [still(100.0), still(50.0), still(50.0)];

#[test]
fn a_position_that_moves_with_another_shares_its_cap() {
    let mut scenario = scenario(&[CALM]);
    scenario.decisions = vec![go(6, 0.3).of(0), go(6, 0.6).of(1), go(6, 0.6).of(2)];
    // A takes 300. B, with a correlation of 1, wants 300 of the 200 that are left: 4 of 6. C, with one of -1, stands alone.
    assert_snapshot!(scenario.guarded().lines().take(4).collect::<Vec<_>>().join("\n"), @r"
    7: A buy 3 at 100 from 100, entry
    7: B buy 4 at 50 from 50, entry
    7: C buy 6 at 50 from 50, entry
    decision 1: 7: B Cut by ClusterExposure, value 0.6, limit 0.5
    ");
}

#[test]
fn the_opposite_position_of_the_opposite_market_belongs_to_the_cluster() {
    let mut scenario = scenario(&[CALM]);
    scenario.setup.risk.limits.shorting = ct_host::risk::Shorting::Allowed;
    scenario.decisions = vec![go(6, 0.3).of(0), go(6, -0.6).of(2)];
    assert_snapshot!(scenario.guarded().lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    7: A buy 3 at 100 from 100, entry
    7: C sell 4 at 50 from 50, entry
    decision 1: 7: C Cut by ClusterExposure, value 0.6, limit 0.5
    ");
}

#[test]
fn a_cluster_just_at_its_cap_is_let_through() {
    let mut scenario = scenario(&[CALM]);
    scenario.decisions = vec![go(6, 0.3).of(0), go(6, 0.4).of(1)];
    let outcome = scenario.outcome();
    assert_eq!((outcome.fills.len(), outcome.refusals), (2, vec![]));
}

#[test]
fn markets_that_do_not_move_together_are_counted_one_by_one() {
    // The seventh row of B breaks the pattern: its last returns are +, -, +, -, +, + where A's are +, -, +, -, +, -. With
    // returns of one size the correlation is that of the signs: A has three of each, B four and two. Products of the deviations
    // from the means: A ±1 around 0, B around 1/3. Covariance (1 + 1 + 1 + 1 + 1 - 1) ÷ 6 = 2/3 of the square of the size, the
    // deviations 1 and √(1 - 1/9): 2/3 ÷ 0.943 = 0.707. At a threshold of 0.71 they are not linked, at 0.7 they are.
    let a = zigzag();
    let mut b = a;
    b[6] = 121.0;
    let row = |price: f64| still(price);
    let bars = [a, b]
        .map(|prices| hourly(&prices.into_iter().chain([100.0]).map(row).collect::<Vec<_>>()));
    for (threshold, cut) in [(0.71, false), (0.7, true)] {
        let mut scenario = guarded(Scenario::of_instruments(1_000.0, 10.0, bars.to_vec()));
        if let Some(limit) = &mut scenario.setup.risk.correlation {
            limit.threshold = threshold;
        }
        scenario.decisions = vec![go(6, 0.3).of(0), go(6, 0.4).of(1)];
        let outcome = scenario.outcome();
        assert_eq!(outcome.refusals.len(), usize::from(cut), "{threshold}: {:?}", outcome.refusals);
    }
}

#[test]
fn a_cluster_is_counted_at_the_prices_of_the_fill() {
    let mut scenario = scenario(&[[still(120.0), still(50.0), still(50.0)]]);
    scenario.decisions = vec![go(6, 0.3).of(0), go(6, 0.6).of(1)];
    // A opens at 120: 360 of 1000. 140 are left for B: 2.8 of 6. 360 + 300 would be 66 %.
    assert_snapshot!(scenario.guarded().lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    7: A buy 3 at 120 from 120, entry
    7: B buy 2.8 at 50 from 50, entry
    decision 1: 7: B Cut by ClusterExposure, value 0.66, limit 0.5
    ");
}

#[test]
fn what_is_not_known_to_be_apart_counts_together() {
    // B has no bar in rows 2 and 4: of its returns only those of rows 1 and 6 have both bars. Three are needed.
    let a = zigzag().into_iter().chain([100.0]).map(still).collect::<Vec<_>>();
    let b = a.iter().enumerate().map(|(row, bar)| (row != 2 && row != 4).then_some(*bar));
    let bars = vec![hourly(&a), hourly_with_gaps(&b.collect::<Vec<_>>())];
    let mut scenario = guarded(Scenario::of_instruments(1_000.0, 10.0, bars));
    scenario.decisions = vec![go(6, 0.3).of(0), go(6, 0.4).of(1)];
    // 300 of 1000 are in A: 200 are left for B in place of 400.
    assert_snapshot!(scenario.guarded().lines().take(3).collect::<Vec<_>>().join("\n"), @r"
    7: A buy 3 at 100 from 100, entry
    7: B buy 2 at 100 from 100, entry
    decision 1: 7: B Cut by ClusterExposure, value 0.7, limit 0.5
    ");
}

/// The cluster of an order is known when it trades, not only when it is decided: A's order was there first, but B's position is.
#[test]
fn an_order_that_waited_counts_what_was_entered_meanwhile() {
    let mut scenario = scenario(&[CALM, [bar(100.0, 100.0, 94.0, 96.0), still(50.0), still(50.0)]]);
    scenario.decisions = vec![go(6, 0.5).of(0).limit(95.0, 0), go(6, 1.0).of(1)];
    // B takes 500 on row 7. A's limit of 95 is reached on row 8: 475 more would make 97.5 % of 1000, and half is allowed.
    assert_snapshot!(scenario.guarded(), @r"
    7: B buy 10 at 50 from 50, entry
    decision 0: 8: A Refused by ClusterExposure, value 0.975, limit 0.5
    equity 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000
    ");
}

/// The same with an order that waits for a bar.
#[test]
fn an_order_that_waited_for_a_bar_counts_what_was_entered_meanwhile() {
    let a = zigzag().into_iter().map(|price| Some(still(price)));
    let a: Vec<Option<Row>> = a.chain([None, Some(still(100.0))]).collect();
    let b: Vec<Row> = zigzag().into_iter().chain([100.0, 100.0]).map(|a| still(a / 2.0)).collect();
    let bars = vec![hourly_with_gaps(&a), hourly(&b)];
    let mut scenario = guarded(Scenario::of_instruments(1_000.0, 10.0, bars));
    scenario.decisions = vec![go(6, 0.4).of(0), go(6, 0.8).of(1)];
    // B takes 400 on row 7. On row 8 A finds 100 left: 1 of 4. 400 + 400 would be 80 %.
    assert_snapshot!(scenario.guarded(), @r"
    7: B buy 8 at 50 from 50, entry
    8: A buy 1 at 100 from 100, entry
    decision 0: 8: A Cut by ClusterExposure, value 0.8, limit 0.5
    equity 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000
    ");
}
