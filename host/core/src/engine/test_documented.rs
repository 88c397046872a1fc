//! What `docs/decisions.md` and `docs/result-schema.md` say of fills, beside what the program does. Whoever changes one of the two
//! finds the other here.

use super::orders::{EntryType, WorkingOrder};
use super::tape::FillTime;
use super::test_market::{
    A, Market, bars, bps, levels_at, limit_order, money, orders_traded, price, quantity, rate,
};
use super::{inside, market_orders};
use crate::costs::Participation;
use crate::market::Instrument;
use crate::order::{Entry, FillReason, Side};

const DECISIONS: &str = include_str!("../../../../docs/decisions.md");
const SCHEMA: &str = include_str!("../../../../docs/result-schema.md");

/// Asserts that `document` says this, however its lines are broken.
#[track_caller]
fn documented(document: &str, rule: &str) {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(document).contains(&words(rule)), "expected in the document: {rule}");
}

/// An hour at 100 and one from `open` down to 90 and up to 110, on a grid of halves, at a fee of 10 bps for takers alone.
fn market(open: f64) -> Market {
    let instrument = Instrument { tick: price(0.5), ..Instrument::unrestricted("A/USD") };
    let prices = [Some([100.0; 4]), Some([open, 110.0, 90.0, 100.0])];
    let mut market = Market::of(vec![(instrument, bars("1h", &prices))]);
    market.setup.costs.fees.taker_bps = bps(10.0);
    market
}

/// What a limit order to buy 2 at `limit` trades in the second hour, and whether it pays a taker's fee.
fn limit(open: f64, limit: f64) -> (Vec<String>, bool) {
    let market = market(open);
    let mut state = market.flat();
    let entry = Entry::Limit { price: price(limit), expires_after_rows: None };
    let entry = EntryType::new(entry, (Side::Buy, market.tape().tick(A)), 1);
    state.orders[A].working = Some(WorkingOrder { entry, ..limit_order(Side::Buy, limit, 2.0) });
    inside::trade(&mut state, &market.tape(), 1).unwrap();
    (orders_traded(&state), state.record.fills().iter().any(|fill| !fill.fee.is_zero()))
}

#[test]
fn a_limit_that_waits_is_a_maker_and_one_that_finds_its_price_is_a_taker() {
    documented(
        DECISIONS,
        "Those that wait are makers: no spread, slippage or impact, and the maker fee. One that finds its price in the market \
         when it comes takes it",
    );
    documented(
        DECISIONS,
        "A limit order that finds its price in the market when it comes takes the open, with a taker's costs. One that the \
         market comes to later is a maker, however far the bar opens beyond it.",
    );
    assert_eq!(limit(100.0, 95.0), (vec!["Buy 2 at 95, Entry".to_owned()], false));
    assert_eq!(limit(92.0, 95.0), (vec!["Buy 2 at 95, Entry".to_owned()], false));
    assert_eq!(limit(100.0, 101.0), (vec!["Buy 2 at 100, Entry".to_owned()], true));
}

#[test]
fn limits_rest_on_the_tick_that_keeps_them_and_stops_trade_on_the_worse() {
    documented(
        DECISIONS,
        "Limits and take-profits rest on the next tick that keeps their price, purchases on the one below and sales on the one \
         above: the market has to come further for them. A stop triggers at its own price and trades at the next tick against \
         the trader.",
    );
    assert_eq!(limit(100.0, 95.7).0, ["Buy 2 at 95.5, Entry"]);
    for (stop, take_profit, traded) in
        [(0.0, 104.3, "Sell 2 at 104.5, TakeProfit"), (95.7, 0.0, "Sell 2 at 95.5, Stop")]
    {
        let market = market(100.0);
        let mut state = market.holding(2.0);
        state.orders[A].levels = levels_at(stop, take_profit);
        inside::trade(&mut state, &market.tape(), 1).unwrap();
        assert_eq!(orders_traded(&state), [traded]);
    }
}

/// Of a volume of 100 a tenth: 6 are sold at the open, and 4 of the 8 that a limit order then wants.
#[test]
fn all_fills_of_an_instrument_in_a_bar_share_its_volume() {
    documented(
        DECISIONS,
        "The participation cap holds for all that an instrument trades in a row, and in each finer bar of it.",
    );
    documented(
        SCHEMA,
        "`rate`: largest share of a bar's volume that all fills of an instrument in it take together.",
    );
    let mut market = market(100.0);
    market.setup.account.cash = money(10_000.0);
    market.setup.costs.participation = Some(Participation { rate: rate(0.1) });
    let mut state = market.holding(6.0);
    state.orders[A].working = Some(WorkingOrder::closing(FillReason::Exit));
    market_orders::trade(&mut state, &market.tape(), 1, FillTime::Open).unwrap();
    state.orders[A].working = Some(limit_order(Side::Buy, 95.0, 8.0));
    inside::trade(&mut state, &market.tape(), 1).unwrap();
    assert_eq!(orders_traded(&state), ["Sell 6 at 100, Exit", "Buy 4 at 95, Entry"]);
    assert_eq!(state.held(A), quantity(4.0));
}
