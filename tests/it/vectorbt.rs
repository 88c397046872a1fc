//! The SMA 20/50 crossover, trade for trade against vectorbt and backtesting.py.
//!
//! The scripts that made the numbers, with versions and parameters, are in `tests/peers`. They repeat the bars of
//! `random_walk(7, 3000, HOUR_MS)` to the last bit; so only two independent engines and two independent averages meet here.

use ct_host::backtest::{Backtest, Dataset, Origin, Settings};
use ct_host::costs::{CostModel, FeeSchedule};
use ct_host::engine::Outcome;
use ct_host::market::{Instrument, Panel};
use ct_host::order::Side;
use ct_host::plugin::built_in;
use ct_host::risk::{FixedFraction, RiskSettings, Sizing};
use ct_host::units::{Quantity, Rate};
use ct_tests::bars::{HOUR_MS, random_walk};
use ct_tests::plugins::{runtime, sound};
use ct_tests::records::{Placed, placed};

/// vectorbt 1.2.0: all cash in each trade, fees 0.001, slippage 0.0005, 10 000 at the start, at the next open.
#[test]
fn sma_crossover_is_that_of_vectorbt() {
    let (panel, outcome) = sma_crossover(&Settings::default(), Quantity::ZERO);
    assert_eq!((outcome.fills.len(), outcome.trades.len()), (60, 30));
    let fills = placed(&panel, &outcome);
    check_fill(&fills, 0, (74, Side::Buy, 98.124_892_105_741, 101.809_130_951_650_79));
    check_fill(&fills, 1, (132, Side::Sell, 97.094_622_846_689_28, 101.809_130_951_650_79));
    check_fill(&fills, 59, (2_996, Side::Sell, 90.857_423_601_538_67, 113.463_945_202_684_19));
    assert_close("fees", outcome.costs.fees.to_f64(), 627.710_662_661_067_4);
    assert_close("equity in the middle", outcome.equity[1_500], 10_800.664_271_817_934);
    assert_close("equity at the end", outcome.equity[2_999], 10_298.732_691_049_267);
    assert_close("largest drawdown", largest_drawdown(&outcome.equity), -0.124_161_507_872_348_81);
}

/// backtesting.py 0.6.6: half of equity in each trade, in whole units, commission 0.001, 10 000 at the start, at the next open.
#[test]
fn sma_crossover_in_whole_units_is_that_of_backtesting_py() {
    let fee = Rate::from_bps(10.0).unwrap();
    let settings = Settings {
        risk: RiskSettings {
            sizing: Sizing::Fraction(FixedFraction { fraction: Rate::ONE.half() }),
            ..RiskSettings::default()
        },
        costs: CostModel {
            fees: FeeSchedule { maker_bps: fee, taker_bps: fee, ..FeeSchedule::default() },
            ..CostModel::default()
        },
        ..Settings::default()
    };
    let (panel, outcome) = sma_crossover(&settings, Quantity::from_f64(1.0).unwrap());
    assert_eq!(outcome.trades.len(), 30);
    let fills = placed(&panel, &outcome);
    check_fill(&fills, 0, (74, Side::Buy, 98.075_854_178_651_68, 50.0));
    check_fill(&fills, 1, (132, Side::Sell, 97.143_194_443_911_23, 50.0));
    check_fill(&fills, 58, (2_993, Side::Buy, 91.311_521_890_990_68, 56.0));
    check_fill(&fills, 59, (2_996, Side::Sell, 90.902_875_039_058_19, 56.0));
    let quantity: f64 = outcome.trades.iter().map(|trade| trade.quantity.to_f64()).sum();
    assert_close("quantity in all", quantity, 1_633.0);
    assert_close("fees", outcome.costs.fees.to_f64(), 306.489_853_560_012_65);
    assert_close("equity at the end", outcome.equity[2_999], 10_319.337_466_105_486);
}

/// The bars of the peers, and the plugin that ships with ct-host on them.
fn sma_crossover(settings: &Settings, lot: Quantity) -> (Panel, Outcome) {
    let instrument = Instrument { lot, ..Instrument::unrestricted("TEST/USD") };
    let bars = random_walk(7, 3_000, HOUR_MS);
    let data = sound(Dataset::new(vec![(instrument, bars)], Origin::Synthetic));
    let Some(built_in) = built_in("sma-crossover") else { unreachable!("no built-in strategy") };
    let plugin = sound(runtime().load(built_in.bytes));
    let outcome = sound(Backtest::new(&plugin, &data).settings(settings.clone()).outcome());
    (data.panel().clone(), outcome)
}

fn check_fill(fills: &[Placed<'_>], place: usize, expected: (usize, Side, f64, f64)) {
    let Some(&Placed { fill, row, .. }) = fills.get(place) else {
        unreachable!("fill {place} of {}", fills.len());
    };
    assert_eq!((row, fill.side), (expected.0, expected.1), "fill {place}");
    assert_close("price", fill.price.to_f64(), expected.2);
    assert_close("quantity", fill.quantity.to_f64(), expected.3);
}

/// The deepest fall from a peak, as a share of the peak; 0 or less.
fn largest_drawdown(equity: &[f64]) -> f64 {
    let mut peak = f64::NEG_INFINITY;
    let falls = equity.iter().map(|&equity| {
        peak = peak.max(equity);
        equity / peak - 1.0
    });
    falls.fold(0.0, f64::min)
}

fn assert_close(name: &str, found: f64, expected: f64) {
    let difference = (found - expected).abs();
    assert!(difference <= 1e-9 * expected.abs(), "{name}: {found}, expected {expected}");
}
