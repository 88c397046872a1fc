//! The price on its way: legs, and finer bars of half an hour, of one instrument or of all at the same times.

use super::super::super::test_market::{bars_of_volume, coin};
use super::*;
use crate::market::{Bars, Instrument};

/// An hour at 100 and one whose halves are these, of each instrument. Those that are not `told` have no finer bars.
fn market(halves: &[[[f64; 4]; 2]], told: &[bool]) -> Market {
    let hours = halves.iter().enumerate().map(|(place, [first, last])| {
        let whole = [first[0], first[1].max(last[1]), first[2].min(last[2]), last[3]];
        let symbol = coin(InstrumentId::new(place));
        let bars = bars_of_volume("1h", &[still(100.0), Some(whole)], 200.0);
        (Instrument::unrestricted(&*symbol), bars)
    });
    let mut market = Market::of(hours.collect());
    let finer = halves.iter().zip(told).map(|([first, last], told)| -> Option<Bars> {
        let bars = [still(100.0), still(100.0), Some(*first), Some(*last)];
        told.then(|| bars_of_volume("30m", &bars, 100.0))
    });
    market.finer = finer.collect();
    market.setup.fills.intrabar = Intrabar::Detail;
    market
}

const UP: [f64; 4] = [100.0, 111.0, 99.0, 105.0];
const DOWN: [f64; 4] = [105.0, 105.0, 94.0, 100.0];
const QUIET: [f64; 4] = [100.0, 101.0, 99.0, 100.0];

#[test]
fn finer_bars_tell_what_came_first() {
    let first_down = [[100.0, 105.0, 94.0, 100.0], [100.0, 111.0, 99.0, 105.0]];
    let both = [[100.0, 111.0, 94.0, 100.0], QUIET];
    for (halves, told, traded, unknown) in [
        ([UP, DOWN], true, "Sell 2 at 110, TakeProfit", 0),
        (first_down, true, "Sell 2 at 95, Stop", 0),
        (both, true, "Sell 2 at 95, Stop", 1),
        ([UP, DOWN], false, "Sell 2 at 95, Stop", 1),
    ] {
        let market = market(&[halves], &[told]);
        let mut state = holding(&market, 2.0, levels_at(95.0, 110.0));
        assert_eq!(trade_in(&market, &mut state, 1), [traded]);
        assert_eq!(ambiguous(&state).len(), unknown, "{traded}");
        // Nothing happens in the half hour after that.
        assert!(state.held(A).is_zero() && state.orders[A].levels == Levels::default());
    }
}

#[test]
fn legs_tell_what_came_first_and_nothing_of_them_is_unknown() {
    // From 100 to the nearer end, to the other, and to the close.
    for (bar, traded) in [
        ([100.0, 111.0, 80.0, 100.0], "Sell 2 at 110, TakeProfit"),
        ([100.0, 130.0, 94.0, 100.0], "Sell 2 at 95, Stop"),
    ] {
        let mut market = super::market(&[bar]);
        market.setup.fills.intrabar = Intrabar::OpenNearest;
        let mut state = holding(&market, 2.0, levels_at(95.0, 110.0));
        assert_eq!(trade_in(&market, &mut state, 1), [traded]);
        assert_eq!(ambiguous(&state), []);
    }
    // An entry on the way down meets the way up.
    let mut market = super::market(&[[100.0, 130.0, 94.0, 100.0]]);
    market.setup.fills.intrabar = Intrabar::OpenNearest;
    let mut state = market.flat();
    state.orders[A].working = Some(under(buying(97.0, 3.0), 90.0, 110.0));
    let traded = trade_in(&market, &mut state, 1);
    assert_eq!(traded, ["Buy 3 at 97, Entry", "Sell 3 at 110, TakeProfit"]);
    assert_eq!(ambiguous(&state), []);
}

#[test]
fn each_half_hour_has_its_volume_and_the_hour_has_that_of_both() {
    // Orders take 1 of each half, 2 of the hour. The second instrument trades apart, or not at all.
    for (told, held_too) in [(true, false), (true, true), (false, true)] {
        let mut market = market(&[[UP, [111.0, 112.0, 99.0, 100.0]], [QUIET; 2]], &[true, told]);
        market.setup.costs.participation = Some(Participation { rate: rate(0.01) });
        let mut state = holding(&market, 3.0, levels_at(0.0, 110.0));
        if held_too {
            market.trade(&mut state, (B, 1.0), 100.0);
        }
        let twice = ["Sell 1 at 110, TakeProfit"; 2];
        assert_eq!(trade_in(&market, &mut state, 1), twice, "{told}, {held_too}");
    }
}

#[test]
fn instruments_trade_in_the_order_of_times_where_all_tell_theirs() {
    // The second one sells at 110 in the first half, the first one buys at 97 in the second.
    let halves = [[QUIET, [100.0, 101.0, 96.0, 100.0]], [UP, QUIET]];
    for (told, traded, refused) in [
        (true, ["Sell 10 at 110, TakeProfit", "Buy 10 at 97, Entry"].as_slice(), [].as_slice()),
        (false, &["Sell 10 at 110, TakeProfit"], &["Refused 7: Cash"]),
    ] {
        let market = market(&halves, &[true, told]);
        let mut state = market.flat();
        market.trade(&mut state, (B, 10.0), 100.0);
        state.orders[B].levels = levels_at(0.0, 110.0);
        state.orders[A].working = Some(buying(97.0, 10.0));
        assert_eq!(trade_in(&market, &mut state, 1), traded);
        assert_eq!(rules_told(&state), refused);
    }
}

#[test]
fn only_what_is_held_or_has_an_order_must_tell_its_way() {
    let halves = [[QUIET, [100.0, 101.0, 96.0, 100.0]], [UP, QUIET], [QUIET; 2]];
    let third = InstrumentId::new(2);
    for (order, held, traded) in
        [(None, 0.0, 2), (Some(buying(1.0, 1.0)), 0.0, 1), (None, 0.001, 1)]
    {
        let market = market(&halves, &[true, true, false]);
        let mut state = market.flat();
        market.trade(&mut state, (B, 9.99), 100.0);
        if held > 0.0 {
            market.trade(&mut state, (third, held), 1.0);
        }
        state.orders[B].levels = levels_at(0.0, 110.0);
        state.orders[A].working = Some(buying(97.0, 10.0));
        state.orders[third].working = order;
        let buys_all = trade_in(&market, &mut state, 1).last().unwrap() == "Buy 10 at 97, Entry";
        assert_eq!(buys_all, traded == 2, "{held} of the third are held");
    }
}

#[test]
fn a_reversal_that_goes_on_after_a_stop_is_met_by_the_next_half_hour() {
    let halves = [[100.0, 101.0, 94.0, 95.0], [95.0, 104.0, 95.0, 100.0]];
    let expected = ["Sell 2 at 95, Stop", "Sell 3 at 103, Entry"];
    // Whether the second instrument, of which some is held, tells its way or not.
    for told in [true, false] {
        let market = market(&[halves, [QUIET; 2]], &[true, told]);
        let mut state = holding(&market, 2.0, levels_at(95.0, 0.0));
        market.trade(&mut state, (B, 1.0), 100.0);
        state.orders[A].working = Some(selling(103.0, -3.0));
        assert_eq!(trade_in(&market, &mut state, 1), expected, "{told}");
        assert_eq!(ambiguous(&state), []);
    }
    // To 94, to 107 and to 100.
    let mut market = super::market(&[[100.0, 107.0, 94.0, 100.0]]);
    market.setup.fills.intrabar = Intrabar::OpenNearest;
    let mut state = holding(&market, 2.0, levels_at(95.0, 0.0));
    state.orders[A].working = Some(selling(103.0, -3.0));
    assert_eq!(trade_in(&market, &mut state, 1), expected);
    assert_eq!(ambiguous(&state), []);
}

#[test]
fn what_the_first_half_hour_does_not_take_rests_in_the_next() {
    // The market at 100 has both prices when they come, has left them by the open, and comes back with a gap.
    let halves = [[106.0, 108.0, 105.5, 106.0], [100.0, 107.0, 99.0, 100.0]];
    for told in [true, false] {
        let market = market(&[halves, [QUIET; 2]], &[true, told]);
        let mut short = market.holding(-2.0);
        short.orders[A].protect_from(1, levels_at(0.0, 105.0));
        let mut flat = market.flat();
        flat.orders[A].working = Some(buying(105.0, 2.0));
        for (state, traded) in
            [(&mut short, "Buy 2 at 105, TakeProfit"), (&mut flat, "Buy 2 at 105, Entry")]
        {
            market.trade(state, (B, 1.0), 100.0);
            assert_eq!(trade_in(&market, state, 1), [traded], "{told}");
        }
    }
}

#[test]
fn what_is_entered_in_one_half_hour_is_there_before_the_next() {
    for told in [true, false] {
        let market = market(&[[[100.0, 101.0, 96.0, 100.0], UP], [QUIET; 2]], &[true, told]);
        let mut state = market.flat();
        market.trade(&mut state, (B, 1.0), 100.0);
        state.orders[A].working = Some(under(buying(97.0, 3.0), 90.0, 110.0));
        let traded = trade_in(&market, &mut state, 1);
        assert_eq!(traded, ["Buy 3 at 97, Entry", "Sell 3 at 110, TakeProfit"], "{told}");
        assert_eq!(ambiguous(&state), []);
    }
}
