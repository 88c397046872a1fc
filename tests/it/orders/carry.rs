//! What holding costs: funding at its times of the day, interest on what is borrowed.

use ct_host::costs::{Borrow, Funding, FundingPayer};
use ct_host::market::{Bars, RawColumns};
use ct_host::risk::Shorting;
use ct_host::units::Interval;
use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::plugins::sound;
use ct_tests::script::go;
use insta::assert_snapshot;

use super::scenario::{Scenario, bps, money, share, still};

const DAY_MS: i64 = 86_400_000;

fn time(text: &str) -> Interval {
    sound(text.parse())
}

/// 100 bps every three hours: at 03:00, 06:00 and so on. Positions of 10 units.
fn funded(bars: Bars, payer: FundingPayer) -> Scenario {
    let mut scenario = Scenario::of_bars(2_000.0, 10.0, bars);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.setup.costs.funding = Some(Funding { rate_bps: bps(100.0), every: time("3h"), payer });
    scenario
}

fn prices() -> Bars {
    hourly(&[100.0, 100.0, 110.0, 110.0, 110.0, 120.0, 120.0].map(still))
}

#[test]
fn funding_is_paid_at_its_times_on_the_value_of_the_close() {
    let mut scenario = funded(prices(), FundingPayer::Both);
    scenario.decisions = vec![go(0, 1.0), go(5, 0.0)];
    // Row 2 closes at 03:00: 1 % of 10 × 110 is 11. Row 5 closes at 06:00: 12. Sold at 120 on row 6.
    // Cash: 1000, 989, 977, 2177. Equity: 989 + 1100 = 2089; 977 + 1200 = 2177.
    assert_snapshot!(scenario.book(), @r"
    1: buy 10 at 100 from 100, entry
    6: sell 10 at 120 from 120, exit
    1 to 6: long 10, gross 200, carry 23, net 177
    ledger 0: cash 2000, capital -2000
    ledger 1: cash -1000, position 1000
    ledger 2: cash -11, funding 11
    ledger 5: cash -12, funding 12
    ledger 6: cash 1200, position -1000, realised -200
    equity 2000, 2000, 2089, 2089, 2089, 2177, 2177
    ");
}

#[test]
fn the_other_side_receives_what_one_side_pays() {
    let mut scenario = funded(prices(), FundingPayer::Long);
    scenario.decisions = vec![go(0, -1.0), go(5, 0.0)];
    // Short 10: cash 3000, + 11 on row 2, + 12 on row 5, - 1200. Equity: 3011 - 1100 = 1911; 3023 - 1200 = 1823.
    assert_snapshot!(scenario.book(), @r"
    1: sell 10 at 100 from 100, entry
    6: buy 10 at 120 from 120, exit
    1 to 6: short 10, gross -200, carry -23, net -177
    ledger 0: cash 2000, capital -2000
    ledger 1: cash 1000, position -1000
    ledger 2: cash 11, funding -11
    ledger 5: cash 12, funding -12
    ledger 6: cash -1200, position 1000, realised 200
    equity 2000, 2000, 1911, 1911, 1911, 1823, 1823
    ");
}

#[test]
fn only_what_is_held_at_the_time_pays() {
    let mut scenario = funded(prices(), FundingPayer::Both);
    // Entered at the open of row 3, which is 03:00; left at the open of row 5, an hour before 06:00.
    scenario.decisions = vec![go(2, 1.0), go(4, 0.0)];
    assert_eq!(scenario.outcome().costs.funding, money(0.0));
}

/// Bars at 00:00, 01:00, then, after a gap, at 08:00 and 09:00.
fn with_gap() -> Bars {
    let at = |price| Some(still(price));
    let rows: [Option<Row>; 10] =
        [at(100.0), at(100.0), None, None, None, None, None, None, at(100.0), at(100.0)];
    hourly_with_gaps(&rows)
}

#[test]
fn funding_that_fell_due_in_a_gap_is_paid_by_what_was_held_there() {
    let mut scenario = funded(with_gap(), FundingPayer::Both);
    scenario.decisions = vec![go(0, 1.0)];
    // 03:00 and 06:00 lie in the gap, 09:00 is the close of row 2, 10:00 that of row 3. Three payments of 10.
    assert_eq!(scenario.outcome().costs.funding, money(30.0));
    // Left at the open of row 2, 08:00: the two in the gap are owed all the same.
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0)];
    assert_eq!(scenario.outcome().costs.funding, money(20.0));
}

#[test]
fn funding_that_fell_due_before_an_entry_is_not_owed() {
    let mut scenario = funded(with_gap(), FundingPayer::Both);
    scenario.decisions = vec![go(1, 1.0)];
    // Entered at 08:00: only 09:00 is paid.
    assert_eq!(scenario.outcome().costs.funding, money(10.0));
}

/// 87.6 % a year is 0.01 % an hour, booked every hour.
fn borrowed(rows: &[Row]) -> Scenario {
    let mut scenario = Scenario::new(1_000.0, 10.0, rows);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.setup.risk.margin.leverage_max = share(3.0);
    let annual = share(0.876);
    scenario.setup.costs.borrow =
        Some(Borrow { base_annual: annual, quote_annual: annual, every: time("1h") });
    scenario
}

#[test]
fn a_debt_costs_interest_upon_interest() {
    let mut scenario = borrowed(&[still(100.0); 5]);
    scenario.setup.risk.sizing = ct_host::risk::Sizing::Units(ct_host::risk::FixedUnits {
        units: super::scenario::quantity(20.0),
    });
    scenario.decisions = vec![go(0, 1.0), go(3, 0.0)];
    // 20 for 2000: a debt of 1000, 0.1 on row 1; of 1000.1, 0.10001 on row 2; of 1000.20001, 0.100020001 on row 3. Sold for 2000
    // on row 4. Interest on quote asset belongs to no position.
    assert_snapshot!(scenario.book(), @r"
    1: buy 20 at 100 from 100, entry
    4: sell 20 at 100 from 100, exit
    1 to 4: long 20, gross 0, net 0
    ledger 0: cash 1000, capital -1000
    ledger 1: cash -2000, position 2000
    ledger 1: cash -0.1, interest on quote 0.1
    ledger 2: cash -0.10001, interest on quote 0.10001
    ledger 3: cash -0.100020001, interest on quote 0.100020001
    ledger 4: cash 2000, position -2000
    equity 1000, 999.9, 999.79999, 999.699969999, 999.699969999
    ");
}

#[test]
fn a_short_position_costs_interest_on_its_value() {
    let mut scenario = borrowed(&[100.0, 100.0, 120.0, 120.0].map(still));
    scenario.decisions = vec![go(0, -1.0), go(2, 0.0)];
    // 0.01 % of 1000, then of 1200: 0.1 and 0.12. Bought back for 1200. Cash: 2000, 1999.9, 1999.78, 799.78.
    assert_snapshot!(scenario.book(), @r"
    1: sell 10 at 100 from 100, entry
    3: buy 10 at 120 from 120, exit
    1 to 3: short 10, gross -200, carry 0.22, net -200.22
    ledger 0: cash 1000, capital -1000
    ledger 1: cash 1000, position -1000
    ledger 1: cash -0.1, interest on base 0.1
    ledger 2: cash -0.12, interest on base 0.12
    ledger 3: cash -1200, position 1000, realised 200
    equity 1000, 999.9, 799.78, 799.78
    ");
}

#[test]
fn a_position_that_is_paid_in_full_owes_nothing() {
    let mut scenario = borrowed(&[still(100.0); 4]);
    scenario.decisions = vec![go(0, 1.0)];
    assert_eq!(scenario.outcome().costs.borrow, money(0.0));
}

/// Three days: all at 100, then from 100 to 120, then at 120. A position of 10 units, short or long, on the second day.
fn by_day(target: f64) -> Scenario {
    let columns = RawColumns {
        time: vec![0, DAY_MS, 2 * DAY_MS],
        open: vec![100.0, 100.0, 120.0],
        high: vec![100.0, 120.0, 120.0],
        low: vec![100.0, 100.0, 120.0],
        close: vec![100.0, 120.0, 120.0],
        volume: vec![1_000.0; 3],
    };
    let mut scenario = Scenario::of_bars(2_000.0, 10.0, sound(Bars::new(Interval::DAY, columns)));
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, target), go(1, 0.0)];
    scenario
}

/// What falls due inside a bar is booked at its open, what falls due at its close at the close.
#[test]
fn a_daily_bar_pays_funding_each_time_of_the_day() {
    let mut scenario = by_day(1.0);
    scenario.setup.costs.funding =
        Some(Funding { rate_bps: bps(100.0), every: time("8h"), payer: FundingPayer::Both });
    // 08:00 and 16:00: 1 % of 1000 each; 24:00: 1 % of 1200.
    assert_eq!(scenario.outcome().costs.funding, money(32.0));
}

#[test]
fn a_daily_bar_pays_the_interest_of_every_hour() {
    let mut scenario = by_day(-1.0);
    let annual = share(0.876);
    scenario.setup.costs.borrow =
        Some(Borrow { base_annual: annual, quote_annual: annual, every: time("1h") });
    // 0.01 % of 1000 in 23 hours, and of 1200 in the last: 2.3 and 0.12.
    assert_eq!(scenario.outcome().costs.borrow, money(2.42));
}
