//! All statistics of one run.

use serde::{Deserialize, Serialize};

use super::group::{
    ActivityMetrics, BenchmarkMetrics, CostMetrics, DistributionMetrics, DrawdownMetrics,
    GrowthMetrics, HoldingMetrics, PeriodMetrics, RiskAdjustedMetrics, RiskAdjustedSources,
    SpanMetrics, TradeMetrics, WholePeriodMetrics,
};
use super::statistic::{scan_drawdowns, underwater_depths};
use super::{DailySeries, Inputs};

/// All statistics of one run, in groups. In JSON it is one flat object with the fields of all
/// groups; an undefined statistic is `null`.
///
/// ```
/// use ct_core::metrics::{DAY_MS, Inputs, Metrics};
/// use ct_core::portfolio::{CostTotals, GrossExposure};
///
/// let metrics = Metrics::compute(&Inputs {
///     times: &[0, DAY_MS, 2 * DAY_MS],
///     interval_ms: DAY_MS,
///     initial_equity: 100.0,
///     equity: &[110.0, 88.0, 132.0],
///     traded_rows: 3,
///     benchmark: &[],
///     trades: &[],
///     rows_in_market: 3,
///     gross_exposure: GrossExposure { sum: 3.0, max: 1.0, above_one_sum: 0.0 },
///     traded_notional: 100.0,
///     costs: CostTotals::default(),
/// });
/// assert_eq!(metrics.growth.net_profit, Some(32.0));
/// assert_eq!(metrics.activity.exposure, Some(1.0));
/// assert_eq!(metrics.benchmark.beta, None);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// The time that the run covers.
    #[serde(flatten)]
    pub span: SpanMetrics,
    /// How much the account grew.
    #[serde(flatten)]
    pub growth: GrowthMetrics,
    /// Risk, and return per risk.
    #[serde(flatten)]
    pub risk_adjusted: RiskAdjustedMetrics,
    /// Falls of the equity below its peak.
    #[serde(flatten)]
    pub drawdown: DrawdownMetrics,
    /// The shape of daily returns.
    #[serde(flatten)]
    pub distribution: DistributionMetrics,
    /// Days, months and years.
    #[serde(flatten)]
    pub periods: PeriodMetrics,
    /// What the closed trades earned.
    #[serde(flatten)]
    pub trades: TradeMetrics,
    /// How long they were held, and how far the price went meanwhile.
    #[serde(flatten)]
    pub holding: HoldingMetrics,
    /// How much of the time, and how often, the run traded.
    #[serde(flatten)]
    pub activity: ActivityMetrics,
    /// What trading cost.
    #[serde(flatten)]
    pub costs: CostMetrics,
    /// The run against buy-and-hold.
    #[serde(flatten)]
    pub benchmark: BenchmarkMetrics,
    /// What idle time makes of them.
    #[serde(flatten)]
    pub whole_period: WholePeriodMetrics,
}

impl Metrics {
    /// Computes all statistics of a run.
    ///
    /// # Panics
    ///
    /// If the columns of the inputs differ in length, or the interval is not above 0.
    pub fn compute(inputs: &Inputs) -> Self {
        inputs.assert_consistent();
        // What lies idle for good would only dilute what is per day or year.
        let traded = &inputs.traded();
        let daily = DailySeries::sample(traded);
        let underwater = underwater_depths(inputs.initial_equity, &daily.equity);
        let drawdowns =
            scan_drawdowns(traded.times, inputs.interval_ms, inputs.initial_equity, traded.equity);
        let span = SpanMetrics::compute(inputs, &daily);
        let grown = (traded.final_equity(), span.traded_days());
        let growth = GrowthMetrics::compute(inputs, grown, drawdowns.equity_peak);
        let drawdown = DrawdownMetrics::compute(drawdowns, &underwater);
        let periods = PeriodMetrics::compute(inputs.initial_equity, &daily);
        let whole_period =
            inputs.lay_idle().then(|| WholePeriodMetrics::compute(inputs, &drawdown));
        Self {
            risk_adjusted: RiskAdjustedMetrics::compute(RiskAdjustedSources {
                daily: &daily,
                underwater: &underwater,
                growth: &growth,
                drawdown: &drawdown,
                periods: &periods,
            }),
            distribution: DistributionMetrics::compute(&daily.returns),
            trades: TradeMetrics::compute(inputs.trades),
            holding: HoldingMetrics::compute(inputs.trades),
            activity: ActivityMetrics::compute(traded, &daily, &span, &growth),
            costs: CostMetrics::compute(inputs),
            benchmark: BenchmarkMetrics::compute(traded, &daily, &growth),
            whole_period: whole_period.unwrap_or_default(),
            span,
            growth,
            drawdown,
            periods,
        }
    }
}
