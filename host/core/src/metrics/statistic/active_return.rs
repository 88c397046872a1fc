//! Tracking error and information ratio: daily returns in excess of the benchmark.
//!
//! Active returns are `strategy − benchmark`, day by day.

use super::annual::annualise;
use super::moments::{dispersion, mean, sample_deviation};
use super::ratio::ratio;

/// Annual tracking error, `sample deviation × √365` of active returns, a fraction. 0 for a strategy
/// that follows the benchmark; `None` for fewer than two days.
pub fn tracking_error_annual(active_returns: &[f64]) -> Option<f64> {
    sample_deviation(active_returns).map(annualise)
}

/// Annual information ratio, `mean ÷ sample deviation × √365` of active returns (Goodwin 1998).
/// QuantStats' `information_ratio` is the same without `√365`.
///
/// `None` for fewer than two days and for constant active returns.
pub fn information_ratio(active_returns: &[f64]) -> Option<f64> {
    ratio(mean(active_returns)?, dispersion(active_returns)?).map(annualise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn following_the_benchmark() {
        assert_eq!(tracking_error_annual(&[0.0, 0.0]), Some(0.0));
        assert_eq!(information_ratio(&[0.0, 0.0]), None);
        assert_eq!(tracking_error_annual(&[0.0]), None);
    }
}
