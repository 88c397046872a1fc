//! Excursions of round trips.

use super::super::test_market::{A, Market, Prices, still};
use super::*;
use crate::order::Intrabar;
use proptest::prelude::{ProptestConfig, prop, proptest};

/// Nothing is taken in before `next_row` by a position with an average of 100.
fn nothing_before(direction: Direction, next_row: u32) -> PriceRange {
    PriceRange { average: 100.0, ..PriceRange::none(direction, next_row) }
}

/// A long position.
fn long(next_row: u32) -> PriceRange {
    nothing_before(Direction::Long, next_row)
}

/// Four hours; the rows before the entry and of the exit are the wildest.
fn market() -> Market {
    let wild = Some([100.0, 200.0, 50.0, 100.0]);
    let held = [Some([100.0, 108.0, 95.0, 100.0]), Some([100.0, 103.0, 90.0, 100.0])];
    Market::new("1h", &[&[wild, held[0], held[1], wild]])
}

/// In thousandths.
fn thousandths(prices: PriceRange) -> (f64, f64) {
    let PriceRange { worst, best, .. } = super::measured(prices);
    ((worst * 1e3).round(), (best * 1e3).round())
}

/// Worst and best of a position that is left at `exit`, at the open of `exit_row`, in thousandths.
fn measured(market: &Market, (row, exit): (usize, f64), known: PriceRange) -> (f64, f64) {
    let at = At { row, instrument: A };
    thousandths(met(until(&market.tape(), at, known, (Point::Start(0), exit)), exit))
}

#[test]
fn the_worst_and_the_best_price_count_from_the_entry_to_the_open_of_the_exit() {
    let market = market();
    assert_eq!(measured(&market, (3, 104.0), long(1)), (-100.0, 80.0));
    let short = nothing_before(Direction::Short, 1);
    assert_eq!(measured(&market, (3, 104.0), short), (-80.0, 100.0));
}

#[test]
fn the_price_of_the_exit_counts() {
    let (market, short) = (market(), nothing_before(Direction::Short, 1));
    assert_eq!(measured(&market, (3, 80.0), long(1)), (-200.0, 80.0));
    assert_eq!(measured(&market, (3, 125.0), long(1)), (-100.0, 250.0));
    assert_eq!(measured(&market, (3, 80.0), short), (-80.0, 200.0));
    assert_eq!(measured(&market, (3, 125.0), short), (-250.0, 100.0));
}

#[test]
fn a_position_that_never_lost_has_no_worst_and_one_that_never_gained_no_best() {
    let (market, short) = (market(), nothing_before(Direction::Short, 1));
    assert_eq!(measured(&market, (1, 104.0), long(1)), (0.0, 40.0));
    assert_eq!(measured(&market, (1, 96.0), long(1)), (-40.0, 0.0));
    assert_eq!(measured(&market, (1, 104.0), short), (-40.0, 0.0));
    assert_eq!(measured(&market, (1, 96.0), short), (0.0, 40.0));
}

/// A bar that was over when the position was entered at its close is none of its own, and one that it was left at the close of is.
#[test]
fn an_entry_at_the_close_has_nothing_of_its_bar_and_an_exit_at_the_close_has_all() {
    let market = market();
    let entered = go_on(long(0), 0, (Point::End, 100.0));
    assert_eq!(measured(&market, (1, 100.0), entered), (0.0, 0.0));
    let left = |row| {
        let at = At { row, instrument: A };
        thousandths(until(&market.tape(), at, entered, (Point::End, 100.0)))
    };
    assert_eq!(left(1), (-50.0, 80.0));
    assert_eq!(left(2), (-100.0, 80.0));
    assert_eq!(left(3), (-500.0, 1_000.0));
}

/// A bar from 100 between 90 and 120 to 110 that a fill at `price` divides: what of it comes before, and after.
#[test]
fn a_fill_inside_a_bar_divides_it_at_the_worse() {
    let market = Market::new("1h", &[&[Some([100.0, 120.0, 90.0, 110.0])]]);
    let at = At { row: 0, instrument: A };
    let (from, to) = (Direction::Long, Direction::Short);
    for (direction, price, before, after) in [
        // A stop, or a limit that enlarges: the high may come later, the low does.
        (from, 95.0, (-50.0, 0.0), (-100.0, 100.0)),
        // A take-profit: the low may have come before, the high comes later.
        (from, 115.0, (-100.0, 150.0), (-100.0, 200.0)),
        // A short position is stopped: the low may come later, the high does.
        (to, 115.0, (-150.0, 0.0), (-200.0, 0.0)),
        (to, 95.0, (-200.0, 50.0), (-200.0, 100.0)),
    ] {
        let (tape, point) = (market.tape(), (Point::Inside(0), price));
        let met_before = met(until(&tape, at, nothing_before(direction, 0), point), price);
        assert_eq!(thousandths(met_before), before, "{direction:?} before {price}");
        let later = go_on(met(nothing_before(direction, 0), price), 0, point);
        let met_after = thousandths(taken_in(&tape, A, later, 1));
        assert_eq!(met_after, after, "{direction:?} after {price}");
    }
}

#[test]
fn between_two_fills_inside_a_bar_lies_what_is_between_them_at_the_worse() {
    let market = Market::new("1h", &[&[Some([100.0, 120.0, 90.0, 110.0])]]);
    let at = At { row: 0, instrument: A };
    for (entry, exit, expected) in [
        // Stopped after an entry by a limit.
        (98.0, 94.0, (-60.0, 0.0)),
        // Left in favour: the low may have come between the two.
        (98.0, 115.0, (-100.0, 150.0)),
    ] {
        let entered = go_on(met(long(0), entry), 0, (Point::Inside(0), entry));
        let left = until(&market.tape(), at, entered, (Point::Inside(0), exit));
        assert_eq!(thousandths(met(left, exit)), expected, "{entry} to {exit}");
    }
}

/// From the open of 100 to the nearer extreme, 90, to 120, and to the close of 110.
#[test]
fn legs_tell_what_comes_before_a_fill_and_after() {
    let mut market = Market::new("1h", &[&[Some([100.0, 120.0, 90.0, 110.0])]]);
    market.setup.fills.intrabar = Intrabar::OpenNearest;
    let at = At { row: 0, instrument: A };
    for (place, price, before, after) in [
        (0, 95.0, (-50.0, 0.0), (-100.0, 200.0)),
        (1, 95.0, (-100.0, 0.0), (-50.0, 200.0)),
        (1, 115.0, (-100.0, 150.0), (0.0, 200.0)),
        (2, 115.0, (-100.0, 200.0), (0.0, 150.0)),
    ] {
        let (tape, point) = (market.tape(), (Point::Inside(place), price));
        let met_before = thousandths(met(until(&tape, at, long(0), point), price));
        assert_eq!(met_before, before, "before {price} in leg {place}");
        let later = go_on(met(long(0), price), 0, point);
        let met_after = thousandths(taken_in(&tape, A, later, 1));
        assert_eq!(met_after, after, "after {price} in leg {place}");
    }
    // At the open of the last leg the first two are over.
    let left = until(&market.tape(), at, long(0), (Point::Start(2), 120.0));
    assert_eq!(thousandths(left), (-100.0, 200.0));
    let entered = go_on(met(long(0), 120.0), 0, (Point::Start(2), 120.0));
    assert_eq!(thousandths(taken_in(&market.tape(), A, entered, 1)), (0.0, 200.0));
}

/// An increase has no part in what was before it: 50 % down from 100, then 2 more at 50, 33.3 % up from an average of 75.
#[test]
fn excursions_are_from_the_average_of_their_time() {
    let low = Some([100.0, 100.0, 50.0, 50.0]);
    let high = Some([50.0, 100.0, 50.0, 100.0]);
    let market = Market::new("1h", &[&[still(100.0), low, high, still(90.0)]]);
    let mut state = market.flat();
    market.trade_in(&mut state, (1, 0), (A, 2.0), 100.0);
    market.trade_in(&mut state, (2, 0), (A, 2.0), 50.0);
    market.trade_in(&mut state, (3, 0), (A, -4.0), 90.0);
    let trade = state.record.trades()[0].clone();
    assert_eq!(((trade.mae * 1e3).round(), (trade.mfe * 1e3).round()), (-500.0, 333.0));
    assert_eq!((trade.entry_price, trade.exit_price), (75.0, 90.0));
}

#[test]
fn missing_bars_count_for_nothing() {
    let held = Some([100.0, 108.0, 95.0, 100.0]);
    let all = [still(1.0); 4];
    let market = Market::new("1h", &[&[still(100.0), held, None, still(100.0)], &all]);
    assert_eq!(measured(&market, (3, 100.0), long(1)), (-50.0, 80.0));
    let unknown = taken_in(&market.tape(), A, long(2), 3);
    assert_eq!(unknown, long(3));
}

#[test]
fn what_was_taken_in_before_counts_and_is_not_looked_at_again() {
    let market = market();
    let known = PriceRange { lowest: 70.0, highest: 101.0, ..long(2) };
    // Of row 2 come 90 and 103; the 108 of row 1 is not looked at.
    assert_eq!(measured(&market, (3, 100.0), known), (-300.0, 30.0));
    let all_known = PriceRange { next_row: 3, ..known };
    assert_eq!(measured(&market, (3, 100.0), all_known), (-300.0, 10.0));
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
        let whole = taken_in(&tape, A, long(0), 21);
        assert_eq!(whole, PriceRange { lowest: 93.0, highest: 111.0, ..long(21) }, "{place}");
        let first = taken_in(&tape, A, long(0), 10);
        assert_eq!(first.lowest < 100.0, place < 10, "{place}");
        assert_eq!(taken_in(&tape, A, first, 21), whole, "{place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is added and taken away, the result before fees is between the worst and the best.
    #[test]
    fn what_is_realised_lies_between_the_worst_and_the_best(
        steps in prop::collection::vec((0_usize..3, 50.0..150.0, -5_i32..=5), 1..12),
        exit in 50.0..150.0,
        long in prop::bool::ANY,
    ) {
        let sign = if long { 1.0 } else { -1.0 };
        let bars: Vec<Prices> = steps.iter().map(|&(_, price, _)| still(price)).collect();
        let bars: Vec<Prices> = bars.iter().flat_map(|bar| [*bar; 3]).chain([still(exit); 3]).collect();
        let market = Market::new("1h", &[&bars]);
        let mut state = market.flat();
        market.trade_in(&mut state, (0, 0), (A, 5.0 * sign), steps[0].1);
        let (mut row, mut held) = (0, 5.0);
        for &(wait, price, more) in &steps {
            row += wait;
            let change = f64::from(more);
            if change != 0.0 && held + change > 0.0 {
                held += change;
                market.trade_in(&mut state, (row, 0), (A, sign * change), price);
            }
        }
        market.trade_in(&mut state, (bars.len() - 1, 0), (A, -sign * held), exit);
        let trade = &state.record.trades()[0];
        let realised = sign * (trade.exit_price / trade.entry_price - 1.0);
        assert!(trade.mae <= 0.0 && trade.mfe >= 0.0, "{trade:?}");
        assert!(trade.mae - 1e-9 <= realised && realised <= trade.mfe + 1e-9, "{trade:?}");
    }
}
