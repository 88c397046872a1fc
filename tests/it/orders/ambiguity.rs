//! Two things in one bar: which comes first where that is certain, and that the bar is counted where it is not.

use ct_host::order::{Decision, Intrabar};
use ct_host::risk::{Margin, Shorting};
use ct_tests::bars::Row;
use ct_tests::script::{DecisionExt, go};

use super::scenario::{Scenario, bar, share, still};

/// Rows 0 and 1 stand at 100; `inside` is row 2. A target of 1 is a position of 1.
fn scenario(decisions: &[Decision], inside: Row) -> Scenario {
    let rows = [still(100.0), still(100.0), inside];
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.decisions = decisions.to_vec();
    scenario
}

/// What happens from row 2 on.
#[track_caller]
fn check(scenario: &Scenario, expected: &str) {
    let fills = scenario.fills();
    let inside: Vec<&str> = fills.lines().filter(|line| !line.starts_with("1:")).collect();
    assert_eq!(inside.join("\n"), expected);
}

#[test]
fn a_stop_and_an_exit_at_a_limit() {
    let long = [go(0, 1.0).stop(95.0), go(1, 0.0).limit(105.0, 0)];
    let stopped = "2: sell 1 at 95 from 95, stop";
    let both = bar(100.0, 106.0, 94.0, 100.0);
    check(&scenario(&long, both), &format!("{stopped}\nambiguous: 2"));
    // Only one of them is reached.
    check(&scenario(&long, bar(100.0, 104.0, 94.0, 100.0)), stopped);
    let left = "2: sell 1 at 105 from 105, exit";
    check(&scenario(&long, bar(100.0, 106.0, 96.0, 100.0)), left);
    // The open comes before all that follows it.
    check(&scenario(&long, bar(106.0, 107.0, 94.0, 100.0)), left);
    check(&scenario(&long, bar(94.0, 106.0, 93.0, 100.0)), "2: sell 1 at 94 from 94, stop");

    let short = [go(0, -1.0).stop(105.0), go(1, 0.0).limit(95.0, 0)];
    check(&scenario(&short, both), "2: buy 1 at 105 from 105, stop\nambiguous: 2");
    check(&scenario(&short, bar(94.0, 106.0, 93.0, 100.0)), "2: buy 1 at 95 from 95, exit");
}

#[test]
fn a_known_way_leaves_nothing_to_count() {
    let decisions = [go(0, 1.0).stop(95.0), go(1, 0.0).limit(105.0, 0)];
    for (inside, expected) in [
        // 6 down and 7 up, then 7 down and 6 up.
        (bar(100.0, 107.0, 94.0, 100.0), "2: sell 1 at 95 from 95, stop"),
        (bar(100.0, 106.0, 93.0, 100.0), "2: sell 1 at 105 from 105, exit"),
    ] {
        let mut scenario = scenario(&decisions, inside);
        scenario.setup.fills.intrabar = Intrabar::OpenNearest;
        check(&scenario, expected);
    }
}

/// On the way from 100 up to the take-profit at 110 the market comes through the limit of 105.
#[test]
fn a_limit_on_the_way_to_a_take_profit_comes_first() {
    let leave = [go(0, 1.0).take_profit(110.0), go(1, 0.0).limit(105.0, 0)];
    let rise = bar(100.0, 111.0, 99.0, 108.0);
    check(&scenario(&leave, rise), "2: sell 1 at 105 from 105, exit");
    let reduce = [go(0, 1.0).take_profit(110.0), go(1, 0.5).limit(105.0, 0).take_profit(110.0)];
    check(
        &scenario(&reduce, rise),
        "2: sell 0.5 at 105 from 105, exit\n2: sell 0.5 at 110 from 110, take-profit",
    );
    let behind = [go(0, 1.0).take_profit(104.0), go(1, 0.0).limit(105.0, 0)];
    check(&scenario(&behind, rise), "2: sell 1 at 104 from 104, take-profit");
}

/// On the way from 100 down to the stop at 95 the market comes through the limit of 97: more is bought, and all of it stopped.
#[test]
fn a_limit_on_the_way_to_a_stop_comes_first() {
    let enlarge = [go(0, 0.5).stop(95.0), go(1, 1.0).limit(97.0, 0).stop(95.0)];
    check(
        &scenario(&enlarge, bar(100.0, 101.0, 94.0, 96.0)),
        "2: buy 0.5 at 97 from 97, entry\n2: sell 1 at 95 from 95, stop",
    );
    let behind = [go(0, 0.5).stop(95.0), go(1, 1.0).limit(94.5, 0).stop(95.0)];
    check(&scenario(&behind, bar(100.0, 101.0, 94.0, 96.0)), "2: sell 0.5 at 95 from 95, stop");
}

/// Whether the position was larger when the profit was taken is unknown: it was not, which is worse.
#[test]
fn a_take_profit_and_a_limit_that_enlarges() {
    let decisions = [go(0, 0.5).take_profit(110.0), go(1, 1.0).limit(97.0, 0).take_profit(110.0)];
    check(
        &scenario(&decisions, bar(100.0, 111.0, 96.0, 100.0)),
        "2: sell 0.5 at 110 from 110, take-profit\nambiguous: 2",
    );
}

/// 25 units at 100 on 1000 of cash: cash is -1500, and with 20 % maintenance margin it ends at 1500 ÷ (0.8 × 25) = 75.
fn leveraged(decisions: &[Decision], inside: Row) -> Scenario {
    let rows = [still(100.0), still(100.0), inside];
    let mut scenario = Scenario::new(1_000.0, 25.0, &rows);
    scenario.setup.risk.margin =
        Margin { leverage_max: share(3.0), maintenance: share(0.2), ..Margin::default() };
    scenario.setup.risk.margin.liquidation_fee_bps = share(0.0);
    scenario.decisions = decisions.to_vec();
    scenario
}

#[test]
fn a_liquidation_and_a_take_profit() {
    let decisions = [go(0, 1.0).take_profit(110.0)];
    let liquidated = "2: sell 25 at 75 from 75, liquidation";
    let both = leveraged(&decisions, bar(100.0, 111.0, 70.0, 80.0));
    check(&both, &format!("{liquidated}\nambiguous: 2"));
    // The profit is out of reach.
    check(&leveraged(&decisions, bar(100.0, 109.0, 70.0, 80.0)), liquidated);
    // The open has the profit, and comes first.
    let gap = leveraged(&decisions, bar(115.0, 116.0, 70.0, 80.0));
    check(&gap, "2: sell 25 at 110 from 110, take-profit");
    // The margin is gone at the open, and what follows does not matter.
    let gone = leveraged(&decisions, bar(70.0, 111.0, 69.0, 80.0));
    check(&gone, "2: sell 25 at 70 from 70, liquidation");
}

#[test]
fn a_liquidation_and_an_exit_at_a_limit() {
    let decisions = [go(0, 1.0), go(1, 0.0).limit(110.0, 0)];
    let both = leveraged(&decisions, bar(100.0, 111.0, 70.0, 80.0));
    check(&both, "2: sell 25 at 75 from 75, liquidation\nambiguous: 2");
    let gap = leveraged(&decisions, bar(115.0, 116.0, 70.0, 80.0));
    check(&gap, "2: sell 25 at 110 from 110, exit");
}

/// Half of the exit at 105 and the stop of all are in doubt, and with them the take-profit: one bar, counted once.
#[test]
fn a_bar_counts_once() {
    let decisions = [
        go(0, 1.0).stop(95.0).take_profit(110.0),
        go(1, 0.5).limit(105.0, 0).stop(95.0).take_profit(110.0),
    ];
    let scenario = scenario(&decisions, bar(100.0, 111.0, 94.0, 100.0));
    check(&scenario, "2: sell 1 at 95 from 95, stop\nambiguous: 2");
    assert_eq!(scenario.outcome().ambiguous_total, 1);
}
