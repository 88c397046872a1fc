//! Periods that end, and positions that have drifted from half of the equity.

use std::ops::ControlFlow;

use super::super::orders::WorkingOrder;
use super::super::test_market::{
    A, B, Market, Prices, levels_at, orders_traded, quantity, rate, rules_told, still, units_order,
};
use super::super::test_strategy::{deciding, needs};
use super::super::{Machine, Member, Strategies, market_orders, tape::FillTime};
use super::*;
use crate::market::InstrumentId;
use crate::order::Exposure;
use crate::risk::{FixedFraction, Rebalancing, RiskShare, Sizing, StopDistance};
use crate::units::CalendarPeriod::{self, Day, Week};
use crate::units::Rate;

/// Bars every six hours from Thursday, the first of January 1970, on: row 3 closes at the end of the first day.
fn market(every: CalendarPeriod, bars: &[&[Prices]]) -> Market {
    let mut market = Market::new("6h", bars);
    market.setup.risk.rebalancing = Some(Rebalancing { every, band: rate(0.25) });
    market.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: Rate::ONE });
    market
}

#[test]
fn a_span_ends_with_the_first_row_that_ends_a_period() {
    let whole = [still(100.0); 24];
    // No bars from 12:00 on the first day to 12:00 on the second.
    let mut gap = whole;
    gap[2..6].fill(None);
    let row = |bars: &[Prices], every, first_row, rows| {
        next(&market(every, &[bars]).tape(), first_row, rows)
    };
    for (bars, every, first_row, rows, expected) in [
        (&whole, Day, 0, 1..24, 4),
        (&whole, Day, 0, 3..24, 4),
        // Row 3 belongs to the span, and ends the day.
        (&whole, Day, 0, 4..24, 4),
        (&whole, Day, 0, 5..24, 8),
        (&whole, Day, 0, 1..3, 3),
        (&whole, Day, 0, 1..4, 4),
        (&whole, Day, 0, 5..7, 7),
        // Sunday ends with row 15.
        (&whole, Week, 0, 1..24, 16),
        (&whole, Week, 0, 17..24, 24),
        // In the warm-up nothing is rebalanced.
        (&whole, Day, 4, 4..24, 8),
        (&whole, Day, 3, 4..24, 4),
        // Row 2 opens at 12:00 on the second day: by then the first one is over.
        (&gap, Day, 0, 1..20, 2),
        (&gap, Day, 0, 2..20, 2),
        (&gap, Day, 0, 3..20, 4),
        (&gap, Day, 0, 4..20, 4),
        (&gap, Day, 0, 5..20, 8),
    ] {
        let found = row(bars, every, first_row, rows.clone());
        assert_eq!(found, expected, "{every:?} from {first_row}, {rows:?}");
    }
    let mut without = market(Day, &[&whole]);
    without.setup.risk.rebalancing = None;
    assert_eq!(next(&without.tape(), 0, 1..24), 24);
}

/// A day at 100 and one at `price`.
fn drifted(price: f64) -> Market {
    let mut bars = [still(100.0); 8];
    bars[3..].fill(still(price));
    market(Day, &[&bars, &[still(100.0); 8]])
}

/// An account that has bought 5 of the first instrument at 100, and is to be long in it, at the close of row 3 with `equity`.
fn long(market: &Market, held: f64, target: f64, equity: f64) -> State {
    let mut state = market.holding(held);
    state.orders[A].target = Exposure::new(target);
    state.record.equity_mut().extend([1_000.0, 1_000.0, 1_000.0, equity]);
    state
}

/// What is traded at the open after rebalancing in row 3.
fn rebalanced(market: &Market, state: &mut State) -> Vec<String> {
    rebalance(state, &market.tape(), 3).unwrap();
    market_orders::trade(state, &market.tape(), 4, FillTime::Open).unwrap();
    orders_traded(state)
}

#[test]
fn a_position_that_has_drifted_by_more_than_the_band_is_brought_back() {
    for (held, target, price, equity, traded) in [
        // Half of 1500 is 3.75 at 200: 1.25 more are held than that, a third of it.
        (5.0, 1.0, 200.0, 1_500.0, vec!["Sell 1.25 at 200, Rebalance"]),
        // Half of 750 is 7.5 at 50: 2.5 are lacking, a third.
        (5.0, 1.0, 50.0, 750.0, vec!["Buy 2.5 at 50, Rebalance"]),
        // Half of 800 is 4 at 100, and a quarter of that is the band.
        (5.0, 1.0, 100.0, 800.0, vec![]),
        (5.0, 1.0, 100.0, 799.8, vec!["Sell 1.001 at 100, Rebalance"]),
        (3.0, 1.0, 100.0, 800.0, vec![]),
        (2.999, 1.0, 100.0, 800.0, vec!["Buy 1.001 at 100, Rebalance"]),
        // The target is a share of it.
        (5.0, 0.5, 100.0, 1_000.0, vec!["Sell 2.5 at 100, Rebalance"]),
        (-5.0, -0.5, 100.0, 1_000.0, vec!["Buy 2.5 at 100, Rebalance"]),
        (-5.0, -1.0, 50.0, 1_250.0, vec!["Sell 7.5 at 50, Rebalance"]),
    ] {
        let market = drifted(price);
        let mut state = long(&market, held, target, equity);
        assert_eq!(rebalanced(&market, &mut state), traded, "{held} held at {price}, {target}");
        assert_eq!(rules_told(&state), [""; 0]);
    }
}

#[test]
fn what_is_rebalanced_keeps_its_levels_and_comes_after_the_latency() {
    let mut market = drifted(200.0);
    market.setup.fills.latency_bars = 1;
    let mut state = long(&market, 5.0, 1.0, 1_500.0);
    state.orders[A].levels = levels_at(90.0, 300.0);
    assert_eq!(rebalanced(&market, &mut state), [""; 0]);
    state.orders[A].arrive(5);
    market_orders::trade(&mut state, &market.tape(), 5, FillTime::Open).unwrap();
    assert_eq!(orders_traded(&state), ["Sell 1.25 at 200, Rebalance"]);
    assert_eq!(state.orders[A].levels, levels_at(90.0, 300.0));
    let fill = state.record.fills().last().unwrap();
    assert_eq!((fill.decision, &fill.tag), (None, &None));
}

#[test]
fn nothing_is_rebalanced_where_it_is_not_wanted() {
    type Change = fn(&mut State);
    let changes: [(&str, Change); 10] = [
        ("an order works", |state| state.orders[A].working = Some(units_order(9.0).from(9))),
        ("one is in flight", |state| state.orders[A].in_flight.push_back(units_order(9.0).from(9))),
        ("its strategy has failed", |state| state.orders[A].closed = true),
        ("it is to be flat", |state| state.orders[A].target = Some(Exposure::FLAT)),
        ("it is to be short", |state| state.orders[A].target = Exposure::new(-1.0)),
        ("nobody has decided", |state| state.orders[A].target = None),
        ("the run is frozen", |state| state.gate.trading_state_mut().frozen = true),
        ("the account is ruined", |state| state.ruined = true),
        ("what is to be held is not", |state| {
            state.orders[B].target = state.orders[A].target.take();
        }),
        ("an order rests", |state| {
            let closing = WorkingOrder::closing(FillReason::Exit);
            state.orders[A].working = Some(closing.from(9));
        }),
    ];
    for (case, change) in changes {
        let market = drifted(200.0);
        let mut state = long(&market, 5.0, 1.0, 1_500.0);
        change(&mut state);
        assert_eq!(rebalanced(&market, &mut state), [""; 0], "{case}");
        assert_eq!(rules_told(&state), [""; 0], "{case}");
    }
}

#[test]
fn rules_are_told_only_of_what_they_kept_from_trading() {
    for (price, equity, told) in
        [(50.0, 750.0, vec!["Refused -: Halted"]), (100.0, 1_000.0, vec![])]
    {
        let market = drifted(price);
        let mut state = long(&market, 5.0, 1.0, equity);
        state.gate.trading_state_mut().halted = true;
        assert_eq!(rebalanced(&market, &mut state), [""; 0]);
        assert_eq!(rules_told(&state), told);
    }
}

#[test]
fn without_a_size_nothing_has_drifted_and_nothing_is_told() {
    let mut market = drifted(200.0);
    let distance = StopDistance::Stop;
    market.setup.risk.sizing = Sizing::RiskShare(RiskShare { distance, ..RiskShare::default() });
    let mut state = long(&market, 5.0, 1.0, 1_500.0);
    assert_eq!(rebalanced(&market, &mut state), [""; 0]);
    assert_eq!(rules_told(&state), [""; 0]);
}

/// The nearer the price comes to the stop, the more units would lose the same there.
#[test]
fn a_position_that_is_sized_by_its_stop_keeps_the_risk_of_its_entry() {
    for (distance, works) in [(StopDistance::StopOrAtr, false), (StopDistance::Atr, true)] {
        let mut market = drifted(200.0);
        let rule = RiskShare { distance, atr_rows: 1, ..RiskShare::default() };
        market.setup.risk.sizing = Sizing::RiskShare(rule);
        let mut state = long(&market, 5.0, 1.0, 1_500.0);
        let levels = crate::order::Levels {
            stop: crate::units::Price::from_f64(199.0).ok(),
            take_profit: None,
        };
        state.orders[A].protect_from(1, levels);
        assert_eq!(!rebalanced(&market, &mut state).is_empty(), works, "{distance:?}");
    }
}

#[test]
fn positions_are_rebalanced_at_the_ends_of_periods_after_the_warm_up_only() {
    for (row, first_row, works) in
        [(2, 0, false), (3, 0, true), (3, 3, true), (3, 4, false), (4, 0, false), (7, 0, true)]
    {
        let market = drifted(200.0);
        let mut state = State::new(&market.tape(), first_row).unwrap();
        market.trade(&mut state, (A, 5.0), 100.0);
        state.orders[A].target = Exposure::new(1.0);
        state.record.equity_mut().resize(8, 1_500.0);
        // At 100 a quarter would be lacking at 1500.
        let mark = market.tape().mark(At { row, instrument: A });
        assert_eq!(mark.to_bits(), if row < 3 { 100f64 } else { 200.0 }.to_bits());
        rebalance(&mut state, &market.tape(), row).unwrap();
        assert_eq!(state.orders[A].is_working(), works, "row {row}, from {first_row} on");
    }
    let mut market = drifted(200.0);
    market.setup.risk.rebalancing = None;
    assert_eq!(rebalanced(&market, &mut long(&market, 5.0, 1.0, 1_500.0)), [""; 0]);
}

/// Half of all buys 5 at 100 in row 1, of two instruments, of which the first doubles in row 2. Half of the 1500 at its close, 18:00,
/// is 3.75 at 200, and 3 at the 250 of the next open.
#[test]
fn a_period_that_ends_in_a_gap_is_rebalanced_at_the_next_open_by_the_last_close() {
    // The bars from 18:00 to 06:00 are missing.
    let up = Some([100.0, 200.0, 100.0, 200.0]);
    let mut bars = [still(200.0); 8];
    bars[..2].fill(still(100.0));
    bars[2] = up;
    let mut beside = [still(100.0); 8];
    for bars in [&mut bars, &mut beside] {
        bars[3..5].fill(None);
    }
    // A price that nobody knows at the last close.
    bars[5] = still(250.0);
    let market = market(Day, &[&bars, &beside]);
    for window_rows in [1, 3, 64] {
        let mut strategy = deciding(&[0]);
        let members = vec![Member::new(&mut strategy, needs(0), 0..2)];
        let machine = Machine::new(&market.panel, &market.setup, 0).unwrap();
        let strategies = Strategies::new(members, window_rows);
        let outcome =
            machine.run((&market.panel).into(), strategies, |_| ControlFlow::Continue(())).unwrap();
        let traded: Vec<_> = outcome
            .fills
            .iter()
            .map(|fill| {
                (fill.time.as_ms() / 3_600_000, fill.quantity.to_string(), fill.price.to_string())
            })
            .collect();
        let told = |(hour, quantity, price): (i64, &str, &str)| {
            (hour, quantity.to_owned(), price.to_owned())
        };
        assert_eq!(traded, [(6, "5", "100"), (30, "2", "250")].map(told), "{window_rows}");
    }
}

#[test]
fn every_instrument_is_looked_at_by_itself() {
    let mut bars = [still(100.0); 8];
    bars[3..].fill(still(200.0));
    let market = market(Day, &[&bars, &bars, &bars]);
    let mut state = market.flat();
    let third = InstrumentId::new(2);
    for instrument in [A, third] {
        market.trade(&mut state, (instrument, 3.0), 100.0);
        state.orders[instrument].target = Exposure::new(1.0);
    }
    state.orders[A].working = Some(units_order(1.0).from(9));
    state.record.equity_mut().resize(4, 1_200.0);
    // A third of 1200 is 2 at 200.
    assert_eq!(rebalanced(&market, &mut state), ["Sell 1 at 200, Rebalance"]);
    assert_eq!((state.held(A), state.held(third)), (quantity(3.0), quantity(2.0)));
}
