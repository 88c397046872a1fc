//! Open positions, and what a UTC day may decide and trade.

use std::collections::{BTreeMap, BTreeSet};

use ct_host::engine::Outcome;
use ct_tests::records::row_of;
use ct_tests::trial::Trial;

use super::replay::Step;
use super::{DAY_MS, TOLERANCE, close_ms};

pub(super) fn check(trial: &Trial, outcome: &Outcome, steps: &[Step<'_>]) {
    check_positions(trial, steps);
    check_orders(trial, outcome, steps);
    check_turnover(trial, outcome, steps);
}

fn check_positions(trial: &Trial, steps: &[Step<'_>]) {
    let Some(most) = trial.setup.risk.limits.open_positions_max else { return };
    for step in steps.iter().filter(|step| step.enlarges) {
        let open = step.held.iter().filter(|units| **units != 0).count();
        assert!(open <= most as usize, "{open} positions after {:#?}", step.fill);
    }
}

/// Decisions of each UTC day whose orders opened or enlarged something. An order counts on the day of its decision, whether it
/// fills or not; those that did not cannot be seen here.
fn check_orders(trial: &Trial, outcome: &Outcome, steps: &[Step<'_>]) {
    let Some(most) = trial.setup.risk.limits.orders_per_day_max else { return };
    let mut days: BTreeMap<i64, BTreeSet<u64>> = BTreeMap::new();
    for decision in steps.iter().filter(|step| step.enlarges).filter_map(|step| step.fill.decision)
    {
        let way = outcome.explained.iter().find(|way| way.decision == decision).unwrap();
        let row = row_of(&trial.panel, way.time);
        let orders = days.entry(close_ms(trial, row).div_euclid(DAY_MS)).or_default();
        orders.insert(decision);
        assert!(orders.len() <= most as usize, "{orders:?}, {most} allowed in a day");
    }
}

/// Turnover of each UTC day, up to the last fill that opened something.
fn check_turnover(trial: &Trial, outcome: &Outcome, steps: &[Step<'_>]) {
    let Some(most) = trial.setup.risk.limits.turnover_per_day_max else { return };
    let mut days: BTreeMap<i64, f64> = BTreeMap::new();
    let times = trial.panel.times();
    for step in steps {
        let fill = step.fill;
        let day = times[step.row()].div_euclid(DAY_MS);
        let traded = days.entry(day).or_default();
        *traded += fill.price.to_f64() * fill.quantity.to_f64();
        if step.enlarges {
            let first = times.partition_point(|time| time.div_euclid(DAY_MS) < day);
            let before = first.checked_sub(outcome.first_row + 1);
            let start =
                before.map_or(trial.setup.account.cash.to_f64(), |place| outcome.equity[place]);
            let limit = most.to_fraction() * start;
            assert!(*traded <= limit * (1.0 + TOLERANCE), "{traded} of {limit} after {fill:#?}");
        }
    }
}
