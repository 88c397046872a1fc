//! Tests of the strategy.

use super::*;
use ct_sdk::testing::{Bars, Harness, check_window_invariance};

type Plugin = Signals<BollingerBreakout>;

fn harness(period: i32, width: f64, short: bool) -> Harness<Plugin> {
    Harness::new().param("period", period).param("width", width).param("short", short)
}

#[test]
fn enters_and_leaves_by_hand() {
    // Bands over 3 closes, one deviation wide. Row 3: mean 11, deviation 1.41, close 13.
    // Row 4: mean 12, close 13. Row 5: mean 12, close 10, lower band 10.59.
    let bars = Bars::from_closes(&[10.0, 10.0, 10.0, 13.0, 13.0, 10.0, 10.0]);
    assert_eq!(harness(3, 1.0, false).run(&bars).targets(), [(3, 1.0), (5, 0.0)]);
    assert_eq!(harness(3, 1.0, true).run(&bars).targets(), [(3, 1.0), (5, -1.0)]);
}

#[test]
fn a_close_on_the_band_or_on_the_middle_changes_nothing() {
    assert_eq!(harness(3, 1.0, true).run(&Bars::from_closes(&[10.0; 6])).targets(), []);
    // The close is on the middle from row 6 on, when all three closes are the same.
    let bars = Bars::from_closes(&[10.0, 10.0, 10.0, 13.0, 13.0, 13.0, 13.0]);
    assert_eq!(harness(3, 1.0, false).run(&bars).targets(), [(3, 1.0)]);
}

#[test]
fn agrees_with_pandas() {
    // pandas 3.1.1 on the closes of the same random walk: c.rolling(period).mean() and
    // .std(ddof=0), then the rules as a loop.
    let run = Harness::<Plugin>::new().run(&Bars::random_walk(600, 2024));
    assert_eq!(run.rows_of(1.0), [34, 221, 279, 317, 403, 431, 556]);
    assert_eq!(run.rows_of(0.0), [57, 277, 312, 340, 406, 457, 572]);

    let run = harness(10, 1.5, true).run(&Bars::random_walk(150, 2024));
    assert_eq!(run.rows_of(1.0), [10, 33, 43, 46, 61, 99, 130]);
    assert_eq!(run.rows_of(0.0), [31, 42, 44, 52, 60, 65, 79, 89, 97, 103, 127, 131, 146]);
    assert_eq!(run.rows_of(-1.0), [24, 57, 77, 80, 91, 104, 136, 148]);
}

#[test]
fn windows_make_no_difference() {
    let bars = Bars::random_walk(400, 3).without(100..120);
    check_window_invariance(&harness(8, 1.2, true), &bars);
}

#[test]
fn refuses_parameters_outside_their_range() {
    let error = harness(20, 0.0, false).configure(&Bars::from_closes(&[])).map(|_| ());
    let expected = "`width` must be a number within its range, found a number";
    assert_eq!(error, Err(expected.to_owned()));
}
