//! Breakers on losses: they trip at the first close at their level, nothing opens while they stand, and what is lost beyond the level
//! is what one bar can do.

use ct_host::engine::Outcome;
use ct_host::risk::{BreakerAction, BreakerEvent, BreakerEventKind};
use ct_tests::records::row_of;
use ct_tests::trial::Trial;

use super::replay::{Step, held_after};

pub(super) fn check(trial: &Trial, outcome: &Outcome, steps: &[Step<'_>]) {
    for (place, event) in of_account(outcome).enumerate() {
        if event.kind != BreakerEventKind::Tripped {
            continue;
        }
        let row = row_of(&trial.panel, event.time);
        check_level(trial, outcome, event, row);
        if event.action == BreakerAction::Reduce {
            continue;
        }
        let ends = of_account(outcome).skip(place).find(|later| {
            let same = (later.rule, later.limit.to_bits()) == (event.rule, event.limit.to_bits());
            later.kind == BreakerEventKind::Rearmed && same
        });
        let until = ends.map_or(usize::MAX, |later| row_of(&trial.panel, later.time));
        for step in steps.iter().filter(|step| step.enlarges) {
            let stands = step.row() > row && step.row() <= until;
            assert!(!stands, "{:#?} although {event:?} stands until row {until}", step.fill);
        }
        if event.action == BreakerAction::Flatten && trial.setup.costs.participation.is_none() {
            check_flat(trial, steps, row);
            check_loss_beyond(trial, outcome, steps, (event, row));
        }
    }
}

/// Those that look at the equity; losing streaks are looked at with the pauses.
fn of_account(outcome: &Outcome) -> impl Iterator<Item = &BreakerEvent> {
    let losses = |event: &&BreakerEvent| event.rule != ct_host::order::Rule::LosingStreak;
    outcome.breaker_events.iter().filter(losses)
}

fn check_level(trial: &Trial, outcome: &Outcome, event: &BreakerEvent, row: usize) {
    assert!(event.value.is_some_and(|value| value >= event.limit - 1e-12), "{event:?}");
    let equity = outcome.equity[row - outcome.first_row];
    // The last equity is that after everything was closed.
    let is_last = row + 1 == trial.panel.rows();
    assert!(is_last || equity.to_bits() == event.equity.to_bits(), "{event:?}");
}

/// Everything is closed in the first row after `row` in which the instrument has a bar.
fn check_flat(trial: &Trial, steps: &[Step<'_>], row: usize) {
    for (place, series) in trial.panel.series().iter().enumerate() {
        let next = (row + 1..trial.panel.rows()).find(|&later| !series.open()[later].is_nan());
        let Some(next) = next else { continue };
        let held = held_after(steps, next, place);
        let opened_again = steps
            .iter()
            .any(|step| step.enlarges && step.row() == next && step.instrument() == place);
        assert!(held == 0 || opened_again, "{held} of {place} held after the flatten of row {row}");
    }
}

/// From the close at which everything is told to go to the close of the next row, the account loses no more than what it holds can
/// lose inside that bar, and what the fills cost.
fn check_loss_beyond(
    trial: &Trial,
    outcome: &Outcome,
    steps: &[Step<'_>],
    (event, row): (&BreakerEvent, usize),
) {
    let next = row + 1;
    let Some(&after) = outcome.equity.get(next - outcome.first_row) else { return };
    let inside_bar: f64 = trial
        .panel
        .series()
        .iter()
        .enumerate()
        .map(|(place, series)| {
            let held = held_after(steps, row, place) as f64 * 1e-12;
            let worst = if held < 0.0 { series.high()[next] } else { series.low()[next] };
            let mark = series.marks()[row];
            // Without a bar nothing moves.
            if held == 0.0 || worst.is_nan() { 0.0 } else { (held * (worst - mark)).min(0.0) }
        })
        .sum();
    let costs: f64 = steps
        .iter()
        .filter(|step| step.row() == next)
        .map(|step| {
            let fill = step.fill;
            let frictions = [fill.fee, fill.spread, fill.slippage, fill.impact];
            frictions.iter().map(|cost| cost.to_f64()).sum::<f64>()
        })
        .sum();
    let least = event.equity + inside_bar - costs;
    let room = 1e-7 * (event.equity.abs() + 1.0);
    assert!(after >= least - room, "{after} after {event:?}: one bar makes {least} at worst");
}
