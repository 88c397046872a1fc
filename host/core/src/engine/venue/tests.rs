//! Everything happens at the open of the second hour, at 100, in an account that started with 1000.

mod bounds;

use super::super::state::State;
use super::super::tape::FillTime;
use super::super::test_market::{
    A, B, Market, amount_order, bars, bps, hour, money, price, quantity, rate, still, units_order,
};
use super::*;
use crate::costs::{
    BarVolumeImpact, FeeAsset, FixedSlippage, FixedSpread, Impact, Participation, Slippage, Spread,
};
use crate::market::Instrument;
use crate::order::FillReason;

/// Two instruments at 100, of which the second has no bar in the first hour, in lots of `lot`.
fn market(lot: f64) -> Market {
    let instrument =
        |symbol: &str| Instrument { lot: quantity(lot), ..Instrument::unrestricted(symbol) };
    Market::of(vec![
        (instrument("A/USD"), bars("1h", &[still(100.0); 3])),
        (instrument("B/USD"), bars("1h", &[None, still(100.0), still(100.0)])),
    ])
}

fn opportunity(market: &Market) -> Opportunity {
    let moment = Moment::of_market(At { row: 1, instrument: A }, FillTime::Open);
    Opportunity::to_take(&market.tape(), moment, 100.0, 100.0)
}

/// What `order` makes of the opportunity on the side of `units`, to open or enlarge.
fn opened(market: &Market, state: &State, order: &WorkingOrder) -> Opening {
    let towards = order.order.direction().unwrap().entry_side();
    state.venue(&market.tape()).open(order, &opportunity(market), towards).unwrap()
}

fn reduced(market: &Market, state: &State, order: &WorkingOrder) -> Reducing {
    state.venue(&market.tape()).reduce(order, &opportunity(market), Side::Sell).unwrap()
}

/// Side and quantity of what is traded.
fn traded(execution: Option<&Execution>) -> Option<(Side, String)> {
    execution.map(|execution| (execution.side, execution.quantity.to_string()))
}

#[track_caller]
fn assert_opened(opening: &Opening, expected: &str, cuts: &[(Verdict, Rule, f64, f64)]) {
    let expected = (expected != "0").then(|| (Side::Buy, expected.to_owned()));
    assert_eq!(traded(opening.execution.as_ref()), expected);
    let told = opening.cuts.iter().map(|(verdict, cut)| (*verdict, cut.rule, cut.value, cut.limit));
    assert_eq!(told.collect::<Vec<_>>(), cuts);
}

fn left(side: Side, of: f64) -> Remaining {
    Remaining { side, quantity: quantity(of) }
}

#[test]
fn what_is_closed_pays_its_frictions_and_its_fee() {
    let mut market = market(0.0);
    market.setup.costs.spread = Spread::Fixed(FixedSpread { bps: bps(4.0) });
    market.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(5.0) });
    market.setup.costs.fees.taker_bps = bps(10.0);
    let state = market.holding(2.0);
    let (opportunity, cause) = (opportunity(&market), Cause::of(FillReason::Breaker));
    let execution =
        state.venue(&market.tape()).close(&opportunity, quantity(2.0), cause.clone()).unwrap();
    // Half of 4 basis points and 5 more are 0.07; 0.1 % of 2 × 99.93.
    assert_eq!((execution.price, execution.reference_price), (price(99.93), price(100.0)));
    assert_eq!((execution.fee, execution.fee_quantity), (money(0.19986), Quantity::ZERO));
    assert_eq!((execution.side, execution.cause), (Side::Sell, cause));
    assert_eq!((execution.at, execution.time), (opportunity.moment.at, hour(1)));
    assert_eq!(execution.symbol, "A/USD");
    assert_eq!(execution.liquidation_fee, market.setup.risk.margin.liquidation_fee_bps);
}

#[test]
fn what_would_be_kept_whole_as_its_fee_is_not_bought() {
    let mut market = market(0.0);
    market.setup.costs.fees.taker_bps = bps(100.0);
    market.setup.costs.fees.asset = FeeAsset::Base;
    // A hundredth of a unit of 1e-12, rounded up, is all of it.
    let unit = 1e-12;
    for (held, wanted, expected, cuts) in [
        (0.0, unit, "0", [(Verdict::Refused, Rule::Lot, 0.0, unit)].as_slice()),
        (2.0, 2.0 + unit, "0", &[(Verdict::Refused, Rule::Lot, 0.0, unit)]),
        (0.0, 2.0 * unit, "0.000000000002", &[]),
    ] {
        let state = if held > 0.0 { market.holding(held) } else { market.flat() };
        let opening = opened(&market, &state, &units_order(wanted));
        assert_opened(&opening, expected, cuts);
        assert!(opening.done, "{wanted} wanted where {held} are held");
    }
    // The next bar may have more volume.
    market.setup.costs.participation = Some(Participation { rate: rate(0.01) });
    let state = market.flat();
    let thin = Opportunity { volume: 100.0 * unit, ..opportunity(&market) };
    let opening = state.venue(&market.tape()).open(&units_order(5.0), &thin, Side::Buy).unwrap();
    assert_opened(&opening, "0", &[]);
    assert!(!opening.done);
}

#[test]
fn an_order_closes_what_stands_against_it() {
    let market = market(0.0);
    let flat = WorkingOrder::closing(FillReason::Fault);
    let (long, short) = (units_order(3.0), units_order(-3.0));
    for (held, order, expected) in [
        (2.0, &flat, Some((Side::Sell, "2".to_owned()))),
        (-2.0, &flat, Some((Side::Buy, "2".to_owned()))),
        (2.0, &short, Some((Side::Sell, "2".to_owned()))),
        (-2.0, &long, Some((Side::Buy, "2".to_owned()))),
        (2.0, &long, None),
        (-2.0, &short, None),
    ] {
        let state = market.holding(held);
        let closed = state.venue(&market.tape()).close_against(order, &opportunity(&market));
        let closed = closed.unwrap();
        assert_eq!(traded(closed.as_ref()), expected, "{held} held");
        assert!(closed.is_none_or(|execution| execution.cause == order.exit_cause()));
    }
    let nothing = market.flat();
    for order in [&flat, &long, &short] {
        let venue = nothing.venue(&market.tape()).close_against(order, &opportunity(&market));
        assert_eq!(venue.unwrap(), None);
    }
}

#[test]
fn a_bar_takes_its_share_of_what_is_closed_and_none_without_volume() {
    let mut market = market(0.0);
    market.setup.costs.participation = Some(Participation { rate: rate(0.015) });
    let (state, flat) = (market.holding(2.0), WorkingOrder::closing(FillReason::Exit));
    for (volume, expected) in [(100.0, Some((Side::Sell, "1.5".to_owned()))), (0.0, None)] {
        let opportunity = Opportunity { volume, ..opportunity(&market) };
        let closed = state.venue(&market.tape()).close_against(&flat, &opportunity).unwrap();
        assert_eq!(traded(closed.as_ref()), expected, "volume {volume}");
    }
}

#[test]
fn an_order_sells_what_the_position_is_larger_than_its_size() {
    let mut market = market(1.0);
    let state = market.holding(5.0);
    let wanted = units_order(2.0);
    let whole = reduced(&market, &state, &wanted);
    assert_eq!(traded(whole.execution.as_ref()), Some((Side::Sell, "3".into())));
    assert_eq!(whole.execution.unwrap().cause, wanted.exit_cause());
    assert_eq!(whole.remaining, left(Side::Sell, 0.0));
    // 150 are one lot and a half, of which the position keeps the lot.
    let by_amount = reduced(&market, &state, &amount_order(150.0));
    assert_eq!(traded(by_amount.execution.as_ref()), Some((Side::Sell, "4".into())));
    let larger = reduced(&market, &state, &units_order(7.0));
    assert!(larger.execution.is_none() && larger.remaining == left(Side::Sell, 0.0));
    market.setup.costs.participation = Some(Participation { rate: rate(0.02) });
    let in_part = reduced(&market, &state, &wanted);
    assert_eq!(traded(in_part.execution.as_ref()), Some((Side::Sell, "2".into())));
    assert_eq!(in_part.remaining, left(Side::Sell, 1.0));
}

#[test]
fn what_a_first_fill_has_left_is_sold_whatever_the_size_says_and_never_more_than_is_held() {
    let market = market(1.0);
    let state = market.holding(5.0);
    for (rest, expected) in [(4.0, "4"), (9.0, "5")] {
        let order = WorkingOrder { remaining: Some(left(Side::Sell, rest)), ..units_order(2.0) };
        let reducing = reduced(&market, &state, &order);
        assert_eq!(traded(reducing.execution.as_ref()), Some((Side::Sell, expected.into())));
    }
}

#[test]
fn an_order_buys_up_to_its_size_in_whole_lots() {
    for (lot, held, order, expected) in [
        (0.0, 0.0, units_order(3.0), "3"),
        (0.0, 1.0, units_order(3.0), "2"),
        // 500 ÷ 100.1, the fee included.
        (0.0, 0.0, amount_order(500.0), "4.995004995004"),
        (0.1, 0.0, amount_order(500.0), "4.9"),
        (0.1, 0.0, units_order(2.34), "2.3"),
    ] {
        let mut market = market(lot);
        market.setup.costs.fees.taker_bps = bps(10.0);
        let state = if held == 0.0 { market.flat() } else { market.holding(held) };
        let opening = opened(&market, &state, &order);
        assert_opened(&opening, expected, &[]);
        assert!(opening.done && opening.remaining == left(Side::Buy, 0.0));
        assert_eq!(opening.execution.unwrap().cause, order.entry_cause());
    }
}

#[test]
fn an_order_has_the_side_of_what_came_before_or_of_its_size() {
    let market = market(0.0);
    let limit = EntryType::Limit { side: Side::Sell, price: price(100.0), last_row: None };
    let rest = Some(left(Side::Sell, 1.0));
    for (held, order, expected) in [
        (0.0, units_order(5.0), Side::Buy),
        (2.0, units_order(5.0), Side::Buy),
        (2.0, units_order(2.0), Side::Buy),
        (2.0, units_order(1.0), Side::Sell),
        (2.0, WorkingOrder { entry: limit, ..units_order(5.0) }, Side::Sell),
        (2.0, WorkingOrder { remaining: rest, ..units_order(5.0) }, Side::Sell),
    ] {
        let state = if held == 0.0 { market.flat() } else { market.holding(held) };
        let side = state.venue(&market.tape()).side(&order, &opportunity(&market), Side::Buy);
        assert_eq!(side.unwrap(), expected, "{held} held, {:?}", order.order.size());
    }
}

#[test]
fn what_an_order_aims_at_is_valued_at_the_close_without_a_takers_costs() {
    let mut market = market(1.0);
    market.setup.costs.fees.taker_bps = bps(5_000.0);
    let (state, tape) = (market.flat(), market.tape());
    for (instrument, order, expected) in [
        (A, amount_order(250.0), 2.0),
        // Before its first bar an instrument is worth nothing that one could buy for an amount.
        (B, amount_order(250.0), 0.0),
        (B, units_order(3.0), 3.0),
    ] {
        let at = At { row: 0, instrument };
        let desired = state.venue(&tape).desired_at_mark(&order.order, at).unwrap();
        assert_eq!(desired, quantity(expected), "{at:?}");
    }
}
