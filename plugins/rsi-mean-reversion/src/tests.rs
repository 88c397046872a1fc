//! Tests of the strategy.

use super::*;
use ct_sdk::testing::{Bars, Harness, check_window_invariance};

type Plugin = Signals<RsiMeanReversion>;

fn harness(period: i32, levels: [i32; 3], short: bool) -> Harness<Plugin> {
    let [oversold, exit, overbought] = levels;
    Harness::new()
        .param("period", period)
        .param("oversold", oversold)
        .param("exit", exit)
        .param("overbought", overbought)
        .param("short", short)
}

#[test]
fn enters_and_leaves_by_hand() {
    // RSI over 2 changes: 0 after two falls, 50 after a fall and a rise of the same size.
    let bars = Bars::from_closes(&[10.0, 9.0, 8.0, 9.0, 10.0]);
    assert_eq!(harness(2, [30, 50, 70], false).run(&bars).targets(), [(2, 1.0), (3, 0.0)]);
    // The RSI is 75 in the last row: with the exit at 72, leaving and turning fall on one row.
    let levels = [30, 72, 74];
    assert_eq!(harness(2, levels, false).run(&bars).targets(), [(2, 1.0), (4, 0.0)]);
    assert_eq!(harness(2, levels, true).run(&bars).targets(), [(2, 1.0), (4, -1.0)]);
}

#[test]
fn a_market_that_stands_still_is_neutral() {
    let bars = Bars::from_closes(&[10.0; 8]);
    assert_eq!(harness(2, [30, 50, 70], true).run(&bars).targets(), []);
    // Neutral is 50, which is oversold when the level says so.
    assert_eq!(harness(2, [51, 60, 70], true).run(&bars).targets(), [(2, 1.0)]);
}

#[test]
fn agrees_with_pandas() {
    // pandas 3.1.1 on the closes of the same random walk: mean of the first `period` gains and
    // losses, then ewm(alpha=1/period, adjust=False), then the rules as a loop.
    let run = Harness::<Plugin>::new().run(&Bars::random_walk(1000, 2024));
    assert_eq!(run.rows_of(1.0), [107, 180, 482, 511, 684]);
    assert_eq!(run.rows_of(0.0), [161, 219, 498, 521, 711]);

    let run = harness(5, [20, 45, 80], true).run(&Bars::random_walk(200, 2024));
    assert_eq!(run.rows_of(1.0), [87, 106, 139, 151, 172, 180]);
    assert_eq!(run.rows_of(0.0), [24, 52, 89, 127, 146, 152, 174, 182]);
    assert_eq!(run.rows_of(-1.0), [11, 34]);

    let run = harness(2, [30, 50, 70], true).run(&Bars::random_walk(80, 2024));
    assert_eq!(run.rows_of(1.0), [2, 5, 23, 29, 52, 57, 65, 71, 77]);
    assert_eq!(run.rows_of(0.0), [3, 7, 17, 22, 36, 42, 44, 51, 55, 58, 64, 67, 73, 76]);
    assert_eq!(run.rows_of(-1.0), [9, 19, 27, 31, 41, 43, 46, 61, 68, 75, 79]);
}

#[test]
fn windows_make_no_difference() {
    let bars = Bars::random_walk(400, 3).without(100..120);
    check_window_invariance(&harness(4, [25, 50, 75], true), &bars);
}

#[test]
fn refuses_levels_out_of_order() {
    let cases = [
        ([50, 50, 70], "oversold (50) must be less than exit (50)"),
        ([30, 72, 70], "exit (72) must be less than overbought (70)"),
    ];
    for (levels, expected) in cases {
        let error = harness(14, levels, false).configure(&Bars::from_closes(&[])).map(|_| ());
        assert_eq!(error, Err(expected.to_owned()));
    }
}
