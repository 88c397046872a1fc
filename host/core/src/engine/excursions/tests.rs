//! Excursions of round trips.

use super::super::test_market::{A, Market, Prices, coin, hour, price, quantity, still};
use super::*;
use crate::order::FillReason;
use crate::units::Money;

/// Nothing is taken in before `next_row`.
fn nothing_before(next_row: u32) -> PriceRange {
    PriceRange { lowest: f64::INFINITY, highest: f64::NEG_INFINITY, next_row }
}

/// Four hours; the rows before the entry and of the exit are the wildest.
fn market() -> Market {
    let wild = Some([100.0, 200.0, 50.0, 100.0]);
    let held = [Some([100.0, 108.0, 95.0, 100.0]), Some([100.0, 103.0, 90.0, 100.0])];
    Market::new("1h", &[&[wild, held[0], held[1], wild]])
}

/// Worst and best of a position of 2 that was entered at 100 in row 1 and left at `exit` in `exit_row`, in thousandths.
fn measured(
    market: &Market,
    direction: Direction,
    (exit_row, exit): (usize, f64),
    known: PriceRange,
) -> (f64, f64) {
    let mut trade = Trade {
        symbol: coin(A),
        direction,
        entry_time: hour(1),
        exit_time: hour(exit_row),
        bars_held: exit_row as u64 - 1,
        quantity: quantity(2.0),
        entry_price: 100.0,
        exit_price: exit,
        gross_pnl: Money::ZERO,
        net_pnl: Money::ZERO,
        fees: Money::ZERO,
        carry: Money::ZERO,
        return_on_notional: 0.0,
        mae: f64::NAN,
        mfe: f64::NAN,
        exit_reason: FillReason::Exit,
    };
    let at = At { row: exit_row, instrument: A };
    measure(&market.tape(), &mut trade, (at, price(exit)), known);
    ((trade.mae * 1e3).round(), (trade.mfe * 1e3).round())
}

#[test]
fn the_worst_and_the_best_price_count_from_the_entry_to_the_row_before_the_exit() {
    let (market, known) = (market(), nothing_before(1));
    assert_eq!(measured(&market, Direction::Long, (3, 104.0), known), (-100.0, 80.0));
    assert_eq!(measured(&market, Direction::Short, (3, 104.0), known), (-80.0, 100.0));
}

#[test]
fn the_price_of_the_exit_counts() {
    let (market, known) = (market(), nothing_before(1));
    assert_eq!(measured(&market, Direction::Long, (3, 80.0), known), (-200.0, 80.0));
    assert_eq!(measured(&market, Direction::Long, (3, 125.0), known), (-100.0, 250.0));
    assert_eq!(measured(&market, Direction::Short, (3, 80.0), known), (-80.0, 200.0));
    assert_eq!(measured(&market, Direction::Short, (3, 125.0), known), (-250.0, 100.0));
}

#[test]
fn a_position_that_never_lost_has_no_worst_and_one_that_never_gained_no_best() {
    let (market, known) = (market(), nothing_before(1));
    assert_eq!(measured(&market, Direction::Long, (1, 104.0), known), (0.0, 40.0));
    assert_eq!(measured(&market, Direction::Long, (1, 96.0), known), (-40.0, 0.0));
    assert_eq!(measured(&market, Direction::Short, (1, 104.0), known), (-40.0, 0.0));
    assert_eq!(measured(&market, Direction::Short, (1, 96.0), known), (0.0, 40.0));
}

#[test]
fn missing_bars_count_for_nothing() {
    let held = Some([100.0, 108.0, 95.0, 100.0]);
    let all = [still(1.0); 4];
    let market = Market::new("1h", &[&[still(100.0), held, None, still(100.0)], &all]);
    let known = nothing_before(1);
    assert_eq!(measured(&market, Direction::Long, (3, 100.0), known), (-50.0, 80.0));
    let unknown = taken_in(&market.tape(), A, nothing_before(2), 3);
    assert_eq!(unknown, nothing_before(3));
}

#[test]
fn what_was_taken_in_before_counts_and_is_not_looked_at_again() {
    let market = market();
    let known = PriceRange { lowest: 70.0, highest: 101.0, next_row: 2 };
    // Of row 2 come 90 and 103; the 108 of row 1 is not looked at.
    assert_eq!(measured(&market, Direction::Long, (3, 100.0), known), (-300.0, 30.0));
    let all_known = PriceRange { next_row: 3, ..known };
    assert_eq!(measured(&market, Direction::Long, (3, 100.0), all_known), (-300.0, 10.0));
    // An end before what is known takes nothing back.
    assert_eq!(taken_in(&market.tape(), A, all_known, 1), all_known);
}

/// Extremes are looked for eight at a time: each place of a block and of what is left over has to be seen.
#[test]
fn an_extreme_is_found_in_every_row_and_in_any_number_of_steps() {
    const ROWS: usize = 21;
    for place in 0..ROWS {
        let mut prices: [Prices; ROWS] = [still(100.0); ROWS];
        prices[place] = Some([100.0, 111.0, 93.0, 100.0]);
        let market = Market::new("1h", &[&prices]);
        let tape = market.tape();
        let whole = taken_in(&tape, A, nothing_before(0), 21);
        assert_eq!(whole, PriceRange { lowest: 93.0, highest: 111.0, next_row: 21 }, "{place}");
        let first = taken_in(&tape, A, nothing_before(0), 10);
        assert_eq!(first.lowest < 100.0, place < 10, "{place}");
        assert_eq!(taken_in(&tape, A, first, 21), whole, "{place}");
    }
}
