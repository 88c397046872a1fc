//! Market orders that fill at the next close.

use ct_host::order::{Decision, FillReason, MarketFill, Trade};
use ct_host::risk::{FixedFraction, Shorting, Sizing};
use ct_host::settings::AtEnd;
use ct_host::units::Timestamp;
use ct_tests::bars::{HOUR_MS, Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, level, share, still};

fn scenario(rows: &[Row], decisions: Vec<Decision>) -> Scenario {
    let mut scenario = Scenario::new(1_000.0, 2.0, rows);
    scenario.setup.fills.market = MarketFill::NextClose;
    scenario.decisions = decisions;
    scenario
}

#[test]
fn market_orders_fill_at_the_close_of_the_next_bar() {
    let rows = [still(100.0), bar(101.0, 110.0, 90.0, 105.0), bar(106.0, 120.0, 100.0, 115.0)];
    // Cash 1000 - 210 = 790; equity 790 + 2 × 105. Sold at 115: 1020.
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0), go(1, 0.0)]).book(), @r"
    1: buy 2 at 105 from 105, entry
    2: sell 2 at 115 from 115, exit
    1 to 2: long 2, gross 20, net 20
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -210, position 210
    ledger 2: cash 230, position -210, realised -20
    equity 1000, 1000, 1020
    ");
}

#[test]
fn an_amount_is_divided_by_the_close() {
    let mut scenario = scenario(&[still(100.0), bar(101.0, 126.0, 100.0, 125.0)], vec![go(0, 1.0)]);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(1.0) });
    assert_snapshot!(scenario.fills(), @"1: buy 8 at 125 from 125, entry");
}

#[test]
fn the_bar_of_the_entry_is_over_when_it_is_entered() {
    // The low of 90 on row 1 comes before the entry, the one of row 2 after it.
    let rows = [still(100.0), bar(101.0, 110.0, 90.0, 105.0), bar(106.0, 120.0, 94.0, 115.0)];
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0).stop(95.0)]).fills(), @r"
    1: buy 2 at 105 from 105, entry
    2: sell 2 at 95 from 95, stop
    ");
}

/// The bar from 50 to 120 is over when the position is entered at its close, and the one of the exit is not over before it is left.
#[test]
fn excursions_are_those_of_the_bars_after_the_entry_up_to_the_exit() {
    let rows = [
        still(100.0),
        bar(100.0, 120.0, 50.0, 100.0),
        bar(100.0, 101.0, 99.0, 100.0),
        bar(100.0, 130.0, 40.0, 100.0),
    ];
    let outcome = scenario(&rows, vec![go(0, 1.0), go(1, 0.0)]).outcome();
    let [Trade { mae, mfe, .. }] = &*outcome.trades else { panic!("{:?}", outcome.trades) };
    assert_eq!(((mae * 1e6).round(), (mfe * 1e6).round()), (-10_000.0, 10_000.0));
}

#[test]
fn a_stop_inside_the_bar_comes_before_an_exit_at_its_close() {
    let rows = [still(100.0), still(100.0), bar(100.0, 101.0, 94.0, 99.0)];
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0).stop(95.0), go(1, 0.0).stop(95.0)]).fills(), @r"
    1: buy 2 at 100 from 100, entry
    2: sell 2 at 95 from 95, stop
    ");
}

#[test]
fn limit_orders_fill_inside_the_bar_as_ever() {
    let rows = [still(100.0), bar(100.0, 101.0, 94.0, 99.0)];
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0).limit(95.0, 0)]).fills(), @"1: buy 2 at 95 from 95, entry");
}

#[test]
fn an_order_waits_for_the_close_of_the_next_bar_that_is_there() {
    let a = [Some(still(100.0)), None, None, Some(bar(100.0, 112.0, 99.0, 110.0))];
    let bars = vec![hourly_with_gaps(&a), hourly(&[still(50.0); 4])];
    let mut scenario = Scenario::of_instruments(1_000.0, 2.0, bars);
    scenario.setup.fills.market = MarketFill::NextClose;
    scenario.decisions = vec![go(0, 1.0)];
    assert_snapshot!(scenario.fills(), @"3: A buy 2 at 110 from 110, entry");
}

#[test]
fn a_breaker_closes_at_the_next_close() {
    use ct_host::risk::{BreakerAction, Rearm};
    let rows = [still(100.0), still(100.0), still(50.0), bar(50.0, 51.0, 40.0, 45.0)];
    let mut scenario = scenario(&rows, vec![go(0, 1.0)]);
    scenario.setup.risk.breakers.drawdown = vec![level(0.1, BreakerAction::Flatten, Rearm::Manual)];
    // 800 + 2 × 50 = 900; sold at 45, the close, as every market order of this run.
    assert_snapshot!(scenario.fills(), @r"
    1: buy 2 at 100 from 100, entry
    3: sell 2 at 45 from 45, breaker
    ");
}

#[test]
fn a_position_keeps_its_stop_until_its_exit_trades() {
    // The exit is ordered on row 1 and trades at the close of row 2, which falls through the stop first.
    let rows = [still(100.0), still(100.0), bar(100.0, 100.0, 50.0, 99.0)];
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0).stop(95.0), go(1, 0.0)]).fills(), @r"
    1: buy 2 at 100 from 100, entry
    2: sell 2 at 95 from 95, stop
    ");
}

#[test]
fn a_stop_before_a_reversal_leaves_the_other_half_of_it() {
    let rows = [still(100.0), still(100.0), bar(100.0, 100.0, 50.0, 90.0)];
    let mut scenario = scenario(&rows, vec![go(0, 1.0).stop(95.0), go(1, -1.0)]);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    assert_snapshot!(scenario.fills(), @r"
    1: buy 2 at 100 from 100, entry
    2: sell 2 at 95 from 95, stop
    2: sell 2 at 90 from 90, entry
    ");
}

/// What fills at the close has the time at which the bar ends, in its round trip too; what fills inside a bar has its open time.
#[test]
fn fills_at_the_close_have_its_time() {
    let rows = [still(100.0), still(100.0), still(100.0), bar(100.0, 101.0, 94.0, 99.0)];
    let decisions = vec![go(0, 1.0), go(1, 0.0), go(2, 1.0).limit(95.0, 0).stop(94.0)];
    let mut scenario = scenario(&rows, decisions);
    scenario.setup.account.at_end = AtEnd::Close;
    let outcome = scenario.outcome();
    let at_close: Vec<(usize, FillReason, bool)> = scenario
        .placed(&outcome)
        .iter()
        .map(|placed| (placed.row, placed.fill.reason, placed.at_close))
        .collect();
    assert_eq!(
        at_close,
        [
            (1, FillReason::Entry, true),
            (2, FillReason::Exit, true),
            (3, FillReason::Entry, false),
            (3, FillReason::Stop, false),
        ]
    );
    let times = |trade: &Trade| [trade.entry_time, trade.exit_time].map(Timestamp::as_ms);
    let trades: Vec<[i64; 2]> = outcome.trades.iter().map(times).collect();
    // The closes of rows 1 and 2; twice the open of row 3.
    assert_eq!(trades, [[2 * HOUR_MS, 3 * HOUR_MS], [3 * HOUR_MS; 2]]);
}

/// A position that the end of the run closes leaves at the last close, under either rule.
#[test]
fn what_the_end_of_the_run_closes_has_its_time() {
    for market in [MarketFill::NextOpen, MarketFill::NextClose] {
        let mut scenario = scenario(&[still(100.0); 3], vec![go(0, 1.0)]);
        scenario.setup.fills.market = market;
        scenario.setup.account.at_end = AtEnd::Close;
        let outcome = scenario.outcome();
        let fills = scenario.placed(&outcome);
        let last = fills.last().map(|placed| (placed.fill.reason, placed.at_close));
        assert_eq!(last, Some((FillReason::EndOfRun, true)));
    }
}
