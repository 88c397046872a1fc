//! Questions about prices.

use super::super::test_data::{A, B, HOUR_MS, Prices, coin, hour, panel, setup, tape};
use super::*;
use crate::market::RawColumns;
use crate::units::Interval;

/// Six rows: the first instrument lacks bars in rows 2 and 3, the second those before row 2.
fn two_markets() -> Panel {
    let bar = |open: f64, close: f64| -> Prices { Some([open, open.max(close), 1.0, close]) };
    let first = [bar(10.0, 10.5), bar(11.0, 11.5), None, None, bar(14.0, 14.5), bar(15.0, 15.5)];
    let second = [None, None, bar(22.0, 22.5), bar(23.0, 23.5), bar(24.0, 24.5), bar(25.0, 25.5)];
    panel(&[&first, &second])
}

/// What `ask` says of `instrument` in each of the six rows.
fn in_each_row(instrument: InstrumentId, ask: impl Fn(At) -> f64) -> String {
    format!("{:?}", [0, 1, 2, 3, 4, 5].map(|row| ask(At { row, instrument })))
}

/// The panel of the bars that open at `opens_ms`, in milliseconds.
fn opening_at(interval_ms: i64, opens_ms: &[i64]) -> Panel {
    let ones = vec![1.0; opens_ms.len()];
    let [open, high, low, close, volume] = [(); 5].map(|()| ones.clone());
    let columns = RawColumns { time: opens_ms.to_vec(), open, high, low, close, volume };
    let bars = Bars::new(Interval::from_ms(interval_ms).unwrap(), columns).unwrap();
    Panel::new(vec![(Instrument::unrestricted("COIN0"), bars)]).unwrap()
}

#[test]
fn marks_carry_over_missing_bars_and_are_unknown_before_the_first() {
    let (panel, setup) = (two_markets(), setup());
    let tape = tape(&panel, &setup);
    assert_eq!(in_each_row(A, |at| tape.mark(at)), "[10.5, 11.5, 11.5, 11.5, 14.5, 15.5]");
    assert_eq!(in_each_row(B, |at| tape.mark(at)), "[NaN, NaN, 22.5, 23.5, 24.5, 25.5]");
}

#[test]
fn the_mark_before_is_that_of_the_row_before() {
    let (panel, setup) = (two_markets(), setup());
    let tape = tape(&panel, &setup);
    assert_eq!(in_each_row(A, |at| tape.mark_before(at)), "[NaN, 10.5, 11.5, 11.5, 11.5, 14.5]");
}

#[test]
fn a_market_trades_at_its_open_or_close_and_not_without_a_bar() {
    let (panel, setup) = (two_markets(), setup());
    let tape = tape(&panel, &setup);
    let open = in_each_row(A, |at| tape.market_price(at, FillTime::Open));
    assert_eq!(open, "[10.0, 11.0, NaN, NaN, 14.0, 15.0]");
    let close = in_each_row(A, |at| tape.market_price(at, FillTime::Close));
    assert_eq!(close, "[10.5, 11.5, NaN, NaN, 14.5, 15.5]");
}

#[test]
fn what_trades_at_the_open_or_after_it_has_the_time_of_the_bar_and_at_the_close_its_end() {
    let (panel, setup) = (two_markets(), setup());
    let tape = tape(&panel, &setup);
    for row in 0..6 {
        assert_eq!(tape.time(row, FillTime::Open), hour(row));
        assert_eq!(tape.time(row, FillTime::Close), hour(row + 1));
    }
    assert_eq!((tape.symbol(A), tape.symbol(B)), (&coin(A), &coin(B)));
}

#[test]
fn a_position_counts_at_the_market_or_at_the_last_price_known() {
    let (panel, setup) = (two_markets(), setup());
    let tape = tape(&panel, &setup);
    let open = in_each_row(A, |at| tape.price(at, FillTime::Open));
    assert_eq!(open, "[10.0, 11.0, 11.5, 11.5, 14.0, 15.0]");
    let close = in_each_row(B, |at| tape.price(at, FillTime::Close));
    assert_eq!(close, "[NaN, NaN, 22.5, 23.5, 24.5, 25.5]");
}

#[test]
fn a_missing_bar_has_no_volume() {
    let (panel, setup) = (two_markets(), setup());
    let tape = tape(&panel, &setup);
    assert_eq!(in_each_row(A, |at| tape.volume(at)), "[10.0, 10.0, NaN, NaN, 10.0, 10.0]");
}

#[test]
fn rows_have_a_bar_if_one_of_them_has() {
    let (panel, setup) = (two_markets(), setup());
    let tape = tape(&panel, &setup);
    assert!(!tape.has_bar(A, 2..4));
    assert!(tape.has_bar(A, 1..4));
    assert!(tape.has_bar(A, 2..5));
    assert!(tape.has_bar(B, 2..4));
    assert!(!tape.has_bar(A, 1..1), "no rows");
}

#[test]
fn a_row_opens_at_its_time_and_is_known_an_interval_later() {
    let (panel, setup) = (opening_at(HOUR_MS, &[0, 5 * HOUR_MS]), setup());
    let tape = tape(&panel, &setup);
    assert_eq!((tape.open_ms(1), tape.close_ms(1)), (5 * HOUR_MS, 6 * HOUR_MS));
}

#[test]
fn the_first_row_known_at_a_time_closes_then_or_later() {
    // Closes are at 100, 200, 500 and 600 s.
    let (panel, setup) = (opening_at(100_000, &[0, 100_000, 400_000, 500_000]), setup());
    let tape = tape(&panel, &setup);
    assert_eq!(tape.first_known_at(200_000, 0..4), 1);
    assert_eq!(tape.first_known_at(200_001, 0..4), 2);
    assert_eq!(tape.first_known_at(0, 2..4), 2);
    assert_eq!(tape.first_known_at(500_001, 1..3), 3, "the end, where none of them is");
}

#[test]
fn a_period_ends_with_a_close_or_in_a_gap_before_an_open() {
    // Closes at 22:00, 23:00 and 00:00, after a gap at 02:00, and after one from 22:00 on the second day at 02:00 on the third.
    let opens = [21, 22, 23, 25, 45, 49].map(|hour| hour * HOUR_MS);
    let (panel, setup) = (opening_at(HOUR_MS, &opens), setup());
    let tape = tape(&panel, &setup);
    let rows = [0, 1, 2, 3, 4, 5];
    let days = rows.map(|row| tape.ends_period(row, CalendarPeriod::Day));
    assert_eq!(days, [false, false, true, false, false, false]);
    let gaps = rows.map(|row| tape.opens_after_period(row, CalendarPeriod::Day));
    assert_eq!(gaps, [false, false, false, false, false, true]);
    // 1970-01-02 was a Friday.
    assert!(!tape.ends_period(2, CalendarPeriod::Week));
}

#[test]
fn the_first_row_ends_the_period_in_which_it_opens() {
    let (panel, setup) = (opening_at(HOUR_MS, &[23 * HOUR_MS]), setup());
    assert!(tape(&panel, &setup).ends_period(0, CalendarPeriod::Day));
}

#[test]
#[should_panic(expected = "1..3 of 2")]
fn a_part_beyond_the_end_is_loud() {
    part(&[1, 2], 1..3);
}
