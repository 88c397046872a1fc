//! Caps on positions together: gross, net, and of a group.

use ct_host::risk::{Group, Shorting};
use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use crate::orders::scenario::{Scenario, share, still};

/// A, B and C at 100 for two rows; 1000 of cash; a full position is 10 units.
fn still_markets() -> Scenario {
    let bars = || hourly(&[still(100.0); 2]);
    Scenario::of_instruments(1_000.0, 10.0, vec![bars(), bars(), bars()])
}

/// A stands at 100, rises to 150 by the close of row 2, and has no bar in row 3; B opens row 3 at `b`.
fn with_gap(b: f64) -> Scenario {
    let rising: Row = [100.0, 150.0, 100.0, 150.0, 1_000.0];
    let a = [Some(still(100.0)), Some(still(100.0)), Some(rising), None];
    let b = [still(100.0), still(100.0), still(100.0), still(b)];
    Scenario::of_instruments(1_000.0, 10.0, vec![hourly_with_gaps(&a), hourly(&b)])
}

fn gross(mut scenario: Scenario, most: f64) -> Scenario {
    scenario.setup.risk.limits.gross_exposure_max = Some(share(most));
    scenario
}

fn net(mut scenario: Scenario, most: f64) -> Scenario {
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.setup.risk.limits.net_exposure_max = Some(share(most));
    scenario
}

fn group(mut scenario: Scenario, symbols: &[&str], most: f64) -> Scenario {
    let symbols = symbols.iter().map(|&symbol| symbol.to_owned()).collect();
    let group = Group { symbols, exposure_max: share(most) };
    scenario.setup.risk.groups.insert("majors".to_owned(), group);
    scenario
}

#[test]
fn gross_exposure_is_the_sum_of_all_values() {
    let mut fires = gross(still_markets(), 0.6);
    fires.decisions = vec![go(0, 0.4).of(0), go(0, 0.4).of(1), go(0, 0.1).of(2)];
    // A takes 400, B wants 400 of the 200 that are left, C finds nothing left.
    assert_snapshot!(fires.guarded(), @r"
    1: A buy 4 at 100 from 100, entry
    1: B buy 2 at 100 from 100, entry
    decision 1: 1: B Cut by GrossExposure, value 0.8, limit 0.6
    decision 2: 1: C Refused by GrossExposure, value 0.7, limit 0.6
    equity 1000, 1000
    ");
    let mut fits = gross(still_markets(), 0.8);
    fits.decisions = vec![go(0, 0.4).of(0), go(0, 0.4).of(1)];
    assert_snapshot!(fits.guarded(), @r"
    1: A buy 4 at 100 from 100, entry
    1: B buy 4 at 100 from 100, entry
    equity 1000, 1000
    ");
}

#[test]
fn short_positions_count_as_much_as_long_ones() {
    let mut scenario = gross(still_markets(), 0.6);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, 0.4).of(0), go(0, -0.4).of(1)];
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 4 at 100 from 100, entry
    1: B sell 2 at 100 from 100, entry
    decision 1: 1: B Cut by GrossExposure, value 0.8, limit 0.6
    equity 1000, 1000
    ");
}

#[test]
fn gross_exposure_counts_a_missing_bar_at_its_last_close() {
    let mut scenario = gross(with_gap(100.0), 0.6);
    scenario.decisions = vec![go(0, 0.3).of(0), go(2, 0.3).of(1)];
    // A: 3 × 150 = 450; equity 700 + 450 = 1150, of which 60 % are 690. 240 are left for B, 2.4 of 3. 450 + 300 of 1150: 65.2 %.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 3 at 100 from 100, entry
    3: B buy 2.4 at 100 from 100, entry
    decision 1: 3: B Cut by GrossExposure, value 0.652173913, limit 0.6
    equity 1000, 1000, 1150, 1150
    ");
}

#[test]
fn net_exposure_is_long_less_short() {
    let mut fires = net(still_markets(), 0.2);
    fires.decisions = vec![go(0, 0.4).of(0), go(0, -0.5).of(1)];
    // A: 400 are cut to 200. B may be short by 400: 200 - 400 = -200. 200 - 500 = -300 would be too much.
    assert_snapshot!(fires.guarded(), @r"
    1: A buy 2 at 100 from 100, entry
    1: B sell 4 at 100 from 100, entry
    decision 0: 1: A Cut by NetExposure, value 0.4, limit 0.2
    decision 1: 1: B Cut by NetExposure, value 0.3, limit 0.2
    equity 1000, 1000
    ");
    let mut fits = net(still_markets(), 0.2);
    fits.decisions = vec![go(0, 0.2).of(0), go(0, -0.4).of(1)];
    assert_snapshot!(fits.guarded(), @r"
    1: A buy 2 at 100 from 100, entry
    1: B sell 4 at 100 from 100, entry
    equity 1000, 1000
    ");
}

#[test]
fn net_exposure_counts_a_missing_bar_at_its_last_close() {
    let mut scenario = net(with_gap(100.0), 0.2);
    scenario.decisions = vec![go(0, 0.2).of(0), go(2, -0.6).of(1)];
    // A: 2 × 150 = 300; equity 800 + 300 = 1100, of which 20 % are 220. B may be short by 300 + 220 = 520: 5.2 of 6, which
    // would be -300 of 1100, 27.3 %.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 2 at 100 from 100, entry
    3: B sell 5.2 at 100 from 100, entry
    decision 1: 3: B Cut by NetExposure, value 0.272727273, limit 0.2
    equity 1000, 1000, 1100, 1100
    ");
}

#[test]
fn a_group_has_a_cap_of_its_own() {
    let mut fires = group(still_markets(), &["A", "B"], 0.5);
    fires.decisions = vec![go(0, 0.4).of(0), go(0, 0.4).of(1), go(0, 0.4).of(2)];
    // A and B share 500; C is no member.
    assert_snapshot!(fires.guarded(), @r"
    1: A buy 4 at 100 from 100, entry
    1: B buy 1 at 100 from 100, entry
    1: C buy 4 at 100 from 100, entry
    decision 1: 1: B Cut by GroupExposure, value 0.8, limit 0.5
    equity 1000, 1000
    ");
    let mut fits = group(still_markets(), &["A", "B"], 0.5);
    fits.decisions = vec![go(0, 0.4).of(0), go(0, 0.1).of(1)];
    assert_snapshot!(fits.guarded(), @r"
    1: A buy 4 at 100 from 100, entry
    1: B buy 1 at 100 from 100, entry
    equity 1000, 1000
    ");
}

#[test]
fn a_group_is_counted_at_the_prices_of_the_fill() {
    let mut scenario = group(with_gap(125.0), &["A", "B"], 0.5);
    scenario.decisions = vec![go(0, 0.2).of(0), go(2, 0.4).of(1)];
    // A: 2 × 150 = 300; equity 800 + 300 = 1100, of which half are 550. 250 are left for B, which opens at 125: 2 of 4. 300 + 500
    // of 1100: 72.7 %.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 2 at 100 from 100, entry
    3: B buy 2 at 125 from 125, entry
    decision 1: 3: B Cut by GroupExposure, value 0.727272727, limit 0.5
    equity 1000, 1000, 1100, 1100
    ");
}

#[test]
fn sales_make_room_for_purchases_of_the_same_open() {
    let bars = || hourly(&[still(100.0); 3]);
    let scenario = Scenario::of_instruments(1_000.0, 10.0, vec![bars(), bars()]);
    let mut scenario = gross(scenario, 0.6);
    scenario.decisions = vec![go(0, 0.6).of(1), go(1, 0.6).of(0), go(1, 0.0).of(1)];
    assert_snapshot!(scenario.guarded(), @r"
    1: B buy 6 at 100 from 100, entry
    2: B sell 6 at 100 from 100, exit
    2: A buy 6 at 100 from 100, entry
    equity 1000, 1000, 1000
    ");
}

#[test]
fn an_account_that_is_worth_nothing_takes_no_position() {
    let rows = [still(100.0), still(100.0), still(200.0), still(200.0)];
    let bars = vec![hourly(&rows), hourly(&[still(100.0); 4])];
    let mut scenario = gross(Scenario::of_instruments(1_000.0, 10.0, bars), 2.0);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, -1.0).of(0), go(1, 0.1).of(1)];
    // A is sold short for 1000 and costs 2000 to buy back at the open of row 2: no equity is left when B would be bought. A is
    // liquidated at that open.
    let outcome = scenario.outcome();
    assert!(outcome.fills.iter().all(|fill| fill.symbol == "A"), "{:?}", outcome.fills);
    assert_eq!(outcome.refusals.len(), 1, "{:?}", outcome.refusals);
}
