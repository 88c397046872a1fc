//! Sortino ratio.

use super::annual::annualise;
use super::moments::mean;
use super::ratio::ratio;
use super::volatility::downside_deviation;

/// Annual Sortino ratio, `mean ÷ downside deviation × √365` of daily returns against a target of 0
/// (Sortino and Price 1994). As QuantStats' `sortino(periods=365)`.
///
/// `None` without a losing day.
pub fn sortino(daily_returns: &[f64]) -> Option<f64> {
    ratio(mean(daily_returns)?, downside_deviation(daily_returns)?).map(annualise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_without_losses() {
        assert_eq!(sortino(&[]), None);
        assert_eq!(sortino(&[0.01, 0.02]), None);
        assert!(sortino(&[0.01, -0.02]).is_some());
    }
}
