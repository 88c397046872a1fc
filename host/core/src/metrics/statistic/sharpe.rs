//! Sharpe ratio, and how sure one can be that it is above zero.

use super::annual::annualise;
use super::moments::{dispersion, excess_kurtosis, mean, skewness};
use super::normal::normal_cdf;
use super::ratio::ratio;

/// Annual Sharpe ratio, `mean ÷ sample deviation × √365` of daily returns (Sharpe 1994, risk-free
/// rate 0). As QuantStats' `sharpe(periods=365)`.
///
/// `None` for fewer than two returns and for constant ones.
pub fn sharpe(daily_returns: &[f64]) -> Option<f64> {
    sharpe_daily(daily_returns).map(annualise)
}

/// Probability, from 0 to 1, that the true Sharpe ratio is above 0:
/// `Φ(SR ÷ √((1 − skew × SR + (kurtosis − 1) ÷ 4 × SR²) ÷ (n − 1)))` with the daily ratio SR and
/// plain (not excess) kurtosis (Bailey and López de Prado 2012). As QuantStats'
/// `probabilistic_sharpe_ratio`.
///
/// `None` for fewer than four returns, for constant ones, and where the estimated variance of SR is
/// not positive.
pub fn probabilistic_sharpe(daily_returns: &[f64]) -> Option<f64> {
    let sharpe = sharpe_daily(daily_returns)?;
    let skew = skewness(daily_returns)?;
    let kurtosis = excess_kurtosis(daily_returns)? + 3.0;
    let spread = 1.0 - skew * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe;
    let variance = ratio(spread, daily_returns.len() as f64 - 1.0)?;
    if variance > 0.0 { ratio(sharpe, variance.sqrt()).map(normal_cdf) } else { None }
}

/// Sharpe ratio of one day, not annualised.
fn sharpe_daily(daily_returns: &[f64]) -> Option<f64> {
    ratio(mean(daily_returns)?, dispersion(daily_returns)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_without_dispersion() {
        assert_eq!(sharpe(&[]), None);
        assert_eq!(sharpe(&[0.01]), None);
        assert_eq!(sharpe(&[0.01, 0.01, 0.01]), None);
        assert_eq!(probabilistic_sharpe(&[0.01, -0.01, 0.02]), None);
    }
}
