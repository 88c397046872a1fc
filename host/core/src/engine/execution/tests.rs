//! Orders meet opportunities at 100, of bars with a volume of 100, in an account that started with 1000.

use super::super::orders::Remaining;
use super::super::quote::Moment;
use super::super::tape::At;
use super::super::test_market::{
    A, B, Market, amount_order, bars, levels_at, limit_order, money, orders_traded, quantity, rate,
    rules_told, still, units_order,
};
use super::*;
use crate::costs::Participation;
use crate::market::Instrument;
use crate::order::{FillReason, Levels, Side};
use crate::risk::{CoolDown, CorrelationLimit, PauseAfter};

fn market() -> Market {
    Market::new("1h", &[&[still(100.0); 5]])
}

/// The same, with bars of which orders take `most` at once.
fn taking(most: f64) -> Market {
    let mut market = market();
    market.setup.costs.participation = Some(Participation { rate: rate(most / 100.0) });
    market
}

fn holding(market: &Market, held: f64) -> State {
    if held == 0.0 { market.flat() } else { market.holding(held) }
}

fn closing() -> WorkingOrder {
    WorkingOrder::closing(FillReason::Breaker)
}

fn reduce_only(mut order: WorkingOrder) -> WorkingOrder {
    order.order.make_reduce_only();
    order
}

/// The market of a row at `price`.
fn offer(market: &Market, row: usize, price: f64) -> Opportunity {
    let moment = Moment::of_market(At { row, instrument: A }, FillTime::Open);
    Opportunity::to_take(&market.tape(), moment, price, 100.0)
}

/// `order` meets the market of a row at `price`, as limit orders do. Gives whether it is done.
fn meet(
    market: &Market,
    state: &mut State,
    order: &mut WorkingOrder,
    (row, price): (usize, f64),
) -> bool {
    let (tape, offer) = (market.tape(), offer(market, row, price));
    reduce(state, &tape, order, &offer).unwrap() || open(state, &tape, order, &offer).unwrap()
}

#[test]
fn an_amount_is_what_a_position_is_worth_at_the_price_of_the_fill() {
    let market = market();
    let nothing: &[_] = &[];
    for (price, traded, told) in [
        // 5 are worth 500, 540, 600 and 625 of the 600 that are wanted.
        (100.0, ["Buy 1 at 100, Entry"].as_slice(), nothing),
        (108.0, &["Buy 0.555555555555 at 108, Entry"], nothing),
        (120.0, &[], &["Refused 7: Lot"]),
        (125.0, &["Sell 0.2 at 125, Exit"], nothing),
    ] {
        let mut state = holding(&market, 5.0);
        let mut order = amount_order(600.0);
        assert!(meet(&market, &mut state, &mut order, (1, price)));
        assert_eq!(orders_traded(&state), traded);
        assert_eq!(rules_told(&state), told, "{price}");
    }
}

#[test]
fn one_order_closes_what_stands_against_it_and_then_opens() {
    let market = market();
    for (held, mut order, traded, after, filled) in [
        (2.0, units_order(-3.0), vec!["Sell 2 at 100, Exit", "Sell 3 at 100, Entry"], -3.0, 5.0),
        (-2.0, units_order(3.0), vec!["Buy 2 at 100, Exit", "Buy 3 at 100, Entry"], 3.0, 5.0),
        (-2.0, closing(), vec!["Buy 2 at 100, Breaker"], 0.0, 2.0),
        (5.0, units_order(2.0), vec!["Sell 3 at 100, Exit"], 2.0, 3.0),
        (-5.0, units_order(-2.0), vec!["Buy 3 at 100, Exit"], -2.0, 3.0),
        (2.0, units_order(5.0), vec!["Buy 3 at 100, Entry"], 5.0, 3.0),
        (2.0, units_order(2.0), vec![], 2.0, 0.0),
        (0.0, closing(), vec![], 0.0, 0.0),
        (5.0, limit_order(Side::Sell, 99.0, 2.0), vec!["Sell 3 at 100, Exit"], 2.0, 3.0),
        // It was to buy, and there is nothing to buy.
        (5.0, limit_order(Side::Buy, 101.0, 2.0), vec![], 5.0, 0.0),
        (2.0, reduce_only(units_order(-3.0)), vec!["Sell 2 at 100, Exit"], 0.0, 2.0),
        (2.0, reduce_only(units_order(5.0)), vec![], 2.0, 0.0),
    ] {
        let mut state = holding(&market, held);
        assert!(meet(&market, &mut state, &mut order, (1, 100.0)), "{held} held, {traded:?}");
        assert_eq!(orders_traded(&state), traded, "{held} held");
        assert_eq!(state.held(A), quantity(after), "{held} held, {traded:?}");
        assert_eq!(order.filled, quantity(filled), "{held} held, {traded:?}");
    }
}

/// What a step makes of an order: whether it is done, and what is held then.
type Step = (bool, f64);

#[test]
fn each_step_does_its_part_only() {
    let market = market();
    for (held, order, reduced, closed, opened) in [
        (0.0, closing(), (true, 0.0), 0.0, (false, 0.0)),
        (0.0, units_order(3.0), (false, 0.0), 0.0, (true, 3.0)),
        (2.0, closing(), (true, 0.0), 0.0, (false, 2.0)),
        (2.0, units_order(5.0), (false, 2.0), 2.0, (true, 5.0)),
        (5.0, units_order(2.0), (true, 2.0), 5.0, (false, 5.0)),
        (2.0, units_order(-3.0), (false, 0.0), 0.0, (false, 2.0)),
        (-5.0, units_order(-2.0), (true, -2.0), -5.0, (false, -5.0)),
        (2.0, reduce_only(units_order(5.0)), (false, 2.0), 2.0, (true, 2.0)),
        (0.0, reduce_only(units_order(5.0)), (false, 0.0), 0.0, (true, 0.0)),
        // It was to sell a part of more than that.
        (0.0, limit_order(Side::Sell, 99.0, 2.0), (false, 0.0), 0.0, (false, 0.0)),
    ] {
        let (tape, offer, size) = (market.tape(), offer(&market, 1, 100.0), order.order.size());
        let by = |step: &dyn Fn(&mut State, &mut WorkingOrder) -> bool| -> Step {
            let (mut state, mut order) = (holding(&market, held), order.clone());
            (step(&mut state, &mut order), state.held(A).to_f64())
        };
        let by_reduce = by(&|state, order| reduce(state, &tape, order, &offer).unwrap());
        assert_eq!(by_reduce, reduced, "{held} held, {size:?} is reduced");
        let by_close = by(&|state, order| close(state, &tape, order, &offer).is_ok());
        assert_eq!(by_close, (true, closed), "{held} held, {size:?} is closed");
        let by_open = by(&|state, order| open(state, &tape, order, &offer).unwrap());
        assert_eq!(by_open, opened, "{held} held, {size:?} is opened");
    }
}

#[test]
fn what_the_volume_leaves_goes_on_until_the_size_of_the_first_fill_is_reached() {
    let left = |side, rest| Some(Remaining { side, quantity: quantity(rest) });
    // Prices of rows from 1 on: after the first fill, another price makes no other size.
    for (most, held, order, rows) in [
        (
            4.0,
            2.0,
            units_order(-3.0),
            vec![(100.0, -2.0, left(Side::Sell, 1.0)), (50.0, -3.0, None)],
        ),
        (
            2.0,
            2.0,
            units_order(-3.0),
            vec![(100.0, 0.0, None), (100.0, -2.0, left(Side::Sell, 1.0)), (100.0, -3.0, None)],
        ),
        (1.5, 2.0, closing(), vec![(100.0, 0.5, None), (100.0, 0.0, None)]),
        (
            1.0,
            5.0,
            amount_order(250.0),
            vec![
                (100.0, 4.0, left(Side::Sell, 1.5)),
                (50.0, 3.0, left(Side::Sell, 0.5)),
                (50.0, 2.5, None),
            ],
        ),
        (
            2.0,
            0.0,
            amount_order(500.0),
            vec![
                (100.0, 2.0, left(Side::Buy, 3.0)),
                (50.0, 4.0, left(Side::Buy, 1.0)),
                (50.0, 5.0, None),
            ],
        ),
    ] {
        let (market, mut order) = (taking(most), order);
        let (mut state, last) = (holding(&market, held), rows.len());
        for (row, (price, after, remaining)) in (1..).zip(rows) {
            let done = meet(&market, &mut state, &mut order, (row, price));
            assert_eq!((done, state.held(A)), (row == last, quantity(after)), "{most}, row {row}");
            assert!(done || order.remaining == remaining, "{most}, row {row}: {order:?}");
        }
    }
}

#[test]
fn without_volume_an_order_waits_as_it_is() {
    let market = taking(1.0);
    let levels = Some(levels_at(90.0, 120.0));
    for (held, order) in [(5.0, units_order(2.0)), (0.0, units_order(2.0)), (2.0, closing())] {
        let (mut state, mut order) = (holding(&market, held), WorkingOrder { levels, ..order });
        let offer = Opportunity { volume: 0.0, ..offer(&market, 1, 100.0) };
        let tape = market.tape();
        assert!(!reduce(&mut state, &tape, &mut order, &offer).unwrap());
        assert!(!open(&mut state, &tape, &mut order, &offer).unwrap());
        assert_eq!((order.remaining, order.filled), (None, Quantity::ZERO));
        assert_eq!(state.orders[A].levels, Levels::default());
    }
}

#[test]
fn levels_go_live_with_the_first_fill_that_leaves_a_position() {
    let (old, new) = (levels_at(80.0, 130.0), levels_at(90.0, 120.0));
    for (held, order, expected) in [
        (0.0, units_order(3.0), new),
        (2.0, units_order(3.0), new),
        (5.0, units_order(3.0), new),
        (2.0, units_order(-3.0), new),
        (2.0, closing(), Levels::default()),
        (2.0, units_order(2.0), old),
        (5.0, WorkingOrder { levels: None, ..units_order(3.0) }, old),
    ] {
        let (market, levels) = (market(), order.levels.map(|_| new));
        let (mut state, mut order) = (holding(&market, held), WorkingOrder { levels, ..order });
        state.orders[A].levels = old;
        meet(&market, &mut state, &mut order, (1, 100.0));
        assert_eq!(state.orders[A].levels, expected, "{held} held, {:?}", order.order.size());
    }
}

#[test]
fn levels_that_were_moved_after_the_first_fill_stay() {
    let (market, moved) = (taking(1.0), levels_at(95.0, 0.0));
    for (held, size) in [(0.0, 3.0), (6.0, 3.0)] {
        let levels = Some(levels_at(90.0, 120.0));
        let mut order = WorkingOrder { levels, ..units_order(size) };
        let mut state = holding(&market, held);
        assert!(!meet(&market, &mut state, &mut order, (1, 100.0)));
        state.orders[A].protect_from(2, moved);
        meet(&market, &mut state, &mut order, (2, 100.0));
        assert_eq!((state.orders[A].levels, order.filled), (moved, quantity(2.0)), "{held} held");
    }
}

#[test]
fn a_take_profit_comes_with_its_row_and_that_of_a_position_opened_at_a_close_with_the_next() {
    for (time, held, size, from_row) in [
        (FillTime::Open, 0.0, 3.0, 1),
        (FillTime::Close, 0.0, 3.0, 2),
        (FillTime::Close, 2.0, -3.0, 2),
        (FillTime::Close, 2.0, 3.0, 1),
        (FillTime::Close, 5.0, 3.0, 1),
    ] {
        let (market, levels) = (market(), Some(levels_at(90.0, 120.0)));
        let mut order = WorkingOrder { levels, ..units_order(size) };
        let (mut state, mut offer) = (holding(&market, held), offer(&market, 1, 100.0));
        offer.moment.time = time;
        for step in [reduce, open] {
            step(&mut state, &market.tape(), &mut order, &offer).unwrap();
        }
        let news = [1, 2].map(|row| state.orders[A].is_take_profit_new_in(row));
        assert_eq!(news, [from_row == 1, from_row == 2], "{time:?}, {held} held, {size}");
    }
}

#[test]
fn what_cuts_an_order_again_and_again_is_told_once() {
    let mut market = taking(2.0);
    market.setup.risk.limits.position.notional_max = Some(money(500.0));
    let (mut state, mut order) = (market.flat(), units_order(10.0));
    // Of 10, 500 buy 5, then 4.1666…: 2 are held already.
    assert!(!meet(&market, &mut state, &mut order, (1, 100.0)));
    assert_eq!(rules_told(&state), ["Cut 7: PositionNotional"]);
    assert!(!meet(&market, &mut state, &mut order, (2, 120.0)));
    assert_eq!(order.remaining.unwrap().quantity, quantity(0.166_666_666_666));
    assert!(meet(&market, &mut state, &mut order, (3, 125.0)));
    assert_eq!(rules_told(&state), ["Cut 7: PositionNotional"]);
    assert_eq!(state.held(A), quantity(4.0));
}

#[test]
fn what_is_cut_or_refused_when_it_opens_is_told_and_the_order_is_done() {
    let levels = Some(levels_at(90.0, 120.0));
    for (notional_min, units, held, told) in [
        (0.0, 20.0, 10.0, vec!["Cut 7: Cash"]),
        (500.0, 4.0, 0.0, vec!["Refused 7: NotionalMin"]),
        (500.0, 5.0, 5.0, vec![]),
    ] {
        let instrument =
            Instrument { notional_min: money(notional_min), ..Instrument::unrestricted("A/USD") };
        let market = Market::of(vec![(instrument, bars("1h", &[still(100.0); 3]))]);
        let (mut state, mut order) = (market.flat(), WorkingOrder { levels, ..units_order(units) });
        assert!(meet(&market, &mut state, &mut order, (1, 100.0)), "{told:?}");
        assert_eq!(rules_told(&state), told);
        assert_eq!(state.held(A), quantity(held), "{told:?}");
        assert_eq!(state.orders[A].levels == Levels::default(), held == 0.0, "{told:?}");
    }
}

#[test]
fn what_moves_together_is_measured_for_the_fill() {
    let still = [still(100.0); 3];
    let mut market = Market::new("1h", &[&still, &still]);
    market.setup.risk.correlation = Some(CorrelationLimit::default());
    let (mut state, mut order) = (market.flat(), units_order(4.0));
    market.trade(&mut state, (B, 3.0), 100.0);
    // What is not known to be apart counts together: up to half of 1000.
    assert!(meet(&market, &mut state, &mut order, (1, 100.0)));
    assert_eq!(rules_told(&state), ["Cut 7: ClusterExposure"]);
    assert_eq!(state.held(A), quantity(2.0));
}

#[test]
fn an_exit_that_starts_a_pause_keeps_its_order_from_opening() {
    let mut market = market();
    let (after, pause) = (PauseAfter::Loss, "4h".parse().unwrap());
    market.setup.risk.breakers.cool_down = Some(CoolDown { after, pause });
    for (order, price, held, told) in [
        (units_order(-3.0), 90.0, 0.0, vec!["Refused 7: CoolDown"]),
        (units_order(-3.0), 100.0, -3.0, vec![]),
        (reduce_only(units_order(-3.0)), 90.0, 0.0, vec![]),
        (closing(), 90.0, 0.0, vec![]),
    ] {
        let (mut state, mut order) = (market.holding(2.0), order);
        state.record.equity_mut().push(1_000.0);
        assert!(meet(&market, &mut state, &mut order, (1, price)), "at {price}");
        assert_eq!(rules_told(&state), told);
        assert_eq!(state.held(A), quantity(held), "{told:?}");
    }
}

#[test]
fn what_trades_in_a_segment_is_booked_there() {
    let market = market();
    for (held, size) in [(0.0, 3.0), (2.0, -3.0)] {
        let (mut state, mut order) = (holding(&market, held), units_order(size));
        let mut offer = offer(&market, 1, 100.0);
        offer.moment.segment = 4;
        for step in [reduce, open] {
            step(&mut state, &market.tape(), &mut order, &offer).unwrap();
        }
        let entry = |segment| state.orders[A].entry_in(1, Some(segment), quantity(size));
        assert_eq!((entry(0), entry(4)), (None, Some(100.0)), "{held} held");
    }
}

#[test]
fn the_working_order_works_on_unless_it_is_done() {
    let market = market();
    let number = |state: &State| state.orders[A].working.as_ref().map(|order| order.decision);
    for (done, left) in [(false, Some(Some(8))), (true, None)] {
        let mut state = market.flat();
        state.orders[A].working = Some(units_order(3.0));
        with_working_order(&mut state, A, |state, order| {
            assert!(state.orders[A].working.is_none(), "it is lent");
            order.decision = Some(8);
            Ok(done)
        })
        .unwrap();
        assert_eq!(number(&state), left);
    }
    let mut nothing = market.flat();
    with_working_order(&mut nothing, A, |_, _| unreachable!("there is no order")).unwrap();
    assert_eq!(number(&nothing), None);
}
