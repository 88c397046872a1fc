//! Tests of the strategy.

use super::*;
use ct_sdk::testing::{Bars, Harness, check_window_invariance};

type Plugin = Signals<SmaCrossover>;

fn harness(fast: i32, slow: i32, short: bool) -> Harness<Plugin> {
    Harness::new().param("fast", fast).param("slow", slow).param("short", short)
}

#[test]
fn crosses_by_hand() {
    // Averages of 1 and 2 bars: long after a rise, not after a fall or no change.
    let bars = Bars::from_closes(&[10.0, 11.0, 12.0, 12.0, 11.0, 13.0]);
    assert_eq!(harness(1, 2, false).run(&bars).targets(), [(1, 1.0), (3, 0.0), (5, 1.0)]);
    assert_eq!(harness(1, 2, true).run(&bars).targets(), [(1, 1.0), (3, -1.0), (5, 1.0)]);
}

#[test]
fn agrees_with_pandas() {
    // pandas 3.1.1 on the closes of the same random walk: c.rolling(fast).mean() > c.rolling(slow)
    // .mean(), changes only.
    let run = Harness::<Plugin>::new().run(&Bars::random_walk(1000, 2024));
    assert_eq!(run.rows_of(1.0), [49, 229, 402, 442, 543, 610, 651, 725, 847, 929]);
    assert_eq!(run.rows_of(0.0), [86, 358, 419, 473, 587, 630, 685, 805, 923, 964]);

    let run = harness(10, 30, true).run(&Bars::random_walk(400, 2024));
    assert_eq!(run.rows_of(1.0), [29, 222, 384]);
    assert_eq!(run.rows_of(0.0), []);
    assert_eq!(run.rows_of(-1.0), [79, 346]);
}

#[test]
fn windows_make_no_difference() {
    let bars = Bars::random_walk(400, 3).without(100..120);
    check_window_invariance(&harness(5, 12, true), &bars);
}

#[test]
fn refuses_a_fast_average_that_is_not_faster() {
    for (fast, slow) in [(50, 50), (51, 50)] {
        let error = harness(fast, slow, false).configure(&Bars::from_closes(&[])).map(|_| ());
        let expected = format!("fast ({fast}) must be less than slow ({slow})");
        assert_eq!(error, Err(expected));
    }
}

#[test]
fn warms_up_over_the_slow_average() {
    use ct_sdk::guest::Guest;
    let strategy = harness(10, 30, false).configure(&Bars::from_closes(&[])).unwrap();
    assert_eq!(strategy.warm_up_rows(), 30);
}
