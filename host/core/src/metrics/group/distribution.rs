//! The shape of daily returns, and their extremes.

use serde::{Deserialize, Serialize};

use crate::metrics::statistic::{
    Confidence, common_sense_ratio, conditional_value_at_risk_historical,
    conditional_value_at_risk_parametric, excess_kurtosis, omega, outlier_loss_ratio,
    outlier_win_ratio, skewness, sorted, tail_ratio, value_at_risk_historical,
    value_at_risk_parametric,
};

/// Distribution of daily returns. Values at risk are returns: negative for a loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DistributionMetrics {
    /// See [`value_at_risk_historical`].
    pub value_at_risk_95_historical: Option<f64>,
    /// See [`value_at_risk_historical`].
    pub value_at_risk_99_historical: Option<f64>,
    /// See [`value_at_risk_parametric`].
    pub value_at_risk_95_parametric: Option<f64>,
    /// See [`value_at_risk_parametric`].
    pub value_at_risk_99_parametric: Option<f64>,
    /// See [`conditional_value_at_risk_historical`].
    pub conditional_value_at_risk_95_historical: Option<f64>,
    /// See [`conditional_value_at_risk_parametric`].
    pub conditional_value_at_risk_95_parametric: Option<f64>,
    /// See [`skewness`].
    pub skewness: Option<f64>,
    /// See [`excess_kurtosis`].
    pub excess_kurtosis: Option<f64>,
    /// See [`tail_ratio`].
    pub tail_ratio: Option<f64>,
    /// See [`common_sense_ratio`].
    pub common_sense_ratio: Option<f64>,
    /// See [`outlier_win_ratio`].
    pub outlier_win_ratio: Option<f64>,
    /// See [`outlier_loss_ratio`].
    pub outlier_loss_ratio: Option<f64>,
}

impl DistributionMetrics {
    /// Computes the group from daily returns.
    pub fn compute(returns: &[f64]) -> Self {
        let sorted = sorted(returns);
        let tail_ratio = tail_ratio(&sorted);
        let (ninety_five, ninety_nine) = (Confidence::Percent95, Confidence::Percent99);
        Self {
            value_at_risk_95_historical: value_at_risk_historical(&sorted, ninety_five),
            value_at_risk_99_historical: value_at_risk_historical(&sorted, ninety_nine),
            value_at_risk_95_parametric: value_at_risk_parametric(returns, ninety_five),
            value_at_risk_99_parametric: value_at_risk_parametric(returns, ninety_nine),
            conditional_value_at_risk_95_historical: conditional_value_at_risk_historical(
                &sorted,
                ninety_five,
            ),
            conditional_value_at_risk_95_parametric: conditional_value_at_risk_parametric(
                returns,
                ninety_five,
            ),
            skewness: skewness(returns),
            excess_kurtosis: excess_kurtosis(returns),
            tail_ratio,
            common_sense_ratio: omega(returns)
                .zip(tail_ratio)
                .map(|(omega, tails)| common_sense_ratio(omega, tails)),
            outlier_win_ratio: outlier_win_ratio(&sorted),
            outlier_loss_ratio: outlier_loss_ratio(&sorted),
        }
    }
}
