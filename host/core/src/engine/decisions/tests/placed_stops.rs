//! Stops that the host places where a decision has none.

use super::*;
use crate::risk::{MissingStop, RiskShare, Sizing};
use crate::units::Price;

/// Twenty hours with a range of 10 around 100: the average true range is 10, and the stop of the size is 20 away.
fn market(missing_stop: MissingStop) -> Market {
    let bar = Some([100.0, 105.0, 95.0, 100.0]);
    let mut market = Market::new("1h", &[&[bar; 20]]);
    market.setup.risk.sizing =
        Sizing::RiskShare(RiskShare { missing_stop, ..RiskShare::default() });
    market
}

fn at_18(action: Action, stop: Option<f64>, take_profit: Option<f64>) -> Decision {
    let levels = Levels { stop: stop.map(price), take_profit: take_profit.map(price) };
    Decision { row: 18, action, levels, ..decision(18, Exposure::FLAT) }
}

fn long() -> Action {
    Action::Move { target: Exposure::new(1.0).unwrap(), entry: Entry::Market }
}

/// The stop of what the last of `decisions` leaves, and the one of its order.
fn stops(market: &Market, decisions: Vec<Decision>) -> (Option<Price>, Option<Price>) {
    let mut state = market.flat();
    state.record.equity_mut().extend([10_000.0; 19]);
    for decision in decisions {
        accept(&mut state, &market.tape(), decision, false).unwrap();
    }
    let orders = &state.orders[A];
    (orders.levels.stop, orders.latest().and_then(|order| order.levels?.stop))
}

#[test]
fn a_position_sized_by_its_risk_has_the_stop_that_it_is_sized_for() {
    let keep = || at_18(Action::Keep, None, Some(150.0));
    let enter = |stop| at_18(long(), stop, None);
    let market = market(MissingStop::Place);
    for (decisions, stop) in [
        (vec![enter(None)], 80.0),
        (vec![enter(Some(93.0))], 93.0),
        // Levels that leave the stop out leave it where it is.
        (vec![enter(None), keep()], 80.0),
        (vec![enter(Some(93.0)), keep()], 93.0),
        (vec![enter(None), at_18(Action::Keep, Some(90.0), None)], 90.0),
    ] {
        let told = format!("{decisions:?}");
        let stop = Some(price(stop));
        assert_eq!(stops(&market, decisions), (stop, stop), "{told}");
    }
}

#[test]
fn a_stop_that_is_only_assumed_is_not_placed() {
    let found = stops(&market(MissingStop::Assume), vec![at_18(long(), None, None)]);
    assert_eq!(found, (None, None));
}

/// Of a position of 0.5 with its stop at 90, sized for one at 80: what makes it no larger does not take the stop away from the market.
#[test]
fn a_placed_stop_does_not_move_away_from_what_becomes_no_larger() {
    let market = market(MissingStop::Place);
    let mut state = market.holding(5.0);
    state.record.equity_mut().resize(19, 10_000.0);
    let levels = Levels { stop: Some(price(90.0)), take_profit: None };
    state.orders[A].protect_from(1, levels);
    let half = Action::Move { target: Exposure::new(0.5).unwrap(), entry: Entry::Market };
    accept(&mut state, &market.tape(), at_18(half, None, None), false).unwrap();
    assert_eq!(state.orders[A].levels.stop, Some(price(90.0)));
}
