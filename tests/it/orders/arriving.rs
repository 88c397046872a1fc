//! Orders that find their price in the market, orders that wait for it, and what a stop or take-profit leaves of them.

use ct_host::costs::Participation;
use ct_host::order::{Intrabar, LimitFill, MarketFill};
use ct_host::risk::Shorting;
use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::intrabar::quarters;
use super::scenario::{Scenario, bar, bps, share, still};

/// The bar with another volume.
fn traded(row: Row, volume: f64) -> Row {
    let [open, high, low, close, _] = row;
    [open, high, low, close, volume]
}

/// Takers pay 10 bps, makers nothing; a tenth of a bar's volume can be had.
fn costly(cash: f64, units: f64, rows: &[Row]) -> Scenario {
    let mut scenario = Scenario::new(cash, units, rows);
    scenario.setup.costs.fees.maker_bps = bps(0.0);
    scenario.setup.costs.fees.taker_bps = bps(10.0);
    scenario.setup.costs.participation = Some(Participation { rate: share(0.1) });
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario
}

/// The market stands at 100 all the time: nobody gets 105 out of it, and nobody makes.
#[test]
fn a_limit_that_takes_goes_on_taking() {
    let mut scenario = costly(10_000.0, 20.0, &[traded(still(100.0), 100.0); 4]);
    scenario.decisions = vec![go(0, 1.0).limit(105.0, 0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 10 at 100 from 100, entry, fee 1
    2: buy 10 at 100 from 100, entry, fee 1
    ");
}

/// Row 2 opens above 105: what is left waits there from then on, and row 3 fills it as a maker, at its own price.
#[test]
fn a_limit_that_the_market_leaves_rests() {
    let rows = [
        still(100.0),
        traded(bar(100.0, 100.0, 100.0, 100.0), 100.0),
        traded(bar(110.0, 111.0, 108.0, 108.0), 100.0),
        traded(bar(108.0, 108.0, 100.0, 100.0), 100.0),
    ];
    let mut scenario = costly(10_000.0, 20.0, &rows);
    scenario.decisions = vec![go(0, 1.0).limit(105.0, 0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 10 at 100 from 100, entry, fee 1
    3: buy 10 at 105 from 105, entry
    ");
}

/// The last close has the price already, whether limits fill at a touch or only through.
#[test]
fn a_limit_at_the_last_close_takes() {
    for limit in [LimitFill::Touch, LimitFill::Through] {
        let rows = [still(100.0), bar(100.0, 101.0, 100.0, 100.0), still(100.0)];
        let mut scenario = costly(10_000.0, 1.0, &rows);
        scenario.setup.fills.limit = limit;
        scenario.decisions = vec![go(0, 1.0).limit(100.0, 0)];
        assert_eq!(scenario.fills(), "1: buy 1 at 100 from 100, entry, fee 0.1", "{limit:?}");
    }
}

/// The bar of row 2 sells ten at 105; the other ten have rested there when row 3 opens far above.
#[test]
fn what_is_left_of_a_take_profit_rests_at_its_price() {
    let rows = [
        traded(still(100.0), 1_000.0),
        traded(still(100.0), 1_000.0),
        traded(bar(100.0, 108.0, 100.0, 107.0), 100.0),
        traded(bar(120.0, 121.0, 119.0, 120.0), 1_000.0),
    ];
    let mut scenario = costly(10_000.0, 20.0, &rows);
    scenario.decisions = vec![go(0, 1.0).take_profit(105.0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 20 at 100 from 100, entry, fee 2
    2: sell 10 at 105 from 105, take-profit
    3: sell 10 at 105 from 105, take-profit
    ");
}

/// The take-profit came with the entry at 95: it rests at 100 while the bar goes on to 104.
#[test]
fn a_take_profit_rests_from_its_entry_on() {
    let rows = [still(100.0), bar(100.0, 106.0, 94.0, 104.0), bar(120.0, 121.0, 119.0, 120.0)];
    let mut scenario = costly(10_000.0, 1.0, &rows);
    scenario.decisions = vec![go(0, 1.0).limit(95.0, 0).take_profit(100.0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 1 at 95 from 95, entry
    2: sell 1 at 100 from 100, take-profit
    ambiguous: 1
    ");
}

/// 400 are traded in the hour, of which 40 can be had, in its quarters and at its open or close together.
#[test]
fn the_quarters_of_a_bar_share_its_volume() {
    for (market, expected) in [
        (
            MarketFill::NextOpen,
            "1: buy 40 at 100 from 100, entry, fee 4\n2: sell 40 at 105 from 105, take-profit",
        ),
        (MarketFill::NextClose, "1: buy 40 at 100 from 100, entry, fee 4"),
    ] {
        let wide = |volume| traded(bar(100.0, 106.0, 100.0, 100.0), volume);
        let rows = [traded(still(100.0), 1_000.0), wide(400.0), wide(400.0), still(100.0)];
        let mut scenario = costly(100_000.0, 40.0, &rows);
        scenario.setup.fills.intrabar = Intrabar::Detail;
        scenario.setup.fills.market = market;
        scenario.details = vec![Some(quarters(1, &[Some(wide(100.0)); 4]))];
        scenario.decisions = match market {
            MarketFill::NextOpen => vec![go(0, 1.0).take_profit(105.0)],
            MarketFill::NextClose => vec![go(0, 1.0)],
        };
        assert_eq!(scenario.fills(), expected, "{market:?}");
    }
}

/// The stop fills only in part; the reversal decided before it closes the rest and goes short.
#[test]
fn a_reversal_outlives_a_stop() {
    let rows = [
        still(100.0),
        still(100.0),
        traded(bar(100.0, 100.0, 89.0, 95.0), 100.0),
        still(95.0),
        still(95.0),
    ];
    let mut scenario = costly(100_000.0, 20.0, &rows);
    scenario.setup.fills.market = MarketFill::NextClose;
    scenario.decisions = vec![go(0, 1.0).stop(90.0), go(1, -1.0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 20 at 100 from 100, entry, fee 2
    2: sell 10 at 90 from 90, stop, fee 0.9
    3: sell 10 at 95 from 95, exit, fee 0.95
    3: sell 20 at 95 from 95, entry, fee 1.9
    ");
}

/// So does a reversal that waits for its price.
#[test]
fn a_limit_reversal_outlives_a_stop() {
    let rows =
        [still(100.0), still(100.0), bar(100.0, 100.0, 94.0, 96.0), bar(96.0, 106.0, 96.0, 104.0)];
    let mut scenario = costly(10_000.0, 1.0, &rows);
    scenario.decisions = vec![go(0, 1.0).stop(95.0), go(1, -1.0).limit(105.0, 0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 1 at 100 from 100, entry, fee 0.1
    2: sell 1 at 95 from 95, stop, fee 0.095
    3: sell 1 at 105 from 105, entry
    ");
}

/// What was to enlarge the position does not open it again, and a record tells.
#[test]
fn an_order_to_enlarge_ends_with_its_position() {
    let rows =
        [still(100.0), still(100.0), still(100.0), bar(100.0, 100.0, 94.0, 96.0), still(96.0)];
    let mut scenario = Scenario::new(10_000.0, 10.0, &rows);
    scenario.setup.fills.market = MarketFill::NextClose;
    scenario.decisions = vec![go(0, 0.5).stop(95.0), go(2, 1.0).stop(95.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 5 at 100 from 100, entry
    3: sell 5 at 95 from 95, stop
    decision 1: 3: Refused by ProtectiveExit, value 0, limit 0
    equity 10000, 10000, 10000, 9975, 9975
    ");
}

/// The stop was moved to 95 while the entry was still filling: its next part does not move it back.
#[test]
fn the_next_part_of_an_order_moves_no_level() {
    let mut rows = [traded(still(100.0), 100.0); 9];
    rows[8] = traded(bar(100.0, 100.0, 89.5, 94.0), 1_000_000.0);
    let mut scenario = costly(100_000.0, 50.0, &rows);
    scenario.setup.fills.latency_bars = 2;
    let exit = go(3, 0.0).limit(130.0, 0).stop(90.0);
    scenario.decisions = vec![go(0, 1.0).stop(90.0), exit, go(4, 0.0).levels_only().stop(95.0)];
    assert_snapshot!(scenario.fills(), @r"
    3: buy 10 at 100 from 100, entry, fee 1
    4: buy 10 at 100 from 100, entry, fee 1
    5: buy 10 at 100 from 100, entry, fee 1
    8: sell 30 at 95 from 95, stop, fee 2.85
    ");
}

/// The bar in which it would have arrived is missing: it takes in the next.
#[test]
fn a_limit_takes_after_a_missing_bar() {
    let full = [still(100.0); 4];
    let gapped = [Some(still(100.0)), None, Some(still(100.0)), Some(still(100.0))];
    let bars = vec![hourly_with_gaps(&gapped), hourly(&full)];
    let mut scenario = Scenario::of_instruments(10_000.0, 1.0, bars);
    scenario.setup.costs.fees.taker_bps = bps(10.0);
    scenario.decisions = vec![go(0, 1.0).limit(105.0, 0)];
    assert_snapshot!(scenario.fills(), @"2: A buy 1 at 100 from 100, entry, fee 0.1");
}
