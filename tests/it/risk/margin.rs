//! Leverage, maintenance margin and liquidation.

use ct_host::costs::{FixedSlippage, Slippage};
use ct_host::order::Decision;
use ct_host::risk::{Margin, Shorting};
use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use crate::orders::scenario::{Scenario, bar, bps, money, share, still};

fn on_margin(mut scenario: Scenario, leverage: f64, maintenance: f64) -> Scenario {
    scenario.setup.risk.margin = Margin {
        leverage_max: share(leverage),
        maintenance: share(maintenance),
        liquidation_fee_bps: bps(100.0),
    };
    scenario
}

/// 1000 of cash, three times that as positions, 20 % maintenance margin, 1 % for a liquidation. A target of 1 is 40 units.
fn scenario(rows: &[Row], decisions: Vec<Decision>) -> Scenario {
    let mut scenario = on_margin(Scenario::new(1_000.0, 40.0, rows), 3.0, 0.2);
    scenario.decisions = decisions;
    scenario
}

#[test]
fn leverage_bounds_what_all_positions_are_worth() {
    // 3 × 1000 ÷ 100 = 30. Cash is 1000 - 3000.
    let rows = [still(100.0); 2];
    assert_snapshot!(scenario(&rows, vec![go(0, 1.0)]).book(), @r"
    1: buy 30 at 100 from 100, entry
    1: Cut by Cash, value 40, limit 30
    open at the end: 30
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -3000, position 3000
    equity 1000, 1000
    ");
    assert_snapshot!(scenario(&rows, vec![go(0, 0.75)]).guarded(), @r"
    1: buy 30 at 100 from 100, entry
    equity 1000, 1000
    ");
    // Decided at 100, traded at 120 after a jump: 3000 ÷ 120 = 25 of 28.
    assert_snapshot!(scenario(&[still(100.0), still(120.0)], vec![go(0, 0.7)]).guarded(), @r"
    1: buy 25 at 120 from 120, entry
    decision 0: 1: Cut by Cash, value 28, limit 25
    equity 1000, 1000
    ");
}

#[test]
fn leverage_holds_after_costs() {
    let rows = [still(100.0); 2];
    let mut scenario = on_margin(Scenario::new(1_200.0, 40.0, &rows), 2.0, 0.2);
    scenario.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(2_500.0) });
    scenario.decisions = vec![go(0, 1.0)];
    // Each unit is worth 100 and loses 25. 16 are worth 1600, and 1200 - 16 × 25 = 800 are left: twice that is 1600.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 16 at 125 from 100, entry, slippage 400
    decision 0: 1: Cut by Cash, value 40, limit 16
    equity 1200, 800
    ");
}

#[test]
fn what_is_held_elsewhere_takes_its_part_of_the_leverage() {
    let rising: Row = [100.0, 130.0, 100.0, 130.0, 1_000.0];
    let a = [Some(still(100.0)), Some(still(100.0)), Some(rising), None];
    let bars = vec![hourly_with_gaps(&a), hourly(&[still(100.0); 4])];
    let mut scenario = on_margin(Scenario::of_instruments(1_000.0, 40.0, bars), 3.0, 0.2);
    scenario.decisions = vec![go(0, 0.5).of(0), go(2, 1.0).of(1)];
    // A: 20 at 100. In row 3 A has no bar and counts at its last close of 130: 2600, equity -1000 + 2600 = 1600. For B there is
    // 3 × 1600 - 2600 = 2200: 22.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 20 at 100 from 100, entry
    3: B buy 22 at 100 from 100, entry
    decision 1: 3: B Cut by Cash, value 40, limit 22
    equity 1000, 1000, 1600, 1600
    ");
}

#[test]
fn a_position_is_liquidated_where_its_margin_is_used_up() {
    // 20 at 100: cash is -1000. Equity is 20 p - 1000, the maintenance margin 0.2 × 20 p = 4 p: they meet at p = 62.5. The fee
    // is 1 % of 1250. -1000 + 1250 - 12.5 = 237.5.
    let rows = [still(100.0), still(100.0), bar(100.0, 101.0, 60.0, 70.0), still(70.0)];
    assert_snapshot!(scenario(&rows, vec![go(0, 0.5)]).book(), @r"
    1: buy 20 at 100 from 100, entry
    2: sell 20 at 62.5 from 62.5, liquidation
    1 to 2: long 20, gross -750, carry 12.5, net -762.5
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -2000, position 2000
    ledger 2: cash -12.5, liquidation 12.5
    ledger 2: cash 1250, position -2000, realised 750
    equity 1000, 1000, 237.5, 237.5
    ");
}

#[test]
fn a_price_just_above_is_survived() {
    // -1000 + 20 × 70 = 400.
    let rows = [still(100.0), still(100.0), bar(100.0, 101.0, 62.51, 70.0)];
    assert_snapshot!(scenario(&rows, vec![go(0, 0.5)]).guarded(), @r"
    1: buy 20 at 100 from 100, entry
    equity 1000, 1000, 400
    ");
}

#[test]
fn a_gap_through_the_price_is_liquidated_at_the_open() {
    // 20 × 45 = 900, the fee 9: -1000 + 900 - 9 = -109. The account is worth nothing and never trades again.
    let rows = [still(100.0), still(100.0), bar(45.0, 90.0, 44.0, 80.0), still(80.0)];
    assert_snapshot!(scenario(&rows, vec![go(0, 0.5), go(2, 0.5)]).guarded(), @r"
    1: buy 20 at 100 from 100, entry
    2: sell 20 at 45 from 45, liquidation
    decision 1: 2: Refused by Ruin, value 0.5, limit 0
    equity 1000, 1000, -109, -109
    ");
}

#[test]
fn missing_bars_are_followed_by_the_liquidation() {
    let a = [Some(still(100.0)), Some(still(100.0)), None, None, Some(bar(60.0, 90.0, 44.0, 80.0))];
    let bars = vec![hourly_with_gaps(&a), hourly(&[still(50.0); 5])];
    let mut scenario = on_margin(Scenario::of_instruments(1_000.0, 40.0, bars), 3.0, 0.2);
    scenario.decisions = vec![go(0, 0.5).of(0)];
    // The first open is below 62.5: 20 × 60 = 1200, the fee 12.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 20 at 100 from 100, entry
    4: A sell 20 at 60 from 60, liquidation
    equity 1000, 1000, 1000, 1000, 188
    ");
}

#[test]
fn a_short_position_is_liquidated_above() {
    let rows = [still(100.0), still(100.0), bar(100.0, 164.0, 99.0, 120.0)];
    let mut scenario = on_margin(Scenario::new(1_000.0, 10.0, &rows), 1.0, 0.25);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, -1.0)];
    // 10 sold at 100: cash 2000. Equity 2000 - 10 p meets a quarter of 10 p at p = 160. The fee is 1 % of 1600: 2000 - 1616.
    assert_snapshot!(scenario.book(), @r"
    1: sell 10 at 100 from 100, entry
    2: buy 10 at 160 from 160, liquidation
    1 to 2: short 10, gross -600, carry 16, net -616
    ledger 0: cash 1000, capital -1000
    ledger 1: cash 1000, position -1000
    ledger 2: cash -16, liquidation 16
    ledger 2: cash -1600, position 1000, realised 600
    equity 1000, 1000, 384
    ");
}

#[test]
fn all_positions_are_liquidated_together() {
    let rows = [still(100.0), still(100.0), bar(100.0, 101.0, 60.0, 70.0)];
    let bars = vec![hourly(&rows), hourly(&rows)];
    let mut scenario = on_margin(Scenario::of_instruments(1_000.0, 40.0, bars), 3.0, 0.2);
    scenario.decisions = vec![go(0, 0.25).of(0), go(0, 0.25).of(1)];
    // 10 of each: 0.8 × 10 × (a + b) = 1000 at a + b = 125, and both fall alike: 62.5. The fees are 1 % of 625 each.
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 10 at 100 from 100, entry
    1: B buy 10 at 100 from 100, entry
    2: A sell 10 at 62.5 from 62.5, liquidation
    2: B sell 10 at 62.5 from 62.5, liquidation
    equity 1000, 1000, 237.5
    ");
}

/// Nothing trades without a bar: the position waits for its next open.
#[test]
fn a_position_without_a_bar_waits_for_its_liquidation() {
    let a = [still(100.0), still(100.0), bar(100.0, 101.0, 20.0, 25.0), still(25.0)].map(Some);
    let b = [Some(still(100.0)), Some(still(100.0)), None, Some(still(90.0))];
    let bars = vec![hourly_with_gaps(&a), hourly_with_gaps(&b)];
    let mut scenario = on_margin(Scenario::of_instruments(1_000.0, 40.0, bars), 3.0, 0.2);
    scenario.decisions = vec![go(0, 0.25).of(0), go(0, 0.25).of(1)];
    // a + b = 125 with b at its last close of 100: A is sold at 25. B follows at 90, on row 3.
    let outcome = scenario.outcome();
    let fills = scenario.placed(&outcome);
    let rows: Vec<(usize, String)> =
        fills[2..].iter().map(|placed| (placed.row, placed.fill.price.to_string())).collect();
    assert_eq!(rows, [(2, "25".to_owned()), (3, "90".to_owned())]);
    // 1 % of 250 and of 900.
    assert_eq!(outcome.costs.liquidation, money(11.5));
}

#[test]
fn a_position_may_be_liquidated_in_the_bar_of_its_entry() {
    let rows = [still(100.0), bar(100.0, 101.0, 60.0, 70.0)];
    assert_snapshot!(scenario(&rows, vec![go(0, 0.5)]).fills(), @r"
    1: buy 20 at 100 from 100, entry
    1: sell 20 at 62.5 from 62.5, liquidation
    ");
}

#[test]
fn a_liquidation_is_not_better_than_the_entry_in_the_same_bar() {
    let a = [still(100.0), still(100.0), bar(100.0, 100.0, 13.75, 50.0)];
    let b = [still(100.0), still(100.0), bar(100.0, 100.0, 65.0, 90.0)];
    let bars = vec![hourly(&a), hourly(&b)];
    let mut scenario = on_margin(Scenario::of_instruments(1_000.0, 40.0, bars), 3.0, 0.2);
    scenario.decisions = vec![go(0, 0.25).of(0), go(1, 0.5).of(1).limit(70.0, 0)];
    // 10 of A for 1000, 20 of B at 70: cash is -1400. Four fifths of 10 a + 20 b are 1400 when both are four fifths of their way
    // from the open to the low: a = 100 - 0.8 × 86.25 = 31, b = 100 - 0.8 × 35 = 72. B was bought at 70, so it is sold there.
    assert_snapshot!(scenario.fills(), @r"
    1: A buy 10 at 100 from 100, entry
    2: B buy 20 at 70 from 70, entry
    2: A sell 10 at 31 from 31, liquidation
    2: B sell 20 at 70 from 70, liquidation
    ");
}

#[test]
fn on_the_way_down_the_higher_of_stop_and_liquidation_comes_first() {
    let rows = [still(100.0), still(100.0), bar(100.0, 101.0, 45.0, 70.0)];
    assert_snapshot!(scenario(&rows, vec![go(0, 0.5).stop(70.0)]).fills(), @r"
    1: buy 20 at 100 from 100, entry
    2: sell 20 at 70 from 70, stop
    ");
    // A stop at 50 lies below 62.5: the exchange is faster.
    assert_snapshot!(scenario(&rows, vec![go(0, 0.5).stop(50.0)]).fills(), @r"
    1: buy 20 at 100 from 100, entry
    2: sell 20 at 62.5 from 62.5, liquidation
    ");
}

#[test]
fn of_take_profit_and_liquidation_in_one_bar_the_worse_comes_first() {
    let rows = [still(100.0), still(100.0), bar(100.0, 121.0, 60.0, 110.0)];
    let fills = scenario(&rows, vec![go(0, 0.5).take_profit(120.0)]).fills();
    assert!(fills.contains("2: sell 20 at 62.5 from 62.5, liquidation"), "{fills}");
}

#[test]
fn an_account_without_debts_and_shorts_is_never_liquidated() {
    // 10 at 100 for all of the cash; 5 % of their value are 50 and 1. The price falls to 1.
    let rows = [still(100.0), still(100.0), bar(100.0, 100.0, 1.0, 1.0)];
    let mut scenario = on_margin(Scenario::new(1_000.0, 10.0, &rows), 1.0, 0.05);
    scenario.setup.account.cash = money(1_000.0);
    scenario.decisions = vec![go(0, 1.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    equity 1000, 1000, 10
    ");
}
