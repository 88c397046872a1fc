//! A strategy that fails: its instruments are left, nothing more is opened in them, and the others go on.

use ct_host::engine::Outcome;
use ct_tests::records::{place_of, row_of};
use ct_tests::trial::Trial;

use super::FailsAt;
use super::replay::{Step, held_after};

pub(super) fn check(trial: &Trial, fails_at: FailsAt, outcome: &Outcome, steps: &[Step<'_>]) {
    let failed = fails_at.filter(|(row, _)| *row < trial.panel.rows());
    assert_eq!(outcome.faults.len(), usize::from(failed.is_some()), "{:?}", outcome.faults);
    let (Some((row, _)), Some(fault)) = (failed, outcome.faults.first()) else { return };
    let in_period = row.checked_sub(outcome.first_row).map(|row| row as u64);
    assert_eq!((row_of(&trial.panel, fault.time), fault.row), (row, in_period), "{fault:?}");
    for step in steps.iter().filter(|step| fault.symbols.contains(&step.fill.symbol)) {
        assert!(!step.enlarges || step.row() <= row, "{:#?} after {fault:?}", step.fill);
    }
    if trial.setup.costs.participation.is_some() {
        return;
    }
    for symbol in &fault.symbols {
        let place = place_of(&trial.panel, symbol);
        let open = trial.panel.series()[place].open();
        let next = (row + 1..trial.panel.rows()).find(|&later| !open[later].is_nan());
        let held = next.map_or(0, |next| held_after(steps, next, place));
        assert_eq!(held, 0, "of {place} after {fault:?}");
    }
}
