//! Fees in base asset, tiers that follow the traded value, and the smallest fee.

use ct_host::costs::{FeeAsset, FeeSchedule, FeeTier};
use ct_host::market::{Bars, RawColumns};
use ct_host::risk::{FixedFraction, Sizing};
use ct_host::settings::AtEnd;
use ct_host::units::Interval;
use ct_tests::plugins::sound;
use ct_tests::script::go;
use insta::assert_snapshot;

use super::scenario::{Scenario, bps, money, quantity, share, still};

const DAY_MS: i64 = 86_400_000;

#[test]
fn a_fee_in_base_asset_is_kept_back_from_what_arrives() {
    let mut scenario = Scenario::new(2_000.0, 10.0, &[still(100.0), still(100.0), still(110.0)]);
    scenario.setup.costs.fees =
        FeeSchedule { taker_bps: bps(100.0), asset: FeeAsset::Base, ..FeeSchedule::default() };
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0)];
    // 1 % of 10 stays with the exchange: 0.1, worth 10. The 9.9 that arrive cost 990 at the reference price. Sold for 9.9 × 110 =
    // 1089 with a fee of 10.89 in quote asset. Gross 1089 - 990 = 99; net 99 - 10 - 10.89 = 78.11. Equity: 1000 + 9.9 × 100 =
    // 1990; 1000 + 1078.11.
    assert_snapshot!(scenario.book(), @r"
    1: buy 10 at 100 from 100, entry, fee 10, kept back 0.1
    2: sell 9.9 at 110 from 110, exit, fee 10.89
    1 to 2: long 9.9, gross 99, net 78.11
    ledger 0: cash 2000, capital -2000
    ledger 1: cash -1000, position 990, fees 10
    ledger 2: cash 1078.11, position -990, realised -99, fees 10.89
    equity 2000, 1990, 2078.11
    ");
}

#[test]
fn an_amount_is_spent_whole_when_the_fee_is_kept_back() {
    let mut scenario = Scenario::new(1_000.0, 1.0, &[still(100.0), still(100.0)]);
    scenario.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(1.0) });
    scenario.setup.costs.fees =
        FeeSchedule { taker_bps: bps(100.0), asset: FeeAsset::Base, ..FeeSchedule::default() };
    scenario.decisions = vec![go(0, 1.0)];
    // 1000 ÷ 100, without a fee on top.
    assert_snapshot!(scenario.fills(), @"1: buy 10 at 100 from 100, entry, fee 10, kept back 0.1");
}

#[test]
fn what_arrives_off_the_lot_is_sold_whole() {
    let mut scenario = Scenario::new(2_000.0, 10.0, &[still(100.0), still(100.0), still(100.0)]);
    scenario.instrument().lot = quantity(1.0);
    scenario.setup.costs.fees =
        FeeSchedule { taker_bps: bps(100.0), asset: FeeAsset::Base, ..FeeSchedule::default() };
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 10 at 100 from 100, entry, fee 10, kept back 0.1
    2: sell 9.9 at 100 from 100, exit, fee 9.9
    ");
}

#[test]
fn no_fee_is_smaller_than_the_minimum() {
    let rows = [still(100.0), still(100.0), still(100.0)];
    let mut scenario = Scenario::new(1_000.0, 4.0, &rows);
    scenario.setup.costs.fees =
        FeeSchedule { taker_bps: bps(100.0), minimum: money(2.0), ..FeeSchedule::default() };
    scenario.decisions = vec![go(0, 0.25), go(1, 1.0)];
    // 1 % of 100 is 1, less than 2; of 300 it is 3.
    assert_snapshot!(scenario.fills(), @r"
    1: buy 1 at 100 from 100, entry, fee 2
    2: buy 3 at 100 from 100, entry, fee 3
    ");
}

#[test]
fn the_minimum_is_paid_out_of_the_cash_too() {
    let mut scenario = Scenario::new(102.0, 4.0, &[still(100.0), still(100.0)]);
    scenario.setup.costs.fees = FeeSchedule { minimum: money(2.0), ..FeeSchedule::default() };
    scenario.decisions = vec![go(0, 1.0)];
    let outcome = scenario.outcome();
    assert!(outcome.cash >= money(0.0), "{}", outcome.cash);
    // 100 for one unit, up to the reserve for rounding, and 2 for the fee.
    let bought = outcome.fills[0].quantity.to_f64();
    assert!((1.0 - bought) < 1e-11, "{bought}");
}

/// Daily bars at 100 on these days. A purchase of a tenth, or its sale, on every day from the second on.
fn tiers(volume_min: f64, days: &[i64]) -> Scenario {
    let prices = vec![100.0; days.len()];
    let columns = RawColumns {
        time: days.iter().map(|day| day * DAY_MS).collect(),
        open: prices.clone(),
        high: prices.clone(),
        low: prices.clone(),
        close: prices,
        volume: vec![1_000.0; days.len()],
    };
    let mut scenario = Scenario::of_bars(2_000.0, 10.0, sound(Bars::new(Interval::DAY, columns)));
    let tier = FeeTier { volume_min: money(volume_min), maker_bps: bps(0.0), taker_bps: bps(50.0) };
    scenario.setup.costs.fees =
        FeeSchedule { taker_bps: bps(100.0), tiers: vec![tier], ..FeeSchedule::default() };
    let targets = [0.1, 0.0].into_iter().cycle().enumerate();
    scenario.decisions =
        targets.take(days.len() - 1).map(|(row, target)| go(row, target)).collect();
    scenario
}

#[test]
fn a_tier_is_reached_on_the_day_after_the_traded_value() {
    // 100 on each day. 200 are together before day 3.
    assert_snapshot!(tiers(200.0, &[0, 1, 2, 3]).fills(), @r"
    1: buy 1 at 100 from 100, entry, fee 1
    2: sell 1 at 100 from 100, exit, fee 1
    3: buy 1 at 100 from 100, entry, fee 0.5
    ");
    // A cent more is not reached.
    assert_snapshot!(tiers(200.01, &[0, 1, 2, 3]).fills(), @r"
    1: buy 1 at 100 from 100, entry, fee 1
    2: sell 1 at 100 from 100, exit, fee 1
    3: buy 1 at 100 from 100, entry, fee 1
    ");
}

#[test]
fn a_tier_is_lost_when_its_value_is_older_than_thirty_days() {
    // On day 32 the 30 days before it are 2 to 31: the sale of day 2 is the only one. On day 31 both count.
    assert_snapshot!(tiers(200.0, &[0, 1, 2, 31]).fills(), @r"
    1: buy 1 at 100 from 100, entry, fee 1
    2: sell 1 at 100 from 100, exit, fee 1
    3: buy 1 at 100 from 100, entry, fee 0.5
    ");
    assert_snapshot!(tiers(200.0, &[0, 1, 2, 32]).fills(), @r"
    1: buy 1 at 100 from 100, entry, fee 1
    2: sell 1 at 100 from 100, exit, fee 1
    3: buy 1 at 100 from 100, entry, fee 1
    ");
}

/// What is closed when the rows end pays the fee of the last day.
#[test]
fn the_end_of_the_run_has_the_tier_of_its_day() {
    let closed = |days: &[i64]| {
        let mut scenario = tiers(100.0, days);
        scenario.setup.account.at_end = AtEnd::Close;
        scenario.decisions.truncate(1);
        scenario.fills()
    };
    // 100 are together before day 31; before day 1 there is nothing, and on day 32 they are too old.
    assert_snapshot!(closed(&[0, 1]), @r"
    1: buy 1 at 100 from 100, entry, fee 1
    1: sell 1 at 100 from 100, end of run, fee 1
    ");
    assert_snapshot!(closed(&[0, 1, 31]), @r"
    1: buy 1 at 100 from 100, entry, fee 1
    2: sell 1 at 100 from 100, end of run, fee 0.5
    ");
    assert_snapshot!(closed(&[0, 1, 32]), @r"
    1: buy 1 at 100 from 100, entry, fee 1
    2: sell 1 at 100 from 100, end of run, fee 1
    ");
}

#[test]
fn the_starting_tier_is_never_lost() {
    let mut scenario = tiers(1_000_000.0, &[0, 1, 40]);
    scenario.setup.costs.fees.starting_tier = 1;
    assert_snapshot!(scenario.fills(), @r"
    1: buy 1 at 100 from 100, entry, fee 0.5
    2: sell 1 at 100 from 100, exit, fee 0.5
    ");
}

#[test]
fn a_discount_is_taken_off_every_fee() {
    let mut scenario = tiers(1_000_000.0, &[0, 1, 2]);
    scenario.setup.costs.fees.discount = share(0.25);
    assert_snapshot!(scenario.fills(), @r"
    1: buy 1 at 100 from 100, entry, fee 0.75
    2: sell 1 at 100 from 100, exit, fee 0.75
    ");
}
