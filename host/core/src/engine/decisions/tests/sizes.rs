//! What a decision trades at the next open, where a position is held already. Prices are 100 unless told otherwise, every fill costs
//! a fee of 1 %, and the account is worth 1000 with the position in it.

use super::*;
use crate::costs::{FixedSlippage, Slippage};
use crate::engine::market_orders;
use crate::engine::test_market::{bars, bps, money, orders_traded, rules_told};
use crate::market::Instrument;
use crate::risk::{FixedFraction, FixedNotional, FixedUnits, Kelly, Sizing, VolatilityTarget};
use crate::units::Rate;

/// Four hours at 100, and an open at `open` after them.
fn market(lot: f64, open: f64, sizing: Sizing) -> Market {
    let instrument = Instrument { lot: quantity(lot), ..Instrument::unrestricted("A/USD") };
    let mut prices = [still(100.0); 5];
    prices[4] = still(open);
    let mut market = Market::of(vec![(instrument, bars("1h", &prices))]);
    market.setup.risk.sizing = sizing;
    market.setup.costs.fees.taker_bps = bps(100.0);
    market
}

fn all() -> Sizing {
    Sizing::Fraction(FixedFraction { fraction: Rate::ONE })
}

/// What is traded where `held` is held and `target` is decided at the close of row 3, and what is refused or cut.
fn carried_out(market: &Market, held: f64, target: f64) -> (Vec<String>, Vec<String>) {
    let mut state = if held == 0.0 { market.flat() } else { market.holding(held) };
    state.record.equity_mut().extend([1_000.0; 4]);
    let tape = market.tape();
    accept(&mut state, &tape, decision(3, Exposure::new(target).unwrap()), false).unwrap();
    market_orders::trade(&mut state, &tape, 4, FillTime::Open).unwrap();
    (orders_traded(&state), rules_told(&state))
}

#[test]
fn costs_are_those_of_what_trades_and_fit_into_the_amount() {
    for (held, target, traded) in [
        // 1000 ÷ 101, and 500 ÷ 101 beside the 500 that are held: all the cash there is.
        (0.0, 1.0, vec!["Buy 9.900990099009 at 100, Entry"]),
        (5.0, 1.0, vec!["Buy 4.950495049504 at 100, Entry"]),
        // 5 more of 505 buy 5 ÷ 101.
        (5.0, 0.505, vec!["Buy 0.049504950495 at 100, Entry"]),
        (-5.0, -1.0, vec!["Sell 4.950495049504 at 100, Entry"]),
        // 2.5 that stay are worth 250, the sale of 2.5 costs 2.50.
        (5.0, 0.2525, vec!["Sell 2.5 at 100, Exit"]),
        (-5.0, -0.2525, vec!["Buy 2.5 at 100, Exit"]),
        // Of 500, closing costs 5: 495 ÷ 101.
        (5.0, -0.5, vec!["Sell 5 at 100, Exit", "Sell 4.900990099009 at 100, Entry"]),
        (-5.0, 0.5, vec!["Buy 5 at 100, Exit", "Buy 4.900990099009 at 100, Entry"]),
        // The position has its size.
        (5.0, 0.5, vec![]),
        (-5.0, -0.5, vec![]),
    ] {
        let found = carried_out(&market(0.0, 100.0, all()), held, target);
        let traded: Vec<String> = traded.into_iter().map(str::to_owned).collect();
        assert_eq!(found, (traded, vec![]), "{held} held, {target} wanted");
    }
}

#[test]
fn every_sizing_in_quote_asset_counts_the_costs_of_what_trades() {
    let notional = |notional| Sizing::Notional(FixedNotional { notional: money(notional) });
    let units = |units| Sizing::Units(FixedUnits { units: quantity(units) });
    // Closes that never move get the cap, all of the capital; without a record Kelly gives a tenth.
    let volatility = VolatilityTarget { window_rows: 2, ..VolatilityTarget::default() };
    for (sizing, leverage, held, traded) in [
        (notional(510.0), 1.0, 5.0, "Buy 0.09900990099 at 100, Entry"),
        (Sizing::Kelly(Kelly::default()), 1.0, 0.5, "Buy 0.49504950495 at 100, Entry"),
        (Sizing::VolatilityTarget(volatility), 1.0, 5.0, "Buy 4.950495049504 at 100, Entry"),
        // In debt by 500, of 2000 that may be held.
        (notional(1_803.0), 2.0, 15.0, "Buy 3 at 100, Entry"),
        // Base asset is base asset.
        (units(6.0), 1.0, 5.0, "Buy 1 at 100, Entry"),
    ] {
        let mut market = market(0.0, 100.0, sizing);
        market.setup.risk.margin.leverage_max = Rate::from_fraction(leverage).unwrap();
        let (found, told) = carried_out(&market, held, 1.0);
        assert_eq!((found, told), (vec![traded.to_owned()], vec![]), "{:?}", market.setup.risk);
    }
}

#[test]
fn frictions_are_paid_on_what_trades_as_fees_are() {
    let mut market = market(0.0, 100.0, all());
    market.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(100.0) });
    // One costs 101 and a fee of 1.01: 500 ÷ 102.01, to be long as to be short.
    let (traded, told) = carried_out(&market, 5.0, 1.0);
    assert_eq!((traded, told), (vec!["Buy 4.901480247034 at 101, Entry".to_owned()], vec![]));
    // 2.5 that stay are worth 250; each of 2.5 that go costs 1 and a fee of 0.99.
    let (traded, _) = carried_out(&market, 5.0, 0.254_975);
    assert_eq!(traded, ["Sell 2.5 at 99, Exit"]);
}

#[test]
fn what_comes_to_nothing_is_told() {
    for (lot, open, held, target, told) in [
        // 60 ÷ 101 are less than a lot.
        (1.0, 100.0, 5.0, 0.56, "Refused 0: Lot"),
        // By the close the position had its size; at 90 it would be larger.
        (0.0, 90.0, 5.0, 0.5, "Refused 0: ReduceOnly"),
        // Less than 1e-12 of base asset.
        (0.0, 100.0, 0.0, 1e-14, "Refused 0: Lot"),
    ] {
        let (traded, found) = carried_out(&market(lot, open, all()), held, target);
        assert_eq!(
            (traded, found),
            (vec![], vec![told.to_owned()]),
            "{held} held, {target} wanted"
        );
    }
}
