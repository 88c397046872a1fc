//! Treynor ratio.

use super::ratio::ratio;

/// Treynor ratio, `CAGR ÷ beta`: annual return per unit of market risk (Treynor 1965, risk-free
/// rate 0), a fraction. Annual as in LEAN and NautilusTrader; QuantStats' `treynor_ratio` divides
/// the total return, which grows with the length of the run.
///
/// `None` when beta is 0.
pub fn treynor(cagr: f64, beta: f64) -> Option<f64> {
    ratio(cagr, beta)
}
