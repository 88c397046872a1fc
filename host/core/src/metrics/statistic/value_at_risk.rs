//! Value at risk and expected shortfall of one day, from the sample itself and from a normal
//! distribution.
//!
//! All are returns: negative for a loss.

use super::moments::{mean, sample_deviation};
use super::quantile::percentile;

/// Share of days on which the loss should stay within the value at risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// 95 %: the worst day in twenty.
    Percent95,
    /// 99 %: the worst day in a hundred.
    Percent99,
}

impl Confidence {
    /// Size of the tail, in percent.
    fn tail_percent(self) -> usize {
        match self {
            Self::Percent95 => 5,
            Self::Percent99 => 1,
        }
    }

    /// Quantile of the standard normal distribution at the tail, `Φ⁻¹(tail)`.
    fn normal_quantile(self) -> f64 {
        match self {
            Self::Percent95 => -1.644_853_626_951_472_7,
            Self::Percent99 => -2.326_347_874_040_841,
        }
    }

    /// Mean depth of the tail of the standard normal distribution, `φ(Φ⁻¹(tail)) ÷ tail`.
    fn normal_tail_mean(self) -> f64 {
        match self {
            Self::Percent95 => 2.062_712_807_507_426,
            Self::Percent99 => 2.665_214_220_345_808,
        }
    }
}

/// Historical value at risk: the 5th (or 1st) percentile of daily returns, sorted in ascending
/// order. As empyrical's `value_at_risk`. `None` without returns.
pub fn value_at_risk_historical(sorted_returns: &[f64], confidence: Confidence) -> Option<f64> {
    percentile(sorted_returns, confidence.tail_percent())
}

/// Parametric value at risk: the 5th (or 1st) percentile of a normal distribution with the mean and
/// sample deviation of the daily returns. As QuantStats' `value_at_risk`. `None` for fewer than two
/// returns.
pub fn value_at_risk_parametric(daily_returns: &[f64], confidence: Confidence) -> Option<f64> {
    let deviation = sample_deviation(daily_returns)?;
    Some(mean(daily_returns)? + deviation * confidence.normal_quantile())
}

/// Historical expected shortfall: the mean of the daily returns (sorted in ascending order) that
/// are at most the historical value at risk. As QuantStats' `cvar(method="historical")`. `None`
/// without returns.
pub fn conditional_value_at_risk_historical(
    sorted_returns: &[f64],
    confidence: Confidence,
) -> Option<f64> {
    let threshold = value_at_risk_historical(sorted_returns, confidence)?;
    let tail = sorted_returns.partition_point(|value| *value <= threshold);
    mean(sorted_returns.get(..tail)?)
}

/// Parametric expected shortfall: the mean of the tail of a normal distribution with the mean and
/// sample deviation of the values, `mean − deviation × φ(Φ⁻¹(tail)) ÷ tail`. As QuantStats' `cvar`.
/// `None` for fewer than two values.
pub fn conditional_value_at_risk_parametric(values: &[f64], confidence: Confidence) -> Option<f64> {
    Some(mean(values)? - sample_deviation(values)? * confidence.normal_tail_mean())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_samples() {
        let level = Confidence::Percent95;
        assert_eq!(value_at_risk_historical(&[], level), None);
        assert_eq!(conditional_value_at_risk_historical(&[], level), None);
        assert_eq!(conditional_value_at_risk_historical(&[-0.5], level), Some(-0.5));
        assert_eq!(value_at_risk_parametric(&[0.1], level), None);
        assert_eq!(conditional_value_at_risk_parametric(&[0.1], level), None);
    }
}
