//! Market orders: at the next open, with fee, spread, slippage, impact and tick.

use ct_host::costs::{
    BarVolumeImpact, CostModel, FeeSchedule, FixedSlippage, FixedSpread, Impact, Slippage, Spread,
};
use ct_tests::script::go;
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, bps, price, still};

#[test]
fn a_market_order_fills_at_the_next_open_and_pays_the_taker_fee() {
    let mut scenario = Scenario::new(
        1_000.0,
        2.0,
        &[
            bar(100.0, 101.0, 99.0, 100.0),
            bar(102.0, 104.0, 101.0, 103.0),
            bar(105.0, 106.0, 104.0, 105.0),
            bar(110.0, 111.0, 108.0, 109.0),
            still(109.0),
        ],
    );
    scenario.setup.costs.fees =
        FeeSchedule { maker_bps: bps(2.0), taker_bps: bps(10.0), ..FeeSchedule::default() };
    scenario.decisions = vec![go(0, 1.0), go(2, 0.0)];
    // In:  2 × 102 = 204, fee 0.1 % = 0.204; cash 1000 - 204.204 = 795.796.
    // Out: 2 × 110 = 220, fee 0.22; cash 795.796 + 219.78 = 1015.576.
    // Gross 220 - 204 = 16; net 16 - 0.204 - 0.22 = 15.576.
    // Equity: 795.796 + 2 × 103 = 1001.796; 795.796 + 2 × 105 = 1005.796.
    assert_snapshot!(scenario.book(), @r"
    1: buy 2 at 102 from 102, entry, fee 0.204
    3: sell 2 at 110 from 110, exit, fee 0.22
    1 to 3: long 2, gross 16, net 15.576
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -204.204, position 204, fees 0.204
    ledger 3: cash 219.78, position -204, realised -16, fees 0.22
    equity 1000, 1001.796, 1005.796, 1015.576, 1015.576
    ");
}

#[test]
fn all_frictions_together_book_to_the_last_unit() {
    let mut scenario = two_fills(400.0);
    scenario.setup.costs = CostModel {
        fees: FeeSchedule { maker_bps: bps(2.0), taker_bps: bps(10.0), ..FeeSchedule::default() },
        spread: Spread::Fixed(FixedSpread { bps: bps(20.0) }),
        slippage: Slippage::Fixed(FixedSlippage { bps: bps(5.0) }),
        impact: Impact::BarVolume(BarVolumeImpact { coefficient_bps: bps(100.0) }),
        ..CostModel::default()
    };
    // In, 4 at 100: half the spread 0.1, slippage 0.05, impact 100 × 1 % × √(4 ÷ 400) = 0.1: price 100.25.
    //   Notional 401, fee 0.401: cash 1000 - 401.401 = 598.599. Spread 4 × 0.1 = 0.4, slippage 0.2, impact 0.4.
    // Out, 4 at 200: 0.2, 0.1 and 0.2: price 199.5. Notional 798, fee 0.798: cash 598.599 + 797.202 = 1395.801.
    // Gross 800 - 400 = 400; costs 0.4 + 0.2 + 0.4 + 0.401 + 0.8 + 0.4 + 0.8 + 0.798 = 4.199; net 395.801.
    assert_snapshot!(scenario.book(), @r"
    1: buy 4 at 100.25 from 100, entry, fee 0.401, spread 0.4, slippage 0.2, impact 0.4
    2: sell 4 at 199.5 from 200, exit, fee 0.798, spread 0.8, slippage 0.4, impact 0.8
    1 to 2: long 4, gross 400, net 395.801
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -401.401, position 400, fees 0.401, spread 0.4, slippage 0.2, impact 0.4
    ledger 2: cash 797.202, position -400, realised -400, fees 0.798, spread 0.8, slippage 0.4, impact 0.8
    equity 1000, 998.599, 1395.801
    ");
}

#[test]
fn each_friction_worsens_the_price_on_its_own() {
    let spread =
        CostModel { spread: Spread::Fixed(FixedSpread { bps: bps(20.0) }), ..CostModel::default() };
    let slippage = CostModel {
        slippage: Slippage::Fixed(FixedSlippage { bps: bps(5.0) }),
        ..CostModel::default()
    };
    let coefficient = bps(100.0);
    let impact = CostModel {
        impact: Impact::BarVolume(BarVolumeImpact { coefficient_bps: coefficient }),
        ..CostModel::default()
    };
    // Half of 20 bps is 10 bps: 0.1 of 100, 0.2 of 200.
    check(
        (spread, 400.0, 0.0),
        "1: buy 4 at 100.1 from 100, entry, spread 0.4\n\
         2: sell 4 at 199.8 from 200, exit, spread 0.8",
    );
    // 5 bps: 0.05 of 100, 0.1 of 200.
    check(
        (slippage.clone(), 400.0, 0.0),
        "1: buy 4 at 100.05 from 100, entry, slippage 0.2\n\
         2: sell 4 at 199.9 from 200, exit, slippage 0.4",
    );
    // 1 % × √(4 ÷ 400) = 10 bps: 0.1 of 100, 0.2 of 200.
    check(
        (impact.clone(), 400.0, 0.0),
        "1: buy 4 at 100.1 from 100, entry, impact 0.4\n\
         2: sell 4 at 199.8 from 200, exit, impact 0.8",
    );
    // 1 % × √(4 ÷ 16) = 50 bps: 0.5 of 100, 1 of 200.
    check(
        (impact.clone(), 16.0, 0.0),
        "1: buy 4 at 100.5 from 100, entry, impact 2\n\
         2: sell 4 at 199 from 200, exit, impact 4",
    );
    // An order larger than the bar's volume, or a bar without any: the whole 1 %.
    for volume in [1.0, 0.0] {
        check(
            (impact.clone(), volume, 0.0),
            "1: buy 4 at 101 from 100, entry, impact 4\n\
             2: sell 4 at 198 from 200, exit, impact 8",
        );
    }
}

#[test]
fn a_price_off_the_grid_goes_to_the_next_tick_against_the_order() {
    let slippage = CostModel {
        slippage: Slippage::Fixed(FixedSlippage { bps: bps(5.0) }),
        ..CostModel::default()
    };
    // 100.05 is not a multiple of 0.2: up to 100.2, 0.2 from the open. 199.9: down to 199.8, 0.2 from the open.
    check(
        (slippage.clone(), 400.0, 0.2),
        "1: buy 4 at 100.2 from 100, entry, slippage 0.8\n\
         2: sell 4 at 199.8 from 200, exit, slippage 0.8",
    );
    // 100.05 and 199.9 are multiples of 0.05 and stay.
    check(
        (slippage, 400.0, 0.05),
        "1: buy 4 at 100.05 from 100, entry, slippage 0.2\n\
         2: sell 4 at 199.9 from 200, exit, slippage 0.4",
    );
}

/// Buys 4 at the open of 100 and sells them at the open of 200.
fn two_fills(volume: f64) -> Scenario {
    let traded = |price: f64| [price, price, price, price, volume];
    let mut scenario = Scenario::new(1_000.0, 4.0, &[still(100.0), traded(100.0), traded(200.0)]);
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0)];
    scenario
}

#[track_caller]
fn check((costs, volume, tick): (CostModel, f64, f64), expected: &str) {
    let mut scenario = two_fills(volume);
    scenario.setup.costs = costs;
    scenario.instrument().tick = price(tick);
    assert_eq!(scenario.fills(), expected);
}
