//! What is in a window.

use super::super::test_market::{Market, still};
use super::*;

const ALL: Columns = Columns::TIME
    .and(Columns::OPEN)
    .and(Columns::HIGH)
    .and(Columns::LOW)
    .and(Columns::CLOSE)
    .and(Columns::VOLUME);

const HOUR_MS: i64 = 3_600_000;

/// Two instruments over four hours; the second one has no bar in the second hour.
fn panel() -> Panel {
    let first = [1.0, 2.0, 3.0, 4.0].map(|price| Some([price, price + 0.5, price - 0.5, price]));
    Market::new("1h", &[&first, &[still(10.0), None, still(30.0), still(40.0)]]).panel
}

/// The bits of `values`: a missing bar is NaN, which is not equal to itself.
fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn a_window_of_one_instrument_is_its_columns() {
    let (panel, mut cutter) = (panel(), WindowCutter::default());
    let window = cutter.cut(&panel, &(0..1), ALL, 1..3);
    assert_eq!((window.first_row, window.rows, window.times), (1, 2, &[HOUR_MS, 2 * HOUR_MS][..]));
    assert_eq!((window.open, window.close), (&[2.0, 3.0][..], &[2.0, 3.0][..]));
    assert_eq!((window.high, window.low), (&[2.5, 3.5][..], &[1.5, 2.5][..]));
    assert_eq!(window.volume, [100.0, 100.0]);
    // They are lent, not copied.
    assert_eq!(window.close.as_ptr(), panel.series()[0].close()[1..].as_ptr());
}

#[test]
fn a_window_of_several_instruments_has_one_block_after_the_other() {
    let (panel, mut cutter) = (panel(), WindowCutter::default());
    let window = cutter.cut(&panel, &(0..2), ALL, 0..3);
    assert_eq!((window.rows, window.times.len()), (3, 3));
    assert_eq!(bits(window.close), bits(&[1.0, 2.0, 3.0, 10.0, f64::NAN, 30.0]));
    assert_eq!(bits(window.high), bits(&[1.5, 2.5, 3.5, 10.0, f64::NAN, 30.0]));
    // Nothing is left of the window before.
    let next = cutter.cut(&panel, &(0..2), ALL, 3..4);
    assert_eq!((next.first_row, next.close), (3, &[4.0, 40.0][..]));
}

#[test]
fn a_column_that_was_not_asked_for_is_empty() {
    let (panel, mut cutter) = (panel(), WindowCutter::default());
    cutter.cut(&panel, &(0..2), ALL, 0..3);
    for instruments in [0..1, 0..2] {
        let window = cutter.cut(&panel, &instruments, Columns::LOW, 0..3);
        assert_eq!(window.low.len(), 3 * instruments.len());
        assert!(window.times.is_empty() && window.open.is_empty() && window.high.is_empty());
        assert!(window.close.is_empty() && window.volume.is_empty());
    }
}

#[test]
fn rows_keep_their_numbers_when_others_are_forgotten() {
    let (mut panel, mut cutter) = (panel(), WindowCutter::default());
    panel.forget_before(2);
    assert_eq!(panel.first_row(), 2);
    let window = cutter.cut(&panel, &(0..2), ALL, 2..4);
    assert_eq!((window.first_row, window.rows), (2, 2));
    assert_eq!(window.times, [2 * HOUR_MS, 3 * HOUR_MS]);
    assert_eq!(window.close, [3.0, 4.0, 30.0, 40.0]);
}
