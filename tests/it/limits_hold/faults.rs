//! A strategy that fails: its instruments are left, nothing more is opened in them, and the others go on.

use ct_host::engine::Outcome;
use ct_tests::trial::Trial;

use super::FailsAt;
use super::replay::{Step, held_after};

pub(super) fn check(trial: &Trial, fails_at: FailsAt, outcome: &Outcome, steps: &[Step<'_>]) {
    let failed = fails_at.filter(|(row, _)| *row < trial.panel.rows());
    assert_eq!(outcome.faults.len(), usize::from(failed.is_some()), "{:?}", outcome.faults);
    let (Some((row, _)), Some(fault)) = (failed, outcome.faults.first()) else { return };
    assert_eq!(fault.row, row, "{fault:?}");
    for step in steps.iter().filter(|step| fault.instruments.contains(&step.instrument())) {
        assert!(!step.enlarges || step.row() <= row, "{:#?} after {fault:?}", step.fill);
    }
    if trial.setup.costs.participation.is_some() {
        return;
    }
    for place in fault.instruments.clone() {
        let open = trial.panel.series()[place].open();
        let next = (row + 1..trial.panel.rows()).find(|&later| !open[later].is_nan());
        let held = next.map_or(0, |next| held_after(steps, next, place));
        assert_eq!(held, 0, "of {place} after {fault:?}");
    }
}
