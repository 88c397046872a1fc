//! The risk budget: at the close of each decision, what a position that grows adds to the portfolio's volatility.

use ct_host::costs::CostModel;
use ct_host::order::{Explained, FillRules};
use ct_host::risk::{BreakerSettings, Estimator, RiskBudget};
use ct_host::settings::AtEnd;
use ct_host::units::Rate;
use ct_tests::records::{place_of, row_of};
use ct_tests::script::Script;
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, proptest};

use super::movement::{correlation, volatility};
use super::replay::{Step, steps};

/// Rounding of sizes to 1e-12 and of sums.
const ROOM: f64 = 1e-7;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn what_grows_is_within_its_budget(
        seed: u64, rows in 40..300_usize, instruments in 1..=4_usize, rows_between in 2..12_usize,
    ) {
        check(seed, rows, instruments, rows_between);
    }
}

#[test]
fn budgets_are_looked_at_often() {
    let looked_at: usize = (0..40).map(|seed| check(seed, 250, 4, 4)).sum();
    assert!(looked_at > 500, "{looked_at}");
}

/// Runs a trial in which nothing but budgets stands between sizing and the next open. Gives how many decisions were looked at.
fn check(seed: u64, rows: usize, instruments: usize, rows_between: usize) -> usize {
    let mut trial = Trial::with_every_rule(seed, rows, instruments);
    let estimator =
        Estimator { window_rows: 24, overlap_min: 6, refresh_rows: 5, ..Estimator::default() };
    let volatility_max = Rate::from_fraction(0.5).unwrap();
    trial.setup.risk.budget =
        Some(RiskBudget { estimator, volatility_max, ..RiskBudget::default() });
    trial.setup.risk.breakers = BreakerSettings::none();
    trial.setup.risk.rebalancing = None;
    trial.setup.costs = CostModel { participation: None, ..trial.setup.costs };
    trial.setup.fills = FillRules { latency_bars: 0, ..FillRules::default() };
    trial.setup.account.at_end = AtEnd::Mark;
    let script = trial.script(rows_between).at_market();
    let outcome = trial.run(Script::needs(), |_| script.clone(), 64);
    let steps = steps(&trial, &outcome);
    let place = |way| Decided {
        way,
        row: row_of(&trial.panel, way.time),
        instrument: place_of(&trial.panel, &way.symbol),
    };
    let all: Vec<Decided<'_>> = outcome.explained.iter().map(place).collect();
    all.iter().filter(|decided| is_within_budget(&trial, &all, &steps, decided)).count()
}

/// The way of a decision, and where in the panel it was made.
#[derive(Debug)]
struct Decided<'a> {
    way: &'a Explained,
    row: usize,
    instrument: usize,
}

/// Checks the decision; false where it opens or enlarges nothing, or where an order of another instrument still waits for a bar.
fn is_within_budget(
    trial: &Trial,
    all: &[Decided<'_>],
    steps: &[Step<'_>],
    decided: &Decided<'_>,
) -> bool {
    let way = decided.way;
    let (Some(approved), Some(budget)) = (way.approved, &trial.setup.risk.budget) else {
        return false;
    };
    let Some(others) = positions_to_come(trial, all, steps, decided) else { return false };
    let mark = trial.panel.series()[decided.instrument].marks()[decided.row];
    let wanted = way.target.signum() * approved.value(mark);
    let held = way.held.to_f64() * mark;
    if wanted * held > 0.0 && wanted.abs() <= held.abs() * (1.0 + ROOM) {
        return false;
    }
    let mut weights: Vec<f64> = others.iter().map(|value| value / way.equity).collect();
    weights[decided.instrument] = wanted / way.equity;
    let contribution = contribution(trial, &weights, decided, &budget.estimator);
    let most = budget.volatility_max.to_fraction() / trial.panel.series().len() as f64;
    assert!(contribution <= most * (1.0 + ROOM) + ROOM, "{contribution} of {most}: {way:?}");
    true
}

/// Values of the positions when the orders decided so far are done; `None` where an earlier one still waits for a bar.
fn positions_to_come(
    trial: &Trial,
    all: &[Decided<'_>],
    steps: &[Step<'_>],
    decided: &Decided<'_>,
) -> Option<Vec<f64>> {
    let before = steps.iter().rev().find(|step| step.row() <= decided.row);
    let value = |place: usize| {
        let series = &trial.panel.series()[place];
        let mark = series.marks()[decided.row];
        let units = before.map_or(0, |step| step.held[place]);
        let held = if units == 0 { 0.0 } else { units as f64 * 1e-12 * mark };
        let earlier = all.iter().rev();
        let earlier = earlier
            .filter(|other| other.way.decision < decided.way.decision)
            .filter(|other| other.instrument == place);
        for other in earlier {
            if (other.row + 1..=decided.row).any(|row| !series.open()[row].is_nan()) {
                return Some(held);
            }
            let to_come = match other.way.approved {
                Some(size) => other.way.target.signum() * size.value(mark),
                // Nothing is approved of being flat, and what points the other way is closed.
                None if other.way.target == 0.0 || held * other.way.target < 0.0 => 0.0,
                // What is refused leaves alone what was on its way before.
                None => continue,
            };
            return (other.row == decided.row).then_some(to_come);
        }
        Some(held)
    };
    (0..trial.panel.series().len()).map(value).collect()
}

/// `wᵢ (Σw)ᵢ ÷ √(wᵀΣw)` of the decision's instrument; covariances that are not known count as 0.
fn contribution(trial: &Trial, weights: &[f64], decided: &Decided<'_>, rule: &Estimator) -> f64 {
    let panel = &trial.panel;
    let known = |place| volatility(panel, place, decided.row, rule);
    assert!(known(decided.instrument).is_some(), "approved without a volatility: {decided:?}");
    let covariance = |one: usize, other: usize| {
        let volatilities = known(one)? * known(other)?;
        let correlated = if one == other {
            Some(1.0)
        } else {
            correlation(panel, (one, other), decided.row, rule)
        };
        Some(correlated? * volatilities)
    };
    let with = |one: usize| -> f64 {
        let terms = weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0);
        terms.map(|(other, weight)| weight * covariance(one, other).unwrap_or_default()).sum()
    };
    let variance: f64 =
        weights.iter().enumerate().map(|(place, weight)| weight * with(place)).sum();
    if variance <= 0.0 {
        return 0.0;
    }
    weights[decided.instrument] * with(decided.instrument) / variance.sqrt()
}
