//! Tests of the aggregation of bars.

use super::Aggregator;
use crate::testing::Bars;
use crate::{Candle, Interval};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Closes of the higher bars that come out on each row.
fn closes(aggregator: &mut Aggregator, times: &[i64]) -> Vec<Vec<f64>> {
    let bars = times.iter().zip(1..);
    bars.map(|(time, close)| {
        let closed = aggregator.update(&Candle::flat(*time, f64::from(close)));
        closed.map(|candle| candle.close).collect()
    })
    .collect()
}

fn half_hours_to_hours() -> Aggregator {
    Aggregator::new(Interval::minutes(30).unwrap(), Interval::HOUR).unwrap()
}

#[test]
fn a_higher_bar_comes_out_on_the_row_that_closes_it() {
    let half = 30 * MINUTE_MS;
    let found = closes(&mut half_hours_to_hours(), &[0, half, 2 * half, 3 * half]);
    assert_eq!(found, [vec![], vec![2.0], vec![], vec![4.0]]);
}

#[test]
fn prices_and_volume_are_those_of_all_rows() {
    let mut hourly = half_hours_to_hours();
    let first =
        Candle { time: HOUR_MS, open: 10.0, high: 12.0, low: 9.0, close: 11.0, volume: 1.5 };
    let second = Candle {
        time: HOUR_MS + 30 * MINUTE_MS,
        open: 11.0,
        high: 11.5,
        low: 8.0,
        close: 8.5,
        volume: 2.0,
    };
    assert_eq!(hourly.update(&first).next(), None);
    assert_eq!(hourly.forming(), Some(&first));
    let expected =
        Candle { time: HOUR_MS, open: 10.0, high: 12.0, low: 8.0, close: 8.5, volume: 3.5 };
    assert_eq!(hourly.update(&second).collect::<Vec<_>>(), [expected]);
    assert_eq!(hourly.forming(), None);
}

#[test]
fn a_gap_delays_a_bar_to_the_first_row_after_it() {
    let half = 30 * MINUTE_MS;
    // Hour 0 lacks its second half; hour 1 is complete.
    let found = closes(&mut half_hours_to_hours(), &[0, 2 * half, 3 * half]);
    assert_eq!(found, [vec![], vec![1.0], vec![3.0]]);
    // Hour 0 lacks its second half, and hour 3 its first: one row closes both.
    let found = closes(&mut half_hours_to_hours(), &[0, 7 * half, 8 * half]);
    assert_eq!(found, [vec![], vec![1.0, 2.0], vec![]]);
    // Whole hours are missing: nothing comes out for them.
    let found = closes(&mut half_hours_to_hours(), &[0, half, 20 * half, 21 * half]);
    assert_eq!(found, [vec![], vec![2.0], vec![], vec![4.0]]);
}

#[test]
fn weeks_start_on_monday() {
    let mut weekly = Aggregator::new(Interval::DAY, Interval::WEEK).unwrap();
    // Saturday 2024-05-11 to Monday 2024-05-20.
    let days: Vec<i64> = (0..10).map(|day| 1_715_385_600_000 + day * DAY_MS).collect();
    let found = closes(&mut weekly, &days);
    let closing: Vec<usize> = (0..10).filter(|row| !found[*row].is_empty()).collect();
    assert_eq!(closing, [1, 8], "the Sundays 2024-05-12 and 2024-05-19");
}

#[test]
fn the_same_interval_passes_through() {
    let mut hourly = Aggregator::new(Interval::HOUR, Interval::HOUR).unwrap();
    assert_eq!(closes(&mut hourly, &[0, HOUR_MS, 5 * HOUR_MS]), [[1.0], [2.0], [3.0]]);
}

#[test]
fn only_whole_multiples_can_be_made() {
    let error = Aggregator::new(Interval::HOUR, Interval::minutes(90).unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a higher interval is a whole multiple of the lower one: 5400000 ms is not one of 3600000 ms"
    );
}

#[test]
fn agrees_with_pandas_over_gaps() {
    let missing = [1, 2, 9, 10, 11, 12, 13, 14, 22, 23, 24, 25, 26, 37];
    // Friday 2024-01-05T22:00Z, two hours before the grid of four hours.
    let start = 1_704_492_000_000;
    let walk = Bars::random_walk(60, 7);
    let rows = (0..60).filter(|row| !missing.contains(row));
    let hours = rows.map(|row| Candle {
        time: start + i64::try_from(row).unwrap() * HOUR_MS,
        ..walk.candle(0, row).unwrap()
    });
    let mut aggregator = Aggregator::new(Interval::HOUR, Interval::hours(4).unwrap()).unwrap();
    let mut found: Vec<Candle> = hours.flat_map(|hour| aggregator.update(&hour)).collect();
    found.extend(aggregator.forming());
    assert_eq!(found.len(), RESAMPLED.len());
    for (candle, (time, [open, high, low, close, volume])) in found.iter().zip(RESAMPLED) {
        let volume_error = (candle.volume - volume).abs();
        assert!(volume_error < 1e-12, "{time}: {volume_error}");
        let expected = Candle { time, open, high, low, close, volume: candle.volume };
        assert_eq!(*candle, expected);
    }
}

/// pandas 3.1.1: the same rows, `resample("4h")` with first, max, min, last and sum, `dropna()`.
const RESAMPLED: [(i64, [f64; 5]); 14] = [
    (
        1_704_484_800_000,
        [
            100.0,
            101.368_737_886_188_1,
            99.863_626_744_365_32,
            100.911_319_076_083_6,
            3.397_415_183_950_215_6,
        ],
    ),
    (
        1_704_499_200_000,
        [
            100.601_561_500_791_92,
            100.988_622_108_815_52,
            99.700_932_004_328_89,
            99.906_345_127_728_34,
            26.891_454_071_737_826,
        ],
    ),
    (
        1_704_513_600_000,
        [
            99.906_345_127_728_34,
            101.600_423_565_150_6,
            99.518_538_553_932_94,
            101.229_595_127_980_3,
            12.230_790_691_450_238,
        ],
    ),
    (
        1_704_542_400_000,
        [
            98.893_660_960_715_21,
            99.225_207_159_706_46,
            98.523_545_285_863_45,
            98.679_190_421_137_7,
            10.535_579_964_984_208,
        ],
    ),
    (
        1_704_556_800_000,
        [
            98.679_190_421_137_7,
            99.272_671_003_660_38,
            97.645_110_474_768_2,
            98.533_758_887_107_65,
            28.416_988_386_772_573,
        ],
    ),
    (
        1_704_585_600_000,
        [
            99.701_257_428_960_96,
            100.851_097_842_576_5,
            98.407_830_448_417_1,
            98.726_425_602_854_99,
            16.743_470_671_121_03,
        ],
    ),
    (
        1_704_600_000_000,
        [
            98.726_425_602_854_99,
            99.129_651_277_723_47,
            97.558_650_074_162_71,
            97.677_090_931_397_73,
            13.355_827_224_906_534,
        ],
    ),
    (
        1_704_614_400_000,
        [
            97.677_090_931_397_73,
            99.030_077_478_284_57,
            97.432_371_099_270_85,
            97.868_195_884_944_11,
            16.653_156_762_477_01,
        ],
    ),
    (
        1_704_628_800_000,
        [
            98.118_241_398_881_64,
            99.438_661_087_638_4,
            97.552_211_112_171_56,
            99.012_506_455_031_33,
            23.735_169_551_335_275,
        ],
    ),
    (
        1_704_643_200_000,
        [
            99.012_506_455_031_33,
            100.146_235_793_526_47,
            98.064_030_047_054_66,
            98.389_484_109_159_1,
            23.275_183_144_025_505,
        ],
    ),
    (
        1_704_657_600_000,
        [
            98.389_484_109_159_1,
            99.370_366_686_165_06,
            97.796_157_747_012_57,
            98.122_415_496_833_07,
            25.787_830_084_096_64,
        ],
    ),
    (
        1_704_672_000_000,
        [
            98.122_415_496_833_07,
            99.663_821_208_914_44,
            97.959_864_048_875_19,
            99.250_844_689_240_88,
            17.934_836_842_119_694,
        ],
    ),
    (
        1_704_686_400_000,
        [
            99.250_844_689_240_88,
            100.436_213_870_296_61,
            99.158_970_184_090_98,
            100.304_920_862_452_39,
            30.195_010_665_338_486,
        ],
    ),
    (
        1_704_700_800_000,
        [
            100.304_920_862_452_39,
            101.290_881_495_662_29,
            99.928_559_897_299_86,
            101.137_339_511_667_6,
            16.365_438_681_561_5,
        ],
    ),
];
