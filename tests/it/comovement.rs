//! Volatilities, correlations, contributions and risk parity of real prices, where those files are there.

use ct_host::data::files::read_file;
use ct_host::data::{FileBudget, infer_interval};
use ct_host::market::{Bars, Instrument, Panel};
use ct_host::risk::{Comovement, Estimator, contributions, equal_contribution_weights};
use ct_host::units::{Rate, Timestamp};
use ct_tests::real_data::real_hours;

const SIXTEEN: [&str; 16] = [
    "BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "LTC", "LINK", "AVAX", "DOT", "MATIC",
    "ATOM", "TRX", "EOS", "XLM",
];

/// Numbers of pandas 3.1.1, numpy 2.4.6 and mpmath 1.4.1 from `P`, the closes of all files joined by time ("outer"):
/// `R = np.log(P / P.shift(1))`, its 168 rows up to the row; volatilities `R.std(ddof=1) * np.sqrt(8760)`; correlations
/// `R.corr(min_periods=48) * 0.9`, 1 on the diagonal; covariances `S` from both. Sums are those of all pairs above the
/// diagonal. Contributions are `w * (S @ w) / np.sqrt(w @ S @ w)`, where the i-th weight of sixteen is i % of equity,
/// negative for every third. Weights are those of budgets 1 to 16, by damped Newton on `S x = b / x` with 40 digits.
struct Expected {
    time: &'static str,
    volatilities: [f64; 16],
    with_btc: [f64; 16],
    correlation_sum: f64,
    covariance_sum: f64,
    contributions: [f64; 16],
    weights: [f64; 16],
}

#[rustfmt::skip]
const EXPECTED: [Expected; 3] = [
    Expected {
        time: "2022-05-12T08:00:00Z",
        volatilities: [
            1.270_312_463_7, 1.541_200_931_2, 1.678_778_394_9, 2.845_810_286_6, 2.184_531_181_4,
            2.345_678_109_4, 2.146_026_798_4, 1.927_438_823_9, 2.184_415_465, 3.652_637_601_8,
            2.784_903_336_1, 2.589_639_615, 3.093_320_960_6, 2.379_766_080_9, 2.069_947_611,
            1.839_787_484_6,
        ],
        with_btc: [
            1.0, 0.856_677_811_67, 0.824_112_560_31, 0.802_229_073_66, 0.754_312_619_68,
            0.775_764_373_67, 0.789_506_177_67, 0.827_163_790_92, 0.840_417_792_7, 0.797_850_588_67,
            0.806_851_923_74, 0.820_134_296_58, 0.796_232_232_92, 0.336_515_462_44, 0.805_046_158_87,
            0.778_925_397_5,
        ],
        correlation_sum: 89.506_626_231,
        covariance_sum: 463.164_736_28,
        contributions: [
            0.010_044_840_839, 0.024_042_195_552, -0.038_004_334_258, 0.092_162_386_635, 0.088_154_991_043,
            -0.105_723_497_22, 0.124_167_811_4, 0.125_533_570_45, -0.155_938_217_49, 0.317_908_964_26,
            0.267_168_209_62, -0.240_291_032_33, 0.360_559_815_07, 0.176_285_724_43, -0.235_464_339_17,
            0.249_698_942_93,
        ],
        weights: [
            0.012_716_174_199, 0.020_886_661_862, 0.029_483_739_419, 0.022_993_156_15, 0.037_713_620_942,
            0.041_229_469_971, 0.051_437_760_419, 0.066_560_061_901, 0.063_394_782_984, 0.043_951_005_556,
            0.061_794_499_657, 0.072_037_902_516, 0.066_025_271_366, 0.161_797_958_78, 0.112_189_405_15,
            0.135_788_529_13,
        ],
    },
    Expected {
        time: "2023-03-24T15:00:00Z",
        volatilities: [
            0.718_735_397_48, 0.655_418_912_15, 0.552_249_959_8, 1.126_443_427_8, 1.206_843_4,
            0.952_334_208_99, 0.901_333_079_09, 0.933_529_658_43, 0.873_621_535_47, 0.837_325_998_07,
            0.819_072_092_47, 0.832_680_030_79, 0.931_193_869_25, 1.252_682_471_2, 0.889_794_791_07,
            0.786_522_253_57,
        ],
        with_btc: [
            1.0, 0.742_623_598_06, 0.597_668_814_95, 0.649_617_952_78, 0.382_973_901_93,
            0.619_374_608_65, 0.549_755_112_07, 0.454_684_862_66, 0.581_321_160_81, 0.688_361_072_55,
            0.671_086_137_87, 0.692_478_871_7, 0.631_293_069_98, 0.585_802_451_05, 0.520_297_314_77,
            0.465_779_273_8,
        ],
        correlation_sum: 69.202_846_304,
        covariance_sum: 53.912_813_807,
        contributions: [
            0.004_650_743_014_6, 0.008_773_145_294_8, -0.008_759_183_732_2, 0.030_134_264_377, 0.041_832_009_594,
            -0.038_647_577_064, 0.046_621_920_582, 0.038_967_734_889, -0.044_206_191_111, 0.063_561_188_345,
            0.068_763_942_332, -0.062_441_348_469, 0.091_752_805_257, 0.128_099_254_17, -0.058_386_498_306,
            0.097_554_812_952,
        ],
        weights: [
            0.009_522_905_025_9, 0.019_629_776_732, 0.041_536_569_05, 0.022_887_134_625, 0.033_564_006_761,
            0.039_990_778_987, 0.050_599_319_258, 0.068_227_304_892, 0.066_089_921_436, 0.071_082_804_318,
            0.077_455_819_475, 0.085_816_525_695, 0.087_285_766_987, 0.082_715_001_272, 0.111_821_391_39,
            0.131_774_974_1,
        ],
    },
    Expected {
        time: "2023-12-30T20:00:00Z",
        volatilities: [
            0.350_218_893_67, 0.490_938_321_11, 0.880_096_603_48, 1.491_016_480_1, 0.562_975_963_76,
            0.912_866_098_64, 0.520_069_323_08, 0.584_486_617_23, 0.982_081_368_77, 1.098_576_879_6,
            1.206_250_786_8, 1.241_805_986_7, 0.903_225_367_54, 0.318_946_803_1, 0.790_490_821_86,
            0.640_804_285_37,
        ],
        with_btc: [
            1.0, 0.722_113_738_37, 0.458_450_657_94, 0.533_443_643_49, 0.549_595_712_03,
            0.636_577_988_26, 0.691_485_829_41, 0.557_840_467_1, 0.624_076_762_76, 0.566_764_212_31,
            0.540_884_923_05, 0.442_932_194_66, 0.630_886_121_27, 0.614_963_195_48, 0.623_554_826_24,
            0.553_732_449_43,
        ],
        correlation_sum: 62.557_195_572,
        covariance_sum: 39.158_430_126,
        contributions: [
            0.001_791_960_413_9, 0.004_004_757_255, -0.006_042_922_448_1, 0.037_113_181_476, 0.013_384_299_785,
            -0.023_544_264_203, 0.018_615_378_953, 0.017_455_422_672, -0.024_549_604_582, 0.070_023_133_38,
            0.088_722_204_893, -0.001_732_572_451_2, 0.074_077_292_789, 0.021_163_881_441, -0.037_115_588_984,
            0.058_174_459_369,
        ],
        weights: [
            0.014_231_807_818, 0.021_066_466_605, 0.023_807_824_368, 0.016_041_220_559, 0.049_943_947_114,
            0.031_573_145_815, 0.062_162_816_236, 0.076_565_851_643, 0.046_145_763_714, 0.048_141_812_465,
            0.051_755_106_159, 0.055_469_897_303, 0.068_918_776_011, 0.223_315_713_68, 0.088_327_503_984,
            0.122_532_346_53,
        ],
    },
];

/// The panel of these coins' hourly bars, if all files are there.
fn panel(coins: &[&str]) -> Option<Panel> {
    let bars = |coin: &&str| {
        let path = real_hours(&format!("{coin}USDT"))?;
        let columns = read_file(&path, &FileBudget::default(), &mut |_| {}).unwrap().columns;
        let interval = infer_interval(&columns.time).unwrap();
        let instrument = Instrument::unrestricted(format!("{coin}USDT"));
        Some((instrument, Bars::new(interval, columns).unwrap()))
    };
    let bars: Option<Vec<(Instrument, Bars)>> = coins.iter().map(bars).collect();
    Some(Panel::new(bars?).unwrap())
}

fn row_at(panel: &Panel, time: &str) -> usize {
    let time: Timestamp = time.parse().unwrap();
    panel.times().binary_search(&time.as_ms()).unwrap()
}

fn assert_near(found: Option<f64>, expected: f64, what: &str) {
    let near = |found: f64| (found - expected).abs() < 1e-10 * expected.abs();
    assert!(found.map_or(expected.is_nan(), near), "{what}: {found:?}, expected {expected}");
}

/// Of all pairs above the diagonal; `None` where one is not known.
fn sum_of_pairs(pair: impl Fn(usize, usize) -> Option<f64>) -> Option<f64> {
    let pairs = (0..16).flat_map(|one| (one + 1..16).map(move |other| (one, other)));
    pairs.map(|(one, other)| pair(one, other)).sum()
}

#[test]
fn sixteen_coins_move_as_pandas_says() {
    let Some(panel) = panel(&SIXTEEN) else { return };
    let sign = |place: usize| if place % 3 == 2 { -0.01 } else { 0.01 };
    let weights: Vec<f64> = (0..16).map(|place| sign(place) * (place as f64 + 1.0)).collect();
    let budgets: Vec<f64> = (1..=16).map(f64::from).collect();
    for expected in &EXPECTED {
        let time = expected.time;
        let found = Comovement::measure(&panel, row_at(&panel, time), &Estimator::default());
        let parts = contributions(&weights, &found);
        let parity = equal_contribution_weights(&found, &budgets).unwrap();
        for (place, coin) in SIXTEEN.iter().enumerate() {
            let what = format!("{coin} at {time}");
            assert_near(found.volatility(place), expected.volatilities[place], &what);
            assert_near(found.correlation(0, place), expected.with_btc[place], &what);
            assert_near(Some(parts[place]), expected.contributions[place], &what);
            assert_near(Some(parity[place]), expected.weights[place], &what);
        }
        let correlation_sum = sum_of_pairs(|one, other| found.correlation(one, other));
        assert_near(correlation_sum, expected.correlation_sum, time);
        let covariance_sum = sum_of_pairs(|one, other| found.covariance(one, other));
        assert_near(covariance_sum, expected.covariance_sum, time);
    }
}

/// A new coin, two that were delisted and came back, one that ended, and one with many bars without trades.
#[test]
fn coins_that_come_and_go_are_known_when_there_are_enough_returns() {
    const NONE: f64 = f64::NAN;
    const COINS: [&str; 6] = ["BTC", "PEPE", "FTT", "LUNA", "UST", "NBT"];
    let Some(panel) = panel(&COINS) else { return };
    let estimator = Estimator { shrinkage: Rate::ZERO, ..Estimator::default() };
    // As above, without shrinkage.
    for (time, volatilities, with_btc) in [
        (
            "2022-05-12T08:00:00Z",
            [
                1.270_312_463_75,
                NONE,
                1.602_518_130_78,
                16.958_477_102_5,
                7.135_008_990_13,
                2.361_605_506_02,
            ],
            [
                1.0,
                NONE,
                0.856_777_812_024,
                0.606_214_364_403,
                0.594_960_577_107,
                0.089_716_609_789_5,
            ],
        ),
        (
            "2022-06-01T20:00:00Z",
            [0.564_384_885_018, NONE, 0.661_796_064_835, NONE, NONE, 2.048_728_693_64],
            [1.0, NONE, 0.900_648_439_944, NONE, NONE, -0.054_479_150_717_2],
        ),
        (
            "2023-05-07T10:00:00Z",
            [0.430_350_723_075, NONE, NONE, 0.441_518_697_971, NONE, 0.645_149_752_499],
            [1.0, NONE, NONE, 0.700_321_946_73, NONE, 0.103_632_119_568],
        ),
        (
            "2023-05-08T10:00:00Z",
            [0.404_746_347_666, 4.543_866_763_72, NONE, 0.663_918_282_358, NONE, 0.619_696_985_044],
            [1.0, 0.231_696_909_338, NONE, 0.611_796_770_828, NONE, 0.115_515_855_137],
        ),
        (
            "2023-09-24T01:00:00Z",
            [0.297_260_974_805, 1.424_885_387_22, NONE, 0.515_038_272_278, NONE, NONE],
            [1.0, 0.254_112_026_149, NONE, 0.495_322_270_052, NONE, NONE],
        ),
    ] {
        let found = Comovement::measure(&panel, row_at(&panel, time), &estimator);
        for (place, coin) in COINS.iter().enumerate() {
            let what = format!("{coin} at {time}");
            assert_near(found.volatility(place), volatilities[place], &what);
            assert_near(found.correlation(0, place), with_btc[place], &what);
        }
    }
}
