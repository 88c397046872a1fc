//! Market orders at the open and the close of the second hour, in an account that started with 1000.

use super::super::orders::WorkingOrder;
use super::super::test_market::{
    A, B, Market, Prices, bars_of_volume, bps, coin, hour, limit_order, money, orders_traded,
    price, quantity, rate, rules_told, still, units_order,
};
use super::*;
use crate::costs::{
    BarVolumeImpact, FeeTier, FixedSlippage, Impact, Participation, Slippage, SquareRootImpact,
};
use crate::market::Instrument;
use crate::order::Side;
use crate::risk::{LosingStreak, StreakScope};

/// An hour at 100, one from 100 to 120, and one at 120, of two instruments.
fn market() -> Market {
    let bars = [still(100.0), Some([100.0, 125.0, 95.0, 120.0]), still(120.0)];
    Market::new("1h", &[&bars, &bars])
}

fn trade_in(market: &Market, state: &mut State, row: usize, time: FillTime) -> Vec<String> {
    trade(state, &market.tape(), row, time).unwrap();
    orders_traded(state)
}

fn closing() -> WorkingOrder {
    WorkingOrder::closing(FillReason::Exit)
}

#[test]
fn market_orders_trade_at_the_open_or_the_close_and_carry_its_time() {
    let market = market();
    for (time, traded, at) in [
        (FillTime::Open, ["Buy 3 at 100, Entry"], hour(1)),
        (FillTime::Close, ["Buy 3 at 120, Entry"], hour(2)),
    ] {
        let mut state = market.flat();
        state.orders[A].working = Some(units_order(3.0));
        assert_eq!(trade_in(&market, &mut state, 1, time), traded);
        assert_eq!(state.record.fills()[0].time, at);
        assert!(state.orders[A].working.is_none());
    }
}

#[test]
fn what_closes_in_any_instrument_pays_for_what_opens_in_another() {
    let market = market();
    for (first, second) in [(A, B), (B, A)] {
        let mut state = market.flat();
        market.trade(&mut state, (second, 10.0), 100.0);
        state.orders[first].working = Some(units_order(10.0));
        state.orders[second].working = Some(closing());
        let traded = trade_in(&market, &mut state, 1, FillTime::Open);
        assert_eq!(traded, ["Sell 10 at 100, Exit", "Buy 10 at 100, Entry"], "{second:?} is sold");
        assert_eq!(state.record.fills()[1].symbol, coin(second));
        assert_eq!(rules_told(&state), [""; 0]);
    }
}

#[test]
fn a_turning_order_closes_with_the_others_and_opens_after_all_of_them() {
    let market = market();
    let mut state = market.holding(6.0);
    market.trade(&mut state, (B, 4.0), 100.0);
    state.orders[A].working = Some(units_order(-5.0));
    state.orders[B].working = Some(units_order(1.0));
    let traded = trade_in(&market, &mut state, 1, FillTime::Open);
    assert_eq!(traded, ["Sell 6 at 100, Exit", "Sell 3 at 100, Exit", "Sell 5 at 100, Entry"]);
}

#[test]
fn an_exit_that_stops_the_strategy_keeps_the_others_from_opening() {
    let mut market = market();
    market.setup.risk.breakers.losing_streak =
        Some(LosingStreak { losses: 1, pause: None, scope: StreakScope::Strategy });
    for (bought_at, traded, told) in [
        (101.0, vec!["Sell 5 at 100, Exit"], vec!["Refused 7: LosingStreak"]),
        (100.0, vec!["Sell 5 at 100, Exit", "Buy 1 at 100, Entry"], vec![]),
    ] {
        let mut state = market.flat();
        state.record.equity_mut().push(1_000.0);
        market.trade(&mut state, (B, 5.0), bought_at);
        state.orders[A].working = Some(units_order(1.0));
        state.orders[B].working = Some(closing());
        assert_eq!(trade_in(&market, &mut state, 1, FillTime::Open), traded);
        assert_eq!(rules_told(&state), told);
        assert!(!state.orders[A].is_working() && !state.orders[B].is_working());
    }
}

#[test]
fn an_order_waits_for_its_row_for_a_bar_and_for_volume_and_a_limit_for_its_price() {
    let mut market = Market::new("1h", &[&[still(100.0), None, still(90.0)], &[still(1.0); 3]]);
    market.setup.costs.participation = Some(Participation { rate: rate(0.02) });
    let orders = [
        // There is no bar in row 1; the bar of row 2 takes 2.
        (units_order(3.0), ["Buy 2 at 90, Entry"].as_slice()),
        (units_order(1.0).from(3), &[]),
        (limit_order(Side::Buy, 95.0, 1.0), &[]),
    ];
    for (order, traded) in orders {
        let mut state = market.flat();
        state.orders[A].working = Some(order);
        for time in [FillTime::Open, FillTime::Close] {
            assert_eq!(trade_in(&market, &mut state, 1, time), [""; 0]);
        }
        assert_eq!(trade_in(&market, &mut state, 2, FillTime::Open), traded);
        assert!(state.orders[A].working.is_some(), "{traded:?}");
    }
}

#[test]
fn an_order_to_be_flat_is_done_where_nothing_is_held() {
    let market = market();
    let mut state = market.flat();
    state.orders[A].working = Some(closing());
    assert_eq!(trade_in(&market, &mut state, 1, FillTime::Open), [""; 0]);
    assert!(state.orders[A].working.is_none());
}

#[test]
fn impact_is_that_of_the_bars_volume_or_of_the_whole_order_so_far() {
    let mut market = Market::new("1h", &[&[100.0, 110.0, 100.0, 100.0].map(still)]);
    let mut impact = |law, filled| {
        market.setup.costs.impact = law;
        let mut state = market.flat();
        let order = WorkingOrder { filled: quantity(filled), ..units_order(1.0) };
        state.orders[A].working = Some(order);
        trade_in(&market, &mut state, 3, FillTime::Open);
        state.record.fills()[0].impact
    };
    // 1 of 100 is a hundredth, whose root is a tenth: of 1 %.
    let by_volume = Impact::BarVolume(BarVolumeImpact { coefficient_bps: bps(100.0) });
    assert_eq!([0.0, 3.0].map(|filled| impact(by_volume, filled)), [money(0.1); 2]);
    // The root of four times as much is twice as large.
    let by_order = Impact::SquareRoot(SquareRootImpact::default());
    let [one, four] = [0.0, 3.0].map(|filled| impact(by_order, filled).to_f64());
    assert!(one > 0.1 && (four - 2.0 * one).abs() < 1e-9, "{one} and {four}");
}

/// A position of `held` in the first of two instruments, whose bars are `prices` with a volume of 1 each, at the end of the run.
fn ended(prices: &[Prices], held: f64, change: impl FnOnce(&mut Market)) -> State {
    let of = |symbol: &str, prices| {
        (Instrument::unrestricted(symbol), bars_of_volume("1h", prices, 1.0))
    };
    let mut market = Market::of(vec![of("A", prices), of("B", &[still(7.0); 3])]);
    change(&mut market);
    let mut state = market.holding(held);
    close_all(&mut state, &market.tape()).unwrap();
    state
}

#[test]
fn at_the_end_every_position_goes_at_the_last_close_whatever_the_volume() {
    let up = Some([100.0, 125.0, 95.0, 120.0]);
    for (prices, held, traded) in [
        ([up, up, up], 5.0, "Sell 5 at 120, EndOfRun"),
        ([up, up, up], -5.0, "Buy 5 at 120, EndOfRun"),
        ([up, up, None], 5.0, "Sell 5 at 120, EndOfRun"),
    ] {
        let state = ended(&prices, held, |market| {
            market.setup.costs.participation = Some(Participation { rate: rate(0.5) });
        });
        assert_eq!(orders_traded(&state), [traded], "{prices:?}");
        assert_eq!(state.record.fills().last().unwrap().time, hour(3));
        assert!(!state.account.holds_anything());
        assert_eq!(state.record.trades()[0].exit_reason, FillReason::EndOfRun);
    }
}

#[test]
fn what_is_closed_at_the_end_pays_as_a_taker() {
    let state = ended(&[still(100.0); 3], 5.0, |market| {
        market.setup.costs.fees.taker_bps = bps(100.0);
        market.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(50.0) });
    });
    let last = state.record.fills().last().unwrap();
    // 0.5 % of 100 each, and 1 % of 5 × 99.5.
    assert_eq!((last.price, last.fee), (price(99.5), money(4.975)));
    assert_eq!(state.account.cash(), money(992.525));
}

#[test]
fn what_is_closed_at_the_end_pays_the_fees_of_its_day() {
    let mut market = Market::new("1d", &[&[still(100.0); 3]]);
    let maker_bps = bps(0.0);
    let (volume_min, taker_bps) = (money(500.0), bps(100.0));
    market.setup.costs.fees.taker_bps = bps(200.0);
    market.setup.costs.fees.tiers = vec![FeeTier { volume_min, maker_bps, taker_bps }];
    let mut state = market.flat();
    state.start_day(&market.tape(), 0);
    market.trade(&mut state, (A, 5.0), 100.0);
    close_all(&mut state, &market.tape()).unwrap();
    // 500 were traded before that day: 1 % of 500.
    assert_eq!(state.record.fills().last().unwrap().fee, money(5.0));
}

#[test]
fn every_instrument_is_left_at_the_end_and_orders_trade_nothing_more() {
    let market = market();
    let mut state = market.holding(2.0);
    market.trade(&mut state, (B, -3.0), 100.0);
    state.orders[A].working = Some(units_order(5.0));
    close_all(&mut state, &market.tape()).unwrap();
    assert_eq!(orders_traded(&state), ["Sell 2 at 120, EndOfRun", "Buy 3 at 120, EndOfRun"]);
    let mut nothing = market.flat();
    close_all(&mut nothing, &market.tape()).unwrap();
    assert_eq!(orders_traded(&nothing), [""; 0]);
}
