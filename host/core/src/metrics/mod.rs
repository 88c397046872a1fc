//! The statistics of one run: the union of what QuantStats, NautilusTrader, LEAN and freqtrade
//! report.
//!
//! Pure functions over plain data: nothing here reads a file or a clock, and the same inputs give
//! the same bits on every platform.
//!
//! - **One basis.** Whatever is annualised comes from daily UTC equity (see [`DailySeries`]) and is
//!   scaled over 365 days. Growth and rates use the elapsed time. The risk-free rate is 0.
//! - **Signs.** Losses, drawdowns, adverse excursions and values at risk are negative; costs paid
//!   are positive. Fractions are plain: 0.05 is 5 %.
//! - **Undefined is `None`**, and null in JSON: no profit factor without a loss, no Sharpe ratio
//!   without variation. Never 0, infinity or NaN.
//! - **Definitions** are QuantStats' where it has one, so that a result can be checked there with
//!   `periods=365`; each function names its source and says where it departs.
//!
//! Left out: QuantStats' risk of ruin, which puts the win rate where the formula wants the edge,
//! and the number of days where it wants units of capital. An honest estimate needs resampled
//! trades.

mod catalog;
mod daily;
mod group;
mod inputs;
mod run_metrics;
pub mod statistic;
#[cfg(test)]
mod tests;

pub use catalog::{MetricGroup, MetricRow, MetricValue, rows};
pub use daily::{DAY_MS, DailySeries, DayEnds, simple_returns};
pub use group::{
    ActivityMetrics, BenchmarkMetrics, CostMetrics, DistributionMetrics, DrawdownMetrics,
    GrowthMetrics, HoldingMetrics, PeriodMetrics, RiskAdjustedMetrics, RiskAdjustedSources,
    SpanMetrics, TradeMetrics, WholePeriodMetrics,
};
pub use inputs::{Inputs, Outcome};
pub use run_metrics::Metrics;
