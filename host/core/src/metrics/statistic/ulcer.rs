//! Ulcer index and ulcer performance index.

use super::ratio::ratio;

/// Ulcer index, `√(Σ depth² ÷ (n − 1))` of the daily depths below the peak: a drawdown that is deep
/// and long hurts more. A fraction, at least 0 (Martin 1987, who divides by n; QuantStats'
/// `ulcer_index` by n − 1, as here).
///
/// `None` for fewer than two days.
pub fn ulcer_index(underwater: &[f64]) -> Option<f64> {
    let squares: f64 = underwater.iter().map(|depth| depth * depth).sum();
    ratio(squares, underwater.len() as f64 - 1.0).map(f64::sqrt)
}

/// Ulcer performance index (Martin ratio), `total return ÷ ulcer index`. As QuantStats'
/// `ulcer_performance_index`; some take the annual return.
///
/// `None` if the account was never below its peak.
pub fn ulcer_performance_index(total_return: f64, ulcer_index: f64) -> Option<f64> {
    ratio(total_return, ulcer_index)
}
