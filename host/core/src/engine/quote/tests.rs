//! What trading costs on an opportunity.

use super::super::test_market::{A, Market, bps, price, quantity, still};
use super::*;
use crate::costs::{FixedSlippage, FixedSpread, Slippage, Spread, VolatilitySpread};

/// Half a spread of 4 basis points of 100 is 0.02, and slippage of 5 is 0.05; takers pay a fee of 10, makers one of 2.
fn market(fees_in: FeeAsset) -> Market {
    let mut market = Market::new("1h", &[&[still(100.0), still(100.0)]]);
    let costs = &mut market.setup.costs;
    costs.spread = Spread::Fixed(FixedSpread { bps: bps(4.0) });
    costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(5.0) });
    costs.fees.taker_bps = bps(10.0);
    costs.fees.maker_bps = bps(2.0);
    costs.fees.asset = fees_in;
    market
}

fn moment() -> Moment {
    Moment::of_market(At { row: 1, instrument: A }, FillTime::Open)
}

/// The market at 100, for an order that takes it.
fn taking(market: &Market) -> Opportunity {
    Opportunity::to_take(&market.tape(), moment(), 100.0, 100.0)
}

/// The market that comes to 100, for an order that rests there.
fn making() -> Opportunity {
    Opportunity::to_make(moment(), 100.0, 100.0)
}

/// The price of 2 for an account that holds `held`.
fn quote(market: &Market, held: f64, opportunity: &Opportunity, side: Side) -> Quote {
    let state = if held == 0.0 { market.flat() } else { market.holding(held) };
    Quote::of(&market.tape(), &state.account, opportunity, side, quantity(2.0)).unwrap()
}

#[test]
fn takers_pay_spread_and_slippage_and_makers_get_their_price() {
    let market = market(FeeAsset::Quote);
    for (side, taken) in [(Side::Buy, 100.07), (Side::Sell, 99.93)] {
        let quoted = quote(&market, 0.0, &taking(&market), side);
        assert_eq!((quoted.side, quoted.reference_price), (side, price(100.0)));
        assert_eq!(quoted.price, price(taken));
        assert_eq!(quoted.frictions.spread, price(0.02));
        assert_eq!(quoted.frictions.slippage, price(0.05));
        let rested = quote(&market, 0.0, &making(), side);
        assert_eq!((rested.price, rested.frictions), (price(100.0), Frictions::default()));
    }
}

#[test]
fn frictions_keep_to_the_limit_of_the_order_and_to_the_grid() {
    let mut market = market(FeeAsset::Quote);
    let limited = Opportunity { limit: Some(price(100.03)), ..taking(&market) };
    assert_eq!(quote(&market, 0.0, &limited, Side::Buy).price, price(100.03));
    let (mut instrument, bars) = (market.panel.series()[0].instrument().clone(), still(100.0));
    instrument.tick = price(0.5);
    let costs = market.setup.costs.clone();
    market = Market::of(vec![(instrument, super::super::test_market::bars("1h", &[bars, bars]))]);
    market.setup.costs = costs;
    assert_eq!(quote(&market, 0.0, &taking(&market), Side::Buy).price, price(100.5));
}

#[test]
fn a_fee_in_quote_asset_comes_on_top_of_the_price() {
    let market = market(FeeAsset::Quote);
    // 0.1 % of 100.07 and of 99.93; 0.07 more are lost to spread and slippage.
    for (side, unit_fee, unit_cost, unit_loss) in
        [(Side::Buy, 0.10007, 100.17007, 0.17007), (Side::Sell, 0.09993, 100.02993, 0.16993)]
    {
        let quoted = quote(&market, 0.0, &taking(&market), side);
        assert_eq!(quoted.fee_side, FeeSide::Quote);
        assert_eq!((quoted.unit_fee, quoted.unit_cost), (price(unit_fee), price(unit_cost)));
        assert_eq!(quoted.unit_loss().unwrap(), price(unit_loss));
        assert_eq!(quoted.unit_worth().unwrap(), price(100.0));
        let state = market.flat();
        let (fee, kept) = quoted.fee(&state.account, Liquidity::Taker, quantity(2.0)).unwrap();
        assert_eq!((fee.to_string(), kept), ((2.0 * unit_fee).to_string(), Quantity::ZERO));
    }
}

#[test]
fn makers_pay_the_fee_of_makers() {
    for (fees_in, unit_cost) in [(FeeAsset::Quote, 100.02), (FeeAsset::Base, 100.0)] {
        let market = market(fees_in);
        let quoted = quote(&market, 0.0, &making(), Side::Buy);
        assert_eq!((quoted.unit_fee, quoted.unit_cost), (price(0.02), price(unit_cost)));
        let state = market.flat();
        let (fee, _) = quoted.fee(&state.account, Liquidity::Maker, quantity(2.0)).unwrap();
        assert_eq!(fee.to_string(), "0.04", "{fees_in:?}");
    }
}

#[test]
fn a_fee_in_base_asset_is_kept_back_and_counts_at_the_reference_price() {
    let market = market(FeeAsset::Base);
    let quoted = quote(&market, 0.0, &taking(&market), Side::Buy);
    assert_eq!(quoted.fee_side, FeeSide::Base);
    // The price is all that is paid, and 0.1 % of what is bought for it does not arrive.
    assert_eq!((quoted.unit_fee, quoted.unit_cost), (price(0.1), price(100.07)));
    assert_eq!(quoted.unit_worth().unwrap(), price(99.9));
    assert_eq!(quoted.unit_loss().unwrap(), price(0.17));
    let state = market.flat();
    let (fee, kept) = quoted.fee(&state.account, Liquidity::Taker, quantity(2.0)).unwrap();
    assert_eq!((fee.to_string(), kept), ("0.2".into(), quantity(0.002)));
}

#[test]
fn only_purchases_that_open_or_enlarge_a_long_position_pay_in_base_asset() {
    use Side::{Buy, Sell};
    let market = market(FeeAsset::Base);
    for (held, side, expected) in [
        (0.0, Buy, FeeSide::Base),
        (2.0, Buy, FeeSide::Base),
        (-2.0, Buy, FeeSide::Quote),
        (2.0, Sell, FeeSide::Quote),
        (0.0, Sell, FeeSide::Quote),
    ] {
        let quoted = quote(&market, held, &taking(&market), side);
        assert_eq!(quoted.fee_side, expected, "{side:?} while {held} are held");
    }
}

#[test]
fn what_frictions_read_of_the_market_is_that_of_the_rows_before() {
    let closes = [100.0, 102.0, 101.0, 300.0].map(still);
    let mut market = Market::new("1h", &[&closes]);
    market.setup.costs.spread = Spread::Volatility(VolatilitySpread::default());
    let taking = |row| {
        let moment = Moment::of_market(At { row, instrument: A }, FillTime::Open);
        Opportunity::to_take(&market.tape(), moment, 100.0, 100.0)
    };
    // Two returns, of ln 1.02 and ln (101 ÷ 102): their deviation is their distance ÷ √2.
    let expected = ((1.02_f64).ln() - (101.0_f64 / 102.0).ln()) / 2.0_f64.sqrt();
    let found = taking(3).conditions.bar_volatility.unwrap();
    assert!((found - expected).abs() < 1e-12, "found {found}, expected {expected}");
    // A spread of a twentieth of that, of which a taker pays half.
    let paid = quote(&market, 0.0, &taking(3), Side::Buy).price.to_f64();
    assert!((paid - 100.0 * (1.0 + expected / 40.0)).abs() < 1e-9, "{paid}");
    assert_eq!(taking(2).conditions.bar_volatility, None);
    assert_eq!(making().conditions, Conditions::default());
}
