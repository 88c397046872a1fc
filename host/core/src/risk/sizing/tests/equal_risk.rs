//! Sizes of equal risk.

use super::market::{
    amount, assert_close, closes, decision, granted, money, nothing, rate, target, three_markets,
};
use crate::market::{InstrumentId, Panel};
use crate::order::Rule;
use crate::risk::{EqualRisk, EqualRiskMethod, Sizing, SizingInput};

fn sizing(method: EqualRiskMethod, fraction: f64, window_rows: usize) -> Sizing {
    Sizing::EqualRisk(EqualRisk { fraction: rate(fraction), window_rows, method })
}

fn weights(sizing: &Sizing, panel: &Panel, row: usize) -> Vec<f64> {
    let weight = |instrument| {
        let input = SizingInput { instrument, ..decision(panel, row) };
        granted(sizing, &input) / 1_000_000.0
    };
    panel.instruments().map(weight).collect()
}

/// numpy 2.4.6 and scipy 1.17.1, with `s` and `S` the deviations (ddof 1) and covariances of `np.log(P / P.shift(1))`:
/// `(1 / s) / (1 / s).sum()`, and `root(lambda x: x * (S @ x) - 1 / 3, ...).x` divided by its sum.
#[test]
fn the_weights_are_those_of_numpy_and_scipy() {
    let panel = three_markets(&[]);
    for (row, window_rows, inverse, equal) in [
        (
            199,
            168,
            [0.377_795_984_560_452_77, 0.285_338_148_445_665_13, 0.336_865_866_993_882_16],
            [0.340_695_986_283_619_4, 0.355_446_235_471_891_75, 0.303_857_778_244_488_9],
        ),
        (
            100,
            48,
            [0.374_697_805_948_351_8, 0.284_864_807_311_503_2, 0.340_437_386_740_144_95],
            [0.329_753_390_817_080_94, 0.363_882_688_456_722_4, 0.306_363_920_726_196_7],
        ),
    ] {
        for (method, expected) in [
            (EqualRiskMethod::InverseVolatility, inverse),
            (EqualRiskMethod::EqualContribution, equal),
        ] {
            let found = weights(&sizing(method, 1.0, window_rows), &panel, row);
            for (found, expected) in found.iter().zip(expected) {
                assert_close(*found, expected);
            }
        }
    }
}

#[test]
fn the_fraction_and_the_target_scale_the_weight() {
    // ±10 % and ±20 % of log return: weights of 2 ÷ 3 and 1 ÷ 3.
    let swing = |size: f64| -> Vec<f64> {
        (0..9_i32).map(|row| libm::exp(if row % 2 == 0 { 0.0 } else { size })).collect()
    };
    let panel = closes(&[&swing(0.1), &swing(0.2)]);
    for (fraction, wanted, equity, expected) in [
        (1.0, 1.0, 900.0, 600.0),
        (0.5, 1.0, 900.0, 300.0),
        (0.5, -0.1, 900.0, 30.0),
        (1.0, 1.0, 0.000_000_000_009, 0.000_000_000_006),
        (1.0, 1.0, -900.0, 0.0),
    ] {
        for method in [EqualRiskMethod::InverseVolatility, EqualRiskMethod::EqualContribution] {
            let input = SizingInput {
                target: target(wanted),
                equity: money(equity),
                ..decision(&panel, 8)
            };
            let found = granted(&sizing(method, fraction, 8), &input);
            assert!((found - expected).abs() < 1e-9, "{method:?}: {found}, not {expected}");
        }
    }
}

#[test]
fn an_instrument_alone_gets_all_of_it() {
    let panel = closes(&[&[1.0, 2.0, 1.5, 1.0]]);
    for method in [EqualRiskMethod::InverseVolatility, EqualRiskMethod::EqualContribution] {
        let found = sizing(method, 0.4, 3).grant(&decision(&panel, 3)).unwrap();
        assert_eq!(found, amount(400_000.0), "{method:?}");
    }
}

#[test]
fn what_does_not_move_or_is_not_known_is_refused_and_leaves_its_part_to_the_others() {
    let gap = f64::NAN;
    // The second does not move, the third is too young.
    let panel = closes(&[
        &[1.0, 2.0, 1.5, 1.0, 3.0, 2.0, 1.0],
        &[5.0; 7],
        &[gap, gap, gap, gap, 1.0, 2.0, 1.0],
    ]);
    for method in [EqualRiskMethod::InverseVolatility, EqualRiskMethod::EqualContribution] {
        let sizing = sizing(method, 1.0, 6);
        let grant = |instrument| {
            sizing
                .grant(&SizingInput {
                    instrument: InstrumentId::new(instrument),
                    ..decision(&panel, 6)
                })
                .unwrap()
        };
        assert_eq!(grant(0), amount(1_000_000.0), "{method:?}");
        assert_eq!(grant(1), nothing(Rule::VolatilityUnknown, 6.0, 3.0), "{method:?}");
        assert_eq!(grant(2), nothing(Rule::VolatilityUnknown, 2.0, 3.0), "{method:?}");
    }
}

#[test]
fn perfect_opposites_have_no_equal_contributions() {
    let panel = closes(&[&[1.0, 2.0, 1.0, 2.0, 1.0], &[2.0, 1.0, 2.0, 1.0, 2.0]]);
    let found = sizing(EqualRiskMethod::EqualContribution, 1.0, 4).grant(&decision(&panel, 4));
    assert_eq!(found.unwrap(), nothing(Rule::VolatilityUnknown, 4.0, 2.0));
    let alone = sizing(EqualRiskMethod::InverseVolatility, 1.0, 4).grant(&decision(&panel, 4));
    assert_eq!(alone.unwrap(), amount(500_000.0));
}

#[test]
fn too_few_rows_are_refused() {
    let panel = three_markets(&[]);
    for method in [EqualRiskMethod::InverseVolatility, EqualRiskMethod::EqualContribution] {
        let found = sizing(method, 1.0, 168).grant(&decision(&panel, 83)).unwrap();
        assert_eq!(found, nothing(Rule::VolatilityUnknown, 83.0, 84.0), "{method:?}");
        assert!(granted(&sizing(method, 1.0, 168), &decision(&panel, 84)) > 0.0, "{method:?}");
    }
}
