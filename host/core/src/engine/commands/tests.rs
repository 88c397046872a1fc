//! What commands do to orders, breakers and settings.

use super::super::market_orders;
use super::super::test_market::{A, B, Market, bps, coin, hour, rate, still, units_order};
use super::*;
use crate::costs::Liquidity;
use crate::market::Symbol;
use crate::order::{Rule, Side};
use crate::risk::{BreakerAction, BreakerEventKind, BreakerSettings, Closes, LossBreaker, Rearm};

/// Four hours of two instruments, and a breaker that halts at a loss of a tenth.
fn market() -> Market {
    let bars = [100.0, 100.0, 90.0, 90.0].map(still);
    let mut market = Market::new("1h", &[&bars, &bars]);
    market.setup.risk.breakers = breakers(BreakerAction::Halt);
    market
}

fn breakers(action: BreakerAction) -> BreakerSettings {
    let (loss, rearm) = (rate(0.1), Rearm::Manual);
    let level = LossBreaker { loss, action, reduce_to: rate(0.5), rearm };
    BreakerSettings { portfolio_stop: Some(level), ..BreakerSettings::none() }
}

/// Carries out `command` at the close of row 1.
fn after(market: &Market, mut state: State, command: &Command) -> State {
    carry_out(&mut state, &market.tape(), 1, command).unwrap();
    state
}

/// An account that holds 2 of the first instrument, with an order to hold more of it and one on its way, and one of the second.
fn busy(market: &Market) -> State {
    let mut state = market.holding(2.0);
    state.orders[A].working = Some(units_order(5.0));
    state.orders[A].in_flight.push_back(units_order(6.0));
    state.orders[B].working = Some(units_order(3.0));
    state
}

const HALTED: TradingState = TradingState { halted: true, frozen: false };
const FROZEN: TradingState = TradingState { halted: false, frozen: true };

/// Takes in `equity` at the closes of the rows from `row` on. Gives whether a breaker trips.
fn loses(market: &Market, state: &mut State, row: usize, equity: &[f64]) -> bool {
    state.record.equity_mut().extend(equity);
    let times_ms = &market.panel.times()[row..row + equity.len()];
    let interval_ms = market.panel.interval().as_ms();
    let closes = Closes { first_row: row, times_ms, interval_ms, equity };
    state.gate.breakers_mut().take_in(&closes).tripped
}

/// The rules that refused something in row 1, with the instruments.
fn told(state: &mut State) -> Vec<(Symbol, Rule)> {
    let refusals = state.record.drain(0, 0).refusals;
    assert!(refusals.iter().all(|told| (told.time, told.decision) == (hour(1), Some(7))));
    refusals.into_iter().map(|told| (told.symbol, told.rule)).collect()
}

#[test]
fn a_halt_lets_orders_only_make_positions_smaller_and_tells_them() {
    let market = market();
    let mut state = after(&market, busy(&market), &Command::Halt);
    assert_eq!(state.gate.trading_state(), HALTED);
    assert_eq!(told(&mut state), [A, A, B].map(|instrument| (coin(instrument), Rule::Halted)));
    let orders = &state.orders[A];
    assert!(orders.working.is_some() && orders.in_flight.len() == 1 && orders.all_reduce_only());
    assert!(!state.orders[B].is_working(), "what holds nothing has nothing to make smaller");
    // A second one has nothing more to tell.
    let mut again = after(&market, state, &Command::Halt);
    assert!(told(&mut again).is_empty());
}

#[test]
fn flattening_closes_every_position_at_the_next_open_by_hand() {
    let market = market();
    let mut state = after(&market, busy(&market), &Command::Flatten);
    assert_eq!(state.gate.trading_state(), HALTED);
    assert!(state.orders[A].is_being_closed() && state.orders[A].in_flight.is_empty());
    assert!(!state.orders[B].is_working());
    market_orders::trade(&mut state, &market.tape(), 2, FillTime::Open).unwrap();
    assert!(state.held(A).is_zero() && !state.orders[A].is_working());
    let last = state.record.fills().last().unwrap();
    assert_eq!((last.side, last.reason, last.time), (Side::Sell, FillReason::Manual, hour(2)));
    assert_eq!((last.price.to_string(), last.quantity.to_string()), ("90".into(), "2".into()));
    assert_eq!(told(&mut state).len(), 3, "the halt has told the three orders");
}

#[test]
fn a_freeze_leaves_orders_as_they_are_until_trading_is_resumed() {
    let market = market();
    let mut state = after(&market, busy(&market), &Command::Freeze);
    assert_eq!(state.gate.trading_state(), FROZEN);
    assert!(told(&mut state).is_empty());
    assert!(!state.orders[A].all_reduce_only() && state.orders[B].is_working());
    let state = after(&market, state, &Command::Resume);
    assert_eq!(state.gate.trading_state(), TradingState::default());
}

#[test]
fn what_a_halt_has_taken_from_orders_does_not_come_back() {
    let market = market();
    let halted = after(&market, busy(&market), &Command::Halt);
    let state = after(&market, halted, &Command::Resume);
    assert_eq!(state.gate.trading_state(), TradingState::default());
    assert!(state.orders[A].all_reduce_only() && state.orders[A].is_working());
}

#[test]
fn rearming_arms_what_has_tripped_and_records_it() {
    let market = market();
    let mut state = market.flat();
    assert!(loses(&market, &mut state, 0, &[1_000.0, 850.0]));
    assert_eq!(state.gate.drain_events().count(), 1);
    let close_ms = market.tape().close_ms(1);
    assert_eq!(state.gate.reduce_only_by(A, close_ms).unwrap().rule, Rule::PortfolioStop);
    let mut state = after(&market, state, &Command::Rearm);
    assert_eq!(state.gate.reduce_only_by(A, close_ms), None);
    let events: Vec<_> = state.record.breaker_events_at(hour(1)).cloned().collect();
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].rule, events[0].kind), (Rule::PortfolioStop, BreakerEventKind::Rearmed));
    assert_eq!(events[0].equity.to_bits(), 850f64.to_bits());
    // Losses count from 850: a tenth is lost at 765.
    assert!(!loses(&market, &mut state, 2, &[766.0]));
    assert!(loses(&market, &mut state, 3, &[765.0]));
}

#[test]
fn rearming_what_has_not_tripped_records_nothing() {
    let market = market();
    let mut state = market.flat();
    assert!(!loses(&market, &mut state, 0, &[1_000.0, 950.0]));
    let state = after(&market, state, &Command::Rearm);
    assert_eq!(state.record.breaker_events_at(hour(1)).count(), 0);
}

#[test]
fn breakers_whose_settings_stay_remember_what_they_did() {
    let market = market();
    let mut state = market.flat();
    assert!(loses(&market, &mut state, 0, &[1_000.0, 850.0]));
    let mut other = market.setup.clone();
    other.costs.fees.taker_bps = bps(12.0);
    other.risk.limits.gross_exposure_max = Some(rate(0.5));
    let state = after(&market, state, &Command::Settings(Box::new(other)));
    let close_ms = market.tape().close_ms(1);
    assert_eq!(state.gate.reduce_only_by(A, close_ms).unwrap().rule, Rule::PortfolioStop);
    assert_eq!(state.account.fees().rate(Liquidity::Taker), bps(12.0));
}

#[test]
fn breakers_whose_settings_change_count_from_the_present_equity() {
    let market = market();
    let mut state = after(&market, market.flat(), &Command::Halt);
    assert!(loses(&market, &mut state, 0, &[1_000.0, 850.0]));
    let mut other = market.setup.clone();
    other.risk.breakers = breakers(BreakerAction::Flatten);
    let state = after(&market, state, &Command::Settings(Box::new(other)));
    // What was said by hand stays.
    assert_eq!(state.gate.trading_state(), HALTED);
    let mut state = after(&market, state, &Command::Resume);
    assert_eq!(state.gate.reduce_only_by(A, market.tape().close_ms(1)), None);
    assert!(!loses(&market, &mut state, 2, &[766.0]));
    assert!(loses(&market, &mut state, 3, &[765.0]));
}

#[test]
fn only_the_named_instruments_are_opened_again() {
    let market = market();
    let mut state = market.flat();
    for instrument in market.tape().instruments() {
        state.orders[instrument].closed = true;
    }
    let state = after(&market, state, &Command::Reopen(1..2));
    assert!(state.orders[A].closed && !state.orders[B].closed);
}

#[test]
fn a_level_that_stays_goes_on_when_another_one_comes() {
    let mut market = market();
    let level = |loss| LossBreaker {
        loss: rate(loss),
        action: BreakerAction::Halt,
        reduce_to: rate(0.5),
        rearm: Rearm::Manual,
    };
    market.setup.risk.breakers.drawdown = vec![level(0.1)];
    let mut state = market.flat();
    assert!(loses(&market, &mut state, 0, &[1_000.0, 850.0]));
    let mut other = market.setup.clone();
    other.risk.breakers.drawdown.push(level(0.5));
    let settings = Command::Settings(Box::new(other));
    carry_out(&mut state, &market.tape(), 1, &settings).unwrap();
    // What has tripped at 15 % stays tripped.
    assert!(state.gate.breakers().standing().tripped.is_some());
}

#[test]
fn orders_in_flight_arrive_no_later_than_those_sent_under_a_shorter_latency() {
    let mut market = market();
    market.setup.fills.latency_bars = 5;
    let mut state = market.flat();
    state.record.equity_mut().extend([1_000.0, 1_000.0]);
    state.orders[A].in_flight.push_back(units_order(1.0).from(7));
    let mut other = market.setup.clone();
    other.fills.latency_bars = 0;
    let settings = Command::Settings(Box::new(other));
    carry_out(&mut state, &market.tape(), 1, &settings).unwrap();
    assert_eq!(state.orders[A].in_flight.front().map(|order| order.from_row), Some(2));
}
