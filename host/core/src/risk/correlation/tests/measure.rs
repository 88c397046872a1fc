//! Numbers of pandas on real closes, and what a measurement must not depend on.

use proptest::prelude::*;

use super::panel::panel;
use crate::market::Panel;
use crate::risk::{Comovement, Estimator, contributions};
use crate::units::Rate;

const NONE: f64 = f64::NAN;

// Closes of Binance from 2022-05-12 00:00 UTC, an hour each. Two bars of TRX and the first two of XLM were taken out.
const BTC: [f64; 14] = [
    29831.35, 29227.17, 28809.82, 28406.15, 27793.62, 27128.94, 27114.84, 28193.4, 28112.8,
    28061.73, 28622.32, 28472.98, 28506.3, 28208.31,
];
const ETH: [f64; 14] = [
    2152.25, 2104.86, 2049.71, 1971.56, 1902.48, 1835.29, 1846.18, 1916.3, 1914.68, 1916.09,
    1979.36, 1952.76, 1959.35, 1909.12,
];
const TRX: [f64; 14] = [
    0.078_22, 0.077_37, 0.075_86, 0.074_66, 0.073_31, NONE, NONE, 0.072_62, 0.070_86, 0.070_32,
    0.071_64, 0.070_94, 0.070_42, 0.071_11,
];
const XLM: [f64; 14] = [
    NONE, NONE, 0.122, 0.116_6, 0.111, 0.109_1, 0.113_4, 0.116_8, 0.113_3, 0.113_7, 0.118_5,
    0.118_1, 0.119_1, 0.116_9,
];

/// What pandas 3.1.1 and numpy 2.4.6 make of the closes: `R = np.log(P / P.shift(1))`, the last `window_rows` rows of it up to
/// `row`; `R.std(ddof=1) * np.sqrt(8760)`, NaN with fewer than `overlap_min` values; `R.corr(min_periods=overlap_min)`, times
/// `1 - shrinkage` off the diagonal; `w * (S @ w) / np.sqrt(w @ S @ w)` for `w = [0.4, -0.2, 0.3, 0.1]` and unknown
/// covariances as 0.
struct Expected {
    row: usize,
    estimator: Estimator,
    volatilities: [f64; 4],
    correlations: [f64; 6],
    covariances: [f64; 10],
    contributions: [f64; 4],
}

fn estimator(window_rows: usize, overlap_min: usize, shrinkage: f64) -> Estimator {
    let shrinkage = Rate::from_fraction(shrinkage).unwrap();
    Estimator { window_rows, overlap_min, shrinkage, refresh_rows: 1 }
}

#[rustfmt::skip]
fn pandas() -> [Expected; 4] {
    [
        Expected {
            row: 13,
            estimator: estimator(168, 8, 0.1),
            volatilities: [1.645_402_890_469, 2.343_231_108_154, 1.251_876_079_706, 2.967_027_573_753],
            correlations: [
                0.845_242_304_976_2, 0.561_472_404_127_6, 0.674_035_338_156,
                0.486_134_871_846_7, 0.765_839_930_112_6,
                0.660_576_290_126_9,
            ],
            covariances: [
                2.707_350_671_964, 3.258_881_777_632, 1.156_543_608_916, 3.290_610_692_087,
                5.490_732_026_22, 1.426_045_034_924, 5.324_449_508_233,
                1.567_193_718_941, 2.453_612_103_012,
                8.803_252_623_411,
            ],
            contributions: [0.543_334_871_395, -0.286_015_689_775_9, 0.328_642_535_748_3, 0.229_143_753_261],
        },
        Expected {
            row: 13,
            estimator: estimator(8, 4, 0.0),
            volatilities: [1.531_166_640_544, 1.987_244_284_686, 1.436_821_301_133, 2.463_353_828_29],
            correlations: [
                0.925_352_723_508_3, 0.493_268_256_082_8, 0.636_205_630_095_4,
                0.306_220_848_805_8, 0.746_342_425_968,
                0.672_560_119_271_9,
            ],
            covariances: [
                2.344_471_281_115, 2.815_665_261_525, 1.085_196_499_274, 2.399_643_707_511,
                3.949_139_847_016, 0.874_356_958_040_1, 3.653_559_492_039,
                2.064_455_451_389, 2.380_458_783_556,
                6.068_112_083_349,
            ],
            contributions: [0.458_338_398_491_3, -0.235_000_297_900_7, 0.408_254_224_155_5, 0.188_918_270_716_9],
        },
        // TRX has six returns and XLM seven.
        Expected {
            row: 9,
            estimator: estimator(168, 8, 0.1),
            volatilities: [1.813_514_938_245, 2.386_584_771_546, NONE, NONE],
            correlations: [0.841_600_288_993_3, NONE, NONE, NONE, NONE, NONE],
            covariances: [
                3.288_836_431_236, 3.642_536_215_261, NONE, NONE,
                5.695_786_871_775, NONE, NONE,
                NONE, NONE,
                NONE,
            ],
            contributions: [0.567_435_267_041_2, -0.153_624_308_478, 0.0, 0.0],
        },
        // Both are known, but have four returns in common.
        Expected {
            row: 9,
            estimator: estimator(168, 5, 0.25),
            volatilities: [1.813_514_938_245, 2.386_584_771_546, 0.572_301_422_842_7, 3.279_390_353_948],
            correlations: [
                0.701_333_574_161_1, -0.016_478_626_596, 0.518_120_601_379_6,
                0.080_936_376_715_9, 0.604_123_418_782_4,
                NONE,
            ],
            covariances: [
                3.288_836_431_236, 3.035_446_846_051, -0.017_102_790_493_55, 3.081_378_962_07,
                5.695_786_871_775, 0.110_546_615_100_5, 4.728_197_961_943,
                0.327_528_918_587_7, NONE,
                10.754_401_093_56,
            ],
            contributions: [0.606_214_878_010_9, -0.174_112_993_803_9, 0.031_154_968_168_29, 0.204_131_757_856],
        },
    ]
}

fn assert_near(found: Option<f64>, expected: f64, what: &str) {
    let near = |found: f64| (found - expected).abs() <= 1e-11 * expected.abs();
    assert!(found.map_or(expected.is_nan(), near), "{what}: {found:?}, expected {expected}");
}

#[test]
fn pandas_measures_the_same() {
    let panel = panel("1h", &[&BTC, &ETH, &TRX, &XLM]);
    for (case, expected) in pandas().iter().enumerate() {
        let found = Comovement::measure(&panel, expected.row, &expected.estimator);
        assert_eq!(found.instruments(), 4);
        let (mut correlations, mut covariances) =
            (expected.correlations.iter(), expected.covariances.iter());
        for one in 0..4 {
            let volatility = expected.volatilities[one];
            assert_near(found.volatility(one), volatility, &format!("{case}: volatility {one}"));
            let itself = if volatility.is_nan() { NONE } else { 1.0 };
            assert_near(found.correlation(one, one), itself, &format!("{case}: {one} itself"));
            for other in one..4 {
                let what = format!("{case}: {one} with {other}");
                assert_near(found.covariance(one, other), *covariances.next().unwrap(), &what);
                assert_eq!(found.covariance(one, other), found.covariance(other, one), "{what}");
                if other > one {
                    let expected = *correlations.next().unwrap();
                    assert_near(found.correlation(one, other), expected, &what);
                    assert_near(found.correlation(other, one), expected, &what);
                }
            }
        }
        let parts = contributions(&[0.4, -0.2, 0.3, 0.1], &found);
        for (part, expected) in parts.iter().zip(expected.contributions) {
            assert_near(Some(*part), expected, &format!("{case}: contribution"));
        }
    }
}

#[test]
fn a_year_has_365_days_whatever_the_interval() {
    let closes: &[&[f64]] = &[&BTC];
    let estimator = estimator(168, 2, 0.0);
    let [hour, day, week] = ["1h", "1d", "1w"].map(|interval| {
        Comovement::measure(&panel(interval, closes), 13, &estimator).volatility(0).unwrap()
    });
    assert!((hour / day - 24.0_f64.sqrt()).abs() < 1e-12, "{hour} {day}");
    assert!((day / week - 7.0_f64.sqrt()).abs() < 1e-12, "{day} {week}");
}

#[test]
fn some_of_the_instruments_keep_their_numbers() {
    let panel = panel("1h", &[&BTC, &ETH, &TRX, &XLM]);
    let all = Comovement::measure(&panel, 13, &estimator(168, 8, 0.1));
    let some = all.of(&[3, 0]);
    assert_eq!(some.instruments(), 2);
    assert_eq!(some.volatility(0), all.volatility(3));
    assert_eq!(some.correlation(0, 1), all.correlation(3, 0));
    assert_eq!(some.correlation(1, 1), Some(1.0));
}

/// Closes of `instruments` over `rows`. About one bar in eight is missing, but none of the first instrument, so that all rows
/// are in the panel, and not all of another.
fn closes(instruments: usize, rows: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    let whole = prop::collection::vec(1.0_f64..2.0, rows);
    let close = prop_oneof![7 => 1.0_f64..2.0, 1 => Just(f64::NAN)];
    let gaps =
        prop::collection::vec(close, rows - 1).prop_map(|column| [column, vec![1.5]].concat());
    let others = prop::collection::vec(gaps, instruments - 1);
    (whole, others).prop_map(|(whole, others)| [vec![whole], others].concat())
}

fn panel_of(closes: &[Vec<f64>]) -> Panel {
    let columns: Vec<&[f64]> = closes.iter().map(Vec::as_slice).collect();
    panel("1h", &columns)
}

proptest! {
    #[test]
    fn rows_after_the_measurement_change_nothing(
        before in closes(3, 24),
        after in closes(3, 10),
        window_rows in 2_usize..40,
    ) {
        let all: Vec<Vec<f64>> =
            before.iter().zip(&after).map(|(before, after)| [&before[..], after].concat()).collect();
        let estimator = estimator(window_rows, 3, 0.1);
        let short = Comovement::measure(&panel_of(&before), 23, &estimator);
        prop_assert_eq!(short, Comovement::measure(&panel_of(&all), 23, &estimator));
    }

    #[test]
    fn rows_before_the_window_change_nothing(
        before in closes(3, 10),
        after in closes(3, 24),
        window_rows in 2_usize..23,
    ) {
        let all: Vec<Vec<f64>> =
            before.iter().zip(&after).map(|(before, after)| [&before[..], after].concat()).collect();
        let estimator = estimator(window_rows, 3, 0.1);
        let short = Comovement::measure(&panel_of(&after), 23, &estimator);
        prop_assert_eq!(short, Comovement::measure(&panel_of(&all), 33, &estimator));
    }

    #[test]
    fn the_order_of_the_instruments_changes_nothing(mut given in closes(3, 24)) {
        let estimator = estimator(20, 3, 0.1);
        let found = Comovement::measure(&panel_of(&given), 23, &estimator);
        given.reverse();
        let reversed = Comovement::measure(&panel_of(&given), 23, &estimator);
        prop_assert_eq!(found, reversed.of(&[2, 1, 0]));
    }

    #[test]
    fn correlations_lie_between_what_shrinkage_leaves(given in closes(4, 16)) {
        let found = Comovement::measure(&panel_of(&given), 15, &estimator(16, 2, 0.1));
        for one in 0..4 {
            for other in 0..4 {
                let most = if one == other { 1.0 } else { 0.9 + 1e-12 };
                let correlation = found.correlation(one, other);
                prop_assert!(correlation.is_none_or(|value| value.abs() <= most), "{correlation:?}");
            }
        }
    }
}
