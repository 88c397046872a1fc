//! What holds for every rule, on any market and any record.

use proptest::prelude::*;

use super::market::{Bar, money, panel, panel_instruments, price, rate, target, trade};
use crate::market::{InstrumentId, Panel};
use crate::order::{Size, Trade};
use crate::risk::{
    EqualRisk, EqualRiskMethod, FixedFraction, FixedNotional, FixedUnits, Granted, Kelly,
    KellySample, MissingStop, RiskShare, Sizing, SizingInput, StopDistance, VolatilityEstimator,
    VolatilityTarget, Weights,
};
use crate::units::{Money, Price, Quantity};

#[derive(Clone, Debug)]
struct Case {
    sizing: Sizing,
    panel: Panel,
    trades: Vec<Trade>,
    target: f64,
    equity: f64,
    stop: Option<Price>,
    row: usize,
    instrument: usize,
}

impl Case {
    fn input(&self) -> SizingInput<'_> {
        SizingInput {
            target: target(self.target),
            equity: money(self.equity),
            stop: self.stop,
            limit: None,
            row: self.row,
            instrument: InstrumentId::new(self.instrument),
            sharing: panel_instruments(&self.panel),
            weights_part: 1.0,
            panel: &self.panel,
            trades: &self.trades,
        }
    }

    fn grant(&self) -> Granted {
        self.sizing.grant(&self.input()).unwrap()
    }
}

fn risk_share() -> impl Strategy<Value = Sizing> {
    let distance =
        prop::sample::select(vec![StopDistance::Stop, StopDistance::Atr, StopDistance::StopOrAtr]);
    (distance, 1_usize..5, 0.1..5.0, 0.001..1.0).prop_map(
        |(distance, atr_rows, atr_multiple, risk)| {
            let (risk, missing_stop) = (rate(risk), MissingStop::default());
            Sizing::RiskShare(RiskShare { risk, distance, atr_rows, atr_multiple, missing_stop })
        },
    )
}

fn volatility_target() -> impl Strategy<Value = Sizing> {
    let estimator =
        prop::sample::select(vec![VolatilityEstimator::Ewma, VolatilityEstimator::Window]);
    (estimator, 1_usize..12, 0.0..50.0, 0.0..1.0, 0.0..3.0).prop_map(
        |(estimator, window_rows, annual, floor, cap)| {
            Sizing::VolatilityTarget(VolatilityTarget {
                annual: rate(annual),
                estimator,
                window_rows,
                floor: rate(floor),
                cap: rate(cap),
            })
        },
    )
}

fn kelly() -> impl Strategy<Value = Sizing> {
    let sample = prop::sample::select(vec![KellySample::Trades, KellySample::Returns]);
    (sample, 1_usize..12, 0_usize..6, 0.0..1.0, 0.0..20.0, 0.0..3.0).prop_map(
        |(sample, window, sample_min, multiple, shrinkage, cap)| {
            Sizing::Kelly(Kelly {
                multiple: rate(multiple),
                sample,
                window,
                sample_min,
                shrinkage: rate(shrinkage),
                floor: rate(shrinkage / 100.0),
                cap: rate(cap),
                fallback: rate(multiple),
            })
        },
    )
}

fn equal_risk() -> impl Strategy<Value = Sizing> {
    let method = prop::sample::select(vec![
        EqualRiskMethod::InverseVolatility,
        EqualRiskMethod::EqualContribution,
    ]);
    (method, 1_usize..12, 0.0..1.0).prop_map(|(method, window_rows, fraction)| {
        Sizing::EqualRisk(EqualRisk { fraction: rate(fraction), window_rows, method })
    })
}

fn sizing() -> impl Strategy<Value = Sizing> {
    prop_oneof![
        (0.0..3.0)
            .prop_map(|fraction| Sizing::Fraction(FixedFraction { fraction: rate(fraction) })),
        Just(Sizing::Weights(Weights {})),
        (0.0..3.0).prop_map(|units| {
            Sizing::Units(FixedUnits { units: Quantity::from_f64(units).unwrap() })
        }),
        (0.0..3e3)
            .prop_map(|notional| { Sizing::Notional(FixedNotional { notional: money(notional) }) }),
        risk_share(),
        volatility_target(),
        kelly(),
        equal_risk(),
    ]
}

/// A bar between 1 and 21; one in eight is missing, and some do not move.
fn bar() -> impl Strategy<Value = Bar> {
    let bar = (1.0..20.0, 0.0..1.0, prop::bool::ANY).prop_map(|(low, height, moves)| {
        if moves { (low + height, low, low + height / 2.0) } else { (7.0, 7.0, 7.0) }
    });
    prop::option::weighted(0.875, bar)
}

fn market(rows: usize) -> impl Strategy<Value = Panel> {
    prop::collection::vec(prop::collection::vec(bar(), rows), 1..4).prop_map(|mut instruments| {
        // Each needs a bar, and the rows have to be as many as they are.
        for bars in &mut instruments {
            bars.push(Some((2.0, 2.0, 2.0)));
        }
        for (place, bar) in instruments[0].iter_mut().enumerate() {
            bar.get_or_insert((3.0 + place as f64, 3.0, 3.0));
        }
        panel("1h", &instruments)
    })
}

const ROWS: usize = 60;

fn case() -> impl Strategy<Value = Case> {
    let profits = prop::collection::vec((0_u32..3, -50.0..50.0), 0..30);
    let target = prop_oneof![-1.0..-0.01, 0.01..1.0];
    let equity = prop_oneof![4 => 1.0..1e6, 1 => -100.0..1e-9];
    let stop = prop::option::of((0.5..22.0).prop_map(price));
    (sizing(), market(ROWS), profits, (target, equity), stop, (0..ROWS, 0_usize..3)).prop_map(
        |(sizing, panel, profits, (target, equity), stop, (row, instrument))| Case {
            sizing,
            trades: profits.iter().map(|(place, profit)| trade(*place, *profit)).collect(),
            target,
            equity,
            stop,
            row,
            instrument: instrument % panel.series().len(),
            panel,
        },
    )
}

/// The largest amount that a rule may grant, in quote asset; `None` for units.
fn amount_max(case: &Case) -> Option<f64> {
    let share = match &case.sizing {
        Sizing::Units(_) | Sizing::RiskShare(_) => return None,
        Sizing::Notional(rule) => return Some(rule.notional.to_f64() * case.target.abs()),
        Sizing::EqualRisk(rule) => rule.fraction.to_fraction(),
        Sizing::Weights(_) => 1.0,
        Sizing::Fraction(rule) => rule.fraction.to_fraction() / case.panel.series().len() as f64,
        Sizing::VolatilityTarget(rule) => rule.cap.to_fraction() / case.panel.series().len() as f64,
        Sizing::Kelly(rule) => rule.cap.to_fraction() / case.panel.series().len() as f64,
    };
    Some(share * case.equity.max(0.0) * case.target.abs())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn a_size_is_never_below_zero_nor_beyond_its_bound(case in case()) {
        match case.grant() {
            Granted::Size(Size::Amount(amount)) => {
                prop_assert!(amount >= Money::ZERO);
                let most = amount_max(&case).unwrap();
                prop_assert!(amount.to_f64() <= most * (1.0 + 1e-9) + 1e-11, "{amount} of {most}");
            }
            Granted::Size(Size::Units(units)) => prop_assert!(units >= Quantity::ZERO),
            Granted::Nothing(cut) => {
                prop_assert!(cut.value.is_finite() && cut.limit.is_finite(), "{cut:?}");
            }
        }
    }

    /// What a run forgets is not looked at: asking for it would be loud.
    #[test]
    fn rows_that_are_forgotten_make_no_difference(case in case()) {
        let mut forgetting = case.panel.clone();
        let looked_at = case.sizing.lookback_rows().max(1);
        forgetting.forget_before((case.row + 1).saturating_sub(looked_at));
        let input = SizingInput { panel: &forgetting, ..case.input() };
        prop_assert_eq!(case.sizing.grant(&input).unwrap(), case.grant());
    }

    #[test]
    fn what_is_lost_at_the_stop_is_never_more_than_the_risk(
        case in case(), away in 0.01..5.0, risk in 0.001..0.1,
    ) {
        let close = case.panel.series()[case.instrument].marks()[case.row];
        prop_assume!(close.is_finite() && close > away);
        let stop = price(close - away * case.target.signum());
        let rule = RiskShare { risk: rate(risk), distance: StopDistance::Stop, ..RiskShare::default() };
        let case = Case { sizing: Sizing::RiskShare(rule), stop: Some(stop), ..case };
        let Granted::Size(Size::Units(units)) = case.grant() else { panic!("refused") };
        let lost = units.to_f64() * (close - stop.to_f64()).abs();
        let most = case.target.abs() * risk * case.equity.max(0.0);
        prop_assert!(lost <= most * (1.0 + 1e-9), "{lost} of {most}");
        prop_assert!(lost >= most * (1.0 - 1e-9) - 1e-9, "{lost} of {most}");
    }

    #[test]
    fn rows_after_the_decision_change_nothing(case in case()) {
        let known = Case { panel: case.panel.part(0..case.row + 1), ..case.clone() };
        prop_assert_eq!(case.grant(), known.grant());
    }

    #[test]
    fn rows_before_the_look_back_change_nothing(case in case()) {
        let rows = case.sizing.lookback_rows().max(1);
        let start = (case.row + 1).saturating_sub(rows);
        let panel = case.panel.part(start..case.row + 1);
        let cut = Case { panel, row: case.row - start, ..case.clone() };
        prop_assert_eq!(case.grant(), cut.grant());
    }

    #[test]
    fn a_smaller_target_is_not_granted_more(case in case(), part in 0.01..1.0) {
        let smaller = Case { target: case.target * part, ..case.clone() };
        match (case.grant(), smaller.grant()) {
            (Granted::Size(Size::Amount(all)), Granted::Size(Size::Amount(some))) => {
                prop_assert!(some <= all);
            }
            (Granted::Size(Size::Units(all)), Granted::Size(Size::Units(some))) => {
                prop_assert!(some <= all);
            }
            (all, some) => prop_assert_eq!(all, some),
        }
    }
}

#[test]
fn the_look_back_is_as_long_as_the_rule_needs() {
    // One row less, and each measures something else.
    let bars: Vec<Bar> = (0..ROWS)
        .map(|row| Some((20.0 + (row * row % 7) as f64, 9.0, 10.0 + (row * 5 % 8) as f64)))
        .collect();
    let panel = panel("1h", &[bars]);
    for sizing in [
        Sizing::RiskShare(RiskShare {
            atr_rows: 3,
            distance: StopDistance::Atr,
            ..RiskShare::default()
        }),
        Sizing::VolatilityTarget(VolatilityTarget {
            window_rows: 10,
            annual: rate(1.0),
            ..VolatilityTarget::default()
        }),
        Sizing::Kelly(Kelly {
            sample: KellySample::Returns,
            window: 10,
            sample_min: 2,
            cap: rate(900.0),
            ..Kelly::default()
        }),
    ] {
        let grant = |rows: usize| {
            let panel = panel.part(ROWS - rows..ROWS);
            let input =
                SizingInput { panel: &panel, row: rows - 1, ..super::market::decision(&panel, 0) };
            sizing.grant(&input).unwrap()
        };
        let rows = sizing.lookback_rows();
        assert_eq!(grant(rows), grant(ROWS), "{sizing:?}");
        assert_ne!(grant(rows - 1), grant(ROWS), "{sizing:?}");
    }
}
