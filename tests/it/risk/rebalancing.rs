//! Positions that have drifted are brought back to their size at the end of a day or week.

use ct_host::risk::{BreakerAction, FixedFraction, Rearm, Rebalancing, Sizing};
use ct_host::units::CalendarPeriod;
use ct_tests::bars::Row;
use ct_tests::script::go;
use insta::assert_snapshot;

use super::calendar::bars;
use crate::orders::scenario::{Scenario, level, share, still};

/// Half of the equity is in the market; a drift of a quarter is left alone. Bars of `hours` hours from a Thursday on.
fn scenario(hours: i64, every: CalendarPeriod, rows: &[Option<Row>]) -> Scenario {
    let mut scenario = Scenario::of_bars(1_000.0, 1.0, bars(0, hours, rows));
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(0.5) });
    scenario.setup.risk.rebalancing = Some(Rebalancing { every, band: share(0.25) });
    scenario.decisions = vec![go(0, 1.0)];
    scenario
}

fn by_day(prices: &[f64]) -> Scenario {
    let rows: Vec<Option<Row>> = prices.iter().map(|&price| Some(still(price))).collect();
    scenario(6, CalendarPeriod::Day, &rows)
}

#[test]
fn what_has_grown_is_cut_at_the_first_open_of_the_day() {
    // 5 at 100, and 500 of cash. At 200, from row 2 on, equity is 1500, of which half is 750, 3.75 units: the 5 are a third more.
    // The day ends with row 3. The other days bring nothing new.
    assert_snapshot!(by_day(&[100.0, 100.0, 200.0, 200.0, 200.0, 200.0, 200.0, 200.0, 200.0]).guarded(), @r"
    1: buy 5 at 100 from 100, entry
    4: sell 1.25 at 200 from 200, rebalance
    equity 1000, 1000, 1500, 1500, 1500, 1500, 1500, 1500, 1500
    ");
}

#[test]
fn what_has_shrunk_is_filled_up() {
    // At 50 equity is 750, half of it 375, 7.5 units.
    assert_snapshot!(by_day(&[100.0, 100.0, 50.0, 50.0, 50.0]).guarded(), @r"
    1: buy 5 at 100 from 100, entry
    4: buy 2.5 at 50 from 50, rebalance
    equity 1000, 1000, 750, 750, 750
    ");
}

#[test]
fn a_drift_inside_the_band_is_left_alone() {
    // At 160 equity is 1300, half of it 650, 4.0625 units: the 5 are 23.1 % more. At 70 it is 850, 425, 6.07: 17.6 % less.
    for price in [160.0, 70.0] {
        let outcome = by_day(&[100.0, 100.0, price, price, price]).outcome();
        assert_eq!(outcome.fills.len(), 1, "{price}");
    }
}

#[test]
fn the_amount_is_that_of_the_close_and_the_price_that_of_the_open() {
    // 750 at an open of 187.5 are 4 units: 1 is sold.
    assert_snapshot!(by_day(&[100.0, 100.0, 200.0, 200.0, 187.5]).fills(), @r"
    1: buy 5 at 100 from 100, entry
    4: sell 1 at 187.5 from 187.5, rebalance
    ");
}

#[test]
fn a_week_ends_on_sunday() {
    // Thursday to Monday.
    let rows = [100.0, 100.0, 200.0, 200.0, 200.0].map(still).map(Some);
    assert_snapshot!(scenario(24, CalendarPeriod::Week, &rows).fills(), @r"
    1: buy 5 at 100 from 100, entry
    4: sell 1.25 at 200 from 200, rebalance
    ");
}

#[test]
fn a_period_that_ends_in_a_gap_is_over_at_the_next_open() {
    let at = |price| Some(still(price));
    // The price doubles by the last close of the first day, at hour 18. Row 3 opens at hour 30.
    let rows = [at(100.0), at(100.0), at(200.0), None, None, at(200.0), at(200.0)];
    assert_snapshot!(scenario(6, CalendarPeriod::Day, &rows).fills(), @r"
    1: buy 5 at 100 from 100, entry
    3: sell 1.25 at 200 from 200, rebalance
    ");
    // It doubles in the gap: the close before knew nothing of it, and the next day ends with row 4, at hour 48.
    let [low, high] = [100.0, 200.0].map(at);
    let rows = [low, low, None, None, None, high, high, high, high];
    assert_snapshot!(scenario(6, CalendarPeriod::Day, &rows).fills(), @r"
    1: buy 5 at 100 from 100, entry
    5: sell 1.25 at 200 from 200, rebalance
    ");
}

#[test]
fn a_halt_lets_no_position_be_filled_up() {
    let mut scenario = by_day(&[100.0, 100.0, 50.0, 50.0, 50.0]);
    scenario.setup.risk.breakers.drawdown = vec![level(0.2, BreakerAction::Halt, Rearm::Manual)];
    assert_snapshot!(scenario.fills(), @"1: buy 5 at 100 from 100, entry");
}
