//! How much daily returns vary.

use super::annual::annualise;
use super::moments::sample_deviation;
use super::ratio::ratio;

/// Annual volatility, `sample deviation × √365`, a fraction. 0 for constant returns; `None` for
/// fewer than two. As QuantStats' `volatility(periods=365)`.
pub fn volatility_annual(daily_returns: &[f64]) -> Option<f64> {
    sample_deviation(daily_returns).map(annualise)
}

/// Downside deviation per day against a target of 0, `√(Σ min(x, 0)² ÷ n)`, a fraction (Sortino and
/// Price 1994). All returns count in `n`, not only the negative ones. 0 without losses; `None`
/// without returns.
pub fn downside_deviation(daily_returns: &[f64]) -> Option<f64> {
    let losses = daily_returns.iter().filter(|value| **value < 0.0);
    let squares: f64 = losses.map(|loss| loss * loss).sum();
    ratio(squares, daily_returns.len() as f64).map(f64::sqrt)
}

/// Annual downside deviation, `downside deviation × √365`, a fraction. As empyrical's
/// `downside_risk(annualization=365)`.
pub fn downside_deviation_annual(daily_returns: &[f64]) -> Option<f64> {
    downside_deviation(daily_returns).map(annualise)
}
