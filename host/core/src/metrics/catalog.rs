//! What each metric is called and what its unit is: the one list that every readable report is made
//! from.

use super::group::{
    ActivityMetrics, BenchmarkMetrics, CostMetrics, DistributionMetrics, DrawdownMetrics,
    GrowthMetrics, HoldingMetrics, PeriodMetrics, RiskAdjustedMetrics, SpanMetrics, TradeMetrics,
    WholePeriodMetrics,
};
use super::run_metrics::Metrics;
use MetricValue::{Bars, Bps, Count, Days, DurationMs, Number, Percent, Quote, Time};

/// One metric, ready to be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MetricRow {
    /// The heading it stands under.
    pub group: MetricGroup,
    /// Name of the field in JSON.
    pub key: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Value and unit.
    pub value: MetricValue,
}

/// Headings, in the order of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricGroup {
    /// The time that the run covers.
    Span,
    /// How much the account grew.
    Growth,
    /// Risk, and return per risk.
    RiskAdjusted,
    /// Falls of the equity below its peak.
    Drawdown,
    /// The shape of daily returns.
    Distribution,
    /// Days, months and years.
    Periods,
    /// What the closed trades earned.
    Trades,
    /// How long they were held, and how far the price went meanwhile.
    Holding,
    /// How much of the time, and how often, the run traded.
    Activity,
    /// What trading cost.
    Costs,
    /// The run against buy-and-hold.
    Benchmark,
    /// What idle time makes of figures per year.
    WholePeriod,
}

impl MetricGroup {
    /// Heading for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Span => "Period",
            Self::Growth => "Return",
            Self::RiskAdjusted => "Risk and risk-adjusted return",
            Self::Drawdown => "Drawdown",
            Self::Distribution => "Daily return distribution",
            Self::Periods => "Days, months and years",
            Self::Trades => "Trades",
            Self::Holding => "Holding time and excursions",
            Self::Activity => "Exposure and turnover",
            Self::Costs => "Costs",
            Self::Benchmark => "Against buy and hold",
            Self::WholePeriod => "Over the whole period, idle time included",
        }
    }
}

/// A value with its unit. `None` is undefined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MetricValue {
    /// A fraction, to be shown in percent.
    Percent(Option<f64>),
    /// A plain number, such as a ratio.
    Number(Option<f64>),
    /// An amount of the quote asset.
    Quote(Option<f64>),
    /// Basis points: hundredths of a percent.
    Bps(Option<f64>),
    /// A number of days, with a fraction.
    Days(Option<f64>),
    /// A number of rows, with a fraction.
    Bars(Option<f64>),
    /// A duration in milliseconds.
    DurationMs(Option<i64>),
    /// An instant in UTC milliseconds.
    Time(Option<i64>),
    /// A whole number of things.
    Count(Option<u64>),
}

/// Every metric that is a single value, in the order of a report. The lists (drawdowns, monthly and
/// yearly returns) are read from [`Metrics`] itself.
pub fn rows(metrics: &Metrics) -> Vec<MetricRow> {
    let mut rows = span(&metrics.span);
    rows.extend(growth(&metrics.growth));
    rows.extend(risk_adjusted(&metrics.risk_adjusted));
    rows.extend(drawdown(&metrics.drawdown));
    rows.extend(distribution(&metrics.distribution));
    rows.extend(periods(&metrics.periods));
    rows.extend(trades(&metrics.trades));
    rows.extend(holding(&metrics.holding));
    rows.extend(activity(&metrics.activity));
    rows.extend(costs(&metrics.costs));
    rows.extend(benchmark(&metrics.benchmark));
    rows.extend(whole_period(&metrics.whole_period));
    rows
}

/// Key, name and value of one metric.
type Entry = (&'static str, &'static str, MetricValue);

fn in_group(group: MetricGroup, entries: impl IntoIterator<Item = Entry>) -> Vec<MetricRow> {
    entries.into_iter().map(|(key, name, value)| MetricRow { group, key, name, value }).collect()
}

fn span(of: &SpanMetrics) -> Vec<MetricRow> {
    let entries = [
        ("start_time", "Start", Time(of.start_time)),
        ("end_time", "End", Time(of.end_time)),
        ("traded_until", "Traded until", Time(of.traded_until)),
        ("duration_ms", "Duration", DurationMs(Some(of.duration_ms))),
        ("traded_ms", "Time traded", DurationMs(of.traded_ms)),
        ("rows", "Bars", Count(Some(of.rows))),
        ("days", "Days (UTC)", Count(Some(of.days))),
    ];
    in_group(MetricGroup::Span, entries)
}

fn growth(of: &GrowthMetrics) -> Vec<MetricRow> {
    let entries = [
        ("equity_initial", "Initial equity", Quote(of.equity_initial)),
        ("equity_final", "Final equity", Quote(of.equity_final)),
        ("equity_peak", "Peak equity", Quote(of.equity_peak)),
        ("net_profit", "Net profit", Quote(of.net_profit)),
        ("total_return", "Total return", Percent(of.total_return)),
        ("cagr", "CAGR", Percent(of.cagr)),
    ];
    in_group(MetricGroup::Growth, entries)
}

fn risk_adjusted(of: &RiskAdjustedMetrics) -> Vec<MetricRow> {
    let entries = [
        ("volatility_annual", "Volatility (annual)", Percent(of.volatility_annual)),
        (
            "downside_deviation_annual",
            "Downside deviation (annual)",
            Percent(of.downside_deviation_annual),
        ),
        ("sharpe", "Sharpe ratio", Number(of.sharpe)),
        ("probabilistic_sharpe", "Probability that Sharpe > 0", Percent(of.probabilistic_sharpe)),
        ("sortino", "Sortino ratio", Number(of.sortino)),
        ("sortino_adjusted", "Sortino ratio / √2", Number(of.sortino_adjusted)),
        ("calmar", "Calmar ratio", Number(of.calmar)),
        ("omega", "Omega ratio", Number(of.omega)),
        ("gain_to_pain", "Gain to pain (daily)", Number(of.gain_to_pain)),
        ("gain_to_pain_monthly", "Gain to pain (monthly)", Number(of.gain_to_pain_monthly)),
        ("ulcer_performance_index", "Ulcer performance index", Number(of.ulcer_performance_index)),
        ("serenity_index", "Serenity index", Number(of.serenity_index)),
        ("recovery_factor", "Recovery factor", Number(of.recovery_factor)),
    ];
    in_group(MetricGroup::RiskAdjusted, entries)
}

fn drawdown(of: &DrawdownMetrics) -> Vec<MetricRow> {
    let entries = [
        ("max_drawdown", "Maximum drawdown", Percent(of.max_drawdown)),
        ("max_drawdown_peak_time", "Maximum drawdown: peak", Time(of.max_drawdown_peak_time)),
        ("max_drawdown_trough_time", "Maximum drawdown: trough", Time(of.max_drawdown_trough_time)),
        (
            "max_drawdown_recovery_time",
            "Maximum drawdown: recovery",
            Time(of.max_drawdown_recovery_time),
        ),
        (
            "max_drawdown_duration_ms",
            "Maximum drawdown: duration",
            DurationMs(of.max_drawdown_duration_ms),
        ),
        ("time_to_recovery_ms", "Trough to recovery", DurationMs(of.time_to_recovery_ms)),
        ("longest_drawdown_ms", "Longest drawdown", DurationMs(of.longest_drawdown_ms)),
        ("average_drawdown", "Average drawdown (daily)", Percent(of.average_drawdown)),
        ("average_drawdown_days", "Average drawdown length", Days(of.average_drawdown_days)),
        ("ulcer_index", "Ulcer index", Percent(of.ulcer_index)),
    ];
    in_group(MetricGroup::Drawdown, entries)
}

fn distribution(of: &DistributionMetrics) -> Vec<MetricRow> {
    let entries = [
        (
            "value_at_risk_95_historical",
            "Value at risk 95 % (historical)",
            Percent(of.value_at_risk_95_historical),
        ),
        (
            "value_at_risk_99_historical",
            "Value at risk 99 % (historical)",
            Percent(of.value_at_risk_99_historical),
        ),
        (
            "value_at_risk_95_parametric",
            "Value at risk 95 % (normal)",
            Percent(of.value_at_risk_95_parametric),
        ),
        (
            "value_at_risk_99_parametric",
            "Value at risk 99 % (normal)",
            Percent(of.value_at_risk_99_parametric),
        ),
        (
            "conditional_value_at_risk_95_historical",
            "Expected shortfall 95 % (historical)",
            Percent(of.conditional_value_at_risk_95_historical),
        ),
        (
            "conditional_value_at_risk_95_parametric",
            "Expected shortfall 95 % (normal)",
            Percent(of.conditional_value_at_risk_95_parametric),
        ),
        ("skewness", "Skewness", Number(of.skewness)),
        ("excess_kurtosis", "Excess kurtosis", Number(of.excess_kurtosis)),
        ("tail_ratio", "Tail ratio", Number(of.tail_ratio)),
        ("common_sense_ratio", "Common sense ratio", Number(of.common_sense_ratio)),
        ("outlier_win_ratio", "Outlier win ratio", Number(of.outlier_win_ratio)),
        ("outlier_loss_ratio", "Outlier loss ratio", Number(of.outlier_loss_ratio)),
    ];
    in_group(MetricGroup::Distribution, entries)
}

fn periods(of: &PeriodMetrics) -> Vec<MetricRow> {
    let entries = [
        ("best_day", "Best day", Percent(of.best_day)),
        ("worst_day", "Worst day", Percent(of.worst_day)),
        ("average_day", "Average day", Percent(of.average_day)),
        ("positive_days_share", "Positive days", Percent(of.positive_days_share)),
        ("best_month", "Best month", Percent(of.best_month)),
        ("worst_month", "Worst month", Percent(of.worst_month)),
        ("average_month", "Average month", Percent(of.average_month)),
        ("positive_months_share", "Positive months", Percent(of.positive_months_share)),
        ("average_up_month", "Average up month", Percent(of.average_up_month)),
        ("average_down_month", "Average down month", Percent(of.average_down_month)),
        ("best_year", "Best year", Percent(of.best_year)),
        ("worst_year", "Worst year", Percent(of.worst_year)),
        ("average_year", "Average year", Percent(of.average_year)),
        ("positive_years_share", "Positive years", Percent(of.positive_years_share)),
    ];
    in_group(MetricGroup::Periods, entries)
}

fn trades(of: &TradeMetrics) -> Vec<MetricRow> {
    let entries = [
        ("trades", "Closed trades", Count(Some(of.trades))),
        ("long_trades", "Long trades", Count(Some(of.long_trades))),
        ("short_trades", "Short trades", Count(Some(of.short_trades))),
        ("winning_trades", "Winning trades", Count(Some(of.winning_trades))),
        ("losing_trades", "Losing trades", Count(Some(of.losing_trades))),
        ("win_rate", "Win rate", Percent(of.win_rate)),
        ("win_rate_long", "Win rate, long", Percent(of.win_rate_long)),
        ("win_rate_short", "Win rate, short", Percent(of.win_rate_short)),
        ("total_profit", "Sum of wins", Quote(Some(of.total_profit))),
        ("total_loss", "Sum of losses", Quote(Some(of.total_loss))),
        ("net_profit_long", "Net profit, long", Quote(Some(of.net_profit_long))),
        ("net_profit_short", "Net profit, short", Quote(Some(of.net_profit_short))),
        ("profit_factor", "Profit factor", Number(of.profit_factor)),
        ("payoff_ratio", "Payoff ratio", Number(of.payoff_ratio)),
        ("expectancy", "Expectancy per trade", Quote(of.expectancy)),
        ("expectancy_ratio", "Expectancy per unit of risk", Number(of.expectancy_ratio)),
        ("average_trade_return", "Average trade", Percent(of.average_trade_return)),
        ("best_trade_return", "Best trade", Percent(of.best_trade_return)),
        ("worst_trade_return", "Worst trade", Percent(of.worst_trade_return)),
        ("average_win", "Average win", Quote(of.average_win)),
        ("average_loss", "Average loss", Quote(of.average_loss)),
        ("largest_win", "Largest win", Quote(of.largest_win)),
        ("largest_loss", "Largest loss", Quote(of.largest_loss)),
        ("max_consecutive_wins", "Most wins in a row", Count(Some(of.max_consecutive_wins))),
        ("max_consecutive_losses", "Most losses in a row", Count(Some(of.max_consecutive_losses))),
        ("system_quality_number", "System quality number", Number(of.system_quality_number)),
        ("kelly_fraction", "Kelly fraction", Percent(of.kelly_fraction)),
    ];
    in_group(MetricGroup::Trades, entries)
}

fn holding(of: &HoldingMetrics) -> Vec<MetricRow> {
    let entries = [
        ("average_holding_ms", "Average holding time", DurationMs(of.average_holding_ms)),
        ("median_holding_ms", "Median holding time", DurationMs(of.median_holding_ms)),
        ("max_holding_ms", "Longest holding time", DurationMs(of.max_holding_ms)),
        (
            "average_holding_winners_ms",
            "Average holding time, winners",
            DurationMs(of.average_holding_winners_ms),
        ),
        (
            "average_holding_losers_ms",
            "Average holding time, losers",
            DurationMs(of.average_holding_losers_ms),
        ),
        ("average_holding_bars", "Average bars held", Bars(of.average_holding_bars)),
        ("median_holding_bars", "Median bars held", Bars(of.median_holding_bars)),
        ("max_holding_bars", "Most bars held", Count(of.max_holding_bars)),
        ("average_mae", "Average adverse excursion", Percent(of.average_mae)),
        ("worst_mae", "Worst adverse excursion", Percent(of.worst_mae)),
        ("average_mfe", "Average favourable excursion", Percent(of.average_mfe)),
        ("best_mfe", "Best favourable excursion", Percent(of.best_mfe)),
    ];
    in_group(MetricGroup::Holding, entries)
}

fn activity(of: &ActivityMetrics) -> Vec<MetricRow> {
    let entries = [
        ("exposure", "Time in market", Percent(of.exposure)),
        ("gross_exposure_average", "Average gross exposure", Percent(of.gross_exposure_average)),
        ("gross_exposure_max", "Largest gross exposure", Percent(of.gross_exposure_max)),
        ("idle_capital_average", "Average idle capital", Percent(of.idle_capital_average)),
        ("exposure_adjusted_cagr", "CAGR per time in market", Percent(of.exposure_adjusted_cagr)),
        ("traded_notional", "Traded notional", Quote(Some(of.traded_notional))),
        ("turnover", "Turnover", Number(of.turnover)),
        ("turnover_annual", "Turnover per year", Number(of.turnover_annual)),
        ("trades_per_day", "Trades per day", Number(of.trades_per_day)),
    ];
    in_group(MetricGroup::Activity, entries)
}

fn costs(of: &CostMetrics) -> Vec<MetricRow> {
    let entries = [
        ("fees_paid", "Fees", Quote(Some(of.fees_paid))),
        ("spread_paid", "Spread", Quote(Some(of.spread_paid))),
        ("slippage_paid", "Slippage", Quote(Some(of.slippage_paid))),
        ("impact_paid", "Market impact", Quote(Some(of.impact_paid))),
        ("funding_paid", "Funding", Quote(Some(of.funding_paid))),
        ("borrow_paid", "Interest", Quote(Some(of.borrow_paid))),
        ("liquidation_paid", "Liquidation", Quote(Some(of.liquidation_paid))),
        ("costs_total", "Total costs", Quote(Some(of.costs_total))),
        ("gross_pnl", "Trade profit before costs", Quote(Some(of.gross_pnl))),
        (
            "costs_share_of_gross_pnl",
            "Costs per profit before costs",
            Percent(of.costs_share_of_gross_pnl),
        ),
        ("average_cost_bps", "Costs per traded notional", Bps(of.average_cost_bps)),
    ];
    in_group(MetricGroup::Costs, entries)
}

fn benchmark(of: &BenchmarkMetrics) -> Vec<MetricRow> {
    let entries = [
        ("buy_and_hold_return", "Buy and hold return", Percent(of.buy_and_hold_return)),
        ("benchmark_cagr", "Buy and hold CAGR", Percent(of.benchmark_cagr)),
        (
            "benchmark_volatility_annual",
            "Buy and hold volatility (annual)",
            Percent(of.benchmark_volatility_annual),
        ),
        ("benchmark_sharpe", "Buy and hold Sharpe ratio", Number(of.benchmark_sharpe)),
        (
            "benchmark_max_drawdown",
            "Buy and hold maximum drawdown",
            Percent(of.benchmark_max_drawdown),
        ),
        ("excess_return", "Excess return", Percent(of.excess_return)),
        ("alpha_annual", "Alpha (annual)", Percent(of.alpha_annual)),
        ("beta", "Beta", Number(of.beta)),
        ("correlation", "Correlation", Number(of.correlation)),
        ("r_squared", "R²", Number(of.r_squared)),
        ("information_ratio", "Information ratio", Number(of.information_ratio)),
        ("tracking_error_annual", "Tracking error (annual)", Percent(of.tracking_error_annual)),
        ("treynor", "Treynor ratio", Number(of.treynor)),
    ];
    in_group(MetricGroup::Benchmark, entries)
}

fn whole_period(of: &WholePeriodMetrics) -> Vec<MetricRow> {
    let entries = [
        ("cagr_whole_period", "CAGR, idle time included", Percent(of.cagr_whole_period)),
        (
            "volatility_annual_whole_period",
            "Volatility (annual), idle time included",
            Percent(of.volatility_annual_whole_period),
        ),
        ("sharpe_whole_period", "Sharpe ratio, idle time included", Number(of.sharpe_whole_period)),
        (
            "sortino_whole_period",
            "Sortino ratio, idle time included",
            Number(of.sortino_whole_period),
        ),
        ("calmar_whole_period", "Calmar ratio, idle time included", Number(of.calmar_whole_period)),
        (
            "exposure_whole_period",
            "Exposure, idle time included",
            Percent(of.exposure_whole_period),
        ),
        (
            "buy_and_hold_return_whole_period",
            "Buy and hold return, whole period",
            Percent(of.buy_and_hold_return_whole_period),
        ),
        (
            "excess_return_whole_period",
            "Excess return, whole period",
            Percent(of.excess_return_whole_period),
        ),
    ];
    in_group(MetricGroup::WholePeriod, entries)
}
