//! Return per risk.

use serde::{Deserialize, Serialize};

use super::{DrawdownMetrics, GrowthMetrics, PeriodMetrics};
use crate::metrics::DailySeries;
use crate::metrics::statistic::{
    calmar, downside_deviation_annual, gain_to_pain, omega, probabilistic_sharpe, recovery_factor,
    serenity_index, sharpe, sortino, ulcer_performance_index, volatility_annual,
};

/// Risk of daily returns, and return per risk. Each field is the function of the same name, where
/// its formula is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RiskAdjustedMetrics {
    /// See [`volatility_annual`].
    pub volatility_annual: Option<f64>,
    /// See [`downside_deviation_annual`].
    pub downside_deviation_annual: Option<f64>,
    /// See [`sharpe`].
    pub sharpe: Option<f64>,
    /// See [`probabilistic_sharpe`].
    pub probabilistic_sharpe: Option<f64>,
    /// See [`sortino`].
    pub sortino: Option<f64>,
    /// Sortino ratio ÷ √2, to compare with Sharpe ratios (Rollinger and Hoffman 2013).
    pub sortino_adjusted: Option<f64>,
    /// See [`calmar`].
    pub calmar: Option<f64>,
    /// See [`omega`].
    pub omega: Option<f64>,
    /// Of daily returns, see [`gain_to_pain`].
    pub gain_to_pain: Option<f64>,
    /// Of monthly returns, see [`gain_to_pain`].
    pub gain_to_pain_monthly: Option<f64>,
    /// See [`ulcer_performance_index`].
    pub ulcer_performance_index: Option<f64>,
    /// See [`serenity_index`].
    pub serenity_index: Option<f64>,
    /// See [`recovery_factor`].
    pub recovery_factor: Option<f64>,
}

/// What the ratios of this group are made of.
#[derive(Debug, Clone, Copy)]
pub struct RiskAdjustedSources<'a> {
    /// Daily returns.
    pub daily: &'a DailySeries,
    /// Daily depths below the peak.
    pub underwater: &'a [f64],
    /// Growth of the account.
    pub growth: &'a GrowthMetrics,
    /// Drawdowns of the account.
    pub drawdown: &'a DrawdownMetrics,
    /// Monthly returns.
    pub periods: &'a PeriodMetrics,
}

impl RiskAdjustedMetrics {
    /// Computes the group.
    pub fn compute(sources: RiskAdjustedSources) -> Self {
        let RiskAdjustedSources { daily, underwater, growth, drawdown, periods } = sources;
        let returns = daily.returns.as_slice();
        let months: Vec<f64> =
            periods.monthly_returns.iter().map(|month| month.simple_return).collect();
        let per_drawdown =
            |of: fn(f64, f64) -> Option<f64>, gain: Option<f64>| of(gain?, drawdown.max_drawdown?);
        let sortino = sortino(returns);
        Self {
            volatility_annual: volatility_annual(returns),
            downside_deviation_annual: downside_deviation_annual(returns),
            sharpe: sharpe(returns),
            probabilistic_sharpe: probabilistic_sharpe(returns),
            sortino,
            sortino_adjusted: sortino.map(|ratio| ratio * std::f64::consts::FRAC_1_SQRT_2),
            calmar: per_drawdown(calmar, growth.cagr),
            omega: omega(returns),
            gain_to_pain: gain_to_pain(returns),
            gain_to_pain_monthly: gain_to_pain(&months),
            ulcer_performance_index: growth
                .total_return
                .zip(drawdown.ulcer_index)
                .and_then(|(gain, ulcer)| ulcer_performance_index(gain, ulcer)),
            serenity_index: serenity_index(returns, underwater),
            recovery_factor: per_drawdown(recovery_factor, growth.total_return),
        }
    }
}
