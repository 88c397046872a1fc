//! Short positions: entry, cover, reversal, margin, and the rule against them.

use ct_host::costs::{FeeSchedule, FixedSlippage, Slippage};
use ct_host::risk::{FixedFraction, Shorting, Sizing};
use ct_tests::script::go;
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, bps, share, still};

#[test]
fn a_short_position_is_entered_and_covered() {
    let rows = [still(100.0), bar(100.0, 100.0, 90.0, 90.0), bar(80.0, 85.0, 80.0, 85.0)];
    let mut scenario = shorting(Scenario::new(1_000.0, 2.0, &rows));
    scenario.setup.costs.fees =
        FeeSchedule { maker_bps: bps(0.0), taker_bps: bps(10.0), ..FeeSchedule::default() };
    scenario.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(100.0) });
    scenario.decisions = vec![go(0, -1.0), go(1, 0.0)];
    // In:  2 at 100 - 1 % = 99 bring 198, fee 0.198: cash 1197.802; equity 1197.802 - 2 × 90 = 1017.802.
    // Out: 2 at 80 + 1 % = 80.8 cost 161.6, fee 0.1616: cash 1036.0404.
    // Gross 200 - 160 = 40; slippage 2 + 1.6; fees 0.3596; net 36.0404.
    assert_snapshot!(scenario.book(), @r"
    1: sell 2 at 99 from 100, entry, fee 0.198, slippage 2
    2: buy 2 at 80.8 from 80, exit, fee 0.1616, slippage 1.6
    1 to 2: short 2, gross 40, net 36.0404
    ledger 0: cash 1000, capital -1000
    ledger 1: cash 197.802, position -200, fees 0.198, slippage 2
    ledger 2: cash -161.7616, position 200, realised -40, fees 0.1616, slippage 1.6
    equity 1000, 1017.802, 1036.0404
    ");
}

#[test]
fn an_amount_sells_short_what_it_would_pay_for() {
    let mut scenario = shorting(Scenario::new(2_002.0, 1.0, &[still(100.0), still(100.0)]));
    scenario.setup.costs.fees.taker_bps = bps(10.0);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(1.0) });
    scenario.decisions = vec![go(0, -0.5)];
    // 0.5 × 2002 = 1001, ÷ (100 × 1.001) = 10.
    assert_snapshot!(scenario.fills(), @"1: sell 10 at 100 from 100, entry, fee 1");
}

#[test]
fn one_decision_turns_a_position_around_at_one_open() {
    let rows = [
        still(100.0),
        bar(100.0, 110.0, 100.0, 110.0),
        bar(120.0, 120.0, 115.0, 115.0),
        still(110.0),
    ];
    let mut scenario = shorting(Scenario::new(1_000.0, 1.0, &rows));
    scenario.decisions = vec![go(0, 1.0), go(1, -1.0), go(2, 1.0)];
    // Cash: 1000 - 100 = 900, + 120 + 120 = 1140, - 110 - 110 = 920.
    // Equity: 900 + 110 = 1010; 1140 - 115 = 1025; 920 + 110 = 1030.
    assert_snapshot!(scenario.book(), @r"
    1: buy 1 at 100 from 100, entry
    2: sell 1 at 120 from 120, exit
    2: sell 1 at 120 from 120, entry
    3: buy 1 at 110 from 110, exit
    3: buy 1 at 110 from 110, entry
    1 to 2: long 1, gross 20, net 20
    2 to 3: short 1, gross 10, net 10
    open at the end: 1
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -100, position 100
    ledger 2: cash 120, position -100, realised -20
    ledger 2: cash 120, position -120
    ledger 3: cash -110, position 120, realised -10
    ledger 3: cash -110, position 110
    equity 1000, 1010, 1025, 1030
    ");
}

#[test]
fn a_short_position_is_no_larger_than_equity() {
    let rows = [still(100.0), still(100.0), still(80.0)];
    let mut scenario = shorting(Scenario::new(1_000.0, 1.0, &rows));
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(1.0) });
    scenario.decisions = vec![go(0, 1.0), go(1, -1.0)];
    // Row 2: equity was 1000 at the decision and is 800 at the open: 1000 ÷ 80 = 12.5, but only 800 ÷ 80 = 10.
    assert_snapshot!(scenario.book(), @r"
    1: buy 10 at 100 from 100, entry
    2: sell 10 at 80 from 80, exit
    2: sell 10 at 80 from 80, entry
    2: Cut by Cash, value 12.5, limit 10
    1 to 2: long 10, gross -200, net -200
    open at the end: -10
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -1000, position 1000
    ledger 2: cash 800, position -1000, realised 200
    ledger 2: cash 800, position -800
    equity 1000, 1000, 800
    ");
}

#[test]
fn a_short_target_becomes_flat_where_shorts_are_not_allowed() {
    let mut scenario = Scenario::new(1_000.0, 1.0, &[still(100.0), still(100.0), still(110.0)]);
    scenario.decisions = vec![go(0, 1.0), go(1, -0.5)];
    assert_snapshot!(scenario.book(), @r"
    1: buy 1 at 100 from 100, entry
    2: sell 1 at 110 from 110, exit
    1: Cut by ShortNotAllowed, value -0.5, limit 0
    1 to 2: long 1, gross 10, net 10
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -100, position 100
    ledger 2: cash 110, position -100, realised -10
    equity 1000, 1000, 1010
    ");
}

fn shorting(mut scenario: Scenario) -> Scenario {
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario
}
