//! The run against buy-and-hold.

use serde::{Deserialize, Serialize};

use super::GrowthMetrics;
use crate::metrics::statistic::{
    alpha_annual, beta, correlation, information_ratio, ratio, tracking_error_annual, treynor,
};
use crate::metrics::{DailySeries, Inputs};

/// Comparison with the benchmark. Daily statistics use the days for which the benchmark has a price
/// at the end of the day and of the day before. All are `None` without a benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BenchmarkMetrics {
    /// Last ÷ first price of the benchmark − 1, a fraction; both at closes.
    pub buy_and_hold_return: Option<f64>,
    /// Total return of the run minus that of the benchmark.
    pub excess_return: Option<f64>,
    /// See [`alpha_annual`].
    pub alpha_annual: Option<f64>,
    /// See [`beta`].
    pub beta: Option<f64>,
    /// See [`correlation`].
    pub correlation: Option<f64>,
    /// Square of the correlation: the share of variance that the benchmark explains, 0 to 1.
    pub r_squared: Option<f64>,
    /// See [`information_ratio`].
    pub information_ratio: Option<f64>,
    /// See [`tracking_error_annual`].
    pub tracking_error_annual: Option<f64>,
    /// See [`treynor`].
    pub treynor: Option<f64>,
}

impl BenchmarkMetrics {
    /// Computes the group.
    pub fn compute(inputs: &Inputs, daily: &DailySeries, growth: &GrowthMetrics) -> Self {
        let prices = daily.days.sample(inputs.benchmark);
        let pairs = PairedReturns::of(&daily.returns, &prices);
        let (strategy, benchmark) = (pairs.strategy.as_slice(), pairs.benchmark.as_slice());
        let active = pairs.active();
        let buy_and_hold_return = buy_and_hold_return(inputs.benchmark);
        let beta = beta(strategy, benchmark);
        let correlation = correlation(strategy, benchmark);
        Self {
            buy_and_hold_return,
            excess_return: growth
                .total_return
                .zip(buy_and_hold_return)
                .map(|(own, held)| own - held),
            alpha_annual: alpha_annual(strategy, benchmark),
            beta,
            correlation,
            r_squared: correlation.map(|correlation| correlation * correlation),
            information_ratio: information_ratio(&active),
            tracking_error_annual: tracking_error_annual(&active),
            treynor: growth.cagr.zip(beta).and_then(|(cagr, beta)| treynor(cagr, beta)),
        }
    }
}

/// Return from the first to the last price.
fn buy_and_hold_return(prices: &[f64]) -> Option<f64> {
    let first = prices.iter().find(|price| **price > 0.0)?;
    let last = prices.iter().rfind(|price| **price > 0.0)?;
    Some(ratio(*last, *first)? - 1.0)
}

/// Daily returns of both sides on the days for which both have one.
struct PairedReturns {
    strategy: Vec<f64>,
    benchmark: Vec<f64>,
}

impl PairedReturns {
    /// Pairs the daily returns of a run with those of daily prices. The first day is never among
    /// them, because the benchmark has no price before it.
    fn of(returns: &[f64], prices: &[f64]) -> Self {
        let (strategy, benchmark) = returns
            .iter()
            .skip(1)
            .zip(prices.array_windows())
            .filter(|(_, prices)| prices.iter().all(|price| *price > 0.0))
            .filter_map(|(own, [before, after])| Some((*own, ratio(*after, *before)? - 1.0)))
            .unzip();
        Self { strategy, benchmark }
    }

    fn active(&self) -> Vec<f64> {
        self.strategy.iter().zip(&self.benchmark).map(|(own, held)| own - held).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_without_a_price_are_left_out() {
        let prices = [f64::NAN, 100.0, 150.0, f64::NAN, 75.0, 150.0];
        let pairs = PairedReturns::of(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], &prices);
        assert_eq!(pairs.strategy, [0.3, 0.6]);
        assert_eq!(pairs.benchmark, [0.5, 1.0]);
        assert_eq!(buy_and_hold_return(&prices), Some(0.5));
        assert_eq!(buy_and_hold_return(&[f64::NAN]), None);
    }
}
