//! One statistic, or one tight family, per file: pure functions over slices.
//!
//! Ratios use a risk-free rate of 0. Whatever is annualised is annualised over 365 days. An
//! undefined statistic is `None`, never 0, infinity or NaN.

mod active_return;
mod annual;
mod calmar;
mod drawdown;
mod excursion;
mod expectancy;
mod gain_to_pain;
mod growth;
mod holding;
mod moments;
mod normal;
mod omega;
mod period_returns;
mod quantile;
mod ratio;
mod recovery_factor;
mod regression;
mod serenity;
mod sharpe;
mod sortino;
mod streaks;
mod system_quality;
mod tail;
mod treynor;
mod turnover;
mod ulcer;
mod underwater;
mod value_at_risk;
mod volatility;
mod win_loss;

pub use active_return::{information_ratio, tracking_error_annual};
pub use annual::{DAYS_PER_YEAR, annualise};
pub use calmar::calmar;
pub use drawdown::{Drawdown, DrawdownScan, WORST_DRAWDOWNS, scan_drawdowns};
pub use excursion::{ExcursionSummary, summarise_excursions};
pub use expectancy::{expectancy_ratio, kelly_fraction};
pub use gain_to_pain::gain_to_pain;
pub use growth::{cagr, total_return};
pub use holding::{HoldingSummary, average_holding_ms, summarise_holding};
pub use moments::{dispersion, excess_kurtosis, mean, sample_deviation, skewness};
pub use normal::normal_cdf;
pub use omega::omega;
pub use period_returns::{MonthReturn, YearReturn, monthly_returns, yearly_returns};
pub use quantile::{middle_pair, percentile, sorted};
pub use ratio::ratio;
pub use recovery_factor::recovery_factor;
pub use regression::{alpha_annual, beta, correlation};
pub use serenity::serenity_index;
pub use sharpe::{probabilistic_sharpe, sharpe};
pub use sortino::sortino;
pub use streaks::longest_streak;
pub use system_quality::system_quality_number;
pub use tail::{common_sense_ratio, outlier_loss_ratio, outlier_win_ratio, tail_ratio};
pub use treynor::treynor;
pub use turnover::{turnover, turnover_annual};
pub use ulcer::{ulcer_index, ulcer_performance_index};
pub use underwater::{Underwater, underwater_depths};
pub use value_at_risk::{
    Confidence, conditional_value_at_risk_historical, conditional_value_at_risk_parametric,
    value_at_risk_historical, value_at_risk_parametric,
};
pub use volatility::{downside_deviation, downside_deviation_annual, volatility_annual};
pub use win_loss::WinLoss;
