//! The largest position in one instrument: in units, in value, as a share of equity, as a share of volume.

use ct_host::costs::{BarVolumeImpact, FixedSlippage, Impact, Participation, Slippage};
use ct_host::risk::{FixedNotional, InstrumentRisk, PositionLimits, Sizing};
use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use crate::orders::scenario::{Scenario, bps, money, quantity, share, still};

/// 2000 of cash, 10 units wanted at 100.
fn scenario(rows: &[Row], limits: PositionLimits) -> Scenario {
    let mut scenario = Scenario::new(2_000.0, 10.0, rows);
    scenario.setup.risk.limits.position = limits;
    scenario.decisions = vec![go(0, 1.0)];
    scenario
}

/// A, wanted on row 0, has no bar in rows 1 and 2; B stands still.
fn with_gap(a: [Row; 2], limits: PositionLimits) -> Scenario {
    let [first, last] = a;
    let a = hourly_with_gaps(&[Some(first), None, None, Some(last)]);
    let bars = vec![a, hourly(&[still(50.0); 4])];
    let mut scenario = Scenario::of_instruments(2_000.0, 10.0, bars);
    scenario.setup.risk.limits.position = limits;
    scenario.decisions = vec![go(0, 1.0).of(0)];
    scenario
}

/// A bar that stands still, with this volume.
const fn thin(price: f64, volume: f64) -> Row {
    [price, price, price, price, volume]
}

fn units(most: f64) -> PositionLimits {
    PositionLimits { units_max: Some(quantity(most)), ..PositionLimits::default() }
}

fn notional(most: f64) -> PositionLimits {
    PositionLimits { notional_max: Some(money(most)), ..PositionLimits::default() }
}

fn equity(most: f64) -> PositionLimits {
    PositionLimits { equity_max: Some(share(most)), ..PositionLimits::default() }
}

fn volume(most: f64) -> PositionLimits {
    PositionLimits { volume_max: Some(share(most)), ..PositionLimits::default() }
}

#[test]
fn units_are_cut_to_the_limit() {
    let rows = [still(100.0); 3];
    let mut raised = scenario(&rows, units(4.0));
    raised.decisions = vec![go(0, 0.3), go(1, 0.5)];
    // 3, then 5, of which 1 more is let through. The numbers are those of the position.
    assert_snapshot!(raised.guarded(), @r"
    1: buy 3 at 100 from 100, entry
    2: buy 1 at 100 from 100, entry
    decision 1: 2: Cut by PositionUnits, value 5, limit 4
    equity 2000, 2000, 2000
    ");
    assert_snapshot!(scenario(&rows, units(10.0)).guarded(), @r"
    1: buy 10 at 100 from 100, entry
    equity 2000, 2000, 2000
    ");
    // The rule acts when the order trades.
    assert_snapshot!(with_gap([still(100.0), still(90.0)], units(4.0)).guarded(), @r"
    3: A buy 4 at 90 from 90, entry
    decision 0: 3: A Cut by PositionUnits, value 10, limit 4
    equity 2000, 2000, 2000, 2000
    ");
}

#[test]
fn a_full_position_grows_no_more() {
    let mut scenario = scenario(&[still(100.0); 3], units(4.0));
    scenario.decisions = vec![go(0, 0.4), go(1, 1.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 4 at 100 from 100, entry
    decision 1: 2: Refused by PositionUnits, value 10, limit 4
    equity 2000, 2000, 2000
    ");
}

#[test]
fn the_value_is_that_at_the_price_of_the_fill() {
    let rows = [still(100.0); 2];
    assert_snapshot!(scenario(&rows, notional(999.0)).guarded(), @r"
    1: buy 9.99 at 100 from 100, entry
    decision 0: 1: Cut by PositionNotional, value 1000, limit 999
    equity 2000, 2000
    ");
    assert_snapshot!(scenario(&rows, notional(1_000.0)).guarded(), @r"
    1: buy 10 at 100 from 100, entry
    equity 2000, 2000
    ");
    // The price jumps to 125 over the gap: 10 would be worth 1250, and 8 are worth 1000.
    assert_snapshot!(with_gap([still(100.0), still(125.0)], notional(1_000.0)).guarded(), @r"
    3: A buy 8 at 125 from 125, entry
    decision 0: 3: A Cut by PositionNotional, value 1250, limit 1000
    equity 2000, 2000, 2000, 2000
    ");
}

#[test]
fn the_share_of_equity_is_that_at_the_price_of_the_fill() {
    let rows = [still(100.0); 2];
    // 10 × 100 are half of 2000.
    assert_snapshot!(scenario(&rows, equity(0.4)).guarded(), @r"
    1: buy 8 at 100 from 100, entry
    decision 0: 1: Cut by PositionEquity, value 0.5, limit 0.4
    equity 2000, 2000
    ");
    assert_snapshot!(scenario(&rows, equity(0.5)).guarded(), @r"
    1: buy 10 at 100 from 100, entry
    equity 2000, 2000
    ");
    // 1250 of 2000 are 62.5 %; 8 × 125 are half.
    assert_snapshot!(with_gap([still(100.0), still(125.0)], equity(0.5)).guarded(), @r"
    3: A buy 8 at 125 from 125, entry
    decision 0: 3: A Cut by PositionEquity, value 0.625, limit 0.5
    equity 2000, 2000, 2000, 2000
    ");
}

#[test]
fn what_is_held_counts_at_the_price_of_the_fill_too() {
    let mut scenario = scenario(&[still(100.0), still(100.0), still(250.0)], equity(0.5));
    scenario.decisions = vec![go(0, 0.6), go(1, 1.0)];
    // 6 at 100. At 250 the account is worth 1400 + 1500 = 2900, and half of that is 1450: the 6 are more already. They stay.
    // 10 would be 2500 of 2900.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 6 at 100 from 100, entry
    decision 1: 2: Refused by PositionEquity, value 0.862068966, limit 0.5
    equity 2000, 2000, 2900
    ");
}

#[test]
fn the_share_of_equity_holds_after_costs() {
    let mut scenario = scenario(&[still(100.0); 2], equity(0.8));
    scenario.setup.account.cash = money(1_200.0);
    scenario.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(2_500.0) });
    // Each unit loses 25. 8 units are worth 800 when 1200 - 8 × 25 = 1000 are left: 80 %. 10 × 100 are 83.3 % of 1200.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 8 at 125 from 100, entry, slippage 200
    decision 0: 1: Cut by PositionEquity, value 0.833333333, limit 0.8
    equity 1200, 1000
    ");
}

#[test]
fn the_share_of_volume_is_that_of_the_bar_before_the_fill() {
    let row = |traded: f64| -> Row { [100.0, 100.0, 100.0, 100.0, traded] };
    // 1 % of 900. The bar of the fill, with 10, is not looked at: its volume is not known at its open.
    assert_snapshot!(scenario(&[row(900.0), row(10.0)], volume(0.01)).guarded(), @r"
    1: buy 9 at 100 from 100, entry
    decision 0: 1: Cut by PositionVolume, value 10, limit 9
    equity 2000, 2000
    ");
    assert_snapshot!(scenario(&[row(1_000.0), row(10.0)], volume(0.01)).guarded(), @r"
    1: buy 10 at 100 from 100, entry
    equity 2000, 2000
    ");
    // Over a gap, the latest bar that there is: 1 % of 400.
    assert_snapshot!(with_gap([row(400.0), row(5_000.0)], volume(0.01)).guarded(), @r"
    3: A buy 4 at 100 from 100, entry
    decision 0: 3: A Cut by PositionVolume, value 10, limit 4
    equity 2000, 2000, 2000, 2000
    ");
}

#[test]
fn no_volume_lets_nothing_in() {
    let rows = [[100.0, 100.0, 100.0, 100.0, 0.0], still(100.0)];
    assert_snapshot!(scenario(&rows, volume(0.5)).guarded(), @r"
    decision 0: 1: Refused by PositionVolume, value 10, limit 0
    equity 2000, 2000
    ");
}

#[test]
fn of_several_limits_the_tightest_is_told() {
    let limits = PositionLimits { notional_max: Some(money(300.0)), ..units(5.0) };
    assert_snapshot!(scenario(&[still(100.0); 2], limits).guarded(), @r"
    1: buy 3 at 100 from 100, entry
    decision 0: 1: Cut by PositionNotional, value 1000, limit 300
    equity 2000, 2000
    ");
}

#[test]
fn an_instrument_may_have_limits_of_its_own() {
    let bars = || hourly(&[still(100.0); 2]);
    let mut scenario = Scenario::of_instruments(2_000.0, 10.0, vec![bars(), bars()]);
    scenario.setup.risk.limits.position =
        PositionLimits { notional_max: Some(money(600.0)), ..units(9.0) };
    let own = InstrumentRisk { position: units(2.0), ..InstrumentRisk::default() };
    scenario.setup.risk.instruments.insert("B".to_owned(), own);
    scenario.decisions = vec![go(0, 1.0).of(0), go(0, 1.0).of(1)];
    // A: 600 ÷ 100 = 6. B: its own 2 units.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 6 at 100 from 100, entry
    1: B buy 2 at 100 from 100, entry
    decision 0: 1: A Cut by PositionNotional, value 1000, limit 600
    decision 1: 1: B Cut by PositionUnits, value 10, limit 2
    equity 2000, 2000
    ");
}

#[test]
fn leaving_and_becoming_smaller_are_always_allowed() {
    let mut scenario =
        scenario(&[still(100.0), still(100.0), still(300.0), still(300.0)], equity(0.5));
    scenario.decisions = vec![go(0, 1.0), go(1, 0.9), go(2, 0.0)];
    // 10 at 100, half of 2000. At 300 they are 3000 of 4000, and 9 are 2700 of 4000: more than half, but less than before.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    2: sell 1 at 300 from 300, exit
    3: sell 9 at 300 from 300, exit
    equity 2000, 2000, 4000, 4000
    ");
}

/// More costs more for each unit. The price of all that is left of an order is known only when the limit has cut it: the limit
/// holds at that price too.
#[test]
fn a_value_is_within_its_limit_at_the_price_of_what_is_bought() {
    let rows = [still(100.0), thin(100.0, 1.0), thin(200.0, 24.0)];
    let mut scenario = scenario(&rows, notional(2_120.8));
    scenario.setup.account.cash = money(10_000.0);
    scenario.setup.risk.sizing = Sizing::Notional(FixedNotional { notional: money(1_200.0) });
    scenario.setup.costs.participation = Some(Participation { rate: share(1.0) });
    scenario.setup.costs.impact =
        Impact::BarVolume(BarVolumeImpact { coefficient_bps: bps(2_000.0) });
    // 20 % of the root of the share of volume. Row 1: one unit is all of it and costs 120; 1200 are 10 units, 9 wait. Row 2 is
    // quoted for the 6 units that 1200 are at 200: a quarter, 10 %, 220, at which 2120.8 are 9.64, 8.64 more. But 8.64 are 0.36 of
    // the volume: 12 %, 224, at which 2120.8 are 9.467857142857, and those 8.467857142857
    // cost 11.88 % more.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 1 at 120 from 100, entry, impact 20
    2: buy 8.467857142857 at 223.7597097946 from 200, entry, impact 201.193828296413
    decision 0: 2: Cut by PositionNotional, value 2159.36, limit 2120.8
    equity 10000, 9980, 9878.806171704
    ");
}
