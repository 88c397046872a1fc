//! The second hour, after one at 100, of instruments that share an account of 1000 and trade free of costs.

mod permuted;

use super::super::inside;
use super::super::orders::WorkingOrder;
use super::super::test_market::{
    Market, Prices, levels_at, limit_order, orders_traded, rate, rules_told, still,
};
use crate::market::InstrumentId;
use crate::order::Side;
use crate::risk::{BreakerSettings, LosingStreak, StreakScope};

/// What an instrument brings into the second hour: what it holds, at 100, its stop and take-profit, and a limit order.
type Own = ([f64; 4], (f64, f64, f64), Option<WorkingOrder>);

fn buys(at_price: f64, units: f64) -> WorkingOrder {
    limit_order(Side::Buy, at_price, units)
}

fn sells(at_price: f64, units: f64) -> WorkingOrder {
    limit_order(Side::Sell, at_price, units)
}

fn market(bars: &[[f64; 4]]) -> Market {
    let bars: Vec<[Prices; 2]> = bars.iter().map(|bar| [still(100.0), Some(*bar)]).collect();
    let bars: Vec<&[Prices]> = bars.iter().map(<[Prices; 2]>::as_slice).collect();
    Market::new("1h", &bars)
}

/// What trades, what rules say, and the symbols of ambiguous bars.
fn traded_in(market: &Market, all: &[Own]) -> (Vec<String>, Vec<String>, Vec<String>) {
    let mut state = market.flat();
    state.record.equity_mut().push(1_000.0);
    for (place, (_, (held, stop, take_profit), order)) in all.iter().enumerate() {
        let instrument = InstrumentId::new(place);
        if *held != 0.0 {
            market.trade(&mut state, (instrument, *held), 100.0);
        }
        state.orders[instrument].levels = levels_at(*stop, *take_profit);
        state.orders[instrument].working.clone_from(order);
    }
    inside::trade(&mut state, &market.tape(), 1).unwrap();
    let ambiguous = state.record.clone().drain(0, 0).ambiguous.into_iter();
    let symbols = ambiguous.map(|bar| bar.symbol.to_string()).collect();
    (orders_traded(&state), rules_told(&state), symbols)
}

#[track_caller]
fn check(all: &[Own], traded: &[&str], told: &[&str], ambiguous: &[&str]) {
    let bars: Vec<[f64; 4]> = all.iter().map(|own| own.0).collect();
    let found = traded_in(&market(&bars), all);
    assert_eq!(found.0, traded);
    assert_eq!((found.1, found.2), (to_text(told), to_text(ambiguous)), "{traded:?}");
}

fn to_text(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

const FALLS: [f64; 4] = [100.0, 101.0, 94.0, 96.0];
const RISES: [f64; 4] = [100.0, 104.0, 99.0, 101.0];
const FLAT: (f64, f64, f64) = (0.0, 0.0, 0.0);

#[test]
fn nothing_is_bought_with_what_a_stop_may_set_free_later() {
    let stopped = (FALLS, (10.0, 95.0, 0.0), None);
    let bought = (FALLS, FLAT, Some(buys(97.0, 10.0)));
    // Whichever comes first in the order of symbols.
    let sold = ["Sell 10 at 95, Stop"];
    check(&[stopped.clone(), bought.clone()], &sold, &["Refused 7: Cash"], &["COIN1"]);
    check(&[bought, stopped], &sold, &["Refused 7: Cash"], &["COIN0"]);
    // With 500 of cash: 500 ÷ 97.
    let half = (FALLS, (5.0, 95.0, 0.0), None);
    check(
        &[half.clone(), (FALLS, FLAT, Some(buys(97.0, 10.0)))],
        &["Buy 5.154639175257 at 97, Entry", "Sell 5 at 95, Stop"],
        &["Cut 7: Cash"],
        &["COIN1"],
    );
    // What there is in any case leaves nothing in doubt.
    let traded = ["Buy 5 at 97, Entry", "Sell 5 at 95, Stop"];
    check(&[half, (FALLS, FLAT, Some(buys(97.0, 5.0)))], &traded, &[], &[]);
}

#[test]
fn what_is_stopped_in_the_bar_of_its_entry_pays_for_no_other_entry() {
    let stopped = WorkingOrder { levels: Some(levels_at(95.0, 0.0)), ..buys(97.0, 10.0) };
    check(
        &[(FALLS, FLAT, Some(stopped)), (FALLS, FLAT, Some(buys(96.0, 5.0)))],
        // 30 ÷ 96.
        &["Buy 10 at 97, Entry", "Buy 0.3125 at 96, Entry", "Sell 10 at 95, Stop"],
        &["Cut 7: Cash"],
        &["COIN1"],
    );
}

#[test]
fn what_leaves_at_the_open_pays_for_what_enters_then_and_later() {
    let gap = ([94.0, 99.0, 93.0, 96.0], (10.0, 95.0, 0.0), None);
    for bar in [FALLS, [96.0, 99.0, 95.0, 96.0]] {
        let bought = (bar, FLAT, Some(buys(97.0, 9.0)));
        let traded = ["Sell 10 at 94, Stop", "Buy 9 at 97, Entry"];
        check(&[gap.clone(), bought.clone()], &traded, &[], &[]);
        check(&[bought, gap.clone()], &traded, &[], &[]);
    }
}

#[test]
fn of_several_that_enter_the_symbol_decides_and_the_one_that_is_cut_is_in_doubt() {
    // 1000 - 970 are left, which buy 30 ÷ 97.
    check(
        &[(FALLS, FLAT, Some(buys(97.0, 10.0))), (FALLS, FLAT, Some(buys(97.0, 10.0)))],
        &["Buy 10 at 97, Entry", "Buy 0.309278350515 at 97, Entry"],
        &["Cut 7: Cash"],
        &["COIN1"],
    );
    // Alone it is cut, too, and nobody else could have come before.
    check(
        &[(FALLS, FLAT, Some(buys(90.0, 10.0))), (FALLS, FLAT, Some(buys(97.0, 20.0)))],
        &["Buy 10.309278350515 at 97, Entry"],
        &["Cut 7: Cash"],
        &[],
    );
}

#[test]
fn room_under_a_cap_is_like_cash() {
    let all = [(FALLS, (5.0, 95.0, 0.0), None), (FALLS, FLAT, Some(buys(97.0, 1.0)))];
    let mut market = market(&[FALLS, FALLS]);
    market.setup.risk.limits.open_positions_max = Some(1);
    let (traded, told, ambiguous) = traded_in(&market, &all);
    assert_eq!(traded, ["Sell 5 at 95, Stop"]);
    assert_eq!(told, ["Refused 7: OpenPositions"]);
    assert_eq!(ambiguous, ["COIN1"]);
}

/// Two that hold 5 each, of all the money, sell at 102 and are short from 103 on. The first leaves 510 of cash and uses 103, so that
/// 613 - 2 × 100 = 413 are free; the second has 510 of its own.
#[test]
fn what_turns_has_what_it_sets_free_itself() {
    let first = (RISES, (5.0, 0.0, 102.0), Some(sells(103.0, -1.0)));
    let own = ["Sell 5 at 102, TakeProfit", "Sell 1 at 103, Entry"];
    for (units, entered, ambiguous) in [
        (-4.0, "Sell 4 at 103, Entry", [].as_slice()),
        // 566.5 are more than its own 510.
        (-5.5, "Sell 5.5 at 103, Entry", &["COIN1"]),
    ] {
        let second = (RISES, (5.0, 0.0, 102.0), Some(sells(103.0, units)));
        let traded = [own[0], own[1], own[0], entered];
        check(&[first.clone(), second], &traded, &[], ambiguous);
    }
}

#[test]
fn what_only_leaves_pays_for_nothing_that_turns() {
    // 510 ÷ 103, although the first one sells for 510, too.
    let sold = (RISES, (5.0, 0.0, 102.0), None);
    check(
        &[sold, (RISES, (5.0, 0.0, 102.0), Some(sells(103.0, -6.0)))],
        &[
            "Sell 5 at 102, TakeProfit",
            "Sell 4.951456310679 at 103, Entry",
            "Sell 5 at 102, TakeProfit",
        ],
        &["Cut 7: Cash"],
        &["COIN1"],
    );
}

#[test]
fn an_entry_is_in_doubt_where_a_loss_in_the_same_bar_ends_all_entries() {
    let all = [(FALLS, (5.0, 95.0, 0.0), None), (FALLS, FLAT, Some(buys(97.0, 1.0)))];
    let mut market = market(&[FALLS, FALLS]);
    let streak = LosingStreak { losses: 1, pause: None, scope: StreakScope::Strategy };
    market.setup.risk.breakers =
        BreakerSettings { losing_streak: Some(streak), ..BreakerSettings::none() };
    let (traded, told, ambiguous) = traded_in(&market, &all);
    assert_eq!(traded, ["Buy 1 at 97, Entry", "Sell 5 at 95, Stop"]);
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(ambiguous, ["COIN1"]);
}

/// 20 at 100 of 1000 of own cash, stopped at 95 before the margin ends at 62.5, are short from 105 on. Whether the 70 of their
/// take-profit came before or after is unknown.
#[test]
fn what_was_tried_before_a_liquidation_meets_its_bar_once() {
    let bar = [100.0, 106.0, 60.0, 80.0];
    let order = WorkingOrder { levels: Some(levels_at(0.0, 70.0)), ..sells(105.0, -3.0) };
    for others in [false, true] {
        let mut all = vec![(bar, (20.0, 95.0, 0.0), Some(order.clone()))];
        all.extend(others.then(|| (FALLS, FLAT, Some(buys(90.0, 1.0)))));
        let mut market = market(&all.iter().map(|own| own.0).collect::<Vec<_>>());
        market.setup.risk.margin.maintenance = rate(0.2);
        market.setup.risk.margin.leverage_max = rate(3.0);
        let (traded, _, ambiguous) = traded_in(&market, &all);
        assert_eq!(traded, ["Sell 20 at 95, Stop", "Sell 3 at 105, Entry"]);
        assert_eq!(ambiguous, ["COIN0"]);
    }
}
