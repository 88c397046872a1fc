//! Gaps: the market opens beyond a price that rests, or through a stop.

use ct_host::order::{Decision, GapFill, LimitFill, MarketFill};
use ct_host::risk::Shorting;
use ct_tests::bars::Row;
use ct_tests::script::{DecisionExt, go};

use super::scenario::{Scenario, bar, bps, still};

/// What happens from row 2 on, under each rule: rows 0 and 1 stand at 100, `inside` is row 2. Positions of 1. A gap trades
/// through a price as well as it touches it.
#[track_caller]
fn check(decisions: &[Decision], inside: Row, level: &str, open: &str) {
    let [_, _, _, close, _] = inside;
    let rows = [still(100.0), still(100.0), inside, still(close)];
    for (gap, expected) in [(GapFill::Level, level), (GapFill::Open, open)] {
        for limit in [LimitFill::Touch, LimitFill::Through] {
            let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
            scenario.setup.risk.limits.shorting = Shorting::Allowed;
            (scenario.setup.fills.gap, scenario.setup.fills.limit) = (gap, limit);
            scenario.decisions = decisions.to_vec();
            let fills = scenario.fills();
            let inside: Vec<&str> = fills.lines().filter(|line| !line.starts_with("1:")).collect();
            assert_eq!(inside.join("\n"), expected, "{gap:?}, {limit:?}");
        }
    }
}

#[test]
fn an_entry_that_the_open_passes() {
    // The limit of 95 rests below the market, which opens at 90 and comes back to 96, or only to 93.
    for high in [96.0, 93.0] {
        check(
            &[go(1, 1.0).limit(95.0, 0)],
            bar(90.0, high, 88.0, 91.0),
            "2: buy 1 at 95 from 95, entry",
            "2: buy 1 at 90 from 90, entry",
        );
    }
    for low in [104.0, 107.0] {
        check(
            &[go(1, -1.0).limit(105.0, 0)],
            bar(110.0, 112.0, low, 109.0),
            "2: sell 1 at 105 from 105, entry",
            "2: sell 1 at 110 from 110, entry",
        );
    }
}

#[test]
fn an_exit_that_the_open_passes() {
    check(
        &[go(0, 1.0), go(1, 0.0).limit(105.0, 0)],
        bar(110.0, 112.0, 107.0, 109.0),
        "2: sell 1 at 105 from 105, exit",
        "2: sell 1 at 110 from 110, exit",
    );
    check(
        &[go(0, -1.0), go(1, 0.0).limit(95.0, 0)],
        bar(90.0, 93.0, 88.0, 91.0),
        "2: buy 1 at 95 from 95, exit",
        "2: buy 1 at 90 from 90, exit",
    );
}

#[test]
fn a_take_profit_that_the_open_passes() {
    check(
        &[go(0, 1.0).take_profit(110.0)],
        bar(115.0, 116.0, 112.0, 113.0),
        "2: sell 1 at 110 from 110, take-profit",
        "2: sell 1 at 115 from 115, take-profit",
    );
    check(
        &[go(0, -1.0).take_profit(90.0)],
        bar(85.0, 88.0, 84.0, 86.0),
        "2: buy 1 at 90 from 90, take-profit",
        "2: buy 1 at 85 from 85, take-profit",
    );
}

/// Nobody sells at a stop that the market has left behind, whatever the rule.
#[test]
fn a_stop_that_the_open_passes() {
    let stopped = "2: sell 1 at 90 from 90, stop";
    check(&[go(0, 1.0).stop(95.0)], bar(90.0, 99.0, 88.0, 91.0), stopped, stopped);
    let stopped = "2: buy 1 at 110 from 110, stop";
    check(&[go(0, -1.0).stop(105.0)], bar(110.0, 112.0, 101.0, 103.0), stopped, stopped);
}

/// An open at the price is no gap: there is nothing between the two rules.
#[test]
fn an_open_at_the_price_itself() {
    let entry = "2: buy 1 at 95 from 95, entry";
    check(&[go(1, 1.0).limit(95.0, 0)], bar(95.0, 96.0, 94.0, 95.0), entry, entry);
    let profit = "2: sell 1 at 110 from 110, take-profit";
    check(&[go(0, 1.0).take_profit(110.0)], bar(110.0, 112.0, 108.0, 109.0), profit, profit);
}

/// What arrives at a market that has its price already does not rest: it trades at the open under either rule.
#[test]
fn an_order_that_takes_has_no_gap() {
    let entry = "2: buy 1 at 98 from 98, entry";
    check(&[go(1, 1.0).limit(105.0, 0)], bar(98.0, 99.0, 97.0, 98.0), entry, entry);
}

/// The fee of a maker, and no friction, at either price: 4 bps of 95 and of 90.
#[test]
fn a_gap_is_the_makers() {
    for (gap, expected) in [
        (GapFill::Level, "2: buy 1 at 95 from 95, entry, fee 0.038"),
        (GapFill::Open, "2: buy 1 at 90 from 90, entry, fee 0.036"),
    ] {
        let rows = [still(100.0), still(100.0), bar(90.0, 93.0, 88.0, 91.0)];
        let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
        scenario.setup.costs.fees.maker_bps = bps(4.0);
        scenario.setup.fills.gap = gap;
        scenario.decisions = vec![go(1, 1.0).limit(95.0, 0)];
        assert_eq!(scenario.fills(), expected);
    }
}

/// A take-profit on the wrong side of the market does not rest: who offers at 50 what trades at 100 gets 100, as a taker.
#[test]
fn a_take_profit_that_the_market_has_passed_takes_the_open() {
    for gap in [GapFill::Level, GapFill::Open] {
        let sold = |decisions: &[Decision], rows: &[Row]| {
            let mut scenario = Scenario::new(1_000.0, 1.0, rows);
            scenario.setup.risk.limits.shorting = Shorting::Allowed;
            scenario.setup.fills.gap = gap;
            scenario.decisions = decisions.to_vec();
            scenario.fills()
        };
        let rows = [still(100.0); 4];
        assert_eq!(
            sold(&[go(0, 1.0).take_profit(50.0)], &rows),
            "1: buy 1 at 100 from 100, entry\n1: sell 1 at 100 from 100, take-profit"
        );
        assert_eq!(
            sold(&[go(0, -1.0).take_profit(150.0)], &rows),
            "1: sell 1 at 100 from 100, entry\n1: buy 1 at 100 from 100, take-profit"
        );
        // Moved to the wrong side of what is held.
        assert_eq!(
            sold(&[go(0, 1.0), go(1, 0.0).levels_only().take_profit(50.0)], &rows),
            "1: buy 1 at 100 from 100, entry\n2: sell 1 at 100 from 100, take-profit"
        );
        // Entered at the close, which has passed the 105 that was above the close before: the next open is all there is to get.
        let mut scenario = Scenario::new(
            1_000.0,
            1.0,
            &[still(100.0), still(110.0), bar(110.0, 112.0, 108.0, 109.0)],
        );
        scenario.setup.fills.gap = gap;
        scenario.setup.fills.market = MarketFill::NextClose;
        scenario.decisions = vec![go(0, 1.0).take_profit(105.0)];
        assert_eq!(
            scenario.fills(),
            "1: buy 1 at 110 from 110, entry\n2: sell 1 at 110 from 110, take-profit"
        );
        // Decided at 100; the entry's own gap has passed the 105.
        let gapped = [still(100.0), still(110.0), still(110.0)];
        assert_eq!(
            sold(&[go(0, 1.0).take_profit(105.0)], &gapped),
            "1: buy 1 at 110 from 110, entry\n1: sell 1 at 110 from 110, take-profit"
        );
    }
}
