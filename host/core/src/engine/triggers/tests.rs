//! Where the market reaches an order.

use super::super::test_data::{Prices, bar, panel, price, quantity};
use super::*;
use crate::market::Panel;

/// Rows of a market that stays between 9 and 11, but for a bar of its own in each of `others`.
fn quiet_market(rows: usize, others: &[(usize, Prices)]) -> Panel {
    let mut bars = vec![bar(10.0); rows];
    for (row, other) in others {
        bars[*row] = *other;
    }
    // The second instrument has a bar in every row.
    panel(&[&bars, &vec![bar(10.0); rows]])
}

fn first_reached(triggers: Triggers, panel: &Panel, rows: Range<usize>) -> Option<usize> {
    triggers.first_reached(&panel.series()[0], rows)
}

#[test]
fn a_buy_rests_at_the_tick_below_and_a_sale_at_the_tick_above() {
    let tick = price(0.25);
    assert_eq!(on_grid(price(10.3), Side::Buy, tick), price(10.25));
    assert_eq!(on_grid(price(10.3), Side::Sell, tick), price(10.5));
    assert_eq!(on_grid(price(10.5), Side::Buy, tick), price(10.5));
    assert_eq!(on_grid(price(10.5), Side::Sell, tick), price(10.5));
    assert_eq!(on_grid(price(10.3), Side::Sell, Price::ZERO), price(10.3));
}

#[test]
fn a_take_profit_rests_on_the_grid_and_a_stop_triggers_at_its_own_price() {
    let levels = Levels { stop: Some(price(9.1)), take_profit: Some(price(11.1)) };
    let rests_at = |take_profit| Levels { take_profit: Some(price(take_profit)), ..levels };
    // A long position is sold, a short one bought back.
    assert_eq!(levels_on_grid(levels, quantity(1.0), price(0.5)), rests_at(11.5));
    assert_eq!(levels_on_grid(levels, quantity(-1.0), price(0.5)), rests_at(11.0));
}

#[test]
fn of_several_prices_the_nearer_one_triggers() {
    let expected = Triggers { low_at_or_below: 9.0, high_at_or_above: 12.0 };
    assert_eq!(Triggers::NONE.below(8.0).below(9.0).above(12.0).above(13.0), expected);
    assert_eq!(Triggers::NONE.below(9.0).below(8.0).above(13.0).above(12.0), expected);
}

#[test]
fn a_low_or_high_at_the_price_reaches_it() {
    let panel = quiet_market(4, &[(1, bar(9.5)), (2, bar(10.5))]);
    // The low of row 1 is 8.5, the high of row 2 11.5.
    assert_eq!(first_reached(Triggers::NONE.below(8.5), &panel, 0..4), Some(1));
    assert_eq!(first_reached(Triggers::NONE.below(8.49), &panel, 0..4), None);
    assert_eq!(first_reached(Triggers::NONE.above(11.5), &panel, 0..4), Some(2));
    assert_eq!(first_reached(Triggers::NONE.above(11.51), &panel, 0..4), None);
    assert_eq!(first_reached(Triggers::NONE.below(8.5).above(11.5), &panel, 2..4), Some(2));
}

#[test]
fn a_row_in_a_later_block_is_found_by_its_number() {
    let panel = quiet_market(200, &[(150, bar(5.0)), (151, bar(5.0))]);
    assert_eq!(first_reached(Triggers::NONE.below(6.0), &panel, 3..200), Some(150));
    assert_eq!(first_reached(Triggers::NONE.below(6.0), &panel, 3..150), None);
}

#[test]
fn a_missing_bar_reaches_nothing() {
    let panel = quiet_market(6, &[(1, None), (2, None), (4, bar(5.0))]);
    assert_eq!(first_reached(Triggers::NONE.below(6.0), &panel, 0..6), Some(4));
    assert_eq!(first_reached(Triggers::NONE.below(6.0).above(12.0), &panel, 1..3), None);
}

#[test]
fn no_price_is_never_reached() {
    assert_eq!(first_reached(Triggers::NONE, &quiet_market(2, &[(1, bar(1e9))]), 0..2), None);
}
