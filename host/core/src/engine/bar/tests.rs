//! The bar of these tests opens at 100, and comes to 110 and to 90.

use super::*;

const BAR: Bar = Bar {
    open: 100.0,
    high: 110.0,
    low: 90.0,
    volume: 1.0,
    rules: FillRules {
        market: crate::order::MarketFill::NextOpen,
        limit: LimitFill::Through,
        gap: GapFill::Level,
        intrabar: crate::order::Intrabar::StopFirst,
        latency_bars: 0,
    },
    extremes: Extremes::Unordered,
};

const AT_TOUCH: Bar = Bar { rules: FillRules { limit: LimitFill::Touch, ..BAR.rules }, ..BAR };

const AT_OPEN: Bar = Bar { rules: FillRules { gap: GapFill::Open, ..BAR.rules }, ..BAR };

/// What stands for no level in the tables.
const NONE: f64 = 0.0;

fn price(price: f64) -> Price {
    Price::from_f64(price).unwrap()
}

fn held(quantity: f64) -> Quantity {
    Quantity::from_f64(quantity).unwrap()
}

fn levels(stop: f64, take_profit: f64) -> Levels {
    let level = |level: f64| (level > NONE).then(|| price(level));
    Levels { stop: level(stop), take_profit: level(take_profit) }
}

#[test]
fn a_limit_order_fills_beyond_its_price_or_by_the_other_rule_at_it() {
    for (side, at, through, touch) in [
        (Side::Buy, 91.0, true, true),
        (Side::Buy, 90.0, false, true),
        (Side::Buy, 89.0, false, false),
        (Side::Sell, 109.0, true, true),
        (Side::Sell, 110.0, false, true),
        (Side::Sell, 111.0, false, false),
    ] {
        let inside = Some((at, Entered::Inside(at)));
        assert_eq!(BAR.limit_fill(side, at), inside.filter(|_| through), "{side:?} at {at}");
        assert_eq!(AT_TOUCH.limit_fill(side, at), inside.filter(|_| touch), "{side:?} at {at}");
    }
}

#[test]
fn a_limit_order_that_the_open_passes_gets_its_own_price_or_the_open() {
    for (side, at) in [(Side::Buy, 105.0), (Side::Sell, 95.0)] {
        assert_eq!(BAR.limit_fill(side, at), Some((at, Entered::Before)));
        assert_eq!(AT_OPEN.limit_fill(side, at), Some((100.0, Entered::Before)));
        // At its price the market has not passed it: that comes later in the bar.
        assert_eq!(BAR.limit_fill(side, 100.0), Some((100.0, Entered::Inside(100.0))));
        assert_eq!(AT_TOUCH.limit_fill(side, 100.0), Some((100.0, Entered::Before)));
    }
}

#[test]
fn a_bar_takes_a_position_out_at_its_levels() {
    use FillReason::{Stop, TakeProfit};
    for (quantity, stop, take_profit, expected, ambiguous) in [
        (1.0, 95.0, NONE, Some((Stop, 95.0)), false),
        (1.0, 90.0, NONE, Some((Stop, 90.0)), false),
        (1.0, 89.0, NONE, None, false),
        // A gap through the stop is worse than the stop.
        (1.0, 105.0, NONE, Some((Stop, 100.0)), false),
        (1.0, 105.0, 108.0, Some((Stop, 100.0)), false),
        (1.0, NONE, 105.0, Some((TakeProfit, 105.0)), false),
        (1.0, NONE, 110.0, None, false),
        (1.0, NONE, 95.0, Some((TakeProfit, 95.0)), false),
        (1.0, 95.0, 105.0, Some((Stop, 95.0)), true),
        (1.0, 95.0, 111.0, Some((Stop, 95.0)), false),
        (-1.0, 105.0, NONE, Some((Stop, 105.0)), false),
        (-1.0, 110.0, NONE, Some((Stop, 110.0)), false),
        (-1.0, 111.0, NONE, None, false),
        (-1.0, 95.0, NONE, Some((Stop, 100.0)), false),
        (-1.0, NONE, 95.0, Some((TakeProfit, 95.0)), false),
        (-1.0, NONE, 90.0, None, false),
        (-1.0, NONE, 105.0, Some((TakeProfit, 105.0)), false),
        (-1.0, 105.0, 95.0, Some((Stop, 105.0)), true),
        (0.0, 95.0, 105.0, None, false),
    ] {
        let (held, levels) = (held(quantity), levels(stop, take_profit));
        let exit = BAR.protective_exit(held, levels, Entered::Before);
        let expected = expected.map(|fill| ProtectiveExit { fill: Some(fill), ambiguous });
        assert_eq!(exit, expected, "{quantity} with {levels:?}");
    }
}

#[test]
fn a_take_profit_keeps_to_the_rules_of_limit_orders() {
    let exit = |bar: Bar, quantity: f64, take_profit: f64| {
        bar.protective_exit(held(quantity), levels(NONE, take_profit), Entered::Before)
            .and_then(|exit| exit.fill)
            .map(|(_, price)| price)
    };
    for (quantity, touched, passed) in [(1.0, 110.0, 95.0), (-1.0, 90.0, 105.0)] {
        assert_eq!(exit(AT_TOUCH, quantity, touched), Some(touched));
        assert_eq!(exit(AT_OPEN, quantity, passed), Some(100.0));
    }
}

#[test]
fn after_an_entry_inside_the_bar_only_the_stop_is_certain() {
    use FillReason::Stop;
    for (quantity, entry, stop, take_profit, expected) in [
        (1.0, 95.0, 93.0, NONE, Some((Some((Stop, 93.0)), false))),
        (1.0, 95.0, NONE, 105.0, Some((None, true))),
        (1.0, 95.0, 93.0, 105.0, Some((Some((Stop, 93.0)), true))),
        // Entered beyond its own stop, whatever the open was.
        (1.0, 95.0, 96.0, NONE, Some((Some((Stop, 95.0)), false))),
        (1.0, 95.0, 101.0, NONE, Some((Some((Stop, 95.0)), false))),
        (1.0, 95.0, 89.0, 111.0, None),
        (-1.0, 105.0, 107.0, NONE, Some((Some((Stop, 107.0)), false))),
        (-1.0, 105.0, NONE, 95.0, Some((None, true))),
        (-1.0, 105.0, 104.0, NONE, Some((Some((Stop, 105.0)), false))),
    ] {
        let (held, levels) = (held(quantity), levels(stop, take_profit));
        let exit = BAR.protective_exit(held, levels, Entered::Inside(entry));
        let expected = expected.map(|(fill, ambiguous)| ProtectiveExit { fill, ambiguous });
        assert_eq!(exit, expected, "{quantity} with {levels:?}");
    }
}

#[test]
fn nothing_is_ambiguous_where_the_price_goes_one_way() {
    let leg = Bar { extremes: Extremes::OneWay, ..BAR };
    let exit = |levels, entered| leg.protective_exit(held(1.0), levels, entered).unwrap();
    assert!(!exit(levels(95.0, 105.0), Entered::Before).ambiguous);
    let passed = exit(levels(NONE, 105.0), Entered::Inside(95.0));
    assert_eq!(passed, ProtectiveExit { fill: None, ambiguous: false });
}

#[test]
fn a_limit_order_has_its_turn_before_what_is_farther_from_the_open() {
    use LimitTurn::{First, Last, Unknown};
    use Side::{Buy, Sell};
    for (quantity, side, limit, stop, take_profit, expected) in [
        // One that is not reached, or with no level that is.
        (1.0, Buy, 80.0, 95.0, NONE, Last),
        (1.0, Buy, 95.0, NONE, NONE, Last),
        // The open: levels first, then the limit, then the way.
        (1.0, Buy, 105.0, 102.0, NONE, Last),
        (1.0, Buy, 105.0, 95.0, NONE, First),
        (1.0, Sell, 95.0, 93.0, NONE, First),
        // On the way to the stop, or past it.
        (1.0, Buy, 97.0, 95.0, NONE, First),
        (1.0, Buy, 95.0, 95.0, NONE, Last),
        (1.0, Buy, 93.0, 95.0, NONE, Last),
        (-1.0, Sell, 103.0, 105.0, NONE, First),
        (-1.0, Sell, 107.0, 105.0, NONE, Last),
        // On the way to the take-profit, or past it.
        (1.0, Sell, 103.0, NONE, 105.0, First),
        (1.0, Sell, 107.0, NONE, 105.0, Last),
        (-1.0, Buy, 97.0, NONE, 95.0, First),
        (-1.0, Buy, 93.0, NONE, 95.0, Last),
        // On the other side of the open.
        (1.0, Buy, 97.0, NONE, 105.0, Unknown),
        (1.0, Sell, 105.0, 95.0, NONE, Unknown),
        (-1.0, Sell, 103.0, NONE, 95.0, Unknown),
        (-1.0, Buy, 97.0, 105.0, NONE, Unknown),
    ] {
        let (held, levels) = (held(quantity), levels(stop, take_profit));
        let turn = BAR.turn_of_limit((side, price(limit)), held, levels);
        assert_eq!(turn, expected, "{side:?} at {limit} on {quantity} with {levels:?}");
    }
}

#[test]
fn the_open_alone_takes_a_position_out_beyond_its_levels() {
    use FillReason::{Stop, TakeProfit};
    for (quantity, stop, take_profit, expected) in [
        (1.0, 100.0, NONE, Some((Stop, 100.0))),
        (1.0, 99.0, NONE, None),
        (1.0, NONE, 99.0, Some((TakeProfit, 99.0))),
        (1.0, NONE, 100.0, None),
        (1.0, 101.0, 99.0, Some((Stop, 100.0))),
        (1.0, 99.0, 98.0, Some((TakeProfit, 98.0))),
        (-1.0, 100.0, NONE, Some((Stop, 100.0))),
        (-1.0, 101.0, NONE, None),
        (-1.0, NONE, 101.0, Some((TakeProfit, 101.0))),
        (-1.0, NONE, 100.0, None),
        (0.0, 100.0, 100.0, None),
    ] {
        let (held, levels) = (held(quantity), levels(stop, take_profit));
        assert_eq!(BAR.exit_at_open(held, levels), expected, "{quantity} with {levels:?}");
    }
    let touched = AT_TOUCH.exit_at_open(held(1.0), levels(NONE, 100.0));
    assert_eq!(touched, Some((TakeProfit, 100.0)));
    let at_open = AT_OPEN.exit_at_open(held(1.0), levels(NONE, 99.0));
    assert_eq!(at_open, Some((TakeProfit, 100.0)));
}

#[test]
fn a_position_leaves_at_the_open_by_a_level_or_a_limit_that_makes_it_smaller() {
    use Side::{Buy, Sell};
    for (quantity, stop, limit, expected) in [
        (1.0, 105.0, None, true),
        (1.0, 95.0, None, false),
        (1.0, NONE, Some((Sell, 95.0)), true),
        (1.0, NONE, Some((Sell, 105.0)), false),
        (1.0, NONE, Some((Buy, 105.0)), false),
        (-1.0, NONE, Some((Buy, 105.0)), true),
        (-1.0, NONE, Some((Buy, 95.0)), false),
        (-1.0, NONE, Some((Sell, 95.0)), false),
    ] {
        let resting = limit.map(|(side, at)| (side, price(at)));
        let leaves = BAR.leaves_at_open(held(quantity), levels(stop, NONE), resting);
        assert_eq!(leaves, expected, "{quantity}, stop {stop}, limit {limit:?}");
    }
}

#[test]
fn profit_is_reached_at_the_take_profit_or_a_limit_that_makes_the_position_smaller() {
    use Side::{Buy, Sell};
    for (quantity, take_profit, limit, expected) in [
        (1.0, Some(105.0), None, true),
        (1.0, Some(111.0), None, false),
        (1.0, None, Some((Sell, 105.0)), true),
        (1.0, Some(111.0), Some((Sell, 105.0)), true),
        (1.0, None, Some((Buy, 95.0)), false),
        (-1.0, Some(95.0), None, true),
        (-1.0, Some(89.0), None, false),
        (-1.0, None, Some((Buy, 95.0)), true),
        (-1.0, None, Some((Sell, 105.0)), false),
        (1.0, None, None, false),
    ] {
        let resting = limit.map(|(side, at)| (side, price(at)));
        let reached = BAR.reaches_profit(held(quantity), take_profit.map(price), resting);
        assert_eq!(reached, expected, "{quantity}, take-profit {take_profit:?}, limit {limit:?}");
    }
}
