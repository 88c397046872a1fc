//! What idle time makes of figures per year, and of the comparison with holding.

use serde::{Deserialize, Serialize};

use super::{BenchmarkMetrics, DrawdownMetrics, GrowthMetrics, SpanMetrics};
use crate::metrics::statistic::{cagr, calmar, ratio, sharpe, sortino, volatility_annual};
use crate::metrics::{DailySeries, Inputs};

/// The same statistics over the whole period, in which the account lay idle after it was closed for
/// good. All are `None` where it could trade to the end: there is only one of each then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct WholePeriodMetrics {
    /// See [`cagr`].
    pub cagr_whole_period: Option<f64>,
    /// See [`volatility_annual`].
    pub volatility_annual_whole_period: Option<f64>,
    /// See [`sharpe`].
    pub sharpe_whole_period: Option<f64>,
    /// See [`sortino`].
    pub sortino_whole_period: Option<f64>,
    /// See [`calmar`].
    pub calmar_whole_period: Option<f64>,
    /// Rows at whose close a position was held ÷ all rows.
    pub exposure_whole_period: Option<f64>,
    /// Last ÷ first price of the benchmark − 1.
    pub buy_and_hold_return_whole_period: Option<f64>,
    /// Total return of the run minus that of the benchmark.
    pub excess_return_whole_period: Option<f64>,
}

impl WholePeriodMetrics {
    /// Computes the group of a run that lay idle at its end.
    pub fn compute(inputs: &Inputs, drawdown: &DrawdownMetrics) -> Self {
        let daily = DailySeries::sample(inputs);
        let span = SpanMetrics::compute(inputs, &daily);
        let (first, last) = (inputs.initial_equity, inputs.final_equity());
        let growth = GrowthMetrics::compute(inputs, (last, span.elapsed_days()), f64::NAN);
        let benchmark = BenchmarkMetrics::compute(inputs, &daily, &growth);
        let cagr = cagr(first, last, span.elapsed_days());
        Self {
            cagr_whole_period: cagr,
            volatility_annual_whole_period: volatility_annual(&daily.returns),
            sharpe_whole_period: sharpe(&daily.returns),
            sortino_whole_period: sortino(&daily.returns),
            // Nothing is lost in idle time.
            calmar_whole_period: cagr
                .zip(drawdown.max_drawdown)
                .and_then(|(cagr, depth)| calmar(cagr, depth)),
            exposure_whole_period: ratio(inputs.rows_in_market as f64, span.rows as f64),
            buy_and_hold_return_whole_period: benchmark.buy_and_hold_return,
            excess_return_whole_period: benchmark.excess_return,
        }
    }
}
