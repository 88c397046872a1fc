//! What rests in the second hour, after one at 100, in an account that started with 1000 and trades free of costs.

mod finer;
mod takers;

use super::super::market_orders;
use super::super::orders::{EntryType, WorkingOrder};
use super::super::tape::FillTime;
use super::super::test_market::{
    A, B, Market, Prices, hour, levels_at, limit_order, orders_traded, price, quantity, rate,
    rules_told, still, units_order,
};
use super::*;
use crate::costs::Participation;
use crate::order::{FillReason, Intrabar, Levels, LimitFill, Side};

/// An hour at 100, and hours with these bars.
fn market(bars: &[[f64; 4]]) -> Market {
    let bars: Vec<Prices> = [[100.0; 4]].iter().chain(bars).map(|bar| Some(*bar)).collect();
    Market::new("1h", &[&bars])
}

/// The same, where orders take 1 of a bar.
fn thin_market(bars: &[[f64; 4]]) -> Market {
    let mut market = market(bars);
    market.setup.costs.participation = Some(Participation { rate: rate(0.01) });
    market
}

/// An account that holds so much of the first instrument, under these levels.
fn holding(market: &Market, held: f64, levels: Levels) -> State {
    let mut state = if held == 0.0 { market.flat() } else { market.holding(held) };
    state.orders[A].levels = levels;
    state
}

fn trade_in(market: &Market, state: &mut State, row: usize) -> Vec<String> {
    trade(state, &market.tape(), row).unwrap();
    orders_traded(state)
}

/// The rows and instruments of ambiguous bars.
fn ambiguous(state: &State) -> Vec<(i64, String)> {
    let bars = state.record.clone().drain(0, 0).ambiguous.into_iter();
    bars.map(|bar| (bar.time.as_ms() / 3_600_000, bar.symbol.to_string())).collect()
}

/// A flat order that waits for its price.
fn leaving(side: Side, at_price: f64) -> WorkingOrder {
    let WorkingOrder { entry, .. } = limit_order(side, at_price, 1.0);
    WorkingOrder { entry, ..WorkingOrder::closing(FillReason::Exit).from(1) }
}

fn buying(at_price: f64, units: f64) -> WorkingOrder {
    limit_order(Side::Buy, at_price, units)
}

fn decided(order: WorkingOrder, decision: u64) -> WorkingOrder {
    WorkingOrder { decision: Some(decision), ..order }
}

#[test]
fn exits_that_a_stop_overtakes_are_told_once() {
    let market = market(&[[100.0, 101.0, 94.0, 96.0], [96.0, 120.0, 95.0, 96.0]]);
    let mut state = holding(&market, 4.0, levels_at(95.0, 0.0));
    state.orders[A].working = Some(decided(leaving(Side::Sell, 110.0), 1));
    let exit = WorkingOrder::closing(FillReason::Exit).from(2);
    state.orders[A].in_flight.push_back(decided(exit, 2));
    let expected = ["Sell 4 at 95, Stop"];
    assert_eq!(trade_in(&market, &mut state, 1), expected);
    let told = ["Refused 1: ProtectiveExit", "Refused 2: ProtectiveExit"];
    assert_eq!(rules_told(&state), told);
    assert_eq!(trade_in(&market, &mut state, 2), expected);
    assert_eq!(rules_told(&state), told);
}

fn selling(at_price: f64, units: f64) -> WorkingOrder {
    limit_order(Side::Sell, at_price, units)
}

/// With levels of its own.
fn under(order: WorkingOrder, stop: f64, take_profit: f64) -> WorkingOrder {
    WorkingOrder { levels: Some(levels_at(stop, take_profit)), ..order }
}

/// What is held under which stop and take-profit, an order, and what trades; `ambiguous` is said of a bar that is.
type Case<'t, O> = ((f64, f64, f64), O, &'t str);

/// Nothing is held.
const FLAT: (f64, f64, f64) = (0.0, 0.0, 0.0);

fn check<'t, O: Into<Option<WorkingOrder>>>(
    bar: [f64; 4],
    cases: impl IntoIterator<Item = Case<'t, O>>,
) {
    for ((held, stop, take_profit), order, expected) in cases {
        let market = market(&[bar]);
        let mut state = holding(&market, held, levels_at(stop, take_profit));
        state.orders[A].working = order.into();
        let mut told = trade_in(&market, &mut state, 1);
        told.extend(ambiguous(&state).iter().map(|_| "ambiguous".to_owned()));
        let case = format!("{bar:?}, {held} held, stop {stop}, take-profit {take_profit}");
        assert_eq!(told.join("; "), expected, "{case}");
    }
}

/// Worst and best of what is entered, or held at 100, and is left in row 1 or at the open of row 2, in thousandths.
fn excursions(
    bars: &[[f64; 4]],
    (held, stop, take_profit): (f64, f64, f64),
    order: Option<WorkingOrder>,
    intrabar: Intrabar,
) -> (f64, f64) {
    let mut market = market(bars);
    market.setup.fills.intrabar = intrabar;
    let mut state = holding(&market, held, levels_at(stop, take_profit));
    state.orders[A].working = order;
    trade(&mut state, &market.tape(), 1).unwrap();
    if !state.held(A).is_zero() {
        state.orders[A].working = Some(WorkingOrder::closing(FillReason::Exit));
        market_orders::trade(&mut state, &market.tape(), 2, FillTime::Open).unwrap();
    }
    let trade = &state.record.trades()[0];
    ((trade.mae * 1e3).round(), (trade.mfe * 1e3).round())
}

/// The bar goes from 100 between 90 and 120 to 110; the next one opens at 105.
#[test]
fn excursions_are_those_of_the_part_of_the_bar_in_which_something_was_held() {
    use Intrabar::{OpenNearest, StopFirst};
    let bars = [[100.0, 120.0, 90.0, 110.0], [105.0, 200.0, 50.0, 105.0]];
    let gap = [[80.0, 120.0, 70.0, 90.0], [105.0; 4]];
    let long = (2.0, 0.0, 0.0);
    for (bars, held, order, intrabar, expected) in [
        // Left at the open of the next bar, of which no more counts.
        (bars, long, None, StopFirst, (-100.0, 200.0)),
        // Stopped at 95: the 120 come later.
        (bars, (2.0, 95.0, 0.0), None, StopFirst, (-50.0, 0.0)),
        (bars, (2.0, 95.0, 0.0), None, OpenNearest, (-50.0, 0.0)),
        (bars, (-2.0, 105.0, 0.0), None, StopFirst, (-50.0, 0.0)),
        // The nearer extreme comes first.
        (bars, (-2.0, 105.0, 0.0), None, OpenNearest, (-50.0, 100.0)),
        // Left with a profit at 115: the 90 may have come before.
        (bars, (2.0, 0.0, 115.0), None, StopFirst, (-100.0, 150.0)),
        (bars, long, Some(leaving(Side::Sell, 115.0)), StopFirst, (-100.0, 150.0)),
        // At the open that jumps over the stop.
        (gap, (2.0, 95.0, 0.0), None, StopFirst, (-200.0, 0.0)),
        // Entered at 96: the 90 come later, the 120 may have come before; 110 is the close.
        (bars, FLAT, Some(buying(96.0, 2.0)), StopFirst, (-63.0, 146.0)),
        (bars, FLAT, Some(buying(96.0, 2.0)), OpenNearest, (-63.0, 250.0)),
        // Entered at 96 and stopped at 93.
        (bars, FLAT, Some(under(buying(96.0, 2.0), 93.0, 0.0)), StopFirst, (-31.0, 0.0)),
        // Found its price at the open: the whole bar.
        (gap, FLAT, Some(buying(96.0, 2.0)), StopFirst, (-271.0, 250.0)),
    ] {
        let found = excursions(&bars, held, order, intrabar);
        assert_eq!(found, expected, "{held:?} in {bars:?}, {intrabar:?}");
    }
}

#[test]
fn levels_are_reached_at_their_price_or_through_a_gap_at_the_open() {
    let (long, short) = ((2.0, 95.0, 110.0), (-2.0, 105.0, 90.0));
    for (bar, held, expected) in [
        ([100.0, 105.0, 94.0, 100.0], long, "Sell 2 at 95, Stop"),
        ([100.0, 105.0, 95.5, 100.0], long, ""),
        ([90.0, 99.0, 88.0, 91.0], (2.0, 95.0, 98.0), "Sell 2 at 90, Stop"),
        ([100.0, 111.0, 96.0, 99.0], long, "Sell 2 at 110, TakeProfit"),
        ([112.0, 113.0, 94.0, 99.0], long, "Sell 2 at 110, TakeProfit"),
        ([100.0, 111.0, 94.0, 99.0], long, "Sell 2 at 95, Stop; ambiguous"),
        ([100.0, 106.0, 95.0, 100.0], short, "Buy 2 at 105, Stop"),
        ([107.0, 109.0, 95.0, 100.0], short, "Buy 2 at 107, Stop"),
        ([100.0, 104.0, 89.0, 99.0], short, "Buy 2 at 90, TakeProfit"),
        ([100.0, 106.0, 89.0, 99.0], short, "Buy 2 at 105, Stop; ambiguous"),
        // Levels of nothing are nothing.
        ([100.0, 111.0, 94.0, 99.0], (0.0, 95.0, 110.0), ""),
    ] {
        check(bar, [(held, None, expected)]);
    }
}

#[test]
fn a_limit_order_comes_before_a_level_that_lies_behind_it_and_after_one_in_front() {
    let (stopped, both) = ((2.0, 95.0, 0.0), (2.0, 95.0, 110.0));
    check(
        [100.0, 101.0, 94.0, 96.0],
        [
            (stopped, buying(97.0, 3.0), "Buy 1 at 97, Entry; Sell 3 at 95, Stop"),
            (stopped, buying(94.5, 3.0), "Sell 2 at 95, Stop"),
        ],
    );
    let profit = (2.0, 0.0, 110.0);
    check(
        [100.0, 112.0, 99.0, 101.0],
        [
            (both, leaving(Side::Sell, 105.0), "Sell 2 at 105, Exit"),
            (both, leaving(Side::Sell, 111.0), "Sell 2 at 110, TakeProfit"),
            // Of one that makes the position smaller, the rest meets its level.
            (profit, selling(105.0, 1.0), "Sell 1 at 105, Exit; Sell 1 at 110, TakeProfit"),
            ((-2.0, 110.0, 0.0), selling(105.0, -3.0), "Sell 1 at 105, Entry; Buy 3 at 110, Stop"),
        ],
    );
    // The open comes first, and of what is met there the exit.
    let entered = "Buy 1 at 97, Entry; Sell 3 at 110, TakeProfit";
    check([96.0, 111.0, 95.5, 99.0], [(profit, buying(97.0, 3.0), entered)]);
    check([94.0, 101.0, 93.0, 99.0], [(stopped, buying(97.0, 3.0), "Sell 2 at 94, Stop")]);
}

#[test]
fn of_a_level_and_a_limit_order_on_two_sides_of_the_open_the_level_comes_first() {
    let leaves = || leaving(Side::Sell, 105.0);
    let stopped = "Sell 2 at 95, Stop; ambiguous";
    check(
        [100.0, 111.0, 94.0, 99.0],
        [
            ((2.0, 95.0, 0.0), leaves(), stopped),
            ((2.0, 0.0, 110.0), buying(97.0, 3.0), "Sell 2 at 110, TakeProfit; ambiguous"),
            ((-2.0, 110.0, 0.0), leaving(Side::Buy, 97.0), "Buy 2 at 110, Stop; ambiguous"),
            // Stop, take-profit and limit: the bar counts once.
            ((2.0, 95.0, 110.0), leaves(), stopped),
            // Where the bar does not reach the level, nothing is unknown.
            ((2.0, 93.0, 0.0), leaves(), "Sell 2 at 105, Exit"),
        ],
    );
}

#[test]
fn a_position_that_is_entered_inside_the_bar_meets_its_stop_but_no_take_profit() {
    let buys = |stop, take_profit| under(buying(97.0, 3.0), stop, take_profit);
    let sells = |units, take_profit| under(selling(105.0, units), 0.0, take_profit);
    let short = under(selling(105.0, -3.0), 110.0, 0.0);
    let turned = "Sell 2 at 105, Exit; Sell 3 at 105, Entry; ambiguous";
    check(
        [100.0, 111.0, 94.0, 99.0],
        [
            (FLAT, buys(95.0, 0.0), "Buy 3 at 97, Entry; Sell 3 at 95, Stop"),
            (FLAT, buys(0.0, 110.0), "Buy 3 at 97, Entry; ambiguous"),
            (FLAT, buys(95.0, 110.0), "Buy 3 at 97, Entry; Sell 3 at 95, Stop; ambiguous"),
            // Below its own stop.
            (FLAT, buys(98.0, 0.0), "Buy 3 at 97, Entry; Sell 3 at 97, Stop"),
            (FLAT, short, "Sell 3 at 105, Entry; Buy 3 at 110, Stop"),
            // What turns a position enters, what is left of one was there; but not under levels that came with the order.
            ((2.0, 0.0, 0.0), sells(-3.0, 95.0), turned),
            (
                (2.0, 0.0, 108.0),
                sells(1.0, 108.0),
                "Sell 1 at 105, Exit; Sell 1 at 108, TakeProfit",
            ),
            ((2.0, 0.0, 108.0), sells(1.0, 107.0), "Sell 1 at 105, Exit; ambiguous"),
        ],
    );
    // An entry at the open was there for all of the bar.
    let expected = "Buy 3 at 97, Entry; Sell 3 at 110, TakeProfit";
    check([96.0, 111.0, 95.5, 99.0], [(FLAT, buys(90.0, 110.0), expected)]);
}

#[test]
fn a_limit_order_fills_beyond_its_price_or_where_that_is_the_rule_at_it() {
    for (rule, traded) in
        [(LimitFill::Through, [].as_slice()), (LimitFill::Touch, &["Buy 3 at 94, Entry"])]
    {
        let mut market = market(&[[100.0, 101.0, 94.0, 96.0]]);
        market.setup.fills.limit = rule;
        let mut state = market.flat();
        state.orders[A].working = Some(buying(94.0, 3.0));
        assert_eq!(trade_in(&market, &mut state, 1), traded);
        assert_eq!(state.orders[A].is_working(), traded.is_empty());
    }
}

#[test]
fn every_bar_of_every_instrument_counts_as_ambiguous_by_itself() {
    let wild = Some([100.0, 111.0, 94.0, 100.0]);
    let bars = [still(100.0), wild, wild];
    let market = Market::new("1h", &[&bars, &bars]);
    let mut state = market.flat();
    for instrument in [A, B] {
        market.trade(&mut state, (instrument, 2.0), 100.0);
        state.orders[instrument].levels = levels_at(95.0, 110.0);
    }
    trade_in(&market, &mut state, 1);
    let first = [(1, "COIN0".to_owned()), (1, "COIN1".to_owned())];
    assert_eq!(ambiguous(&state), first);
    market.trade_in(&mut state, (2, 0), (B, 2.0), 100.0);
    state.orders[B].levels = levels_at(95.0, 110.0);
    trade_in(&market, &mut state, 2);
    assert_eq!(ambiguous(&state)[2..], [(2, "COIN1".to_owned())]);
}

#[test]
fn what_a_take_profit_has_not_sold_rests_and_what_a_stop_has_not_goes_at_the_market() {
    let market = thin_market(&[[100.0, 111.0, 99.0, 100.0], [100.0, 101.0, 94.0, 95.0], [90.0; 4]]);
    let levels = levels_at(95.0, 110.0);
    let mut state = holding(&market, 3.0, levels);
    assert_eq!(trade_in(&market, &mut state, 1), ["Sell 1 at 110, TakeProfit"]);
    assert!(state.orders[A].levels == levels && !state.orders[A].is_working());
    assert_eq!(trade_in(&market, &mut state, 2)[1..], ["Sell 1 at 95, Stop"]);
    assert_eq!((state.held(A), state.orders[A].levels), (quantity(1.0), Levels::default()));
    let rest = state.orders[A].working.as_ref().unwrap();
    assert!(state.orders[A].is_being_closed());
    assert_eq!((rest.from_row, rest.exit_reason), (3, FillReason::Stop));
}

#[test]
fn a_limit_order_for_which_no_volume_is_left_enters_nothing() {
    let market = thin_market(&[[100.0, 112.0, 99.0, 100.0]]);
    let mut state = holding(&market, 3.0, levels_at(0.0, 110.0));
    state.orders[A].working = Some(leaving(Side::Sell, 111.0));
    assert_eq!(trade_in(&market, &mut state, 1), ["Sell 1 at 110, TakeProfit"]);
    assert!(ambiguous(&state).is_empty() && state.orders[A].is_working());
}

#[test]
fn what_a_take_profit_has_not_sold_is_stopped_later_on_the_same_way() {
    // To 105, to 94 and to 100.
    let mut market = thin_market(&[[100.0, 105.0, 94.0, 100.0]]);
    market.setup.fills.intrabar = Intrabar::OpenNearest;
    for (held, traded, rest) in [
        (1.0, ["Sell 1 at 104, TakeProfit"], None),
        // The bar has no more volume.
        (3.0, ["Sell 1 at 104, TakeProfit"], Some(FillReason::Stop)),
    ] {
        let mut state = holding(&market, held, levels_at(95.0, 104.0));
        assert_eq!(trade_in(&market, &mut state, 1), traded);
        assert_eq!(state.orders[A].hosts_order().map(|order| order.exit_reason), rest);
        assert_eq!(state.orders[A].levels, Levels::default());
    }
}

/// A market order of decision 7 that was not filled at the open.
fn at_market(units: f64) -> WorkingOrder {
    units_order(units).from(1)
}

#[test]
fn an_exit_ends_what_enlarges_the_position_and_what_turns_it_goes_on() {
    let ended: &[_] = &["Refused 7: ProtectiveExit"];
    let flat = || WorkingOrder { decision: Some(7), ..WorkingOrder::closing(FillReason::Exit) };
    let small = |mut order: WorkingOrder| {
        order.order.make_reduce_only();
        order
    };
    // For each order, what is told, and the decisions that work and are in flight after an exit and after a part of one.
    let (host, seven) = (Some(None), Some(Some(7)));
    for (order, told, after_all, after_part) in [
        (at_market(5.0), ended, (None, 0), (host, 0)),
        (limit_order(Side::Buy, 93.0, 5.0), ended, (None, 0), (host, 0)),
        (flat(), ended, (None, 0), (host, 0)),
        (small(limit_order(Side::Sell, 120.0, 1.0)), &[], (None, 0), (host, 0)),
        (at_market(-3.0), &[], (seven, 0), (seven, 0)),
        (limit_order(Side::Sell, 120.0, -3.0), &[], (seven, 0), (host, 1)),
    ] {
        let bars = [[100.0, 101.0, 94.0, 95.0]];
        for (market, (working, in_flight)) in
            [(market(&bars), after_all), (thin_market(&bars), after_part)]
        {
            let mut state = holding(&market, 2.0, levels_at(95.0, 0.0));
            state.orders[A].working = Some(order.clone());
            state.orders[A].in_flight.push_back(units_order(9.0).from(3));
            assert_eq!(trade_in(&market, &mut state, 1).len(), 1);
            assert_eq!(rules_told(&state), told, "{order:?}");
            let orders = &state.orders[A];
            let works = orders.working.as_ref().map(|order| order.decision);
            assert_eq!((works, orders.in_flight.len()), (working, in_flight + 1), "{order:?}");
            let last = orders.in_flight.back().unwrap();
            assert_eq!(last.from_row, 3, "what is still on its way goes on behind the others");
        }
    }
}

#[test]
fn a_short_position_is_turned_by_what_buys() {
    for (units, goes_on) in [(3.0, true), (-5.0, false)] {
        let market = market(&[[100.0, 106.0, 99.0, 100.0]]);
        let mut state = holding(&market, -2.0, levels_at(105.0, 0.0));
        state.orders[A].working = Some(at_market(units));
        trade_in(&market, &mut state, 1);
        assert_eq!(state.orders[A].is_working(), goes_on);
        assert_eq!(rules_told(&state).is_empty(), goes_on);
    }
}

#[test]
fn a_limit_order_waits_through_its_last_row_and_expires_in_the_next() {
    let bar = [100.0, 101.0, 96.0, 100.0];
    for (last_row, row, traded, told) in [
        (Some(1), 1, ["Buy 3 at 97, Entry"].as_slice(), [].as_slice()),
        (Some(1), 2, &[], &["Refused 7: Expired"]),
        (None, 2, &["Buy 3 at 97, Entry"], &[]),
    ] {
        let market = market(&[bar, bar]);
        let entry = EntryType::Limit { side: Side::Buy, price: price(97.0), last_row };
        let mut state = market.flat();
        state.orders[A].working = Some(WorkingOrder { entry, ..units_order(3.0).from(1) });
        assert_eq!(trade_in(&market, &mut state, row), traded);
        assert_eq!(rules_told(&state), told);
        assert!(!state.orders[A].is_working(), "{last_row:?}, row {row}");
    }
}

#[test]
fn what_had_to_wait_for_the_hosts_order_arrives_before_the_bar_goes_on() {
    let market = market(&[[100.0, 101.0, 96.0, 100.0]]);
    for (from_row, traded) in [(1, ["Buy 3 at 97, Entry"].as_slice()), (2, &[])] {
        let mut state = market.flat();
        state.orders[A].in_flight.push_back(buying(97.0, 3.0).from(from_row));
        assert_eq!(trade_in(&market, &mut state, 1), traded);
    }
}

#[test]
fn nothing_is_bought_with_what_another_instrument_sells_in_the_same_bar() {
    let wild = [still(100.0), Some([100.0, 111.0, 94.0, 100.0])];
    let market = Market::new("1h", &[&wild, &wild]);
    for (sold, bought) in [(A, B), (B, A)] {
        let mut state = market.flat();
        market.trade(&mut state, (sold, 10.0), 100.0);
        state.orders[sold].levels = levels_at(0.0, 110.0);
        state.orders[bought].working = Some(buying(97.0, 10.0));
        assert_eq!(trade_in(&market, &mut state, 1), ["Sell 10 at 110, TakeProfit"]);
        assert_eq!(rules_told(&state), ["Refused 7: Cash"]);
        assert_eq!(ambiguous(&state), [(1, format!("COIN{}", bought.index()))]);
    }
}

#[test]
fn what_turns_a_position_goes_on_in_the_bar_in_which_a_level_ends_it() {
    let (profit, stopped) = ((2.0, 0.0, 110.0), (2.0, 95.0, 0.0));
    let sold = "Sell 2 at 110, TakeProfit";
    for (bar, held, order, traded) in [
        // The market comes to 110, then to 112.
        ([100.0, 113.0, 99.0, 101.0], profit, selling(112.0, -3.0), "; Sell 3 at 112, Entry"),
        ([100.0, 111.5, 99.0, 101.0], profit, selling(112.0, -3.0), ""),
        ([100.0, 113.0, 99.0, 101.0], profit, selling(110.0, -3.0), "; Sell 3 at 110, Entry"),
        // Its own stop lies behind it, and of its take-profit nobody knows.
        (
            [100.0, 116.0, 99.0, 101.0],
            profit,
            under(selling(112.0, -3.0), 115.0, 0.0),
            "; Sell 3 at 112, Entry; Buy 3 at 115, Stop",
        ),
        (
            [100.0, 113.0, 99.0, 101.0],
            profit,
            under(selling(112.0, -3.0), 0.0, 99.5),
            "; Sell 3 at 112, Entry; ambiguous",
        ),
        // The open has the one, or both.
        ([111.0, 113.0, 99.0, 101.0], profit, selling(112.0, -3.0), "; Sell 3 at 112, Entry"),
        ([113.0, 114.0, 99.0, 101.0], profit, selling(112.0, -3.0), "; Sell 3 at 112, Entry"),
    ] {
        check(bar, [(held, order, &*format!("{sold}{traded}"))]);
    }
    let bought = "Buy 2 at 90, TakeProfit; Buy 3 at 88, Entry";
    check([100.0, 101.0, 87.0, 99.0], [((-2.0, 0.0, 90.0), buying(88.0, 3.0), bought)]);
    // After a stop at the open, and after one that comes first: the market has been at both.
    let gap = "Sell 2 at 94, Stop; Sell 3 at 97, Entry";
    check([94.0, 98.0, 93.0, 96.0], [(stopped, selling(97.0, -3.0), gap)]);
    let both = "Sell 2 at 95, Stop; Sell 3 at 105, Entry; ambiguous";
    check([100.0, 106.0, 94.0, 100.0], [(stopped, selling(105.0, -3.0), both)]);
}

#[test]
fn stops_come_before_the_end_of_the_margin_and_what_a_limit_order_buys_is_liquidated_too() {
    let mut market = market(&[[100.0, 101.0, 40.0, 60.0]]);
    market.setup.risk.margin.maintenance = rate(0.2);
    market.setup.risk.margin.leverage_max = rate(3.0);
    // 20 of -1000 are covered down to 62.5, 20 bought at 90 of -800 down to 50.
    for (held, stop, order, traded) in [
        (20.0, 80.0, None, ["Sell 20 at 80, Stop"].as_slice()),
        (20.0, 60.0, None, &["Sell 20 at 62.5, Liquidation"]),
        (
            0.0,
            0.0,
            Some(buying(90.0, 20.0)),
            &["Buy 20 at 90, Entry", "Sell 20 at 50, Liquidation"],
        ),
    ] {
        let mut state = holding(&market, held, levels_at(stop, 0.0));
        state.orders[A].working = order;
        assert_eq!(trade_in(&market, &mut state, 1), traded);
        assert_eq!(state.record.fills().last().unwrap().time, hour(1));
    }
}
