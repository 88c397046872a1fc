//! The participation cap: an order takes its share of a bar's volume, and what remains goes on in the next bar.

use ct_host::costs::Participation;
use ct_host::order::Decision;
use ct_host::risk::{FixedFraction, Shorting, Sizing};
use ct_tests::bars::Row;
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::scenario::{Scenario, bar, money, quantity, share, still};

/// Ten units with a cap of 10 % of each bar's volume. Row 0 stands at 100.
fn scenario(decisions: Vec<Decision>, rows: &[Row]) -> Scenario {
    let rows: Vec<Row> = std::iter::once(still(100.0)).chain(rows.iter().copied()).collect();
    let mut scenario = Scenario::new(2_000.0, 10.0, &rows);
    scenario.setup.costs.participation = Some(Participation { rate: share(0.1) });
    scenario.decisions = decisions;
    scenario
}

fn traded(price: f64, volume: f64) -> Row {
    [price, price, price, price, volume]
}

#[test]
fn entry_and_exit_go_on_in_the_next_bar() {
    let rows = [
        traded(100.0, 40.0),
        traded(101.0, 0.0),
        traded(102.0, 30.0),
        traded(103.0, 1_000.0),
        traded(104.0, 60.0),
        traded(105.0, 1_000.0),
    ];
    let scenario = scenario(vec![go(0, 1.0), go(4, 0.0)], &rows);
    // In: 4 at 100, none, 3 at 102, the last 3 at 103: 400 + 306 + 309 = 1015. Out: 6 at 104 = 624, 4 at 105 = 420.
    // Cost of the 6: 6 ÷ 10 × 1015 = 609, realised 15; of the 4: 406, realised 14. Gross 1044 - 1015 = 29.
    // Equity: 1600 + 4 × 100; 1600 + 4 × 101; 1294 + 7 × 102; 985 + 10 × 103; 1609 + 4 × 104; 2029.
    assert_snapshot!(scenario.book(), @r"
    1: buy 4 at 100 from 100, entry
    3: buy 3 at 102 from 102, entry
    4: buy 3 at 103 from 103, entry
    5: sell 6 at 104 from 104, exit
    6: sell 4 at 105 from 105, exit
    1 to 6: long 10, gross 29, net 29
    ledger 0: cash 2000, capital -2000
    ledger 1: cash -400, position 400
    ledger 3: cash -306, position 306
    ledger 4: cash -309, position 309
    ledger 5: cash 624, position -609, realised -15
    ledger 6: cash 420, position -406, realised -14
    equity 2000, 2000, 2004, 2008, 2015, 2025, 2029
    ");
}

#[test]
fn what_a_stop_could_not_sell_goes_at_the_next_open() {
    let rows = [still(100.0), [98.0, 99.0, 94.0, 96.0, 60.0], still(93.0), still(93.0)];
    let scenario = scenario(vec![go(0, 1.0).stop(95.0)], &rows);
    assert_snapshot!(scenario.fills(), @r"
    1: buy 10 at 100 from 100, entry
    2: sell 6 at 95 from 95, stop
    3: sell 4 at 93 from 93, stop
    ");
}

#[test]
fn what_a_take_profit_could_not_sell_goes_on_resting() {
    let rows = [
        still(100.0),
        [105.0, 111.0, 104.0, 108.0, 60.0],
        bar(107.0, 109.0, 106.0, 108.0),
        bar(108.0, 112.0, 107.0, 109.0),
    ];
    let decision = go(0, 1.0).stop(95.0).take_profit(110.0);
    assert_snapshot!(scenario(vec![decision.clone()], &rows).fills(), @r"
    1: buy 10 at 100 from 100, entry
    2: sell 6 at 110 from 110, take-profit
    4: sell 4 at 110 from 110, take-profit
    ");
    // And so does the stop of what is left.
    let rows = [still(100.0), [105.0, 111.0, 104.0, 108.0, 60.0], bar(107.0, 109.0, 94.0, 96.0)];
    assert_snapshot!(scenario(vec![decision], &rows).fills(), @r"
    1: buy 10 at 100 from 100, entry
    2: sell 6 at 110 from 110, take-profit
    3: sell 4 at 95 from 95, stop
    ");
}

#[test]
fn a_take_profit_without_any_volume_goes_on_resting() {
    let rows = [still(100.0), [105.0, 111.0, 104.0, 108.0, 0.0], bar(108.0, 112.0, 107.0, 109.0)];
    let scenario = scenario(vec![go(0, 1.0).take_profit(110.0)], &rows);
    assert_snapshot!(scenario.fills(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 10 at 110 from 110, take-profit
    ");
}

#[test]
fn a_limit_order_goes_on_resting_with_what_is_left() {
    let rows =
        [[98.0, 99.0, 94.0, 96.0, 40.0], bar(96.0, 97.0, 95.5, 96.0), bar(96.0, 97.0, 94.0, 96.0)];
    let scenario = scenario(vec![go(0, 1.0).limit(95.0, 0)], &rows);
    assert_snapshot!(scenario.fills(), @r"
    1: buy 4 at 95 from 95, entry
    3: buy 6 at 95 from 95, entry
    ");
}

#[test]
fn an_entry_goes_on_buying_when_the_price_jumps() {
    let rows = [traded(100.0, 250.0), still(250.0)];
    let mut scenario = scenario(vec![go(0, 1.0)], &rows);
    scenario.setup.account.cash = money(10_000.0);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(0.5) });
    // 0.5 × 10000 ÷ 100 = 50, of which the first bar fills 25. At 250 the 25 that are held are worth more than the amount,
    // but a decision to buy never sells.
    assert_snapshot!(scenario.fills(), @r"
    1: buy 25 at 100 from 100, entry
    2: buy 25 at 250 from 250, entry
    ");
}

#[test]
fn an_amount_is_turned_into_a_quantity_at_its_first_fill() {
    let rows = [traded(100.0, 0.0), still(50.0)];
    let mut scenario = scenario(vec![go(0, 1.0)], &rows);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(0.5) });
    // Nothing trades at 100; at 50, 0.5 × 2000 buys 20.
    assert_snapshot!(scenario.fills(), @"2: buy 20 at 50 from 50, entry");
}

#[test]
fn a_reduction_goes_on_selling_when_the_price_falls() {
    let rows = [traded(100.0, 1_000.0), traded(100.0, 100.0), still(40.0)];
    let mut scenario = scenario(vec![go(0, 1.0), go(1, 0.5)], &rows);
    scenario.setup.account.cash = money(10_000.0);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(0.5) });
    // 50 at 100; then half of it, of which the bar takes 10. The other 15 go at 40.
    assert_snapshot!(scenario.fills(), @r"
    1: buy 50 at 100 from 100, entry
    2: sell 10 at 100 from 100, exit
    3: sell 15 at 40 from 40, exit
    ");
}

#[test]
fn the_levels_of_a_reversal_wait_for_its_entry() {
    let rows = [
        still(100.0),
        [100.0, 101.0, 99.0, 100.0, 60.0],
        still(100.0),
        bar(105.0, 111.0, 104.0, 108.0),
    ];
    let reverse = go(1, -1.0).stop(110.0).take_profit(80.0);
    let mut scenario = scenario(vec![go(0, 1.0), reverse], &rows);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    // On row 2 the position is still long: a stop of 110 is that of the short position to come.
    assert_snapshot!(scenario.fills(), @r"
    1: buy 10 at 100 from 100, entry
    2: sell 6 at 100 from 100, exit
    3: sell 4 at 100 from 100, exit
    3: sell 10 at 100 from 100, entry
    4: buy 10 at 110 from 110, stop
    ");
}

#[test]
fn partial_fills_are_whole_lots() {
    // The cap is 2.5 in the bars with a volume of 25.
    let rows = [traded(100.0, 25.0), still(100.0), traded(100.0, 25.0), still(100.0)];
    let mut scenario = scenario(vec![go(0, 1.0), go(2, 0.0)], &rows);
    scenario.instrument().lot = quantity(1.0);
    assert_snapshot!(scenario.fills(), @r"
    1: buy 2 at 100 from 100, entry
    2: buy 8 at 100 from 100, entry
    3: sell 2 at 100 from 100, exit
    4: sell 8 at 100 from 100, exit
    ");
}

#[test]
fn the_minimum_notional_is_that_of_the_order_not_of_a_partial_fill() {
    // The order is worth 1000; the first bar fills 4 × 100 = 400.
    let mut scenario = scenario(vec![go(0, 1.0)], &[traded(100.0, 40.0), still(100.0)]);
    scenario.instrument().notional_min = money(500.0);
    assert_snapshot!(scenario.fills(), @r"
    1: buy 4 at 100 from 100, entry
    2: buy 6 at 100 from 100, entry
    ");
}

#[test]
fn what_cash_does_not_cover_is_cut_once() {
    let rows = [traded(100.0, 40.0); 5];
    let mut scenario = scenario(vec![go(0, 1.0)], &rows);
    scenario.setup.account.cash = money(600.0);
    // 4 for 400; the next bar would fill 4 again, but 200 buys 2. The other 4 are not waited for.
    assert_snapshot!(scenario.book(), @r"
    1: buy 4 at 100 from 100, entry
    2: buy 2 at 100 from 100, entry
    2: Cut by Cash, value 4, limit 2
    open at the end: 6
    ledger 0: cash 600, capital -600
    ledger 1: cash -400, position 400
    ledger 2: cash -200, position 200
    equity 600, 600, 600, 600, 600, 600
    ");
}
