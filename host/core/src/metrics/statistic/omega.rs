//! Omega ratio.

use super::ratio::ratio;

/// Omega ratio at a threshold of 0, `Σ gains ÷ |Σ losses|` of daily returns (Keating and Shadwick
/// 2002). At this threshold it is also the profit factor of the days. As QuantStats' `omega` and
/// `profit_factor` on daily returns.
///
/// `None` without a losing day.
pub fn omega(daily_returns: &[f64]) -> Option<f64> {
    let gains: f64 = daily_returns.iter().filter(|value| **value > 0.0).sum();
    let losses: f64 = daily_returns.iter().filter(|value| **value < 0.0).sum();
    ratio(gains, -losses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_gains_and_only_losses() {
        assert_eq!(omega(&[0.01, 0.02]), None);
        assert_eq!(omega(&[-0.01, -0.02]), Some(0.0));
        assert_eq!(omega(&[]), None);
    }
}
