//! Risk budgets: a new position adds no more volatility than its share.

use ct_host::order::{Rule, Verdict};
use ct_host::risk::{Estimator, RiskBudget};
use ct_host::units::Rate;
use ct_tests::bars::Row;
use ct_tests::script::go;

use super::calendar::bars;
use crate::orders::scenario::{Scenario, share, still};

/// Daily bars; the last four returns are measured, two are needed. 10 units at the last price are wanted.
fn scenario(rows: &[Option<Row>], volatility_max: f64) -> Scenario {
    let mut scenario = Scenario::of_bars(1_000.0, 10.0, bars(0, 24, rows));
    let estimator =
        Estimator { window_rows: 4, overlap_min: 2, shrinkage: Rate::ZERO, refresh_rows: 1 };
    let volatility_max = share(volatility_max);
    scenario.setup.risk.budget =
        Some(RiskBudget { volatility_max, estimator, ..RiskBudget::default() });
    scenario.decisions = vec![go(4, 1.0)];
    scenario
}

fn zigzag() -> Vec<Option<Row>> {
    [100.0, 110.0, 100.0, 110.0, 100.0, 100.0].map(|price| Some(still(price))).to_vec()
}

/// Four returns of ±ln 1.1 with a mean of 0: variance 4 × (ln 1.1)² ÷ 3 a day, times 365 a year. The deviation is
/// 0.0953101798 × √(4 ÷ 3 × 365) = 0.0953101798 × 22.0605228 = 2.1025924.
const VOLATILITY: f64 = 2.102_592_4;

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-6, "{found}, not {expected}");
}

#[test]
fn a_position_is_cut_to_its_budget() {
    let scenario = scenario(&zigzag(), 1.0);
    let outcome = scenario.outcome();
    // 10 × 100 are all of the equity: a volatility of 2.10. 1 is allowed: 10 ÷ 2.10 units.
    let [fill] = outcome.fills.as_slice() else { panic!("{:?}", outcome.fills) };
    assert_near(fill.quantity.to_f64(), 10.0 / VOLATILITY);
    let [cut] = outcome.refusals.as_slice() else { panic!("{:?}", outcome.refusals) };
    let place = (scenario.row(cut.time), cut.decision, cut.rule, cut.verdict);
    assert_eq!(place, (4, Some(0), Rule::RiskBudget, Verdict::Cut));
    assert_near(cut.value.unwrap(), VOLATILITY);
    assert_near(cut.limit.unwrap(), 1.0);
}

#[test]
fn a_position_within_its_budget_is_left_alone() {
    let outcome = scenario(&zigzag(), 2.103).outcome();
    assert_eq!(outcome.refusals, vec![]);
    assert_eq!(outcome.fills.len(), 1);
    assert_eq!(outcome.fills[0].quantity.to_string(), "10");
}

#[test]
fn returns_over_a_gap_are_not_taken_for_returns_of_a_day() {
    // In a panel with a second instrument row 2 exists, but A has no bar in it: its returns are ln 1.1 on row 1 and ln 0.9 on row
    // 4, not the jump from 110 to 100 over two days. Their deviation is (ln 1.1 - ln 0.9) ÷ √2 = 0.2006707 ÷ 1.4142136 =
    // 0.1418956 a day, × √365 = 2.7109118 a year.
    let a = [Some(100.0), Some(110.0), None, Some(100.0), Some(90.0), Some(90.0)];
    let a = a.map(|price| price.map(still));
    let clock = [Some(still(50.0)); 6];
    let mut scenario = scenario(&a, 1.0);
    let (instrument, _) = scenario.instruments[0].clone();
    let other = ct_host::market::Instrument::unrestricted("CLOCK");
    scenario.instruments = vec![(instrument, bars(0, 24, &a)), (other, bars(0, 24, &clock))];
    if let Some(budget) = &mut scenario.setup.risk.budget {
        budget.budgets.insert("TEST/USD".to_owned(), Rate::ONE);
    }
    // 10 × 90 = 900 of 1000: a volatility of 0.9 × 2.711 = 2.44. 1 is allowed.
    let outcome = scenario.outcome();
    let [cut] = outcome.refusals.as_slice() else { panic!("{:?}", outcome.refusals) };
    assert_near(cut.value.unwrap(), 0.9 * 2.710_911_8);
    assert_near(outcome.fills[0].quantity.to_f64(), 10.0 / (0.9 * 2.710_911_8));
}
