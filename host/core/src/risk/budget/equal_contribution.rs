//! Weights that make every instrument's contribution to volatility what it should be.

use crate::risk::Comovement;

/// Rounds over all weights. A few dozen are needed for a hundred instruments; more mean that there is no solution.
const ROUNDS_MAX: usize = 1_000;

/// Relative change of a weight below which it is taken as found.
const TOLERANCE: f64 = 1e-12;

/// Positive weights that sum to 1 and whose [`contributions`](super::contributions) are in proportion to `budgets` (risk
/// parity; equal budgets make equal contributions: Maillard, Roncalli, Teiletche 2010).
///
/// Solved as `Σx = b ÷ x` by cyclical coordinate descent (Griveau-Billion, Richard, Roncalli 2013): each `xᵢ` in turn becomes
/// the positive root of `σᵢ² xᵢ² + xᵢ Σⱼ≠ᵢ σᵢⱼ xⱼ − bᵢ = 0`, until none changes; then all are divided by their sum. Covariances
/// that are not known count as 0; without any the weights are `√bᵢ ÷ σᵢ`, rescaled.
///
/// `None` without instruments, where `budgets` are not one for each, where a volatility is unknown or zero, where a budget is
/// not a finite number above 0, and where there is no solution because some portfolio of positive weights does not move,
/// such as two instruments with a correlation of −1.
pub fn equal_contribution_weights(comovement: &Comovement, budgets: &[f64]) -> Option<Vec<f64>> {
    let is_budget = |budget: &f64| *budget > 0.0 && budget.is_finite();
    let count = comovement.instruments();
    if count == 0 || budgets.len() != count || !budgets.iter().all(is_budget) {
        return None;
    }
    let volatility = |instrument| comovement.volatility(instrument).filter(|found| *found > 0.0);
    let volatilities: Vec<f64> = (0..count).map(volatility).collect::<Option<_>>()?;
    let whole: f64 = budgets.iter().sum();
    let mut weights: Vec<f64> = volatilities.iter().map(|volatility| 1.0 / volatility).collect();
    for _ in 0..ROUNDS_MAX {
        let mut change = 0.0_f64;
        for (instrument, (budget, volatility)) in budgets.iter().zip(&volatilities).enumerate() {
            let others = covariance_with_others(&weights, instrument, comovement);
            let weight = positive_root(volatility * volatility, others, budget / whole);
            let Some(own) = weights.get_mut(instrument) else {
                unreachable!("weight {instrument} of {count}");
            };
            change = change.max((weight - *own).abs() / weight);
            *own = weight;
        }
        if change < TOLERANCE {
            return scaled_to_one(&weights);
        }
    }
    None
}

/// `weights`, which are above zero, divided by their sum; `None` where one of them is no number.
fn scaled_to_one(weights: &[f64]) -> Option<Vec<f64>> {
    let sum: f64 = weights.iter().sum();
    if !sum.is_finite() {
        return None;
    }
    let scaled: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();
    let whole: f64 = scaled.iter().sum();
    assert!((whole - 1.0).abs() <= 1e-9, "the weights {scaled:?} add up to {whole}");
    Some(scaled)
}

fn covariance_with_others(weights: &[f64], instrument: usize, comovement: &Comovement) -> f64 {
    let others = weights.iter().enumerate().filter(|(other, _)| *other != instrument);
    let known = |(other, weight): (usize, &f64)| {
        comovement.covariance(instrument, other).map(|covariance| weight * covariance)
    };
    others.filter_map(known).sum()
}

/// The positive root of `square × x² + linear × x − constant`, in the form that does not subtract like numbers.
fn positive_root(square: f64, linear: f64, constant: f64) -> f64 {
    let discriminant = (linear * linear + 4.0 * square * constant).sqrt();
    if linear > 0.0 {
        2.0 * constant / (discriminant + linear)
    } else {
        (discriminant - linear) / (2.0 * square)
    }
}
