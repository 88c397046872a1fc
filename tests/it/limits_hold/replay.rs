//! The account after each fill, worked out from the fills and the prices alone.

use ct_host::engine::Outcome;
use ct_host::order::Fill;
use ct_tests::records::{Placed, moved, placed};
use ct_tests::trial::Trial;

/// Base asset is counted in units of 1e-12.
const UNIT: f64 = 1e-12;

/// The account right after a fill.
#[derive(Clone, Debug)]
pub(super) struct Step<'a> {
    pub(super) fill: &'a Fill,
    placed: Placed<'a>,
    /// Whether the fill opened or enlarged a position.
    pub(super) enlarges: bool,
    /// Units held of each instrument; negative when short.
    pub(super) held: Vec<i128>,
    /// Values of the positions, in quote asset; negative when short.
    pub(super) values: Vec<f64>,
    pub(super) equity: f64,
}

impl Step<'_> {
    pub(super) fn instrument(&self) -> usize {
        self.placed.instrument
    }

    pub(super) fn row(&self) -> usize {
        self.placed.row
    }

    /// Base asset held of the instrument of the fill.
    pub(super) fn quantity(&self) -> f64 {
        self.held[self.instrument()] as f64 * UNIT
    }

    /// Sum of the values of some positions, longs and shorts added up.
    pub(super) fn gross(&self, instruments: impl IntoIterator<Item = usize>) -> f64 {
        instruments.into_iter().map(|place| self.values[place].abs()).sum()
    }
}

/// The account after each fill of `outcome`.
pub(super) fn steps<'a>(trial: &Trial, outcome: &'a Outcome) -> Vec<Step<'a>> {
    let mut cash = trial.setup.account.cash.to_f64();
    let mut held = vec![0_i128; trial.panel.series().len()];
    let step = |placed: Placed<'a>| {
        let fill = placed.fill;
        cash -= fill.side.sign() as f64 * fill.price.to_f64() * fill.quantity.to_f64();
        if fill.fee_quantity.is_zero() {
            cash -= fill.fee.to_f64();
        }
        let own = &mut held[placed.instrument];
        let before = own.abs();
        *own += moved(fill).units();
        let enlarges = own.abs() > before;
        let value = |(place, units): (usize, &i128)| {
            if *units == 0 { 0.0 } else { *units as f64 * UNIT * price(trial, place, &placed) }
        };
        let values: Vec<f64> = held.iter().enumerate().map(value).collect();
        let equity = cash + values.iter().sum::<f64>();
        Step { fill, placed, enlarges, held: held.clone(), values, equity }
    };
    placed(&trial.panel, outcome).into_iter().map(step).collect()
}

/// Units held of the instrument at `place` after the fills of `row`.
pub(super) fn held_after(steps: &[Step<'_>], row: usize, place: usize) -> i128 {
    steps.iter().rev().find(|step| step.row() <= row).map_or(0, |step| step.held[place])
}

/// Price at which the instrument at `place` counts when something else fills.
fn price(trial: &Trial, place: usize, placed: &Placed<'_>) -> f64 {
    if place == placed.instrument {
        return placed.fill.reference_price.to_f64();
    }
    let (series, row) = (&trial.panel.series()[place], placed.row);
    let now = if placed.at_close { series.close()[row] } else { series.open()[row] };
    if now.is_nan() { series.marks()[row - 1] } else { now }
}
