//! From one target to the next.

use ct_host::costs::FeeSchedule;
use ct_host::order::{Decision, Side};
use ct_host::risk::{FixedFraction, Shorting, Sizing};
use ct_tests::bars::Row;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, bps, share, still};

#[test]
fn a_target_is_raised_and_lowered() {
    let mut scenario = Scenario::new(
        1_000.0,
        1.0,
        &[
            still(100.0),
            bar(100.0, 120.0, 100.0, 120.0),
            bar(125.0, 150.0, 125.0, 150.0),
            bar(134.5, 140.0, 134.5, 140.0),
        ],
    );
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(1.0) });
    scenario.decisions = vec![go(0, 0.5), go(1, 1.0), go(2, 0.25)];
    // Row 1: 0.5 × 1000 = 500, ÷ 100 = 5. Cash 500; equity 500 + 5 × 120 = 1100.
    // Row 2: 1 × 1100 ÷ 125 = 8.8, 3.8 more. Cash 500 - 475 = 25; equity 25 + 8.8 × 150 = 1345.
    // Row 3: 0.25 × 1345 = 336.25, ÷ 134.5 = 2.5, 6.3 less. Cash 25 + 847.35 = 872.35; equity 872.35 + 2.5 × 140 = 1222.35.
    //   The position cost 500 + 475 = 975; 6.3 ÷ 8.8 of it is 698.011363636363. Realised: 847.35 less that.
    assert_snapshot!(scenario.book(), @r"
    1: buy 5 at 100 from 100, entry
    2: buy 3.8 at 125 from 125, entry
    3: sell 6.3 at 134.5 from 134.5, exit
    open at the end: 2.5
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -500, position 500
    ledger 2: cash -475, position 475
    ledger 3: cash 847.35, position -698.011363636363, realised -149.338636363637
    equity 1000, 1100, 1345, 1222.35
    ");
}

#[test]
fn costs_are_inside_the_amount_that_stays() {
    let mut scenario =
        Scenario::new(4_004.0, 1.0, &[still(100.0), bar(100.0, 101.0, 100.0, 100.1), still(100.0)]);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(1.0) });
    scenario.setup.costs.fees =
        FeeSchedule { maker_bps: bps(0.0), taker_bps: bps(10.0), ..FeeSchedule::default() };
    scenario.decisions = vec![go(0, 0.5), go(1, 0.25)];
    // Row 1: 2002 ÷ (100 × 1.001) = 20; fee 2. Equity 2002 + 20 × 100.1 = 4004.
    // Row 2: 0.25 × 4004 = 1001, ÷ 100.1 = 10 stay; 10 are sold, fee 1.
    assert_snapshot!(scenario.fills(), @r"
    1: buy 20 at 100 from 100, entry, fee 2
    2: sell 10 at 100 from 100, exit, fee 1
    ");
}

/// What has doubled is raised by a little every row: each purchase pays its own costs, not those of what is held again.
#[test]
fn small_increases_of_a_large_position_are_all_bought() {
    let mut rows = vec![still(100.0), still(100.0)];
    rows.extend([still(200.0); 30]);
    let mut scenario = Scenario::new(10_010.0, 1.0, &rows);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(1.0) });
    scenario.setup.costs.fees =
        FeeSchedule { maker_bps: bps(0.0), taker_bps: bps(10.0), ..FeeSchedule::default() };
    // Row 1: 5005 ÷ 100.1 = 50, and 5005 of cash. At 200, 6 more each time buy 6 ÷ 200.2; the costs of what is held would be 10.
    scenario.decisions = vec![go(0, 0.5)];
    let (mut held, mut cash) = (50.0, 5_005.0);
    for row in 2..22 {
        let worth = held * 200.0;
        scenario.decisions.push(go(row, (worth + 6.0) / (worth + cash)));
        (held, cash) = (held + 6.0 / 200.2, cash - 6.0);
    }
    let outcome = scenario.outcome();
    assert_eq!((outcome.fills.len(), outcome.refusals.len()), (21, 0));
    for fill in &outcome.fills[1..] {
        let off = fill.quantity.to_f64() - 6.0 / 200.2;
        assert!(fill.side == Side::Buy && off.abs() < 1e-9, "{fill:?}");
    }
}

#[test]
fn a_position_drifts_until_the_next_decision() {
    let rows = [100.0, 100.0, 200.0, 50.0, 100.0].map(still);
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(0.5) });
    scenario.decisions = vec![go(0, 1.0)];
    assert_snapshot!(scenario.fills(), @"1: buy 5 at 100 from 100, entry");
}

#[test]
fn a_decision_without_a_target_moves_the_stop_and_nothing_else() {
    let mut scenario = Scenario::new(
        1_000.0,
        5.0,
        &[
            still(100.0),
            // The low of 96 would reach the new stop, but that is decided on this bar's close.
            bar(100.0, 101.0, 96.0, 100.0),
            bar(100.0, 101.0, 98.0, 100.0),
            bar(100.0, 101.0, 96.5, 100.0),
        ],
    );
    scenario.decisions = vec![go(0, 1.0).stop(90.0), go(1, 1.0).levels_only().stop(97.0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 5 at 100 from 100, entry
    3: sell 5 at 97 from 97, stop
    ");
}

#[test]
fn a_decision_without_target_and_stop_removes_the_stop() {
    let rows = [still(100.0), still(100.0), bar(100.0, 100.0, 80.0, 100.0)];
    let mut scenario = Scenario::new(1_000.0, 5.0, &rows);
    scenario.decisions = vec![go(0, 1.0).stop(90.0), go(1, 1.0).levels_only()];
    assert_snapshot!(scenario.fills(), @"1: buy 5 at 100 from 100, entry");
}

#[test]
fn a_decision_without_a_target_keeps_a_resting_limit_order() {
    let rows =
        [still(100.0), still(100.0), bar(100.0, 100.0, 94.0, 95.0), bar(95.0, 96.0, 91.0, 92.0)];
    let mut scenario = Scenario::new(1_000.0, 5.0, &rows);
    scenario.decisions = vec![go(0, 1.0).limit(95.0, 0), go(1, 1.0).levels_only().stop(92.0)];
    // The stop of row 1 goes live with the entry of row 2.
    assert_snapshot!(scenario.fills(), @r"
    2: buy 5 at 95 from 95, entry
    3: sell 5 at 92 from 92, stop
    ");
}

/// A long of 10 from row 1 with its stop at 95, to be turned by a limit at 107 from row 3 on, or with this latency; the levels of the
/// short are said again in row 3.
fn waiting_to_turn(rows: &[Row], latency_bars: u32, again: Decision) -> Scenario {
    let mut scenario = Scenario::new(10_000.0, 10.0, rows);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.setup.fills.latency_bars = latency_bars;
    let turn = go(2, -1.0).stop(112.0);
    let turn = if latency_bars == 0 { turn.limit(107.0, 0) } else { turn };
    scenario.decisions = vec![go(0, 1.0).stop(95.0), turn, again];
    scenario
}

#[test]
fn levels_of_an_order_that_is_to_turn_a_position_are_not_the_positions() {
    let quiet = bar(100.0, 101.0, 99.0, 100.0);
    let stop_of_short = go(3, -1.0).levels_only().stop(111.0);
    // The market is below the stop of a short that is not there: nothing happens.
    let scenario = waiting_to_turn(&[quiet; 8], 0, stop_of_short.clone());
    assert_snapshot!(scenario.fills(), @"1: buy 10 at 100 from 100, entry");
    // The long keeps its own stop, whatever is said of the short.
    let falling = [quiet, quiet, quiet, quiet, quiet, bar(100.0, 100.0, 90.0, 92.0), still(92.0)];
    for again in [stop_of_short.clone(), go(3, -1.0).levels_only()] {
        let fills = waiting_to_turn(&falling, 0, again).fills();
        let stopped = "1: buy 10 at 100 from 100, entry\n5: sell 10 at 95 from 95, stop";
        assert_eq!(fills.trim_end(), stopped);
    }
    // Once it is turned, the stop that was said last is the short's.
    let rising = [
        quiet,
        quiet,
        quiet,
        quiet,
        bar(100.0, 108.0, 100.0, 107.0),
        bar(107.0, 111.5, 107.0, 111.0),
    ];
    let scenario = waiting_to_turn(&rising, 0, stop_of_short.clone());
    assert_snapshot!(scenario.fills(), @r"
    1: buy 10 at 100 from 100, entry
    4: sell 10 at 107 from 107, exit
    4: sell 10 at 107 from 107, entry
    5: buy 10 at 111 from 111, stop
    ");
    // So it is with a market order that is still on its way.
    let falling =
        [quiet, quiet, quiet, quiet, quiet, quiet, quiet, bar(100.0, 112.0, 100.0, 110.0)];
    let scenario = waiting_to_turn(&falling, 4, stop_of_short);
    assert_snapshot!(scenario.fills(), @r"
    5: buy 10 at 100 from 100, entry
    7: sell 10 at 100 from 100, exit
    7: sell 10 at 100 from 100, entry
    7: buy 10 at 111 from 111, stop
    ");
}
