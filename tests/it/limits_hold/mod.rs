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
mod faults;
mod movement;
mod pauses;
mod replay;

use ct_host::engine::{Needs, Outcome, Scope};
use ct_host::units::Rate;
use ct_tests::script::{Failure, Script};
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, prop, proptest};
use proptest::sample::select;
use replay::steps;

/// Differences that rounding makes.
const TOLERANCE: f64 = 1e-7;

const DAY_MS: i64 = 86_400_000;

/// Time at which `row` is known.
fn close_ms(trial: &Trial, row: usize) -> i64 {
    trial.panel.times()[row] + trial.panel.interval().as_ms()
}

/// A strategy that fails at a row.
type FailsAt = Option<(usize, Failure)>;

/// Runs the decisions of the trial, of one strategy for all or of one for each instrument. The first of them may fail.
fn run(trial: &Trial, rows_between: usize, scope: Scope, fails_at: FailsAt) -> Outcome {
    let script = trial.script(rows_between);
    let member = |place| {
        let script = match scope {
            Scope::Portfolio => script.clone(),
            Scope::Instrument => script.clone().of_instrument(place),
        };
        match fails_at {
            Some((row, failure)) if place == 0 => script.failing_at(row, failure),
            _ => script,
        }
    };
    trial.run(Needs { scope, ..Script::needs() }, member, 64)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn after_every_fill(
        seed: u64,
        rows in 20..400_usize,
        instruments in 1..=4_usize,
        rows_between in 2..20_usize,
        scope in select(vec![Scope::Portfolio, Scope::Instrument]),
        fails_at in prop::option::weighted(0.3, (0..300_usize, select(Failure::ALL.to_vec()))),
    ) {
        let mut trial = Trial::with_every_rule(seed, rows, instruments);
        // What carry and liquidations do to cash is checked with the books.
        trial.setup.costs.funding = None;
        trial.setup.costs.borrow = None;
        trial.setup.risk.margin.liquidation_fee_bps = Rate::ZERO;
        let outcome = run(&trial, rows_between, scope, fails_at);
        let steps = steps(&trial, &outcome);
        exposure::check(&trial, &steps);
        counts::check(&trial, &outcome, &steps);
        clusters::check(&trial, &steps);
        pauses::check(&trial, &outcome, &steps);
        breakers::check(&trial, &outcome, &steps);
        faults::check(&trial, fails_at, &outcome, &steps);
    }
}
