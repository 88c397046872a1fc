//! The cap on positions that move together.

use ct_host::risk::CorrelationLimit;
use ct_tests::trial::Trial;

use super::TOLERANCE;
use super::movement::correlation;
use super::replay::Step;

/// A correlation this near to the threshold may be rounded to either side of it.
const NEAR: f64 = 1e-9;

pub(super) fn check(trial: &Trial, steps: &[Step<'_>]) {
    let Some(rule) = trial.setup.risk.correlation else { return };
    for step in steps.iter().filter(|step| step.enlarges) {
        let Some(cluster) = cluster(trial, step, &rule) else { continue };
        let value = step.gross(cluster.iter().copied());
        let most = rule.exposure_max.to_fraction() * step.equity;
        let room = TOLERANCE * (most.abs() + 1.0);
        assert!(value <= most + room, "{cluster:?}: {value} of {most} after {:#?}", step.fill);
    }
}

/// Everything that a chain of links reaches from the instrument of the fill; `None` where a link hangs on rounding.
fn cluster(trial: &Trial, step: &Step<'_>, rule: &CorrelationLimit) -> Option<Vec<usize>> {
    let mut cluster = vec![step.instrument()];
    let mut looked_at = 0;
    while let Some(&member) = cluster.get(looked_at) {
        for other in 0..step.held.len() {
            if step.held[other] == 0 || cluster.contains(&other) {
                continue;
            }
            let signs = (step.held[member].signum() * step.held[other].signum()) as f64;
            let pair = (member, other);
            let before = step.row() - 1;
            match correlation(&trial.panel, pair, before, &rule.estimator) {
                Some(found) if (found * signs - rule.threshold).abs() < NEAR => return None,
                Some(found) if found * signs < rule.threshold => {}
                Some(_) | None => cluster.push(other),
            }
        }
        looked_at += 1;
    }
    Some(cluster)
}
