//! The run against buy-and-hold.

use serde::{Deserialize, Serialize};

use super::GrowthMetrics;
use crate::metrics::statistic::{
    alpha_annual, beta, cagr, correlation, information_ratio, ratio, scan_drawdowns, sharpe,
    tracking_error_annual, treynor, volatility_annual,
};
use crate::metrics::{DAY_MS, DailySeries, Inputs};

/// Comparison with the benchmark. Daily statistics use the days for which the benchmark has a price
/// at the end of the day and of the day before. All are `None` without a benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BenchmarkMetrics {
    /// Last ÷ first price of the benchmark − 1, a fraction; both at closes.
    pub buy_and_hold_return: Option<f64>,
    /// Compound annual growth of the benchmark over the rows for which it has a price, see [`cagr`].
    pub benchmark_cagr: Option<f64>,
    /// Of its daily returns, see [`volatility_annual`].
    pub benchmark_volatility_annual: Option<f64>,
    /// Of its daily returns, see [`sharpe`].
    pub benchmark_sharpe: Option<f64>,
    /// Its deepest fall below the highest close before, a fraction at most 0.
    pub benchmark_max_drawdown: Option<f64>,
    /// Total return of the run minus that of the benchmark. `None` where the benchmark has no price
    /// at the first or at the last row: the two would be of different times.
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
        let held = Held::compute(inputs);
        let beta = beta(strategy, benchmark);
        let correlation = correlation(strategy, benchmark);
        Self {
            buy_and_hold_return,
            benchmark_cagr: held.cagr,
            benchmark_volatility_annual: held.volatility_annual,
            benchmark_sharpe: held.sharpe,
            benchmark_max_drawdown: held.max_drawdown,
            excess_return: growth
                .total_return
                .zip(buy_and_hold_return.filter(|_| covers(inputs.benchmark)))
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

/// Whether there is a price at both ends.
fn covers(prices: &[f64]) -> bool {
    [prices.first(), prices.last()].iter().all(|price| price.is_some_and(|price| *price > 0.0))
}

/// The benchmark by itself, as an account that bought it at its first price and held it.
#[derive(Default)]
struct Held {
    cagr: Option<f64>,
    volatility_annual: Option<f64>,
    sharpe: Option<f64>,
    max_drawdown: Option<f64>,
}

impl Held {
    /// Over the rows from its first to its last price; where it has none between, it keeps the one
    /// before.
    fn compute(inputs: &Inputs) -> Self {
        let prices = inputs.benchmark;
        let is_price = |price: &f64| *price > 0.0;
        let ends = (prices.iter().position(is_price), prices.iter().rposition(is_price));
        let (Some(start), Some(end)) = ends else { return Self::default() };
        let mut kept = f64::NAN;
        let marks = prices.get(start..=end).unwrap_or_default().iter().map(|price| {
            kept = if is_price(price) { *price } else { kept };
            kept
        });
        let marks: Vec<f64> = marks.collect();
        let (Some(first), Some(last)) = (marks.first(), marks.last()) else {
            return Self::default();
        };
        let held = Inputs {
            times: inputs.times.get(start..=end).unwrap_or_default(),
            initial_equity: *first,
            equity: &marks,
            ..*inputs
        };
        let daily = DailySeries::sample(&held);
        let days = held.duration_ms() as f64 / DAY_MS as f64;
        let falls = scan_drawdowns(held.times, held.interval_ms, *first, &marks);
        Self {
            cagr: cagr(*first, *last, days),
            volatility_annual: volatility_annual(&daily.returns),
            sharpe: sharpe(&daily.returns),
            max_drawdown: Some(falls.worst.first().map_or(0.0, |fall| fall.depth)),
        }
    }
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
    use crate::metrics::Metrics;
    use crate::portfolio::{CostTotals, GrossExposure};

    #[test]
    fn days_without_a_price_are_left_out() {
        let prices = [f64::NAN, 100.0, 150.0, f64::NAN, 75.0, 150.0];
        let pairs = PairedReturns::of(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], &prices);
        assert_eq!(pairs.strategy, [0.3, 0.6]);
        assert_eq!(pairs.benchmark, [0.5, 1.0]);
        assert_eq!(buy_and_hold_return(&prices), Some(0.5));
        assert_eq!(buy_and_hold_return(&[f64::NAN]), None);
    }

    #[test]
    fn the_benchmark_alone_is_measured_from_its_first_to_its_last_price() {
        let benchmark = [f64::NAN, 100.0, 80.0, f64::NAN, 120.0, f64::NAN];
        let inputs = Inputs {
            times: &[0, DAY_MS, 2 * DAY_MS, 3 * DAY_MS, 4 * DAY_MS, 5 * DAY_MS],
            interval_ms: DAY_MS,
            initial_equity: 50.0,
            equity: &[50.0, 50.0, 50.0, 50.0, 50.0, 60.0],
            traded_rows: 6,
            benchmark: &benchmark,
            trades: &[],
            rows_in_market: 0,
            gross_exposure: GrossExposure::default(),
            traded_notional: 0.0,
            costs: CostTotals::default(),
        };
        let metrics = Metrics::compute(&inputs).benchmark;
        let close = |found: Option<f64>, expected: f64| {
            assert!((found.unwrap() / expected - 1.0).abs() < 1e-12, "{found:?} {expected}");
        };
        // Four days, with the returns 0, -20 %, 0 and 50 %: a mean of 7.5 %, a deviation of √0.0891….
        let deviation =
            ((0.075_f64.powi(2) * 2.0 + 0.275_f64.powi(2) + 0.425_f64.powi(2)) / 3.0).sqrt();
        close(metrics.buy_and_hold_return, 0.2);
        close(metrics.benchmark_cagr, 1.2_f64.powf(365.0 / 4.0) - 1.0);
        close(metrics.benchmark_volatility_annual, deviation * 365.0_f64.sqrt());
        close(metrics.benchmark_sharpe, 0.075 / deviation * 365.0_f64.sqrt());
        close(metrics.benchmark_max_drawdown, -0.2);
        // The run has returned 20 % in six days: of other days than the benchmark.
        assert_eq!(metrics.excess_return, None);
        let covered = [100.0, 100.0, 80.0, f64::NAN, 120.0, 120.0];
        let metrics = Metrics::compute(&Inputs { benchmark: &covered, ..inputs }).benchmark;
        assert!(metrics.excess_return.unwrap().abs() < 1e-12);
        let none = Metrics::compute(&Inputs { benchmark: &[], ..inputs }).benchmark;
        assert_eq!((none.benchmark_cagr, none.benchmark_max_drawdown), (None, None));
    }
}
