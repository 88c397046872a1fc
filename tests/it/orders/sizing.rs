//! How much a decision moves: a share of equity, a number of units, and the largest position.

use ct_host::costs::{FeeSchedule, FixedSlippage, Slippage};
use ct_host::risk::{FixedFraction, Sizing};
use ct_tests::bars::hourly;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, bps, money, quantity, share, still};

#[test]
fn an_amount_pays_for_quantity_slippage_and_fee() {
    let mut scenario = Scenario::new(200_400.2, 1.0, &[still(100.0), still(100.0)]);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(0.5) });
    scenario.setup.costs.fees =
        FeeSchedule { maker_bps: bps(0.0), taker_bps: bps(10.0), ..FeeSchedule::default() };
    scenario.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(10.0) });
    scenario.decisions = vec![go(0, 1.0)];
    // Amount: 0.5 × 200400.2 = 100200.1. Price: 100 + 0.1 % = 100.1; with the fee of 0.1 % 100.2001 each.
    // Quantity: 100200.1 ÷ 100.2001 = 1000. Fee: 1000 × 100.1 × 0.1 % = 100.1; slippage 1000 × 0.1 = 100.
    // Cash: 200400.2 - 100100 - 100.1 = 100200.1. Equity: 100200.1 + 1000 × 100.
    assert_snapshot!(scenario.book(), @r"
    1: buy 1000 at 100.1 from 100, entry, fee 100.1, slippage 100
    open at the end: 1000
    ledger 0: cash 200400.2, capital -200400.2
    ledger 1: cash -100200.1, position 100000, fees 100.1, slippage 100
    equity 200400.2, 200200.1
    ");
}

#[test]
fn an_amount_is_rounded_down_to_the_last_decimal() {
    let mut scenario = Scenario::new(1_000.0, 1.0, &[still(3.0), still(3.0)]);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(0.2) });
    scenario.decisions = vec![go(0, 1.0)];
    // 200 ÷ 3 = 66.666…, with twelve decimals and rounded down.
    assert_snapshot!(scenario.fills(), @"1: buy 66.666666666666 at 3 from 3, entry");
}

#[test]
fn instruments_share_the_fraction_of_equity() {
    let bars = [100.0, 50.0].map(|price| hourly(&[still(price), still(price)]));
    let mut scenario = Scenario::of_instruments(10_000.0, 1.0, bars.into());
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(0.8) });
    scenario.decisions = vec![go(0, 0.5).of(0), go(0, 1.0).of(1)];
    // A: 0.8 × 0.5 × 10000 ÷ 2 = 2000, ÷ 100 = 20. B: 0.8 × 1 × 10000 ÷ 2 = 4000, ÷ 50 = 80.
    assert_snapshot!(scenario.fills(), @r"
    1: A buy 20 at 100 from 100, entry
    1: B buy 80 at 50 from 50, entry
    ");
}

#[test]
fn equity_is_marked_at_the_close_of_the_decision() {
    let rows = [still(100.0), bar(100.0, 120.0, 100.0, 120.0), still(150.0), still(200.0)];
    let idle = hourly(&[still(50.0); 4]);
    let mut scenario = Scenario::of_instruments(1_000.0, 1.0, vec![hourly(&rows), idle]);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(1.0) });
    scenario.decisions = vec![go(0, 1.0).of(0), go(1, 0.5).of(1)];
    // A: 1000 ÷ 2 = 500, ÷ 100 = 5. At the close of row 1 equity is 500 + 5 × 120 = 1100; the open of row 2 (150) is not
    // known then. B: 0.5 × 1100 ÷ 2 = 275, ÷ 50 = 5.5.
    assert_snapshot!(scenario.fills(), @r"
    1: A buy 5 at 100 from 100, entry
    2: B buy 5.5 at 50 from 50, entry
    ");
}

#[test]
fn units_are_scaled_by_the_target() {
    let mut scenario = Scenario::new(1_000.0, 8.0, &[still(100.0), still(100.0)]);
    scenario.decisions = vec![go(0, 0.25)];
    assert_snapshot!(scenario.fills(), @"1: buy 2 at 100 from 100, entry");
}

#[test]
fn the_largest_position_cuts_an_order() {
    let mut scenario = Scenario::new(2_000.0, 10.0, &[still(100.0), still(100.0)]);
    scenario.decisions = vec![go(0, 1.0)];
    scenario.setup.risk.limits.position.units_max = Some(quantity(4.0));
    assert_snapshot!(scenario.book(), @r"
    1: buy 4 at 100 from 100, entry
    1: Cut by PositionUnits, value 10, limit 4
    open at the end: 4
    ledger 0: cash 2000, capital -2000
    ledger 1: cash -400, position 400
    equity 2000, 2000
    ");
    // In quote asset, at the price of the fill: 250 ÷ 100 = 2.5.
    scenario.setup.risk.limits.position.units_max = None;
    scenario.setup.risk.limits.position.notional_max = Some(money(250.0));
    assert_snapshot!(scenario.book(), @r"
    1: buy 2.5 at 100 from 100, entry
    1: Cut by PositionNotional, value 1000, limit 250
    open at the end: 2.5
    ledger 0: cash 2000, capital -2000
    ledger 1: cash -250, position 250
    equity 2000, 2000
    ");
}
