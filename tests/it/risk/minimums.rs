//! The exchange's grid meets the caps: what is left of an order may be too small to be one.

use ct_host::order::Rule;
use ct_tests::script::go;
use insta::assert_snapshot;

use crate::orders::scenario::{Scenario, money, quantity, share, still};

/// 10 units wanted, decided at 100 and traded at `open`.
fn scenario(open: f64) -> Scenario {
    let mut scenario = Scenario::new(1_000.0, 10.0, &[still(100.0), still(open)]);
    scenario.decisions = vec![go(0, 1.0)];
    scenario
}

fn with_minimum(open: f64, units_max: f64) -> Scenario {
    let mut scenario = scenario(open);
    scenario.instrument().notional_min = money(50.0);
    scenario.setup.risk.limits.position.units_max = Some(quantity(units_max));
    scenario
}

#[test]
fn a_cap_may_leave_less_than_the_minimum_notional() {
    // 0.4 × 100 = 40.
    assert_snapshot!(with_minimum(100.0, 0.4).guarded(), @r"
    decision 0: 1: Cut by PositionUnits, value 10, limit 0.4
    decision 0: 1: Refused by NotionalMin, value 40, limit 50
    equity 1000, 1000
    ");
    assert_snapshot!(with_minimum(100.0, 0.5).guarded(), @r"
    1: buy 0.5 at 100 from 100, entry
    decision 0: 1: Cut by PositionUnits, value 10, limit 0.5
    equity 1000, 1000
    ");
    // The price falls over the gap: 0.5 × 80 = 40.
    assert_snapshot!(with_minimum(80.0, 0.5).guarded(), @r"
    decision 0: 1: Cut by PositionUnits, value 10, limit 0.5
    decision 0: 1: Refused by NotionalMin, value 40, limit 50
    equity 1000, 1000
    ");
}

#[test]
fn what_a_cap_leaves_is_rounded_down_to_the_lot() {
    let mut scenario = scenario(100.0);
    scenario.instrument().lot = quantity(1.0);
    scenario.setup.risk.limits.gross_exposure_max = Some(share(0.25));
    // 250 ÷ 100 = 2.5: two lots.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 2 at 100 from 100, entry
    decision 0: 1: Cut by GrossExposure, value 1, limit 0.25
    equity 1000, 1000
    ");
}

#[test]
fn a_cap_may_leave_less_than_one_lot() {
    let mut scenario = scenario(100.0);
    scenario.instrument().lot = quantity(5.0);
    scenario.setup.risk.limits.position.units_max = Some(quantity(4.0));
    let outcome = scenario.outcome();
    assert_eq!(outcome.fills, vec![]);
    let lot = outcome.refusals.iter().find(|refusal| refusal.rule == Rule::Lot).unwrap();
    assert_eq!((lot.value, lot.limit), (Some(4.0), Some(5.0)));
    // Just enough for one.
    scenario.setup.risk.limits.position.units_max = Some(quantity(5.0));
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 5 at 100 from 100, entry
    decision 0: 1: Cut by PositionUnits, value 10, limit 5
    equity 1000, 1000
    ");
}
