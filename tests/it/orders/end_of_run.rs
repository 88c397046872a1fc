//! Positions that are open when the rows end.

use ct_host::costs::{FeeSchedule, FixedSlippage, Slippage};
use ct_host::settings::AtEnd;
use ct_tests::script::go;
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, bps, still};

fn scenario(at_end: AtEnd) -> Scenario {
    let rows = [still(100.0), bar(100.0, 111.0, 100.0, 110.0)];
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.setup.costs.fees =
        FeeSchedule { maker_bps: bps(0.0), taker_bps: bps(10.0), ..FeeSchedule::default() };
    scenario.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(100.0) });
    scenario.setup.account.at_end = at_end;
    scenario.decisions = vec![go(0, 1.0)];
    scenario
}

#[test]
fn an_open_position_is_marked_at_the_last_close() {
    // In at 101, fee 0.101: cash 898.899. Equity 898.899 + 110.
    assert_snapshot!(scenario(AtEnd::Mark).book(), @r"
    1: buy 1 at 101 from 100, entry, fee 0.101, slippage 1
    open at the end: 1
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -101.101, position 100, fees 0.101, slippage 1
    equity 1000, 1008.899
    ");
}

#[test]
fn an_open_position_is_closed_at_the_last_close_if_so_asked() {
    // Out at 110 - 1 % = 108.9, fee 0.1089: cash 898.899 + 108.7911 = 1007.6901.
    // Gross 10; costs 1 + 0.101 + 1.1 + 0.1089 = 2.3099.
    assert_snapshot!(scenario(AtEnd::Close).book(), @r"
    1: buy 1 at 101 from 100, entry, fee 0.101, slippage 1
    1: sell 1 at 108.9 from 110, end of run, fee 0.1089, slippage 1.1
    1 to 1: long 1, gross 10, net 7.6901
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -101.101, position 100, fees 0.101, slippage 1
    ledger 1: cash 108.7911, position -100, realised -10, fees 0.1089, slippage 1.1
    equity 1000, 1007.6901
    ");
}

#[test]
fn what_is_decided_on_the_last_row_never_trades() {
    for at_end in [AtEnd::Mark, AtEnd::Close] {
        let mut scenario = scenario(at_end);
        scenario.decisions = vec![go(1, 1.0)];
        assert_eq!(scenario.fills(), "");
    }
}
