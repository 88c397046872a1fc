//! Against the numbers that other tools print for the same run.
//!
//! They were printed by QuantStats 0.0.86, empyrical-reloaded 0.7.1, backtesting.py 0.6.6 and
//! pandas 3.1.1 (SciPy 1.17.1, NumPy 2.4.6) for the run that [`Run::reference`] makes, `R` being
//! the daily returns of its equity. "qs" is `quantstats.stats`, "ep" is `empyrical`; every call had
//! `periods=365` or `annualization=365` where it takes one.

use super::*;

/// Compares with numbers printed by another tool, to a relative difference of 1e-9.
fn check(table: &[(&str, Option<f64>, f64)]) {
    for (name, found, expected) in table {
        let found = found.unwrap_or_else(|| panic!("{name} is undefined, not {expected}"));
        let difference = (found - expected).abs();
        assert!(difference <= 1e-9 * expected.abs(), "{name} is {found}, not {expected}");
    }
}

#[test]
fn growth_and_risk_agree_with_quantstats_and_empyrical() {
    let metrics = Run::reference().metrics();
    let (growth, risk) = (&metrics.growth, &metrics.risk_adjusted);
    check(&[
        ("qs.comp(R)", growth.total_return, 0.065_952_947_504_205_55),
        ("qs.cagr(R)", growth.cagr, 0.060_012_427_104_980_67),
        ("qs.volatility(R)", risk.volatility_annual, 0.335_318_438_091_137_37),
        ("ep.downside_risk(R)", risk.downside_deviation_annual, 0.231_929_432_523_833_33),
        ("qs.sharpe(R)", risk.sharpe, 0.340_992_537_711_588_5),
        ("ep.sharpe_ratio(R)", risk.sharpe, 0.340_992_537_711_588_5),
        ("qs.probabilistic_sharpe_ratio(R)", risk.probabilistic_sharpe, 0.639_300_727_058_673_9),
        ("qs.sortino(R)", risk.sortino, 0.492_999_460_663_248_57),
        ("qs.adjusted_sortino(R)", risk.sortino_adjusted, 0.348_603_261_756_293_64),
        ("qs.calmar(R)", risk.calmar, 0.270_694_204_966_673_35),
        ("qs.omega(R)", risk.omega, 1.042_282_740_895_812),
        ("qs.gain_to_pain_ratio(R)", risk.gain_to_pain, 0.042_282_740_895_811_785),
        // m.sum() / abs(m[m < 0].sum()) of the compounded months m; qs with resolution="ME" adds
        // daily returns instead.
        ("pandas", risk.gain_to_pain_monthly, 0.256_702_146_397_288_7),
        ("qs.ulcer_performance_index(R)", risk.ulcer_performance_index, 0.646_194_482_335_777_1),
        ("qs.serenity_index(R)", risk.serenity_index, 0.110_036_638_180_343_41),
        // qs.recovery_factor itself does not compound.
        ("qs.comp(R) / abs(qs.max_drawdown(R))", risk.recovery_factor, 0.297_489_729_229_397_7),
    ]);
}

#[test]
fn drawdowns_agree_with_quantstats() {
    let metrics = Run::reference().metrics();
    let drawdown = &metrics.drawdown;
    check(&[
        ("qs.max_drawdown(R)", drawdown.max_drawdown, -0.221_698_233_666_912_55),
        ("qs.ulcer_index(R)", drawdown.ulcer_index, 0.102_063_619_091_589_4),
        // d = qs.drawdown_details(qs.to_drawdown_series(R)); d["max drawdown"].mean() / 100;
        // d["days"].mean()
        ("d.mean() / 100", drawdown.average_drawdown, -0.096_689_649_582_275_23),
        ("d.days.mean()", drawdown.average_drawdown_days, 48.625),
    ]);
    // d.sort_values("max drawdown"): start, valley, end, max drawdown. QuantStats dates the days
    // under water themselves; a drawdown here begins at the close of the day before, which is the
    // midnight that `start` begins with.
    let expected = [
        ("2023-08-30", "2023-10-21", None, -0.221_698_233_666_912_55),
        ("2023-01-23", "2023-03-10", Some("2023-04-24"), -0.168_116_190_989_238_36),
        ("2023-04-26", "2023-06-25", Some("2023-07-11"), -0.147_802_275_895_789_98),
        ("2022-11-17", "2022-12-18", Some("2023-01-20"), -0.133_341_341_493_343_98),
        ("2023-07-23", "2023-08-05", Some("2023-08-28"), -0.081_831_818_153_310_09),
    ];
    let midnight = |date: &str, days_later: i64| {
        let start: jiff::Timestamp = format!("{date}T00:00Z").parse().unwrap();
        start.as_millisecond() + days_later * DAY_MS
    };
    assert_eq!(drawdown.drawdowns.len(), expected.len());
    for (found, (start, valley, end, depth)) in drawdown.drawdowns.iter().zip(expected) {
        assert_eq!(found.peak_time, midnight(start, 0));
        assert_eq!(found.trough_time, midnight(valley, 1));
        assert_eq!(found.recovery_time, end.map(|end| midnight(end, 2)));
        check(&[("depth", Some(found.depth), depth)]);
    }
    assert_eq!(drawdown.max_drawdown_peak_time, Some(midnight("2023-08-30", 0)));
    assert_eq!(drawdown.max_drawdown_recovery_time, None);
    assert_eq!(drawdown.time_to_recovery_ms, None);
    // d["days"].max()
    assert_eq!(drawdown.longest_drawdown_ms, Some(114 * DAY_MS));
}

#[test]
fn distribution_agrees_with_quantstats_and_empyrical() {
    let metrics = Run::reference().metrics();
    let shape = &metrics.distribution;
    check(&[
        ("ep.value_at_risk(R)", shape.value_at_risk_95_historical, -0.026_824_386_705_737_54),
        (
            "ep.value_at_risk(R, cutoff=0.01)",
            shape.value_at_risk_99_historical,
            -0.028_584_471_780_247_894,
        ),
        ("qs.value_at_risk(R)", shape.value_at_risk_95_parametric, -0.028_556_170_069_624_933),
        (
            "qs.value_at_risk(R, confidence=0.99)",
            shape.value_at_risk_99_parametric,
            -0.040_517_327_220_402_84,
        ),
        (
            "qs.cvar(R, method=\"historical\")",
            shape.conditional_value_at_risk_95_historical,
            -0.028_096_307_407_692_05,
        ),
        ("qs.cvar(R)", shape.conditional_value_at_risk_95_parametric, -0.035_890_170_828_797_32),
        ("qs.skew(R)", shape.skewness, 0.025_456_775_852_071_64),
        ("qs.kurtosis(R)", shape.excess_kurtosis, -1.187_313_226_061_447),
        ("qs.tail_ratio(R)", shape.tail_ratio, 1.038_957_818_640_993_8),
        ("qs.common_sense_ratio(R)", shape.common_sense_ratio, 1.082_887_802_888_269),
        ("qs.outlier_win_ratio(R)", shape.outlier_win_ratio, 1.936_885_061_428_48),
        ("qs.outlier_loss_ratio(R)", shape.outlier_loss_ratio, 1.938_741_577_129_806_7),
    ]);
}

/// What the schema says of the expected shortfall of a normal distribution is what is computed.
#[test]
fn the_documented_shortfall_is_that_of_the_lower_tail() {
    let schema = include_str!("../../../../../docs/result-schema.md");
    let formula = "`mean − deviation × φ(Φ⁻¹(0.05)) ÷ 0.05`";
    assert!(schema.contains(formula), "expected in the schema: {formula}");
    let returns = [-0.03, 0.01, 0.02, -0.01, 0.04];
    let (mean, deviation) = (0.006, 0.027_018_512_172_212_59);
    let quantile = 1.644_853_626_951_472_7_f64;
    let density = libm::exp(-quantile * quantile / 2.0) / std::f64::consts::TAU.sqrt();
    let found =
        statistic::conditional_value_at_risk_parametric(&returns, statistic::Confidence::Percent95);
    assert!((found.unwrap() - (mean - deviation * density / 0.05)).abs() < 1e-12, "{found:?}");
}

#[test]
fn periods_agree_with_quantstats() {
    let metrics = Run::reference().metrics();
    let periods = &metrics.periods;
    check(&[
        ("qs.best(R)", periods.best_day, 0.030_548_538_802_564_14),
        ("qs.worst(R)", periods.worst_day, -0.029_157_762_495_428_34),
        ("R.mean()", periods.average_day, 0.000_313_263_246_975_844_2),
        ("(R > 0).mean()", periods.positive_days_share, 0.4975),
        ("qs.best(R, aggregate=\"ME\")", periods.best_month, 0.131_136_389_945_727_18),
        ("qs.worst(R, aggregate=\"ME\")", periods.worst_month, -0.149_042_277_618_866_24),
        ("qs.avg_return(R, aggregate=\"ME\")", periods.average_month, 0.007_280_148_888_771_899),
        ("qs.win_rate(R, aggregate=\"ME\")", periods.positive_months_share, 8.0 / 14.0),
        ("qs.avg_win(R, aggregate=\"ME\")", periods.average_up_month, 0.062_370_778_781_066_005),
        ("qs.avg_loss(R, aggregate=\"ME\")", periods.average_down_month, -0.066_174_024_300_953_58),
        ("qs.best(R, aggregate=\"YE\")", periods.best_year, 0.206_530_831_558_268_8),
        ("qs.worst(R, aggregate=\"YE\")", periods.worst_year, -0.116_514_124_941_593_3),
        ("qs.avg_return(R, aggregate=\"YE\")", periods.average_year, 0.045_008_353_308_337_745),
        ("qs.win_rate(R, aggregate=\"YE\")", periods.positive_years_share, 0.5),
    ]);
    // qs.utils.aggregate_returns(R, "ME"), the first and the last.
    let months = &periods.monthly_returns;
    assert_eq!(months.len(), 14);
    let (first, last) = (months.first().unwrap(), months.last().unwrap());
    assert_eq!((first.year, first.month, last.year, last.month), (2022, 11, 2023, 12));
    check(&[
        ("2022-11", Some(first.simple_return), -0.047_684_542_261_080_21),
        ("2023-12", Some(last.simple_return), 0.073_313_964_980_687_76),
    ]);
}

#[test]
fn benchmark_agrees_with_quantstats_and_empyrical() {
    let metrics = Run::reference().metrics();
    let benchmark = &metrics.benchmark;
    // On the 369 days for which both have a return; `prepare_returns=False`.
    check(&[
        ("B[-1] / B[30] - 1", benchmark.buy_and_hold_return, 0.256_054_453_938_261_65),
        ("qs.greeks(R, B).alpha", benchmark.alpha_annual, 0.123_214_879_134_096_05),
        ("qs.greeks(R, B).beta", benchmark.beta, 0.433_874_494_802_800_6),
        ("R.corr(B)", benchmark.correlation, 0.389_787_419_300_817),
        ("qs.r_squared(R, B)", benchmark.r_squared, 0.151_934_232_245_190_9),
        (
            "qs.information_ratio(R, B) * sqrt(365)",
            benchmark.information_ratio,
            -0.085_709_784_606_307_22,
        ),
        ("ep.annual_volatility(R - B)", benchmark.tracking_error_annual, 0.355_521_947_945_847_57),
        ("qs.cagr(R) / beta", benchmark.treynor, 0.138_317_480_801_116_92),
    ]);
}

#[test]
fn trades_agree_with_backtesting_py_and_quantstats() {
    let metrics = Run { trades: reference_trades(), ..Run::reference() }.metrics();
    let trades = &metrics.trades;
    // s = backtesting._stats.compute_stats(...) of these trades, P = their net results, with
    // `prepare_returns=False`.
    check(&[
        ("s[\"Win Rate [%]\"] / 100", trades.win_rate, 0.466_666_666_666_666_7),
        ("s[\"Profit Factor\"]", trades.profit_factor, 1.823_659_546_659_643_2),
        ("s[\"Expectancy [%]\"] / 100", trades.average_trade_return, 0.013_013_327_657_555_54),
        ("s[\"Best Trade [%]\"] / 100", trades.best_trade_return, 0.116_275_151_800_364_26),
        ("s[\"Worst Trade [%]\"] / 100", trades.worst_trade_return, -0.075_444_293_227_046_73),
        ("s[\"SQN\"]", trades.system_quality_number, 1.841_874_863_062_503_5),
        ("s[\"Kelly Criterion\"]", trades.kelly_fraction, 0.151_718_092_295_416_94),
        ("qs.payoff_ratio(P)", trades.payoff_ratio, 1.693_398_150_469_669_1),
        ("qs.avg_win(P)", trades.average_win, 61.741_561_909_605_35),
        ("qs.avg_loss(P)", trades.average_loss, -36.460_156_692_908_36),
        ("P.mean()", trades.expectancy, 13.013_327_657_555_54),
        ("P.max()", trades.largest_win, 116.275_151_800_364_27),
        ("P.min()", trades.largest_loss, -75.444_293_227_046_73),
        // freqtrade's formula on qs.payoff_ratio(P) and s["Win Rate [%]"].
        ("(1 + payoff) * win_rate - 1", trades.expectancy_ratio, 0.256_919_136_885_845_44),
        ("P[0::2].sum()", Some(trades.net_profit_long), 469.442_243_687_808_46),
        ("P[1::2].sum()", Some(trades.net_profit_short), 311.357_415_765_523_9),
        ("(P[0::2] > 0).mean()", trades.win_rate_long, 0.433_333_333_333_333_35),
        ("(P[1::2] > 0).mean()", trades.win_rate_short, 0.5),
    ]);
    let counts = (trades.trades, trades.winning_trades, trades.losing_trades);
    assert_eq!(counts, (60, 28, 26));
    assert_eq!((trades.long_trades, trades.short_trades), (30, 30));
    // qs.consecutive_wins(P), qs.consecutive_losses(P)
    assert_eq!((trades.max_consecutive_wins, trades.max_consecutive_losses), (7, 6));
}

#[test]
fn holding_and_excursions_agree_with_pandas() {
    let metrics = Run { trades: reference_trades(), ..Run::reference() }.metrics();
    let holding = &metrics.holding;
    // D = ExitTime - EntryTime, in whole milliseconds: D.mean(), D.median(), D.max(), D[P >
    // 0].mean(), D[P < 0].mean()
    assert_eq!(holding.average_holding_ms, Some(96_360_000));
    assert_eq!(holding.median_holding_ms, Some(97_200_000));
    assert_eq!(holding.max_holding_ms, Some(180_000_000));
    assert_eq!(holding.average_holding_winners_ms, Some(100_671_428));
    assert_eq!(holding.average_holding_losers_ms, Some(91_384_615));
    assert_eq!((holding.median_holding_bars, holding.max_holding_bars), (Some(27.0), Some(50)));
    check(&[
        ("bars.mean()", holding.average_holding_bars, 26.766_666_666_666_666),
        ("mae.mean()", holding.average_mae, -0.026_422_600_809_795_16),
        ("mae.min()", holding.worst_mae, -0.049_829_822_452_738_884),
        ("mfe.mean()", holding.average_mfe, 0.038_266_116_692_374_15),
        ("mfe.max()", holding.best_mfe, 0.079_346_259_068_697_69),
    ]);
}
