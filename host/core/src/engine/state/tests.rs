//! What is recorded of what trades.

use super::super::test_market::{A, Market, coin, hour, still};
use super::*;
use crate::risk::{BreakerEventKind, BreakerSettings, LosingStreak, StreakScope};

#[test]
fn a_losing_streak_tells_the_bar_of_its_last_exit() {
    let bars = [still(100.0); 4];
    let mut market = Market::new("1h", &[&bars, &bars]);
    let streak = LosingStreak { losses: 1, pause: None, scope: StreakScope::Instrument };
    market.setup.risk.breakers =
        BreakerSettings { losing_streak: Some(streak), ..BreakerSettings::none() };
    let mut state = market.holding(2.0);
    state.record.equity_mut().extend([1_000.0, 990.0]);
    market.trade_in(&mut state, (2, 0), (A, -2.0), 90.0);
    let drained = state.record.drain(0, 0);
    assert_eq!((drained.trades[0].exit_time, drained.trades[0].bars_held), (hour(2), 2));
    let events = drained.breaker_events;
    assert_eq!((events.len(), events[0].rule), (1, Rule::LosingStreak));
    assert_eq!((events[0].time, events[0].kind), (hour(2), BreakerEventKind::Tripped));
    assert_eq!((&events[0].symbol, events[0].equity), (&Some(coin(A)), 990.0));
}
