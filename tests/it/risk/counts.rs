//! Limits on numbers: open positions, orders of a day, and what a day trades.

use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::calendar::bars;
use crate::orders::scenario::{Scenario, share, still};

/// A, B and C at 100 for four rows; A has no bar in row 2 if `gap`.
fn three(most: u32, gap: bool) -> Scenario {
    let a = [0, 1, 2, 3].map(|row| (row != 2 || !gap).then_some(still(100.0)));
    let other = || hourly(&[still(100.0); 4]);
    let bars = vec![hourly_with_gaps(&a), other(), other()];
    let mut scenario = Scenario::of_instruments(1_000.0, 1.0, bars);
    scenario.setup.risk.limits.open_positions_max = Some(most);
    scenario
}

#[test]
fn no_more_instruments_are_held_than_allowed() {
    let mut scenario = three(2, false);
    scenario.decisions =
        vec![go(0, 1.0).of(0), go(0, 1.0).of(1), go(0, 1.0).of(2), go(2, 0.5).of(1)];
    // C would be the third. What is held may change its size.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 1 at 100 from 100, entry
    1: B buy 1 at 100 from 100, entry
    3: B sell 0.5 at 100 from 100, exit
    decision 2: 0: C Refused by OpenPositions, value 3, limit 2
    equity 1000, 1000, 1000, 1000
    ");
    let mut fits = three(3, false);
    fits.decisions = vec![go(0, 1.0).of(0), go(0, 1.0).of(1), go(0, 1.0).of(2)];
    assert_eq!(fits.outcome().refusals, vec![]);
}

#[test]
fn an_exit_makes_room_for_an_entry_at_the_same_open() {
    let mut scenario = three(1, false);
    scenario.decisions = vec![go(0, 1.0).of(0), go(1, 0.0).of(0), go(1, 1.0).of(1)];
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 1 at 100 from 100, entry
    2: A sell 1 at 100 from 100, exit
    2: B buy 1 at 100 from 100, entry
    equity 1000, 1000, 1000, 1000
    ");
}

#[test]
fn an_exit_that_waits_for_a_bar_makes_no_room() {
    let mut scenario = three(1, true);
    scenario.decisions = vec![go(0, 1.0).of(0), go(1, 0.0).of(0), go(1, 1.0).of(1)];
    // A cannot be sold on row 2: B would be the second position there.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 1 at 100 from 100, entry
    3: A sell 1 at 100 from 100, exit
    decision 2: 2: B Refused by OpenPositions, value 2, limit 1
    equity 1000, 1000, 1000, 1000
    ");
}

#[test]
fn an_entry_that_waits_for_a_bar_takes_its_place() {
    let mut scenario = three(1, true);
    scenario.decisions = vec![go(1, 1.0).of(0), go(2, 1.0).of(1)];
    assert_snapshot!(scenario.guarded(), @r"
    3: A buy 1 at 100 from 100, entry
    decision 1: 2: B Refused by OpenPositions, value 2, limit 1
    equity 1000, 1000, 1000, 1000
    ");
}

/// Hourly bars from 20:00 on: row 3 is the last of its day. Full positions are 10 units.
fn evening(rows: &[Option<Row>]) -> Scenario {
    Scenario::of_bars(1_000.0, 10.0, bars(20, 1, rows))
}

#[test]
fn a_day_has_so_many_orders() {
    let mut scenario = evening(&[Some(still(100.0)); 5]);
    scenario.setup.risk.limits.orders_per_day_max = Some(2);
    scenario.decisions = vec![go(0, 0.1), go(1, 0.2), go(2, 0.3), go(3, 0.4)];
    // Two orders that enlarge the position are made at 21:00 and 22:00, the third would be at 23:00. The fourth is made at
    // midnight, and trades in the new day: from 2 to 4.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 1 at 100 from 100, entry
    2: buy 1 at 100 from 100, entry
    4: buy 2 at 100 from 100, entry
    decision 2: 2: Refused by OrdersPerDay, value 3, limit 2
    equity 1000, 1000, 1000, 1000, 1000
    ");
}

#[test]
fn exits_and_reductions_are_no_orders_of_the_day() {
    let mut scenario = evening(&[Some(still(100.0)); 5]);
    scenario.setup.risk.limits.orders_per_day_max = Some(2);
    scenario.decisions = vec![go(0, 0.2), go(1, 0.1), go(2, 0.2)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 2 at 100 from 100, entry
    2: sell 1 at 100 from 100, exit
    3: buy 1 at 100 from 100, entry
    equity 1000, 1000, 1000, 1000, 1000
    ");
}

#[test]
fn the_first_bar_after_a_gap_may_be_in_a_new_day() {
    let at = Some(still(100.0));
    let mut scenario = evening(&[at, at, None, None, None, at, at, at]);
    scenario.setup.risk.limits.orders_per_day_max = Some(1);
    scenario.decisions = vec![go(0, 0.1), go(1, 0.2), go(2, 0.3), go(3, 0.4)];
    // Made at 21:00, 22:00, and, after midnight, at 02:00 and 03:00.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 1 at 100 from 100, entry
    3: buy 2 at 100 from 100, entry
    decision 1: 1: Refused by OrdersPerDay, value 2, limit 1
    decision 3: 3: Refused by OrdersPerDay, value 2, limit 1
    equity 1000, 1000, 1000, 1000, 1000
    ");
}

/// Bought, sold, and bought again in one evening that `more` ends. The day begins with an equity of 1000.
fn turnover(most: f64, more: [Row; 2]) -> Scenario {
    let rows: Vec<Option<Row>> = [still(100.0); 3].into_iter().chain(more).map(Some).collect();
    let mut scenario = evening(&rows);
    scenario.setup.risk.limits.turnover_per_day_max = Some(share(most));
    scenario.decisions = vec![go(0, 0.4), go(1, 0.0), go(2, 0.4), go(3, 0.4)];
    scenario
}

#[test]
fn a_day_trades_no_more_than_its_share_of_equity() {
    // 400 bought and 400 sold leave 200 of 1000: 2 of 4. On the next day the other 2 follow.
    assert_snapshot!(turnover(1.0, [still(100.0); 2]).guarded(), @r"
    1: buy 4 at 100 from 100, entry
    2: sell 4 at 100 from 100, exit
    3: buy 2 at 100 from 100, entry
    4: buy 2 at 100 from 100, entry
    decision 2: 3: Cut by TurnoverPerDay, value 1.2, limit 1
    equity 1000, 1000, 1000, 1000, 1000
    ");
    assert_snapshot!(turnover(1.2, [still(100.0); 2]).guarded(), @r"
    1: buy 4 at 100 from 100, entry
    2: sell 4 at 100 from 100, exit
    3: buy 4 at 100 from 100, entry
    equity 1000, 1000, 1000, 1000, 1000
    ");
}

#[test]
fn turnover_is_counted_at_the_prices_of_the_fills() {
    // The last open is 125: 200 buy 1.6 of 4. 800 + 500 would be 1.3. On the next day 2.4 more at 125 are 300.
    assert_snapshot!(turnover(1.0, [still(125.0); 2]).guarded(), @r"
    1: buy 4 at 100 from 100, entry
    2: sell 4 at 100 from 100, exit
    3: buy 1.6 at 125 from 125, entry
    4: buy 2.4 at 125 from 125, entry
    decision 2: 3: Cut by TurnoverPerDay, value 1.3, limit 1
    equity 1000, 1000, 1000, 1000, 1000
    ");
}

#[test]
fn leaving_is_allowed_when_the_day_has_traded_enough() {
    let mut scenario = evening(&[Some(still(100.0)); 4]);
    scenario.setup.risk.limits.turnover_per_day_max = Some(share(0.5));
    scenario.decisions = vec![go(0, 0.5), go(1, 0.0), go(2, 0.1)];
    // 500 bought, 500 sold: twice what is allowed, but only the purchase of row 3 is refused.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 5 at 100 from 100, entry
    2: sell 5 at 100 from 100, exit
    decision 2: 3: Refused by TurnoverPerDay, value 1.1, limit 0.5
    equity 1000, 1000, 1000, 1000
    ");
}
