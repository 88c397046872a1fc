//! Runs with nothing to measure, with ruin, and with holes.

use super::*;

#[test]
fn rows_within_the_day_do_not_change_daily_statistics() {
    let daily = Run::reference();
    let mut lcg = Lcg(3);
    let (mut times, mut equity, mut benchmark) = (Vec::new(), Vec::new(), Vec::new());
    for ((time, value), price) in daily.times.iter().zip(&daily.equity).zip(&daily.benchmark) {
        for hour in 0..24 {
            let noise = if hour == 23 { 1.0 } else { 1.0 - 0.1 * lcg.uniform() };
            times.push(time + hour * HOUR_MS);
            equity.push(value * noise);
            benchmark.push(price * noise);
        }
    }
    let hourly = Run { times, interval_ms: HOUR_MS, equity, benchmark, ..daily.clone() }.metrics();
    let daily = daily.metrics();
    assert_eq!(hourly.span.days, daily.span.days);
    assert_eq!(hourly.distribution, daily.distribution);
    assert_eq!(hourly.periods, daily.periods);
    assert_eq!(hourly.growth.cagr, daily.growth.cagr);
    assert_eq!(hourly.risk_adjusted.sharpe, daily.risk_adjusted.sharpe);
    assert_eq!(hourly.drawdown.ulcer_index, daily.drawdown.ulcer_index);
    assert_eq!(hourly.benchmark.beta, daily.benchmark.beta);
    assert!(hourly.drawdown.max_drawdown < daily.drawdown.max_drawdown);
}

#[test]
fn activity_and_costs_of_a_run() {
    let run = Run { trades: vec![trade(99.0), trade(-51.0)], ..Run::daily(&[10_000.0, 12_000.0]) };
    let metrics = run.metrics();
    let (activity, costs) = (&metrics.activity, &metrics.costs);
    assert_eq!(activity.exposure, Some(0.5));
    // A fifth in one of the two days.
    assert_eq!(activity.exposure_adjusted_cagr, Some(libm::pow(1.2, 365.0) - 1.0));
    assert_eq!(activity.turnover, Some(40_000.0 / 11_000.0));
    assert_eq!(activity.turnover_annual, Some(40_000.0 / 11_000.0 * 365.0 / 2.0));
    assert_eq!(activity.trades_per_day, Some(1.0));
    assert_eq!((Some(costs.costs_total), Some(costs.gross_pnl)), (Some(32.0), Some(50.0)));
    // Each of the two trades cost 1; the other 30 are of positions that are still open.
    assert_eq!(costs.costs_share_of_gross_pnl, Some(0.04));
    assert_eq!(costs.average_cost_bps, Some(8.0));
}

#[test]
fn a_run_without_rows_has_no_statistics() {
    let metrics = Run::daily(&[]).metrics();
    assert_eq!(metrics.span.start_time, None);
    assert_eq!(metrics.growth.total_return, Some(0.0));
    assert_eq!(metrics.growth.cagr, None);
    assert_eq!(metrics.drawdown.max_drawdown, None);
    assert_eq!(metrics.activity.exposure, None);
    assert_eq!(metrics.activity.trades_per_day, None);
    assert_eq!(metrics.trades.win_rate, None);
    assert_eq!(metrics.holding.median_holding_ms, None);
}

#[test]
fn one_row_has_a_return_but_no_variation() {
    let metrics = Run::daily(&[11_000.0]).metrics();
    assert_eq!(metrics.growth.net_profit, Some(1_000.0));
    assert_eq!(metrics.periods.best_day, metrics.growth.total_return);
    assert_eq!(metrics.drawdown.max_drawdown, Some(0.0));
    assert_eq!(metrics.risk_adjusted.volatility_annual, None);
    assert_eq!(metrics.risk_adjusted.sharpe, None);
}

#[test]
fn constant_equity_has_no_ratios() {
    let metrics = Run::daily(&[10_000.0; 50]).metrics();
    assert_eq!(metrics.growth.cagr, Some(0.0));
    assert_eq!(metrics.risk_adjusted.volatility_annual, Some(0.0));
    assert_eq!(metrics.risk_adjusted.sharpe, None);
    assert_eq!(metrics.risk_adjusted.sortino, None);
    assert_eq!(metrics.risk_adjusted.calmar, None);
    assert_eq!(metrics.risk_adjusted.ulcer_performance_index, None);
    assert_eq!(metrics.risk_adjusted.serenity_index, None);
    assert_eq!(metrics.distribution.tail_ratio, None);
    assert_eq!(metrics.distribution.skewness, None);
    assert_eq!(metrics.drawdown.max_drawdown, Some(0.0));
    assert_eq!(metrics.drawdown.longest_drawdown_ms, None);
}

#[test]
fn only_wins_and_only_losses() {
    let wins = Run { trades: vec![trade(5.0), trade(10.0)], ..Run::daily(&[10_000.0]) }.metrics();
    assert_eq!(wins.trades.win_rate, Some(1.0));
    assert_eq!(wins.trades.profit_factor, None);
    assert_eq!(wins.trades.payoff_ratio, None);
    assert_eq!(wins.trades.kelly_fraction, None);
    assert_eq!(wins.trades.largest_loss, None);
    assert_eq!(wins.trades.max_consecutive_wins, 2);
    assert_eq!(wins.holding.average_holding_losers_ms, None);

    let losses = Run { trades: vec![trade(-5.0); 2], ..Run::daily(&[10_000.0]) }.metrics();
    assert_eq!(losses.trades.win_rate, Some(0.0));
    assert_eq!(losses.trades.profit_factor, Some(0.0));
    assert_eq!(losses.trades.payoff_ratio, None);
    assert_eq!(losses.trades.system_quality_number, None);
    assert_eq!(losses.trades.max_consecutive_losses, 2);
    assert_eq!(losses.costs.costs_share_of_gross_pnl, None);
}

#[test]
fn ruin_ends_the_daily_returns() {
    let zero = Run::daily(&[5_000.0, 0.0, 0.0]).metrics();
    assert_eq!(zero.growth.total_return, Some(-1.0));
    assert_eq!(zero.growth.cagr, Some(-1.0));
    assert_eq!(zero.drawdown.max_drawdown, Some(-1.0));
    assert_eq!(zero.periods.worst_day, Some(-1.0));
    assert_eq!(zero.periods.average_day, Some(-0.75));

    let debt = Run::daily(&[5_000.0, -5_000.0, -2_000.0]).metrics();
    assert_eq!(debt.growth.total_return, Some(-1.2));
    assert_eq!(debt.growth.cagr, None);
    assert_eq!(debt.drawdown.max_drawdown, Some(-1.5));
    assert_eq!(debt.periods.worst_day, Some(-2.0));
    assert_eq!(debt.risk_adjusted.calmar, None);
}

#[test]
fn no_statistic_is_infinite_or_nan() {
    let runs = [
        Run::daily(&[]),
        Run::daily(&[f64::NAN]),
        Run::daily(&[f64::INFINITY, 1.0]),
        Run::daily(&[10_000.0; 3]),
        Run::daily(&[0.0, -1.0, f64::MIN_POSITIVE]),
        Run { benchmark: vec![f64::NAN; 2], ..Run::daily(&[9_000.0, 9_500.0]) },
        Run { trades: reference_trades(), ..Run::reference() },
    ];
    for metrics in runs.map(|run| run.metrics()) {
        for row in rows(&metrics) {
            if let MetricValue::Percent(value)
            | MetricValue::Number(value)
            | MetricValue::Quote(value) = row.value
            {
                assert!(value.is_none_or(f64::is_finite), "{} is {value:?}", row.key);
            }
        }
    }
}

/// A loss of half in a tenth of the time: 50 % a year divided by the exposure would be a loss of 500 %.
#[test]
fn no_growth_is_below_the_loss_of_everything() {
    let mut equity = vec![10_000.0; 365];
    equity[364] = 5_000.0;
    let run = Run::daily(&equity);
    for rows_in_market in [1, 36, 365] {
        let metrics = Metrics::compute(&Inputs { rows_in_market, ..run.inputs() });
        let cagr = metrics.activity.exposure_adjusted_cagr.unwrap();
        assert!((-1.0..=-0.5).contains(&cagr), "{cagr} with {rows_in_market} rows in the market");
    }
}

/// Two years, of which an account that was closed for good lies idle in the second.
#[test]
fn what_is_per_year_is_of_the_time_traded() {
    let Run { equity, benchmark, times, .. } = Run::reference();
    let idle = 365;
    let last = *equity.last().unwrap();
    let whole = Run {
        equity: equity.iter().copied().chain([last; 365]).collect(),
        benchmark: benchmark.iter().copied().chain([40_000.0; 365]).collect(),
        times: (START..).step_by(86_400_000).take(times.len() + idle).collect(),
        ..Run::reference()
    };
    let rows = times.len();
    let closed = Metrics::compute(&Inputs { traded_rows: rows, ..whole.inputs() });
    let (traded, diluted) = (Run { equity, benchmark, ..Run::reference() }, whole.metrics());
    let traded = Metrics::compute(&Inputs {
        rows_in_market: whole.inputs().rows_in_market,
        gross_exposure: whole.inputs().gross_exposure,
        ..traded.inputs()
    });
    assert_eq!(closed.risk_adjusted, traded.risk_adjusted);
    assert_eq!(closed.distribution, traded.distribution);
    assert_eq!(closed.drawdown, traded.drawdown);
    assert_eq!(closed.periods, traded.periods);
    assert_eq!(closed.activity, traded.activity);
    assert_eq!(closed.benchmark, traded.benchmark);
    assert_eq!(closed.growth, traded.growth);
    let beside = closed.whole_period;
    assert_eq!(beside.cagr_whole_period, diluted.growth.cagr);
    assert_eq!(beside.sharpe_whole_period, diluted.risk_adjusted.sharpe);
    assert_eq!(beside.sortino_whole_period, diluted.risk_adjusted.sortino);
    assert_eq!(beside.calmar_whole_period, diluted.risk_adjusted.calmar);
    assert_eq!(beside.volatility_annual_whole_period, diluted.risk_adjusted.volatility_annual);
    assert_eq!(beside.exposure_whole_period, diluted.activity.exposure);
    assert_eq!(beside.buy_and_hold_return_whole_period, diluted.benchmark.buy_and_hold_return);
    assert_eq!(beside.excess_return_whole_period, diluted.benchmark.excess_return);
    assert_eq!(closed.span.end_time, diluted.span.end_time);
    assert_eq!(closed.span.traded_until, traded.span.end_time);
    assert_eq!(closed.span.traded_ms, Some(traded.span.duration_ms));
    // A run that could trade to the end has one of each.
    assert_eq!(traded.whole_period, WholePeriodMetrics::default());
    assert_eq!(traded.span.traded_until, traded.span.end_time);
}

#[test]
fn no_statistic_is_a_zero_below_zero() {
    let runs = [
        Run::daily(&[]),
        Run::daily(&[10_000.0; 3]),
        Run { benchmark: vec![100.0, 90.0, 80.0], ..Run::daily(&[10_000.0; 3]) },
        Run { trades: vec![trade(0.0), trade(-5.0)], ..Run::daily(&[10_000.0, 9_995.0, 10_000.0]) },
        Run { trades: vec![trade(5.0)], ..Run::daily(&[10_000.0, 10_005.0]) },
    ];
    for metrics in runs.map(|run| run.metrics()) {
        let json = serde_json::to_value(&metrics).unwrap();
        for (key, value) in json.as_object().unwrap() {
            let zero = value.as_f64().filter(|value| *value == 0.0);
            assert!(zero.is_none_or(f64::is_sign_positive), "{key} is {value}");
        }
    }
}

#[test]
#[should_panic(expected = "equity must have one value per row: expected 1, found 2")]
fn columns_of_different_length_are_a_mistake_of_the_caller() {
    Run { times: vec![START], ..Run::daily(&[1.0, 2.0]) }.metrics();
}
