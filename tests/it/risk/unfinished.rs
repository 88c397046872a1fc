//! What is not done in one bar: orders of the host's own that wait for a bar or for volume, and what is decided meanwhile.

use ct_host::costs::Participation;
use ct_host::risk::{
    BreakerAction, CoolDown, Estimator, LosingStreak, PauseAfter, Rearm, Rebalancing, RiskBudget,
    StreakScope,
};
use ct_host::units::{CalendarPeriod, Rate};
use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::calendar::{bars, time};
use crate::orders::scenario::{Scenario, bar, level, share, still};

/// A, of which 10 are bought, beside B, which stands still at 100.
fn beside_another(rows: &[Option<Row>]) -> Scenario {
    let other = vec![still(100.0); rows.len()];
    Scenario::of_instruments(1_000.0, 10.0, vec![hourly_with_gaps(rows), hourly(&other)])
}

/// Bars with a volume of 1000, of which 4 can be had.
fn thin(scenario: &mut Scenario) {
    scenario.setup.costs.participation = Some(Participation { rate: share(0.004) });
}

/// Ten are bought in three bars; row 4 falls through 90 and closes at 88.
fn stopped() -> [Row; 9] {
    let mut rows = [still(100.0); 9];
    rows[4] = bar(100.0, 100.0, 85.0, 88.0);
    rows[5] = still(88.0);
    rows[6..].copy_from_slice(&[still(80.0), still(60.0), still(40.0)]);
    rows
}

#[test]
fn a_cut_waits_for_its_bar_whatever_else_waits() {
    let rows = [Some(100.0), Some(100.0), Some(88.0), None, Some(80.0), Some(60.0)];
    for waiting in [go(1, 0.0).limit(200.0, 0), go(2, 0.2).limit(200.0, 0)] {
        let mut scenario = beside_another(&rows.map(|price| price.map(still)));
        let reduce = level(0.1, BreakerAction::Reduce, Rearm::Manual);
        scenario.setup.risk.breakers.drawdown = vec![reduce];
        scenario.decisions = vec![go(0, 1.0), waiting];
        // The bar after the trip is missing: half is sold in the next one that is there.
        let fills = scenario.fills();
        assert_eq!(fills, "1: A buy 10 at 100 from 100, entry\n4: A sell 5 at 80 from 80, breaker");
    }
}

/// The exit limit rests beside the order that cuts, and sells the other half at its price in the same bar.
#[test]
fn a_cut_leaves_an_exit_limit_in_the_market() {
    let rows = [still(100.0), still(100.0), still(88.0), bar(88.0, 97.0, 86.0, 87.0), still(80.0)];
    let mut scenario = Scenario::new(1_000.0, 10.0, &rows);
    let reduce = level(0.1, BreakerAction::Reduce, Rearm::Manual);
    scenario.setup.risk.breakers.drawdown = vec![reduce];
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0).limit(95.0, 0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 10 at 100 from 100, entry
    3: sell 5 at 88 from 88, breaker
    3: sell 5 at 95 from 95, exit
    2: Drawdown trips (Reduce), 0.12 of 0.1, equity 880
    equity 1000, 1000, 880, 915, 915
    ");
}

#[test]
fn the_rest_of_a_stop_goes_before_a_new_decision() {
    let mut scenario = Scenario::new(1_000.0, 10.0, &stopped());
    thin(&mut scenario);
    scenario.decisions = vec![go(0, 1.0).stop(90.0), go(4, 1.0).limit(30.0, 0).stop(20.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 4 at 100 from 100, entry
    2: buy 4 at 100 from 100, entry
    3: buy 2 at 100 from 100, entry
    4: sell 4 at 90 from 90, stop
    5: sell 4 at 88 from 88, stop
    6: sell 2 at 80 from 80, stop
    decision 1: 4: Refused by Closing, value 6, limit 0
    equity 1000, 1000, 1000, 1000, 888, 888, 872, 872, 872
    ");
}

#[test]
fn the_rest_of_a_stop_goes_before_an_order_on_its_way() {
    let mut rows = vec![still(100.0)];
    rows.extend(stopped());
    let mut scenario = Scenario::new(1_000.0, 10.0, &rows);
    thin(&mut scenario);
    scenario.setup.fills.latency_bars = 1;
    scenario.decisions = vec![go(0, 1.0).stop(90.0), go(4, 0.9).stop(90.0)];
    assert_snapshot!(scenario.guarded(), @r"
    2: buy 4 at 100 from 100, entry
    3: buy 4 at 100 from 100, entry
    4: buy 2 at 100 from 100, entry
    5: sell 4 at 90 from 90, stop
    6: sell 4 at 88 from 88, stop
    7: sell 2 at 80 from 80, stop
    decision 1: 8: Refused by ReduceOnly, value 9, limit 0
    equity 1000, 1000, 1000, 1000, 1000, 888, 888, 872, 872, 872
    ");
}

/// The trade has not ended yet, and nothing rests; but what is being closed is not bought back.
#[test]
fn a_stop_in_parts_is_no_way_around_a_rest() {
    let mut scenario = Scenario::new(1_000.0, 10.0, &stopped());
    thin(&mut scenario);
    scenario.setup.risk.breakers.cool_down =
        Some(CoolDown { after: PauseAfter::Stop, pause: time("6h") });
    scenario.decisions = vec![go(0, 1.0).stop(90.0), go(4, 1.0).stop(50.0), go(7, 1.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 4 at 100 from 100, entry
    2: buy 4 at 100 from 100, entry
    3: buy 2 at 100 from 100, entry
    4: sell 4 at 90 from 90, stop
    5: sell 4 at 88 from 88, stop
    6: sell 2 at 80 from 80, stop
    decision 1: 4: Refused by Closing, value 6, limit 0
    decision 2: 7: Refused by CoolDown, value 5, limit 6
    equity 1000, 1000, 1000, 1000, 888, 888, 872, 872, 872
    ");
}

#[test]
fn a_flatten_is_finished_even_when_it_is_armed_again() {
    let rows = [Some(100.0), Some(100.0), Some(80.0), None, None, Some(70.0), Some(70.0)];
    let mut scenario = beside_another(&rows.map(|price| price.map(still)));
    let flatten = level(0.1, BreakerAction::Flatten, Rearm::After(time("1h")));
    scenario.setup.risk.breakers.drawdown = vec![flatten];
    scenario.decisions = vec![go(0, 1.0), go(4, 1.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 10 at 100 from 100, entry
    5: A sell 10 at 70 from 70, breaker
    2: Drawdown trips (Flatten), 0.2 of 0.1, equity 800
    3: Drawdown is armed again (Flatten), 0 of 0.1, equity 800
    5: Drawdown trips (Flatten), 0.125 of 0.1, equity 700
    6: Drawdown is armed again (Flatten), 0 of 0.1, equity 700
    decision 1: 4: A Refused by Closing, value 10, limit 0
    equity 1000, 1000, 800, 800, 800, 700, 700
    ");
}

/// A's limit order is reduce-only and will never trade: it is no position to come.
#[test]
fn a_barred_order_counts_for_nothing() {
    let falling = [100.0, 100.0, 80.0, 80.0, 80.0, 80.0].map(still);
    let flat = || hourly(&[still(100.0); 6]);
    let mut scenario =
        Scenario::of_instruments(1_000.0, 5.0, vec![flat(), flat(), hourly(&falling)]);
    scenario.setup.risk.limits.open_positions_max = Some(2);
    let halt = level(0.05, BreakerAction::Halt, Rearm::After(time("1h")));
    scenario.setup.risk.breakers.drawdown = vec![halt];
    scenario.decisions = vec![go(0, 1.0).of(2), go(1, 0.2).limit(90.0, 0), go(4, 0.2).of(1)];
    assert_snapshot!(scenario.guarded(), @r"
    1: C buy 5 at 100 from 100, entry
    5: B buy 1 at 100 from 100, entry
    2: Drawdown trips (Halt), 0.1 of 0.05, equity 900
    3: Drawdown is armed again (Halt), 0 of 0.05, equity 900
    decision 1: 2: A Refused by Drawdown, value 0.1, limit 0.05
    equity 1000, 1000, 900, 900, 900, 900
    ");
}

fn budget(volatility_max: f64) -> RiskBudget {
    let estimator =
        Estimator { window_rows: 4, overlap_min: 2, shrinkage: Rate::ZERO, refresh_rows: 1 };
    let volatility_max = share(volatility_max);
    RiskBudget { volatility_max, estimator, ..RiskBudget::default() }
}

/// Room that an order far from the market would make for another is not there until it trades.
#[test]
fn a_budget_does_not_count_on_what_may_not_trade() {
    let a = [100.0, 110.0, 100.0, 110.0, 100.0, 110.0, 100.0, 110.0, 100.0].map(still);
    let b = [100.0, 101.0, 112.0, 101.0, 100.0, 101.0, 112.0, 101.0, 100.0].map(still);
    let fills = |waiting: bool| {
        let mut scenario = Scenario::of_instruments(1_000.0, 10.0, vec![hourly(&a), hourly(&b)]);
        scenario.setup.risk.budget = Some(budget(2.0));
        if waiting {
            scenario.decisions.push(go(4, 1.0).limit(10.0, 0));
        }
        scenario.decisions.push(go(6, 1.0).of(1));
        scenario.fills()
    };
    assert_eq!(fills(false), "7: B buy 1.12497654655 at 101 from 101, entry");
    assert_eq!(fills(true), fills(false));
}

/// The second decision of A leaves what is held as it is, and is none of the day's two orders.
#[test]
fn what_a_budget_leaves_unchanged_is_no_order() {
    let a = [100.0, 110.0, 100.0, 110.0, 100.0, 110.0, 110.0, 110.0].map(still);
    let b = [100.0, 101.0, 100.0, 101.0, 100.0, 101.0, 100.0, 101.0].map(still);
    let mut scenario = Scenario::of_instruments(1_000.0, 10.0, vec![hourly(&a), hourly(&b)]);
    scenario.setup.risk.budget = Some(budget(1.0));
    scenario.setup.risk.limits.orders_per_day_max = Some(2);
    scenario.decisions = vec![go(4, 1.0), go(5, 1.0), go(6, 0.1).of(1)];
    let outcome = scenario.outcome();
    let bought: Vec<&str> = outcome.fills.iter().map(|fill| &*fill.symbol).collect();
    assert_eq!(bought, ["A", "B"], "{:#?}", outcome.fills);
}

#[test]
fn rebalancing_tells_what_it_would_have_traded() {
    for (band, told) in [(0.25, 0), (0.1, 6)] {
        let rows =
            [100.0, 100.0, 80.0, 80.0, 80.0, 80.0, 80.0, 80.0].map(|price| Some(still(price)));
        let mut scenario = Scenario::of_bars(1_000.0, 5.0, bars(0, 24, &rows));
        let fraction = ct_host::risk::FixedFraction { fraction: share(0.5) };
        scenario.setup.risk.sizing = ct_host::risk::Sizing::Fraction(fraction);
        let halt = level(0.05, BreakerAction::Halt, Rearm::Manual);
        scenario.setup.risk.breakers.drawdown = vec![halt];
        let every = CalendarPeriod::Day;
        scenario.setup.risk.rebalancing = Some(Rebalancing { every, band: share(band) });
        scenario.decisions = vec![go(0, 1.0)];
        // 5 at 80 are 400 of 900: half of that would be 450, which is 11 % less than there is to be.
        assert_eq!(scenario.outcome().refusals.len(), told, "{band}");
    }
}

#[test]
fn an_order_in_parts_is_cut_once() {
    let rows = [100.0, 100.0, 101.0, 102.0, 103.0, 104.0].map(still);
    let mut scenario = Scenario::new(1_000.0, 10.0, &rows);
    scenario.setup.costs.participation = Some(Participation { rate: share(0.001) });
    scenario.setup.risk.limits.gross_exposure_max = Some(share(0.4));
    scenario.decisions = vec![go(0, 1.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 1 at 100 from 100, entry
    2: buy 1 at 101 from 101, entry
    3: buy 1 at 102 from 102, entry
    4: buy 0.906796116505 at 103 from 103, entry
    decision 0: 1: Cut by GrossExposure, value 1, limit 0.4
    equity 1000, 1000, 1001, 1003, 1006, 1009.906796117
    ");
}

#[test]
fn the_end_of_a_run_trips_nothing() {
    let rows = [100.0, 100.0, 80.0, 80.0].map(still);
    let mut scenario = Scenario::of_instruments(1_000.0, 1.0, vec![hourly(&rows), hourly(&rows)]);
    scenario.setup.account.at_end = ct_host::settings::AtEnd::Close;
    let scope = StreakScope::Strategy;
    scenario.setup.risk.breakers.losing_streak =
        Some(LosingStreak { losses: 1, pause: None, scope });
    scenario.decisions = vec![go(0, 1.0), go(3, 1.0).of(1)];
    assert_snapshot!(scenario.guarded(), @r"
    1: A buy 1 at 100 from 100, entry
    3: A sell 1 at 80 from 80, end of run
    equity 1000, 1000, 980, 980
    ");
}
