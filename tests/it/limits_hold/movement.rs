//! How instruments moved, by the formulas of docs/risk.md written down plainly.

use ct_host::market::Panel;
use ct_host::risk::Estimator;

/// Deviation of returns that rounding alone makes.
const ROUNDING: f64 = 1e-14;

/// Log returns of one instrument in the rows that a measurement at `row` looks at; NaN where there is none.
fn returns(panel: &Panel, place: usize, row: usize, estimator: &Estimator) -> Vec<f64> {
    let close = panel.series()[place].close();
    let first = (row + 1).saturating_sub(estimator.window_rows).max(1);
    (first..=row).map(|at| (close[at] / close[at - 1]).ln()).collect()
}

/// The row at which the measurement that holds at `row` is made.
fn measured_at(row: usize, estimator: &Estimator) -> usize {
    row - row % estimator.refresh_rows
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// `Σ (a − ā)(b − b̄)`.
fn co_deviation(one: &[f64], other: &[f64]) -> f64 {
    let (mean_one, mean_other) = (mean(one), mean(other));
    one.iter().zip(other).map(|(one, other)| (one - mean_one) * (other - mean_other)).sum()
}

/// Volatility per year of 365 days; `None` with too few returns.
pub(super) fn volatility(panel: &Panel, place: usize, row: usize, rule: &Estimator) -> Option<f64> {
    let returns = returns(panel, place, measured_at(row, rule), rule);
    let known: Vec<f64> = returns.into_iter().filter(|value| !value.is_nan()).collect();
    if known.len() < rule.overlap_min.max(2) {
        return None;
    }
    let squares = co_deviation(&known, &known);
    let variance = squares / (known.len() as f64 - 1.0);
    let moves = squares > known.len() as f64 * ROUNDING * ROUNDING;
    let rows_per_year = 365.0 * 86_400_000.0 / panel.interval().as_ms() as f64;
    Some(if moves { (variance * rows_per_year).sqrt() } else { 0.0 })
}

/// Correlation, shrunk; `None` with too few common returns, or where one of the two does not move.
pub(super) fn correlation(
    panel: &Panel,
    (one, other): (usize, usize),
    row: usize,
    rule: &Estimator,
) -> Option<f64> {
    let row = measured_at(row, rule);
    let pairs = returns(panel, one, row, rule).into_iter().zip(returns(panel, other, row, rule));
    let (one, other): (Vec<f64>, Vec<f64>) =
        pairs.filter(|(one, other)| !one.is_nan() && !other.is_nan()).unzip();
    if one.len() < rule.overlap_min.max(2) {
        return None;
    }
    let (own, others) = (co_deviation(&one, &one), co_deviation(&other, &other));
    let least = one.len() as f64 * ROUNDING * ROUNDING;
    let kept = 1.0 - rule.shrinkage.to_fraction();
    (own > least && others > least)
        .then(|| kept * co_deviation(&one, &other) / (own * others).sqrt())
}
