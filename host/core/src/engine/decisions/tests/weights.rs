//! Targets that are weights of one portfolio: 1000 of quote asset, instruments at 100, 50 and 10, no costs.

use super::*;
use crate::engine::market_orders;
use crate::engine::tape::FillTime;
use crate::engine::test_market::{orders_traded, rate, rules_told};
use crate::risk::{FixedUnits, InstrumentRisk, Shorting, Sizing, Weights};

const C: InstrumentId = InstrumentId::new(2);

fn market(leverage: f64) -> Market {
    let rows = |price: f64| [still(price); 4];
    let mut market = Market::new("1h", &[&rows(100.0), &rows(50.0), &rows(10.0)]);
    market.setup.risk.sizing = Sizing::Weights(Weights {});
    market.setup.risk.margin.leverage_max = rate(leverage);
    market
}

/// What is decided together at the close of row 1, carried out at the open of row 2.
fn carried_out(
    market: &Market,
    state: &mut State,
    decided: &[(InstrumentId, f64)],
) -> (Vec<String>, Vec<String>) {
    let tape = market.tape();
    let before = orders_traded(state).len();
    let decisions = decided.iter().map(|(instrument, target)| Decision {
        instrument: instrument.index(),
        ..decision(1, Exposure::new(*target).unwrap())
    });
    let decisions: Vec<Decision> = decisions.collect();
    for decision in &decisions {
        weigh(state, decision);
    }
    for decision in decisions {
        accept(state, &tape, decision, false).unwrap();
    }
    market_orders::trade(state, &tape, 2, FillTime::Open).unwrap();
    (orders_traded(state).split_off(before), rules_told(state))
}

fn of_flat(market: &Market, decided: &[(InstrumentId, f64)]) -> (Vec<String>, Vec<String>) {
    let mut state = market.flat();
    state.record.equity_mut().extend([1_000.0; 2]);
    carried_out(market, &mut state, decided)
}

#[test]
fn a_weight_is_a_share_of_all_the_equity() {
    let traded =
        |orders: &[&str]| orders.iter().map(|order| (*order).to_owned()).collect::<Vec<_>>();
    for (leverage, decided, orders, rules) in [
        // One of three instruments takes all of it, not a third.
        (1.0, vec![(A, 1.0)], vec!["Buy 10 at 100, Entry"], vec![]),
        (
            1.0,
            vec![(A, 0.5), (B, 0.25), (C, 0.25)],
            vec!["Buy 5 at 100, Entry", "Buy 5 at 50, Entry", "Buy 25 at 10, Entry"],
            vec![],
        ),
        // 1.5 of 1: each is two thirds of what it asks for, in whatever order they are said.
        (
            1.0,
            vec![(C, 0.5), (A, 1.0)],
            vec!["Buy 6.66666666666 at 100, Entry", "Buy 33.3333333333 at 10, Entry"],
            vec!["Cut 0: Weights", "Cut 1: Weights"],
        ),
        (
            2.0,
            vec![(C, 0.5), (A, 1.0)],
            vec!["Buy 10 at 100, Entry", "Buy 50 at 10, Entry"],
            vec![],
        ),
        // What may not be held asks for nothing.
        (
            1.0,
            vec![(A, -1.0), (B, 1.0)],
            vec!["Buy 20 at 50, Entry"],
            vec!["Cut 0: ShortNotAllowed"],
        ),
    ] {
        let mut market = market(leverage);
        market.setup.risk.limits.shorting = Shorting::Forbidden;
        let found = of_flat(&market, &decided);
        assert_eq!(found, (traded(&orders), traded(&rules)), "{leverage} {decided:?}");
    }
}

/// A fill of the set-up is no order of a decision.
#[test]
fn weights_that_were_given_up_ask_for_nothing_any_more() {
    let market = market(1.0);
    for (held, orders, rules) in [
        // A has asked for 0.25 and holds it: with 1 for B that is 1.25, of which B is 0.8, and no more than the cash there is.
        (2.5, vec!["Buy 15 at 50, Entry"], vec!["Cut 0: Weights", "Cut 0: Cash"]),
        // A stop has sold them since.
        (0.0, vec!["Buy 20 at 50, Entry"], vec![]),
    ] {
        let mut state = if held == 0.0 { market.flat() } else { market.holding(held) };
        state.record.equity_mut().extend([1_000.0; 2]);
        state.orders[A].weight = (0, Exposure::new(0.25).unwrap());
        let found = carried_out(&market, &mut state, &[(B, 1.0)]);
        let told = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(found, (told(orders), told(rules)), "{held}");
    }
}

#[test]
fn instruments_with_a_sizing_of_their_own_are_no_part_of_the_weights() {
    let mut market = market(1.0);
    let sizing = Some(Sizing::Units(FixedUnits { units: quantity(1.0) }));
    let own = InstrumentRisk { sizing, ..InstrumentRisk::default() };
    market.setup.risk.instruments.insert(coin(A).to_string(), own);
    let (orders, rules) = of_flat(&market, &[(A, 1.0), (B, 0.75)]);
    assert_eq!(orders, ["Buy 1 at 100, Entry", "Buy 15 at 50, Entry"]);
    assert_eq!(rules, Vec::<String>::new());
}

/// A was decided in row 0 and waits for the first row, 2; B decides in row 1, the last of the warm-up: the run starts with both.
#[test]
fn what_was_decided_while_warming_up_is_weighed_with_the_last_close_of_it() {
    let market = market(1.0);
    for (last, orders) in [
        (decision(1, Exposure::new(1.0).unwrap()), ["Buy 5 at 100, Entry", "Buy 10 at 50, Entry"]),
        // Levels that are said again are those of the decision that waits.
        (
            Decision { action: Action::Keep, ..decision(1, Exposure::FLAT) },
            ["Buy 10 at 100, Entry", ""],
        ),
    ] {
        let tape = market.tape();
        let mut state = State::new(&tape, 2).unwrap();
        let keeps = last.action == Action::Keep;
        let instrument = if keeps { A } else { B };
        let first = decision(0, Exposure::new(1.0).unwrap());
        for decision in [first, Decision { instrument: instrument.index(), ..last }] {
            weigh(&mut state, &decision);
            accept(&mut state, &tape, decision, false).unwrap();
        }
        carry_out_deferred(&mut state, &tape).unwrap();
        market_orders::trade(&mut state, &tape, 2, FillTime::Open).unwrap();
        let mut traded = orders_traded(&state);
        traded.resize(2, String::new());
        assert_eq!(traded, orders, "{keeps}");
    }
}

#[test]
fn what_a_frozen_run_refuses_is_no_weight() {
    let market = market(1.0);
    let mut state = market.holding(5.0);
    state.record.equity_mut().extend([1_000.0; 2]);
    state.orders[A].weight = (0, Exposure::new(0.5).unwrap());
    state.gate.trading_state_mut().frozen = true;
    weigh(&mut state, &decision(1, Exposure::FLAT));
    assert_eq!(state.orders[A].weight, (0, Exposure::new(0.5).unwrap()));
}

#[test]
fn what_is_frozen_at_its_last_price_takes_its_capital() {
    let market = market(1.0);
    let mut state = market.holding(5.0);
    state.record.equity_mut().extend([1_000.0; 2]);
    state.orders[A].weight = (0, Exposure::new(0.5).unwrap());
    state.listings[A].ended = true;
    let (orders, rules) = carried_out(&market, &mut state, &[(B, 1.0)]);
    // Two thirds of the equity, of which half is there.
    assert_eq!(
        (orders, rules),
        (
            vec!["Buy 10 at 50, Entry".to_owned()],
            vec!["Cut 0: Weights".to_owned(), "Cut 0: Cash".to_owned()]
        )
    );
}

/// All of the account is in A but a rounding: what is left of B's weight is no order.
#[test]
fn what_rounding_leaves_of_the_cash_buys_nothing() {
    let market = market(1.0);
    let mut state = market.holding(9.999_999_999_999);
    state.record.equity_mut().extend([1_000.0; 2]);
    state.orders[A].weight = (0, Exposure::new(1.0).unwrap());
    let (orders, rules) = carried_out(&market, &mut state, &[(B, 1.0)]);
    assert_eq!(orders, Vec::<String>::new());
    assert_eq!(rules, ["Cut 0: Weights", "Refused 0: Cash"]);
}
