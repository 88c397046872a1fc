//! Breakers see closes of an account that started with 1000; what they say is done at the open after that.

use super::super::test_market::{
    A, B, Market, hour, levels_at, limit_order, orders_traded, quantity, rate, rules_told, still,
    units_order,
};
use super::super::{inside, market_orders};
use super::*;
use crate::order::{Rule, Side};
use crate::risk::{BreakerSettings, LossBreaker, Rearm};

fn level(loss: f64, action: BreakerAction, reduce_to: f64) -> LossBreaker {
    let (loss, reduce_to) = (rate(loss), rate(reduce_to));
    LossBreaker { loss, action, reduce_to, rearm: Rearm::Manual }
}

/// Six hours at 100 of two instruments, under these levels of drawdown.
fn market(levels: &[LossBreaker]) -> Market {
    let bars = [still(100.0); 6];
    let mut market = Market::new("1h", &[&bars, &bars]);
    market.setup.risk.breakers =
        BreakerSettings { drawdown: levels.to_vec(), ..BreakerSettings::none() };
    market
}

/// A level of a tenth.
fn market_that(action: BreakerAction) -> Market {
    market(&[level(0.1, action, 0.5)])
}

const EQUITY: [f64; 6] = [1_000.0, 950.0, 900.0, 880.0, 870.0, 860.0];

/// An account without positions that has been worth that much.
fn worth(market: &Market, equity: &[f64]) -> State {
    let mut state = market.flat();
    state.record.equity_mut().extend(equity);
    state
}

/// The rows of events, with their equity.
fn events(state: &State) -> Vec<(i64, f64)> {
    let events = state.record.clone().drain(0, 0).breaker_events.into_iter();
    events.map(|event| (event.time.as_ms() / 3_600_000, event.equity)).collect()
}

#[test]
fn a_span_ends_after_the_row_in_which_a_breaker_trips() {
    let market = market_that(BreakerAction::Halt);
    for (rows, expected, trips) in [(0..6, 3, true), (0..3, 3, true), (0..2, 2, false)] {
        for may_be_cut in [false, true] {
            let mut state = worth(&market, &EQUITY);
            let tape = market.tape();
            let (end, watched) = watch(&mut state, &tape, rows.clone(), may_be_cut);
            assert_eq!(end, expected, "{rows:?}");
            assert!(events(&state).is_empty(), "what may be cut short is not told yet");
            assert_eq!(settle(&mut state, &tape, 0..end, (end, watched)), trips, "{rows:?}");
            assert_eq!(events(&state), if trips { vec![(2, 900.0)] } else { vec![] });
        }
    }
}

#[test]
fn what_has_tripped_does_not_end_the_rows_that_follow() {
    let market = market_that(BreakerAction::Halt);
    let (mut state, tape) = (worth(&market, &EQUITY), market.tape());
    let (end, watched) = watch(&mut state, &tape, 0..6, false);
    settle(&mut state, &tape, 0..end, (end, watched));
    let (end, watched) = watch(&mut state, &tape, 3..6, false);
    assert_eq!(end, 6);
    assert!(!settle(&mut state, &tape, 3..6, (end, watched)));
    assert_eq!(events(&state).len(), 1);
}

#[test]
fn rows_that_were_not_taken_in_are_shown_once_more() {
    let market = market_that(BreakerAction::Halt);
    let (mut state, tape) = (worth(&market, &EQUITY), market.tape());
    let shown = watch(&mut state, &tape, 0..6, true);
    assert_eq!(shown.0, 3);
    // The strategy stops after the second row, where nothing has tripped: the third has another equity.
    assert!(!settle(&mut state, &tape, 0..2, shown));
    assert!(events(&state).is_empty());
    assert_eq!(state.gate.breakers().standing().tripped, None);
    state.record.cut_equity(2);
    state.record.equity_mut().extend([910.0, 880.0]);
    let shown = watch(&mut state, &tape, 2..4, true);
    assert_eq!(shown.0, 4);
    assert!(settle(&mut state, &tape, 2..4, shown));
    assert_eq!(events(&state), [(3, 880.0)]);
}

#[test]
fn a_high_that_was_not_taken_in_is_no_base_of_a_loss() {
    let market = market_that(BreakerAction::Halt);
    let (mut state, tape) = (worth(&market, &[1_000.0, 1_000.0, 1_200.0]), market.tape());
    let shown = watch(&mut state, &tape, 0..3, true);
    settle(&mut state, &tape, 0..2, shown);
    state.record.cut_equity(2);
    state.record.equity_mut().extend([1_000.0, 950.0]);
    let shown = watch(&mut state, &tape, 2..4, true);
    assert!(!settle(&mut state, &tape, 2..4, shown), "950 is a fifth less than 1200 only");
}

#[test]
fn nothing_is_watched_in_the_warm_up_or_without_breakers() {
    for (first_row, levels) in [(0, vec![]), (3, vec![level(0.1, BreakerAction::Halt, 0.5)])] {
        let market = market(&levels);
        let (mut state, tape) = (State::new(&market.tape(), first_row).unwrap(), market.tape());
        // The record has no equity that could be looked at.
        let (end, watched) = watch(&mut state, &tape, 0..3, true);
        assert_eq!(end, 3);
        assert!(!settle(&mut state, &tape, 0..3, (end, watched)));
        assert!(events(&state).is_empty());
    }
}

/// The breakers trip at the close of row 2, and what they say is done.
fn obeyed(market: &Market, state: &mut State) {
    lose(market, state, 0, &[1_000.0, 950.0, 900.0]);
}

/// Closes with this equity from `row` on, at the last of which a breaker trips.
fn lose(market: &Market, state: &mut State, row: usize, equity: &[f64]) {
    let (tape, rows) = (market.tape(), row..row + equity.len());
    state.record.equity_mut().extend(equity);
    let shown = watch(state, &tape, rows.clone(), false);
    assert!(settle(state, &tape, rows.clone(), shown));
    obey(state, &tape, rows.end - 1).unwrap();
}

/// An account that holds 4 of the first instrument, with a market order to hold more of it and a limit order in flight, and nothing of
/// the second, which it is about to buy.
fn busy(market: &Market) -> State {
    let mut state = market.holding(4.0);
    state.orders[A].levels = levels_at(90.0, 110.0);
    state.orders[A].working = Some(units_order(6.0).from(3));
    state.orders[A].in_flight.push_back(limit_order(Side::Buy, 95.0, 7.0).from(4));
    state.orders[B].working = Some(units_order(1.0).from(3));
    state
}

/// What trades at the open of row 3.
fn traded(market: &Market, state: &mut State) -> Vec<String> {
    state.orders.values_mut().iter_mut().for_each(|orders| orders.arrive(3));
    market_orders::trade(state, &market.tape(), 3, FillTime::Open).unwrap();
    orders_traded(state)
}

#[test]
fn flatten_closes_everything_and_cancels_what_was_on_its_way() {
    let market = market_that(BreakerAction::Flatten);
    let mut state = busy(&market);
    market.trade(&mut state, (B, -1.0), 100.0);
    obeyed(&market, &mut state);
    assert!([A, B].iter().all(|of| state.orders[*of].is_being_closed()));
    assert!(state.orders[A].in_flight.is_empty());
    assert_eq!(rules_told(&state), ["Refused 7: Drawdown"; 3]);
    let expected = ["Sell 4 at 100, Breaker", "Buy 1 at 100, Breaker"];
    assert_eq!(traded(&market, &mut state), expected);
    assert!(!state.account.holds_anything());
}

#[test]
fn flatten_tells_of_exits_that_it_overtakes() {
    let market = market_that(BreakerAction::Flatten);
    let mut state = market.holding(4.0);
    let exit = WorkingOrder::closing(FillReason::Exit).from(4);
    state.orders[A].in_flight.push_back(WorkingOrder { decision: Some(8), ..exit });
    obeyed(&market, &mut state);
    assert_eq!(rules_told(&state), ["Refused 8: Drawdown"]);
    assert_eq!(traded(&market, &mut state), ["Sell 4 at 100, Breaker"]);
}

#[test]
fn halt_lets_orders_work_on_that_make_positions_smaller() {
    let market = market_that(BreakerAction::Halt);
    let mut state = busy(&market);
    state.orders[A].working = Some(units_order(1.0).from(3));
    obeyed(&market, &mut state);
    assert_eq!(rules_told(&state), ["Refused 7: Drawdown"; 3]);
    assert!(state.orders[A].all_reduce_only() && state.orders[A].in_flight.len() == 1);
    assert!(!state.orders[B].is_working());
    assert_eq!(state.orders[A].levels, levels_at(90.0, 110.0));
    assert_eq!(traded(&market, &mut state), ["Sell 3 at 100, Exit"]);
}

#[test]
fn reduce_cuts_what_is_held_and_nothing_on_its_way_opens() {
    let market = market_that(BreakerAction::Reduce);
    let mut state = busy(&market);
    obeyed(&market, &mut state);
    assert_eq!(rules_told(&state), ["Refused 7: Drawdown"; 3]);
    assert_eq!(traded(&market, &mut state), ["Sell 2 at 100, Breaker"]);
    assert_eq!((state.held(A), state.held(B)), (quantity(2.0), quantity(0.0)));
    assert!([A, B].iter().all(|of| state.orders[*of].all_reduce_only()));
    assert_eq!(state.orders[A].levels, levels_at(90.0, 110.0), "what stays is protected");
    let event = state.record.breaker_events_at(hour(2)).next().unwrap();
    assert_eq!((event.rule, event.action), (Rule::Drawdown, BreakerAction::Reduce));
}

#[test]
fn a_second_cut_leaves_its_part_of_the_whole_and_a_smaller_one_nothing_more() {
    for (second, left) in [(0.25, 1.0), (0.5, 2.0), (0.75, 2.0)] {
        let (first, action) = (0.5, BreakerAction::Reduce);
        let market = market(&[level(0.1, action, first), level(0.2, action, second)]);
        let mut state = market.holding(4.0);
        obeyed(&market, &mut state);
        traded(&market, &mut state);
        assert_eq!(state.held(A), quantity(2.0));
        lose(&market, &mut state, 3, &[850.0, 800.0]);
        market_orders::trade(&mut state, &market.tape(), 5, FillTime::Open).unwrap();
        assert_eq!(state.held(A), quantity(left), "to {second}");
    }
}

/// What happens between two cuts.
type Between<'f> = &'f dyn Fn(&Market, &mut State);

/// Of 4, the first level leaves 2, and the second one 1, whatever has become of the first cut until then.
#[test]
fn a_second_cut_before_the_first_has_traded_leaves_its_part_of_the_whole() {
    let nothing = |_: &Market, _: &mut State| {};
    let partly =
        |market: &Market, state: &mut State| market.trade_in(state, (3, 0), (A, -1.0), 100.0);
    // A decision has taken its place, and would leave 3.
    let replaced = |_: &Market, state: &mut State| {
        state.orders[A].working = Some(units_order(3.0).from(4));
    };
    let between: [Between<'_>; 3] = [&nothing, &partly, &replaced];
    let action = BreakerAction::Reduce;
    for (place, between) in between.into_iter().enumerate() {
        for (second, left) in [(0.25, 1.0), (0.5, 2.0)] {
            for side in [1.0, -1.0] {
                let market = market(&[level(0.1, action, 0.5), level(0.2, action, second)]);
                let mut state = market.holding(4.0 * side);
                obeyed(&market, &mut state);
                if side > 0.0 {
                    between(&market, &mut state);
                }
                lose(&market, &mut state, 3, &[850.0, 800.0]);
                market_orders::trade(&mut state, &market.tape(), 5, FillTime::Open).unwrap();
                assert_eq!(state.held(A), quantity(left * side), "to {second}, case {place}");
            }
        }
    }
}

#[test]
fn a_cut_that_is_done_is_forgotten_when_the_position_grows() {
    let action = BreakerAction::Reduce;
    let market = market(&[level(0.1, action, 0.5), level(0.2, action, 0.25)]);
    for grows_before in [true, false] {
        let mut state = market.holding(4.0);
        obeyed(&market, &mut state);
        if !grows_before {
            traded(&market, &mut state);
        }
        let held = state.held(A).to_f64();
        market.trade_in(&mut state, (3, 0), (A, 6.0 - held), 100.0);
        lose(&market, &mut state, 3, &[850.0, 800.0]);
        market_orders::trade(&mut state, &market.tape(), 5, FillTime::Open).unwrap();
        assert_eq!(state.held(A), quantity(3.0), "half of the 6 that were let in at a half");
    }
}

/// Two levels at 700, of which the one that closes everything is armed again an hour later, and one at 550.
#[test]
fn a_cut_beside_a_flatten_counts_for_what_is_entered_later() {
    let later = Rearm::After("1h".parse().unwrap());
    let flattens = LossBreaker { rearm: later, ..level(0.3, BreakerAction::Flatten, 0.5) };
    let [first, second] =
        [(0.3, 0.5), (0.45, 0.25)].map(|(loss, to)| level(loss, BreakerAction::Reduce, to));
    let market = market(&[first, flattens, second]);
    let mut state = market.holding(4.0);
    lose(&market, &mut state, 0, &[1_000.0, 1_000.0, 700.0]);
    traded(&market, &mut state);
    assert!(state.held(A).is_zero());
    // Let in again at 700, at half its size: 2, of which the third level leaves half.
    state.record.equity_mut().push(700.0);
    let shown = watch(&mut state, &market.tape(), 3..4, false);
    assert!(!settle(&mut state, &market.tape(), 3..4, shown));
    market.trade_in(&mut state, (3, 0), (A, 2.0), 100.0);
    lose(&market, &mut state, 4, &[540.0]);
    market_orders::trade(&mut state, &market.tape(), 5, FillTime::Open).unwrap();
    assert_eq!(state.held(A), quantity(1.0));
}

#[test]
fn a_breaker_that_reduces_under_a_halt_or_a_flatten_does_both_or_all() {
    let both = |action| market(&[level(0.05, BreakerAction::Reduce, 0.5), level(0.1, action, 0.5)]);
    // The reduction was at 950 already: it is not done once more.
    let market = both(BreakerAction::Halt);
    let mut state = market.holding(4.0);
    lose(&market, &mut state, 0, &[950.0]);
    assert!(state.orders[A].is_working());
    state.orders[A].cancel();
    lose(&market, &mut state, 1, &[900.0]);
    assert!(!state.orders[A].is_working());
    for (action, left) in [(BreakerAction::Halt, 2.0), (BreakerAction::Flatten, 0.0)] {
        let market = both(action);
        let mut state = busy(&market);
        lose(&market, &mut state, 0, &[1_000.0, 1_000.0, 890.0]);
        traded(&market, &mut state);
        assert_eq!((state.held(A), state.held(B)), (quantity(left), quantity(0.0)));
    }
}

#[test]
fn a_level_that_is_armed_again_cuts_nothing() {
    let (action, hour) = (BreakerAction::Reduce, "1h".parse().unwrap());
    let armed_again = LossBreaker { rearm: Rearm::After(hour), ..level(0.05, action, 0.5) };
    let halts = level(0.2, BreakerAction::Halt, 0.5);
    let market = market(&[armed_again, level(0.05, action, 0.25), halts]);
    let mut state = market.holding(4.0);
    lose(&market, &mut state, 0, &[940.0]);
    state.orders[A].cancel();
    lose(&market, &mut state, 1, &[800.0]);
    assert_eq!(state.record.breaker_events_at(self::hour(1)).count(), 2);
    assert!(!state.orders[A].is_working());
}

#[test]
fn an_order_that_leaves_in_time_goes_on_and_any_other_makes_way_for_the_cut() {
    let closing = |row| WorkingOrder::closing(FillReason::Exit).from(row);
    let rests = limit_order(Side::Sell, 120.0, -2.0);
    let flat_at_limit = WorkingOrder { entry: rests.entry, ..closing(1) };
    let market = market_that(BreakerAction::Reduce);
    let (left, cut) = ("Sell 4 at 100, Exit", "Sell 2 at 100, Breaker");
    for (working, in_flight, expected, waiting) in [
        (Some(closing(3)), None, left, 0),
        (Some(units_order(-2.0).from(3)), None, left, 0),
        (None, Some(closing(3)), left, 0),
        (None, Some(units_order(-2.0).from(3)), left, 0),
        (None, Some(closing(4)), cut, 1),
        (Some(units_order(3.0).from(3)), None, cut, 0),
        (Some(rests), None, cut, 1),
        (Some(flat_at_limit), None, cut, 1),
        (None, None, cut, 0),
    ] {
        let mut state = market.holding(4.0);
        let case = format!("{working:?}, {in_flight:?}");
        state.orders[A].working = working;
        state.orders[A].in_flight.extend(in_flight);
        obeyed(&market, &mut state);
        assert_eq!(traded(&market, &mut state), [expected], "{case}");
        assert_eq!(state.orders[A].in_flight.len(), waiting, "{case}");
    }
}

#[test]
fn what_waits_for_its_price_waits_behind_the_cut_and_comes_after_it() {
    let mut market = market_that(BreakerAction::Reduce);
    let up = Some([100.0, 106.0, 99.0, 100.0]);
    let bars = [still(100.0), still(100.0), still(100.0), up];
    market.panel = Market::new("1h", &[&bars, &bars]).panel;
    let mut state = market.holding(4.0);
    state.orders[A].working = Some(limit_order(Side::Sell, 105.0, 1.0));
    state.orders[A].in_flight.push_back(WorkingOrder::closing(FillReason::Exit).from(5));
    obeyed(&market, &mut state);
    let order = state.orders[A].working.as_ref().unwrap();
    assert_eq!((order.exit_reason, order.from_row), (FillReason::Breaker, 3));
    let waiting: Vec<_> = state.orders[A].in_flight.iter().map(|order| order.from_row).collect();
    assert_eq!(waiting, [1, 5]);
    assert_eq!(traded(&market, &mut state), ["Sell 2 at 100, Breaker"]);
    inside::trade(&mut state, &market.tape(), 3).unwrap();
    assert_eq!(orders_traded(&state)[1..], ["Sell 1 at 105, Exit"]);
}

#[test]
fn what_is_not_held_is_not_cut_and_a_ruined_account_is_left_alone() {
    let market = market_that(BreakerAction::Reduce);
    let mut state = market.flat();
    obeyed(&market, &mut state);
    assert!([A, B].iter().all(|of| !state.orders[*of].is_working()));
    for action in [BreakerAction::Reduce, BreakerAction::Halt, BreakerAction::Flatten] {
        let market = market_that(action);
        let mut state = market.holding(4.0);
        state.ruined = true;
        obeyed(&market, &mut state);
        assert!(!state.orders[A].is_working(), "{action:?}");
    }
}
