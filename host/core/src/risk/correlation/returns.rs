//! Log returns of one instrument, and how they vary with those of another.

use crate::market::{Series, log_returns};

/// Deviation of a return that closes show by rounding alone: their ratio is exact to about 2e-16. An instrument that moves
/// less than this does not move.
const ROUNDING: f64 = 1e-14;

/// The log returns of a series in the latest rows.
#[derive(Debug)]
pub(super) struct Returns {
    /// NaN where this bar or the one before is missing; finite elsewhere.
    values: Vec<f64>,
    /// Those that are there.
    known: Deviations,
}

/// Returns around their mean.
#[derive(Debug)]
struct Deviations {
    values: Vec<f64>,
    squares: f64,
}

impl Returns {
    /// The returns of the latest `window_rows` rows up to and including `row`.
    pub(super) fn up_to(row: usize, series: &Series, window_rows: usize) -> Self {
        // Two closes may be too far apart for a number to tell.
        let known = |value: f64| if value.is_finite() { value } else { f64::NAN };
        let values: Vec<f64> = log_returns(series, row, window_rows).map(known).collect();
        let known = values.iter().copied().filter(|value| !value.is_nan()).collect();
        Self { values, known: Deviations::of(known) }
    }

    /// Variance of a sample, per row; `None` with fewer than `least` returns.
    pub(super) fn variance(&self, least: usize) -> Option<f64> {
        assert!(least >= 2, "a variance of {least} returns");
        let count = self.known.values.len();
        (count >= least).then(|| self.known.squares / (count as f64 - 1.0))
    }

    /// Correlation over the rows in which both have a return; `None` with fewer than `least` of them, or where one of the
    /// two does not move in them.
    pub(super) fn correlation(&self, other: &Self, least: usize) -> Option<f64> {
        if self.is_complete() && other.is_complete() {
            return self.known.correlation(&other.known, least);
        }
        let (rows, others) = (self.values.len(), other.values.len());
        assert!(rows == others, "the correlation of {rows} rows with {others}");
        let both = self.values.iter().zip(&other.values);
        let both = both.filter(|(own, other)| !own.is_nan() && !other.is_nan());
        let (own, other): (Vec<f64>, Vec<f64>) = both.unzip();
        Deviations::of(own).correlation(&Deviations::of(other), least)
    }

    const fn is_complete(&self) -> bool {
        self.known.values.len() == self.values.len()
    }
}

impl Deviations {
    fn of(mut values: Vec<f64>) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        for value in &mut values {
            *value -= mean;
        }
        let squares = sum_of_products(&values, &values);
        let moves = squares > count * ROUNDING * ROUNDING;
        Self { values, squares: if moves { squares } else { 0.0 } }
    }

    fn correlation(&self, other: &Self, least: usize) -> Option<f64> {
        let scale = (self.squares * other.squares).sqrt();
        if self.values.len() < least || scale <= 0.0 {
            return None;
        }
        Some((sum_of_products(&self.values, &other.values) / scale).clamp(-1.0, 1.0))
    }
}

/// `Σ aᵢ bᵢ` in four sums side by side, always in this order, so that every machine rounds alike.
fn sum_of_products(first: &[f64], second: &[f64]) -> f64 {
    let (count, other) = (first.len(), second.len());
    assert!(count == other, "products of {count} values with {other}");
    let (first, first_rest) = first.as_chunks::<4>();
    let (second, second_rest) = second.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (first, second) in first.iter().zip(second) {
        for (sum, (first, second)) in sums.iter_mut().zip(first.iter().zip(second)) {
            *sum += first * second;
        }
    }
    let rest = first_rest.iter().zip(second_rest).map(|(first, second)| first * second);
    sums.into_iter().chain(rest).sum()
}
