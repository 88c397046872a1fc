//! No stream of decisions, way of prices or failing strategy takes an account past its limits: right after every fill that opens or
//! enlarges a position, what the limits say holds; a breaker that has tripped lets nothing open until it is armed again; and
//! what is lost beyond its level is what one bar can do.
//!
//! Positions, equity, exposure, losing streaks, correlations and contributions are worked out here from the fills and the prices,
//! apart from the host's own arithmetic.

mod acting;
mod breakers;
mod budget;
mod clusters;
mod counts;
mod exposure;
mod movement;
mod pauses;
mod replay;

use ct_host::engine::Outcome;
use ct_host::order::GapFill;
use ct_host::units::Rate;
use ct_tests::script::Script;
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, prop, proptest};
use replay::{Step, steps};

/// Differences that rounding makes.
const TOLERANCE: f64 = 1e-7;

const DAY_MS: i64 = 86_400_000;

/// Time at which `row` is known.
fn close_ms(trial: &Trial, row: usize) -> i64 {
    trial.panel.times()[row] + trial.panel.interval().as_ms()
}

/// The decisions of the trial, of a strategy that fails at a row, if one is given.
fn script(trial: &Trial, rows_between: usize, fails_at: Option<usize>) -> Script {
    let script = trial.script(rows_between);
    match fails_at {
        Some(row) => script.failing_at(row),
        None => script,
    }
}

/// A strategy that has failed opens nothing more.
fn check_fault(outcome: &Outcome, steps: &[Step<'_>]) {
    let Some(fault) = outcome.faults.first() else { return };
    for step in steps.iter().filter(|step| step.enlarges) {
        assert!(step.row() <= fault.row, "{:#?} after {fault:?}", step.fill);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn after_every_fill(
        seed: u64,
        rows in 20..400_usize,
        instruments in 1..=4_usize,
        rows_between in 2..20_usize,
        fails_at in prop::option::weighted(0.2, 0..300_usize),
    ) {
        let mut trial = Trial::with_every_rule(seed, rows, instruments);
        // What carry and liquidations do to cash is checked with the books.
        trial.setup.fills.gap = GapFill::Open;
        trial.setup.costs.funding = None;
        trial.setup.costs.borrow = None;
        trial.setup.risk.margin.liquidation_fee_bps = Rate::ZERO;
        let script = script(&trial, rows_between, fails_at);
        let outcome = trial.run(Script::needs(), |_| script.clone(), 64);
        let steps = steps(&trial, &outcome);
        exposure::check(&trial, &steps);
        counts::check(&trial, &outcome, &steps);
        clusters::check(&trial, &steps);
        pauses::check(&trial, &outcome, &steps);
        breakers::check(&trial, &outcome, &steps);
        check_fault(&outcome, &steps);
    }
}
