//! The way of the price inside a bar: unknown, by the nearer extreme, or as finer bars show it; and whether a limit is filled
//! when it is touched.

use ct_host::costs::Participation;
use ct_host::market::{Bars, RawColumns};
use ct_host::order::{Decision, Intrabar, LimitFill};
use ct_host::risk::{FixedUnits, Shorting, Sizing};
use ct_host::units::Interval;
use ct_tests::bars::{HOUR_MS, Row};
use ct_tests::plugins::sound;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, quantity, share, still};

/// Rows 0 and 1 stand at 100; `inside` is row 2. Positions of 1.
fn scenario(intrabar: Intrabar, decision: Decision, inside: Row) -> Scenario {
    let rows = [still(100.0), still(100.0), inside, still(100.0)];
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.setup.fills.intrabar = intrabar;
    scenario.decisions = vec![decision];
    scenario
}

/// What happens from row 2 on.
#[track_caller]
fn check(scenario: &Scenario, expected: &str) {
    let fills = scenario.fills();
    let inside: Vec<&str> = fills.lines().filter(|line| !line.starts_with("1:")).collect();
    assert_eq!(inside.join("\n"), expected);
}

const STOP: &str = "2: sell 1 at 95 from 95, stop";
const PROFIT: &str = "2: sell 1 at 110 from 110, take-profit";

fn protected() -> Decision {
    go(0, 1.0).stop(95.0).take_profit(110.0)
}

#[test]
fn the_nearer_extreme_comes_first() {
    // 10 down and 12 up: the low comes first, and with it the stop.
    let near_low = bar(104.0, 116.0, 94.0, 100.0);
    check(&scenario(Intrabar::OpenNearest, protected(), near_low), STOP);
    // 7 up and 10 down: the high comes first.
    let near_high = bar(104.0, 111.0, 94.0, 100.0);
    check(&scenario(Intrabar::OpenNearest, protected(), near_high), PROFIT);
    // The same bars without an opinion.
    let ambiguous = format!("{STOP}\nambiguous: 2");
    check(&scenario(Intrabar::StopFirst, protected(), near_low), &ambiguous);
    check(&scenario(Intrabar::StopFirst, protected(), near_high), &ambiguous);
}

#[test]
fn at_equal_distances_the_low_comes_first() {
    check(&scenario(Intrabar::OpenNearest, protected(), bar(102.0, 110.0, 94.0, 100.0)), STOP);
}

#[test]
fn a_short_position_goes_the_same_way() {
    let short = || go(0, -1.0).stop(105.0).take_profit(90.0);
    // 6 up, 11 down: the stop is first. 6 up, 5 down (to 89 from 94): the profit is first.
    let up = bar(100.0, 106.0, 89.0, 95.0);
    check(&scenario(Intrabar::OpenNearest, short(), up), "2: buy 1 at 105 from 105, stop");
    let down = bar(94.0, 106.0, 89.0, 95.0);
    check(&scenario(Intrabar::OpenNearest, short(), down), "2: buy 1 at 90 from 90, take-profit");
}

#[test]
fn an_entry_on_the_way_may_leave_on_a_later_part_of_it() {
    // 4 down, 5 up: the low of 96 fills the limit of 97, the high of 105 takes the profit at 103.
    let decision = || go(1, 1.0).limit(97.0, 0).stop(94.0).take_profit(103.0);
    let inside = bar(100.0, 105.0, 96.0, 101.0);
    let entry = "2: buy 1 at 97 from 97, entry";
    let both = format!("{entry}\n2: sell 1 at 103 from 103, take-profit");
    check(&scenario(Intrabar::OpenNearest, decision(), inside), &both);
    // 4 up, 5 down: the high comes before the entry.
    let first_up = bar(100.0, 104.0, 95.0, 101.0);
    check(&scenario(Intrabar::OpenNearest, decision(), first_up), entry);
    // Without an opinion the profit is not taken, and the bar is counted.
    check(&scenario(Intrabar::StopFirst, decision(), inside), &format!("{entry}\nambiguous: 2"));
}

#[test]
fn a_stop_after_an_entry_on_the_way_down_is_certain() {
    let decision = go(1, 1.0).limit(97.0, 0).stop(94.0);
    let inside = bar(100.0, 120.0, 93.0, 110.0);
    let both = "2: buy 1 at 97 from 97, entry\n2: sell 1 at 94 from 94, stop";
    for intrabar in [Intrabar::StopFirst, Intrabar::OpenNearest] {
        check(&scenario(intrabar, decision.clone(), inside), both);
    }
}

#[test]
fn a_level_on_the_last_part_of_the_way_is_reached() {
    // From 100 over 104 and 97 to 103: the stop of the short position, which was taken at 98 on the way down, is 102.
    let decision = go(1, -1.0).limit(103.0, 0).stop(106.0).take_profit(98.0);
    // 3 down first, then 4 up: sold at 103 on the way up; on the way back to 97.5 the profit at 98 is taken.
    let inside = bar(100.0, 104.0, 97.0, 97.5);
    check(
        &scenario(Intrabar::OpenNearest, decision, inside),
        "2: sell 1 at 103 from 103, entry\n2: buy 1 at 98 from 98, take-profit",
    );
}

#[test]
fn a_bar_fills_no_more_than_its_share_on_all_parts_of_its_way() {
    // The low of 94 comes first and the bar closes at 94.5: the limit of 95 is passed twice. 10 % of a volume of 5 is 0.5.
    let inside = [96.0, 99.0, 94.0, 94.5, 5.0];
    for intrabar in [Intrabar::StopFirst, Intrabar::OpenNearest] {
        let mut scenario = scenario(intrabar, go(1, 1.0).limit(95.0, 0), inside);
        scenario.setup.costs.participation = Some(Participation { rate: share(0.1) });
        check(&scenario, "2: buy 0.5 at 95 from 95, entry");
    }
}

/// Bars of fifteen minutes from the start of `first_row` on.
pub(super) fn quarters(first_row: i64, quarters: &[Option<Row>]) -> Bars {
    let mut columns = RawColumns::default();
    for (place, row) in (0..).zip(quarters) {
        let Some([open, high, low, close, volume]) = *row else { continue };
        columns.time.push(first_row * HOUR_MS + place * HOUR_MS / 4);
        columns.open.push(open);
        columns.high.push(high);
        columns.low.push(low);
        columns.close.push(close);
        columns.volume.push(volume);
    }
    sound(Bars::new(sound(Interval::from_ms(HOUR_MS / 4)), columns))
}

fn detailed(decision: Decision, rows: [Option<Row>; 4]) -> Scenario {
    let mut scenario = scenario(Intrabar::Detail, decision, bar(100.0, 111.0, 94.0, 100.0));
    scenario.details = vec![Some(quarters(2, &rows))];
    scenario
}

const CALM: Option<Row> = Some(still(100.0));
const UP: Option<Row> = Some(bar(100.0, 111.0, 100.0, 100.0));
const DOWN: Option<Row> = Some(bar(100.0, 100.0, 94.0, 100.0));

#[test]
fn finer_bars_tell_which_level_came_first() {
    check(&detailed(protected(), [CALM, UP, DOWN, CALM]), PROFIT);
    check(&detailed(protected(), [CALM, DOWN, UP, CALM]), STOP);
    // A bar of the finer interval may be missing, as long as the others show both extremes.
    check(&detailed(protected(), [None, UP, None, DOWN]), PROFIT);
}

#[test]
fn a_finer_bar_that_holds_both_levels_is_ambiguous_again() {
    let both = Some(bar(100.0, 111.0, 94.0, 100.0));
    let expected = format!("{STOP}\nambiguous: 2");
    check(&detailed(protected(), [CALM, both, CALM, CALM]), &expected);
}

#[test]
fn finer_bars_that_miss_an_extreme_are_not_believed() {
    // The low of 94 is in the bar that is missing.
    let expected = format!("{STOP}\nambiguous: 2");
    check(&detailed(protected(), [CALM, UP, None, CALM]), &expected);
    // Without finer bars at all it is the same.
    let mut without = detailed(protected(), [CALM, UP, DOWN, CALM]);
    without.details = vec![None];
    check(&without, &expected);
}

#[test]
fn a_gap_between_finer_bars_fills_at_their_open() {
    // The second quarter opens at 94.5, below the stop, and rises to the profit later.
    let gap = Some(bar(94.5, 111.0, 94.0, 100.0));
    check(&detailed(protected(), [CALM, gap, CALM, CALM]), "2: sell 1 at 94.5 from 94.5, stop");
}

#[test]
fn an_entry_in_one_finer_bar_may_leave_in_a_later_one() {
    let decision = go(1, 1.0).limit(95.0, 0).take_profit(110.0);
    let expected = format!("2: buy 1 at 95 from 95, entry\n{PROFIT}");
    check(&detailed(decision.clone(), [CALM, DOWN, UP, CALM]), &expected);
    // The high came before the entry.
    check(&detailed(decision, [CALM, UP, DOWN, CALM]), "2: buy 1 at 95 from 95, entry");
}

/// Limits and take-profits at the price that the market just touches, at one that it trades through, and at the open.
#[test]
fn a_limit_is_filled_when_the_market_trades_through_or_touches() {
    let limit = || go(1, 1.0).limit(95.0, 0);
    let entry = "2: buy 1 at 95 from 95, entry";
    let short = || go(1, -1.0).limit(105.0, 0);
    let sale = "2: sell 1 at 105 from 105, entry";
    let profit = || go(0, 1.0).take_profit(110.0);
    for (decision, inside, touched, through) in [
        (limit(), bar(98.0, 99.0, 95.0, 96.0), entry, ""),
        (limit(), bar(98.0, 99.0, 94.99, 96.0), entry, entry),
        // At the open the price is touched; what follows trades through it.
        (limit(), bar(95.0, 99.0, 95.0, 96.0), entry, ""),
        (limit(), bar(95.0, 99.0, 94.0, 96.0), entry, entry),
        (short(), bar(102.0, 105.0, 101.0, 103.0), sale, ""),
        (short(), bar(102.0, 105.01, 101.0, 103.0), sale, sale),
        (profit(), bar(105.0, 110.0, 104.0, 108.0), PROFIT, ""),
        (profit(), bar(105.0, 110.01, 104.0, 108.0), PROFIT, PROFIT),
        (profit(), bar(110.0, 110.0, 104.0, 108.0), PROFIT, ""),
    ] {
        for (rule, expected) in [(LimitFill::Touch, touched), (LimitFill::Through, through)] {
            let mut scenario = scenario(Intrabar::StopFirst, decision.clone(), inside);
            scenario.setup.fills.limit = rule;
            check(&scenario, expected);
        }
    }
}

#[test]
fn a_stop_is_reached_by_a_touch_under_either_rule() {
    for rule in [LimitFill::Touch, LimitFill::Through] {
        let decision = go(0, 1.0).stop(95.0);
        let mut scenario = scenario(Intrabar::StopFirst, decision, bar(98.0, 99.0, 95.0, 96.0));
        scenario.setup.fills.limit = rule;
        check(&scenario, STOP);
    }
}

/// The bar's volume sells 6 at the take-profit, which comes first. The stop of the other 4 comes later in the same bar, and
/// finds no volume left: they go at the next open.
#[test]
fn what_a_take_profit_leaves_is_still_stopped_in_the_bar() {
    let inside = [104.0, 111.0, 80.0, 108.0, 120.0];
    let mut scenario = scenario(Intrabar::OpenNearest, protected(), inside);
    scenario.setup.risk.sizing = Sizing::Units(FixedUnits { units: quantity(10.0) });
    scenario.setup.costs.participation = Some(Participation { rate: share(0.05) });
    assert_snapshot!(scenario.fills(), @r"
    1: buy 10 at 100 from 100, entry
    2: sell 6 at 110 from 110, take-profit
    3: sell 4 at 100 from 100, stop
    ");
}
