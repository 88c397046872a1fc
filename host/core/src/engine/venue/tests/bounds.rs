//! What keeps an order from opening all that it asks for: cash, volume, minima and limits.

use super::*;

const REFUSED: Verdict = Verdict::Refused;
const CUT: Verdict = Verdict::Cut;

#[test]
fn cash_cuts_an_order_for_good() {
    let mut market = market(0.0);
    let opening = opened(&market, &market.flat(), &units_order(20.0));
    assert_opened(&opening, "10", &[(CUT, Rule::Cash, 20.0, 10.0)]);
    assert!(opening.done && opening.remaining == left(Side::Buy, 0.0));
    // 1000 ÷ 100.1 in whole lots; what rounding to the lot takes is not the cut that is told.
    market = self::market(1.0);
    market.setup.costs.fees.taker_bps = bps(10.0);
    let opening = opened(&market, &market.flat(), &units_order(20.0));
    assert_opened(&opening, "9", &[(CUT, Rule::Cash, 20.0, 9.990_009_990_009)]);
}

#[test]
fn without_cash_an_order_is_refused() {
    let market = market(0.0);
    let mut state = market.flat();
    market.trade_in(&mut state, (1, 0), (B, 10.0), 100.0);
    let opening = opened(&market, &state, &units_order(3.0));
    assert_opened(&opening, "0", &[(REFUSED, Rule::Cash, 3.0, 0.0)]);
    assert!(opening.done);
}

#[test]
fn leverage_multiplies_equity_and_costs() {
    let mut market = market(0.1);
    market.setup.risk.margin.leverage_max = rate(3.0);
    market.setup.costs.fees.taker_bps = bps(100.0);
    // Each is worth 100 and costs 1: 3000 ÷ (100 + 3 × 1).
    for units in [40.0, 29.5] {
        let opening = opened(&market, &market.flat(), &units_order(units));
        assert_opened(&opening, "29.1", &[(CUT, Rule::Cash, units, 29.126_213_592_233)]);
    }
    assert_opened(&opened(&market, &market.flat(), &units_order(29.1)), "29.1", &[]);
    // What is held counts: 3000 - 500 is left, of which each takes 103, and 35 are lacking.
    let opening = opened(&market, &market.holding(5.0), &units_order(40.0));
    assert_opened(&opening, "24.2", &[(CUT, Rule::Cash, 35.0, 24.271_844_660_194)]);
}

#[test]
fn the_proceeds_of_a_short_sale_pay_for_no_other() {
    let market = market(0.0);
    for (held, expected) in [(0.0, "10"), (-2.0, "8")] {
        let state = if held == 0.0 { market.flat() } else { market.holding(held) };
        let opening = opened(&market, &state, &units_order(-20.0));
        let execution = traded(opening.execution.as_ref());
        assert_eq!(execution, Some((Side::Sell, expected.into())), "{held} held");
    }
}

#[test]
fn what_the_volume_does_not_take_waits() {
    let mut market = market(0.0);
    market.setup.costs.participation = Some(Participation { rate: rate(0.03) });
    let order = units_order(10.0);
    let opening = opened(&market, &market.flat(), &order);
    assert_opened(&opening, "3", &[]);
    assert!(!opening.done && opening.remaining == left(Side::Buy, 7.0));
    // With 3 held, the rest is 7 more, whatever has become of the size.
    let rest = WorkingOrder { remaining: Some(left(Side::Buy, 7.0)), ..units_order(1.0) };
    let opening = opened(&market, &market.holding(3.0), &rest);
    assert_opened(&opening, "3", &[]);
    assert_eq!(opening.remaining, left(Side::Buy, 4.0));
}

#[test]
fn a_row_and_each_of_its_segments_share_what_their_volumes_take() {
    let mut market = market(0.5);
    market.setup.costs.participation = Some(Participation { rate: rate(0.03) });
    let mut state = market.flat();
    let fillable = |state: &State, volume: f64, of: f64| {
        let opportunity = Opportunity { volume, ..opportunity(&market) };
        let filled = state.venue(&market.tape()).fillable(&opportunity, quantity(of)).unwrap();
        filled.to_string()
    };
    assert_eq!(fillable(&state, 100.0, 10.0), "3");
    assert_eq!(fillable(&state, 100.0, 2.7), "2.7", "all of it need not be whole lots");
    market.trade_in(&mut state, (1, 0), (A, 1.3), 100.0);
    assert_eq!(fillable(&state, 100.0, 10.0), "1.5", "3 - 1.3 in whole lots");
    state.orders[A].renew_volume();
    // The segment lets 1.2 trade, and the row 3 - 1.3; or 6 and 1.7.
    assert_eq!(fillable(&state, 40.0, 10.0), "1");
    assert_eq!(fillable(&state, 200.0, 10.0), "1.5");
}

#[test]
fn an_order_below_a_minimum_of_the_exchange_is_refused() {
    let with = |notional_min: f64, quantity_min: f64, lot: f64| {
        let instrument = Instrument {
            lot: quantity(lot),
            notional_min: money(notional_min),
            quantity_min: quantity(quantity_min),
            ..Instrument::unrestricted("A/USD")
        };
        Market::of(vec![(instrument, bars("1h", &[still(100.0); 3]))])
    };
    let order = units_order(0.4);
    for (mut market, rule, value, limit) in [
        (with(50.0, 0.0, 0.0), Rule::NotionalMin, 40.0, 50.0),
        (with(0.0, 0.5, 0.0), Rule::QuantityMin, 0.4, 0.5),
        (with(0.0, 0.0, 1.0), Rule::Lot, 0.4, 1.0),
    ] {
        let opening = opened(&market, &market.flat(), &order);
        assert_opened(&opening, "0", &[(REFUSED, rule, value, limit)]);
        assert!(opening.done);
        // An order that is large enough may trade in small parts.
        market.setup.costs.participation = Some(Participation { rate: rate(0.003) });
        let part = if rule == Rule::Lot { "0" } else { "0.3" };
        let large = opened(&market, &market.flat(), &units_order(2.0));
        assert_opened(&large, part, &[]);
        assert!(!large.done);
    }
    for market in [with(40.0, 0.0, 0.0), with(0.0, 0.4, 0.0), with(0.0, 0.0, 0.4)] {
        assert_opened(&opened(&market, &market.flat(), &order), "0.4", &[]);
    }
    // What is left of an order may be as small as it is.
    let market = with(50.0, 0.5, 0.0);
    let rest = WorkingOrder { remaining: Some(left(Side::Buy, 0.4)), ..units_order(2.0) };
    assert_opened(&opened(&market, &market.holding(1.6), &rest), "0.4", &[]);
}

#[test]
fn a_limit_is_told_once_for_an_order() {
    const UNITS: Rule = Rule::PositionUnits;
    let mut market = market(0.0);
    market.setup.risk.limits.position.units_max = Some(quantity(5.0));
    let opening = opened(&market, &market.flat(), &units_order(8.0));
    assert_opened(&opening, "5", &[(CUT, UNITS, 8.0, 5.0)]);
    assert!(opening.done && opening.cut_by == Some(UNITS));
    let rest = |cut_by| {
        let remaining = Some(left(Side::Buy, 6.0));
        WorkingOrder { remaining, cut_by, ..units_order(8.0) }
    };
    let state = market.holding(2.0);
    let again = opened(&market, &state, &rest(Some(UNITS)));
    assert_opened(&again, "3", &[]);
    assert_eq!(again.cut_by, Some(UNITS));
    for before in [None, Some(Rule::GrossExposure)] {
        let other = opened(&market, &state, &rest(before));
        assert_opened(&other, "3", &[(CUT, UNITS, 8.0, 5.0)]);
        assert_eq!(other.cut_by, Some(UNITS));
    }
    let full = opened(&market, &market.holding(5.0), &units_order(8.0));
    assert_opened(&full, "0", &[(REFUSED, UNITS, 8.0, 5.0)]);
    assert!(full.done);
}

#[test]
fn an_order_that_cash_and_a_limit_cut_tells_both() {
    let mut market = market(0.0);
    market.setup.risk.limits.position.units_max = Some(quantity(12.0));
    let opening = opened(&market, &market.flat(), &units_order(20.0));
    let expected = [(CUT, Rule::Cash, 12.0, 10.0), (CUT, Rule::PositionUnits, 20.0, 12.0)];
    assert_opened(&opening, "10", &expected);
    assert_eq!(opening.cut_by, Some(Rule::PositionUnits), "cash is not asked again");
}

#[test]
fn an_order_trades_at_the_price_of_what_it_trades() {
    let coefficient_bps = bps(100.0);
    let mut market = market(1.0);
    market.setup.costs.impact = Impact::BarVolume(BarVolumeImpact { coefficient_bps });
    // 1 % × √(4 ÷ 100) is 0.2 %.
    let opening = opened(&market, &market.flat(), &units_order(4.0));
    assert_eq!(opening.execution.unwrap().price, price(100.2));
    // 16 would trade at 100.4, at which cash covers 9; these trade at 1 % × √(9 ÷ 100) more.
    let opening = opened(&market, &market.flat(), &units_order(16.0));
    assert_opened(&opening, "9", &[(CUT, Rule::Cash, 16.0, 9.960_159_362_549)]);
    assert_eq!(opening.execution.unwrap().price, price(100.3));
}
