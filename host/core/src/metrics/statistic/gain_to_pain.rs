//! Gain-to-pain ratio.

use super::ratio::ratio;

/// Gain-to-pain ratio, `Σ returns ÷ |Σ losses|` (Schwager, "Market Sense and Nonsense", 2012).
/// Schwager means monthly returns; QuantStats' `gain_to_pain_ratio` takes daily ones by default.
/// Negative for a losing run.
///
/// `None` without a loss.
pub fn gain_to_pain(returns: &[f64]) -> Option<f64> {
    let total: f64 = returns.iter().sum();
    let losses: f64 = returns.iter().filter(|value| **value < 0.0).sum();
    ratio(total, losses.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_per_loss() {
        assert_eq!(gain_to_pain(&[0.5, -0.25, 0.25]), Some(2.0));
        assert_eq!(gain_to_pain(&[-0.5, 0.25]), Some(-0.5));
        assert_eq!(gain_to_pain(&[0.5]), None);
    }
}
