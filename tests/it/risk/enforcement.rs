//! No decision gets past a breaker: not by a limit order, not by one that was sent before.

use ct_host::costs::Participation;
use ct_host::order::{Rule, Verdict};
use ct_host::risk::{
    BreakerAction, CoolDown, LosingStreak, PauseAfter, Rearm, Rebalancing, RiskShare, Shorting,
    Sizing, StopDistance, StreakScope,
};
use ct_host::units::CalendarPeriod;
use ct_tests::bars::{Row, hourly, hourly_with_gaps};
use ct_tests::script::{DecisionExt, go};
use insta::assert_snapshot;

use super::calendar::{bars, time};
use crate::orders::scenario::{Scenario, bar, level, quantity, share, still};

/// 5 units at 100 for half of the cash. A tenth of 1000 is lost when the price falls to 80.
fn guarded(mut scenario: Scenario, action: BreakerAction) -> Scenario {
    scenario.setup.risk.breakers.drawdown = vec![level(0.1, action, Rearm::Manual)];
    scenario
}

fn scenario(rows: &[Row], action: BreakerAction) -> Scenario {
    guarded(Scenario::new(1_000.0, 5.0, rows), action)
}

fn falling() -> [Row; 5] {
    [100.0, 100.0, 80.0, 80.0, 80.0].map(still)
}

#[test]
fn a_limit_order_to_leave_does_not_take_the_place_of_a_flattening() {
    let mut scenario = scenario(&falling(), BreakerAction::Flatten);
    scenario.decisions = vec![go(0, 1.0), go(2, 0.0).limit(200.0, 0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 5 at 100 from 100, entry
    3: sell 5 at 80 from 80, breaker
    ");
}

#[test]
fn a_refused_reversal_by_limit_order_does_not_take_the_place_of_a_flattening() {
    let mut scenario = scenario(&falling(), BreakerAction::Flatten);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.decisions = vec![go(0, 1.0), go(2, -1.0).limit(200.0, 0)];
    let outcome = scenario.outcome();
    assert!(outcome.positions[0].is_flat(), "{:?}", outcome.positions);
    assert_eq!(scenario.placed(&outcome)[1].row, 3);
}

#[test]
fn a_limit_order_does_not_take_the_place_of_a_flattening_that_waits_for_a_bar() {
    let at = |price| Some(still(price));
    let a = [at(100.0), at(100.0), at(80.0), None, None, at(75.0)];
    let bars = vec![hourly_with_gaps(&a), hourly(&[still(50.0); 6])];
    let scenario = Scenario::of_instruments(1_000.0, 5.0, bars);
    let mut scenario = guarded(scenario, BreakerAction::Flatten);
    scenario.decisions = vec![go(0, 1.0), go(3, 0.0).limit(200.0, 0), go(4, 1.0).limit(60.0, 0)];
    assert_snapshot!(scenario.fills(), @r"
    1: A buy 5 at 100 from 100, entry
    5: A sell 5 at 75 from 75, breaker
    ");
}

#[test]
fn a_resting_limit_order_to_leave_does_not_keep_a_position_from_being_reduced() {
    let mut scenario = scenario(&falling(), BreakerAction::Reduce);
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0).limit(200.0, 0)];
    assert_snapshot!(scenario.fills(), @r"
    1: buy 5 at 100 from 100, entry
    3: sell 2.5 at 80 from 80, breaker
    ");
}

/// An exit is on its way, to arrive on row 6, when the breaker sells a half at the next open: it sells what is left.
#[test]
fn an_exit_on_its_way_sells_what_a_reduction_leaves() {
    let rows = [100.0, 100.0, 100.0, 100.0, 80.0, 80.0, 80.0, 80.0].map(still);
    let mut scenario = scenario(&rows, BreakerAction::Reduce);
    scenario.setup.fills.latency_bars = 2;
    scenario.decisions = vec![go(0, 1.0), go(3, 0.0)];
    assert_snapshot!(scenario.guarded(), @r"
    3: buy 5 at 100 from 100, entry
    5: sell 2.5 at 80 from 80, breaker
    6: sell 2.5 at 80 from 80, exit
    4: Drawdown trips (Reduce), 0.1 of 0.1, equity 900
    equity 1000, 1000, 1000, 1000, 900, 900, 900, 900
    ");
}

/// A reversal that is on its way when the breaker reduces closes what is held, and opens nothing.
#[test]
fn a_reversal_on_its_way_only_closes_after_a_reduction() {
    let rows = [100.0, 100.0, 100.0, 100.0, 80.0, 80.0, 80.0, 80.0].map(still);
    let mut scenario = scenario(&rows, BreakerAction::Reduce);
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.setup.fills.latency_bars = 2;
    scenario.decisions = vec![go(0, 1.0), go(3, -1.0)];
    assert_snapshot!(scenario.guarded(), @r"
    3: buy 5 at 100 from 100, entry
    5: sell 2.5 at 80 from 80, breaker
    6: sell 2.5 at 80 from 80, exit
    4: Drawdown trips (Reduce), 0.1 of 0.1, equity 900
    decision 1: 4: Refused by Drawdown, value 0.1, limit 0.1
    equity 1000, 1000, 1000, 1000, 900, 900, 900, 900
    ");
}

/// Two of five are sold when the breaker trips; the exit goes on until all are.
#[test]
fn an_exit_in_parts_goes_on_through_a_reduction() {
    let mut rows = thin(&[80.0; 6]);
    (rows[0], rows[1]) = (still(100.0), still(100.0));
    let mut scenario = scenario(&rows, BreakerAction::Reduce);
    scenario.setup.costs.participation = Some(Participation { rate: share(0.1) });
    scenario.decisions = vec![go(0, 1.0), go(1, 0.0)];
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 5 at 100 from 100, entry
    2: sell 2 at 80 from 80, exit
    3: sell 2 at 80 from 80, exit
    4: sell 1 at 80 from 80, exit
    2: Drawdown trips (Reduce), 0.1 of 0.1, equity 900
    equity 1000, 1000, 900, 900, 900, 900
    ");
}

#[test]
fn a_new_limit_order_does_not_take_the_place_of_a_reduction() {
    let mut scenario = scenario(&falling(), BreakerAction::Reduce);
    scenario.decisions = vec![go(0, 1.0), go(2, 1.0).limit(200.0, 0)];
    let outcome = scenario.outcome();
    assert_eq!(outcome.positions[0].quantity.to_string(), "2.5", "{:?}", outcome.fills);
}

#[test]
fn a_position_may_become_smaller_during_a_halt() {
    let mut scenario = scenario(&falling(), BreakerAction::Halt);
    scenario.decisions = vec![go(0, 1.0), go(2, 0.4), go(3, 0.0)];
    // From 5 to 2, then flat: neither opens or enlarges anything.
    assert_snapshot!(scenario.fills(), @r"
    1: buy 5 at 100 from 100, entry
    3: sell 3 at 80 from 80, exit
    4: sell 2 at 80 from 80, exit
    ");
}

/// Whatever the order is, nothing is entered after the breaker has tripped.
#[test]
fn nothing_leaves_after_a_flattening() {
    for latency in [0_usize, 2] {
        // Entered at 100, down to 80 one row later, sold at 80, and then every limit is reached.
        let rows: Vec<Row> = std::iter::repeat_n(still(100.0), 2 + latency)
            .chain([still(80.0)])
            .chain([bar(80.0, 120.0, 40.0, 80.0); 10])
            .collect();
        let mut scenario = scenario(&rows, BreakerAction::Flatten);
        scenario.setup.risk.limits.shorting = Shorting::Allowed;
        scenario.setup.fills.latency_bars = latency.try_into().unwrap();
        let after = 3 + latency;
        scenario.decisions = vec![
            go(0, 1.0),
            go(after, 1.0).limit(60.0, 0),
            go(after + 1, -1.0).limit(100.0, 3),
            go(after + 2, 1.0).stop(50.0).take_profit(100.0),
            go(after + 3, -1.0),
            go(after + 4, 0.5),
            go(after + 5, 1.0).levels_only().stop(70.0),
            go(after + 6, 0.0),
        ];
        let outcome = scenario.outcome();
        let rows: Vec<usize> = scenario.placed(&outcome).iter().map(|fill| fill.row).collect();
        assert_eq!(rows, [1 + latency, after], "{:?}", outcome.fills);
        // Every decision for a position is refused: five of them.
        let refused = outcome.refusal_counts.get(&(Rule::Drawdown, Verdict::Refused));
        assert_eq!(refused, Some(&5), "{:?}", outcome.refusals);
    }
}

/// Half of B rests at 40 when A's loss halts or flattens the account. B falls to 39 later: the order is gone, and its record says
/// by which rule.
#[test]
fn an_order_that_rested_when_the_breaker_tripped_is_told() {
    for action in [BreakerAction::Halt, BreakerAction::Flatten] {
        let b = [still(50.0), still(50.0), still(50.0), still(50.0), bar(50.0, 50.0, 39.0, 50.0)];
        let bars = vec![hourly(&falling()), hourly(&b)];
        let mut scenario = guarded(Scenario::of_instruments(1_000.0, 5.0, bars), action);
        scenario.decisions = vec![go(0, 1.0).of(0), go(1, 0.5).of(1).limit(40.0, 0)];
        let outcome = scenario.outcome();
        assert!(outcome.fills.iter().all(|fill| fill.symbol == "A"), "{:?}", outcome.fills);
        let told = outcome.refusals.iter().any(|refusal| {
            (&*refusal.symbol, refusal.decision, refusal.rule, refusal.verdict)
                == ("B", Some(1), Rule::Drawdown, Verdict::Refused)
        });
        assert!(told, "{action:?}: {:?}", outcome.refusals);
    }
}

/// An order is on its way for two bars when the breaker trips.
#[test]
fn an_order_on_its_way_is_called_back_and_told() {
    for action in [BreakerAction::Halt, BreakerAction::Flatten] {
        let bars = vec![hourly(&[100.0, 100.0, 100.0, 100.0, 80.0, 80.0, 80.0, 80.0].map(still))];
        let bars: Vec<_> = bars.into_iter().chain([hourly(&[still(50.0); 8])]).collect();
        let mut scenario = guarded(Scenario::of_instruments(1_000.0, 5.0, bars), action);
        scenario.setup.fills.latency_bars = 2;
        scenario.decisions = vec![go(0, 1.0).of(0), go(3, 1.0).of(1)];
        // A is bought on row 3 and has lost a tenth of the account on row 4; B's order would arrive on row 6.
        let outcome = scenario.outcome();
        assert_eq!(scenario.placed(&outcome)[0].row, 3);
        assert!(outcome.fills.iter().all(|fill| fill.symbol == "A"), "{:?}", outcome.fills);
        let told = outcome.refusals.iter().any(|refusal| {
            (&*refusal.symbol, refusal.decision, refusal.rule) == ("B", Some(1), Rule::Drawdown)
        });
        assert!(told, "{action:?}: {:?}", outcome.refusals);
    }
}

/// A tenth of a volume of 20 fills 2 units a bar.
fn thin(prices: &[f64]) -> Vec<Row> {
    prices.iter().map(|&price| [price, price, price, price, 20.0]).collect()
}

#[test]
fn the_rest_of_an_order_is_not_bought_after_a_halt() {
    let mut scenario = scenario(&thin(&[100.0, 100.0, 75.0, 75.0, 75.0]), BreakerAction::Halt);
    scenario.setup.costs.participation = Some(Participation { rate: share(0.1) });
    scenario.setup.risk.breakers.drawdown[0].loss = share(0.05);
    scenario.decisions = vec![go(0, 1.0)];
    // 2 at 100 and 2 at 75: equity is 650 + 4 × 75 = 950 on row 2, a twentieth lost. The fifth unit is not bought.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 2 at 100 from 100, entry
    2: buy 2 at 75 from 75, entry
    2: Drawdown trips (Halt), 0.05 of 0.05, equity 950
    decision 0: 2: Refused by Drawdown, value 0.05, limit 0.05
    equity 1000, 1000, 950, 950, 950
    ");
}

#[test]
fn a_flattening_goes_on_until_everything_is_sold() {
    let mut rows = thin(&[80.0; 7]);
    rows[0] = still(100.0);
    rows[1] = bar(100.0, 100.0, 80.0, 80.0);
    let mut scenario = scenario(&rows, BreakerAction::Flatten);
    scenario.setup.costs.participation = Some(Participation { rate: share(0.1) });
    scenario.decisions =
        vec![go(0, 1.0), go(2, 1.0), go(3, 0.4), go(4, 0.0).limit(200.0, 0), go(5, 1.0)];
    // 5 at 100; row 1 closes at 900. 2 are sold a bar, whatever is decided meanwhile.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 5 at 100 from 100, entry
    2: sell 2 at 80 from 80, breaker
    3: sell 2 at 80 from 80, breaker
    4: sell 1 at 80 from 80, breaker
    1: Drawdown trips (Flatten), 0.1 of 0.1, equity 900
    decision 1: 2: Refused by Drawdown, value 0.1, limit 0.1
    decision 2: 3: Refused by Drawdown, value 0.1, limit 0.1
    decision 4: 5: Refused by Drawdown, value 0.1, limit 0.1
    equity 1000, 900, 900, 900, 900, 900, 900
    ");
}

/// A second order was on its way when the first position was stopped. No new position means none, whenever it was decided.
#[test]
fn an_order_on_its_way_is_no_way_around_a_rest() {
    let rows = [
        [still(100.0), still(100.0), still(100.0), still(100.0)],
        [bar(100.0, 100.0, 94.0, 96.0), still(96.0), still(96.0), still(96.0)],
    ];
    let plain = || {
        let mut scenario = Scenario::new(1_000.0, 5.0, rows.as_flattened());
        scenario.setup.fills.latency_bars = 2;
        // Half is bought on row 3 and stopped on row 4; the whole is decided on row 3, to arrive on row 6, at 06:00.
        scenario.decisions = vec![go(0, 0.5).stop(95.0), go(3, 1.0).stop(95.0)];
        scenario
    };
    assert_eq!(plain().outcome().fills.len(), 3, "without a rest");
    let mut cool_down = plain();
    cool_down.setup.risk.breakers.cool_down =
        Some(CoolDown { after: PauseAfter::Stop, pause: time("6h") });
    let mut streak = plain();
    streak.setup.risk.breakers.losing_streak =
        Some(LosingStreak { losses: 1, pause: None, scope: StreakScope::Strategy });
    for (rule, scenario) in [(Rule::CoolDown, cool_down), (Rule::LosingStreak, streak)] {
        let outcome = scenario.outcome();
        assert_eq!(outcome.fills.len(), 2, "{rule:?}: {:?}", outcome.fills);
        let told = outcome
            .refusals
            .iter()
            .any(|refusal| (refusal.decision, refusal.rule) == (Some(1), rule));
        assert!(told, "{rule:?}: {:?}", outcome.refusals);
    }
}

/// What was decided as no more than is held buys nothing back when a stop has come first.
#[test]
fn an_order_that_keeps_a_position_does_not_open_it_again() {
    let rows = [
        [still(100.0), still(100.0), still(100.0), still(100.0)],
        [bar(100.0, 100.0, 94.0, 96.0), still(96.0), still(96.0), still(96.0)],
    ];
    let mut scenario = Scenario::new(1_000.0, 5.0, rows.as_flattened());
    scenario.setup.fills.latency_bars = 2;
    scenario.decisions = vec![go(0, 1.0).stop(95.0), go(3, 1.0).stop(95.0)];
    assert_snapshot!(scenario.guarded(), @r"
    3: buy 5 at 100 from 100, entry
    4: sell 5 at 95 from 95, stop
    decision 1: 6: Refused by ReduceOnly, value 5, limit 0
    equity 1000, 1000, 1000, 1000, 975, 975, 975, 975
    ");
}

/// A decision that is refused takes nothing away from what is held.
#[test]
fn a_refused_decision_leaves_the_stop() {
    let rows = [still(100.0), still(100.0), still(100.0), bar(100.0, 100.0, 90.0, 90.0)];
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    let distance = StopDistance::Stop;
    scenario.setup.risk.sizing =
        Sizing::RiskShare(RiskShare { risk: share(0.01), distance, ..RiskShare::default() });
    scenario.decisions = vec![go(0, 1.0).stop(95.0), go(1, 1.0)];
    // 1 % of 1000 is 10, and the stop 5 away: 2 units.
    assert_snapshot!(scenario.guarded(), @r"
    1: buy 2 at 100 from 100, entry
    3: sell 2 at 95 from 95, stop
    decision 1: 1: Refused by NoStop, value 0, limit 0
    equity 1000, 1000, 1000, 990
    ");
}

/// A decision without a stop is sized for one, and has it: what is lost there is what was risked.
#[test]
fn a_position_sized_by_the_range_is_left_at_the_stop_of_its_size() {
    let range = || bar(100.0, 105.0, 95.0, 100.0);
    let mut rows = vec![range(); 16];
    rows.push(bar(100.0, 100.0, 70.0, 75.0));
    let mut scenario = Scenario::new(1_000.0, 1.0, &rows);
    scenario.setup.risk.sizing = Sizing::RiskShare(RiskShare::default());
    scenario.decisions = vec![go(14, 1.0)];
    // 1 % of 1000 is 10, and 2 × 10 the way to the stop at 80: 0.5 units.
    assert_eq!(
        scenario.fills(),
        "15: buy 0.5 at 100 from 100, entry\n16: sell 0.5 at 80 from 80, stop"
    );
}

/// A stop next to the price asks for more than numbers can hold: cash cuts it, and the run goes on.
#[test]
fn an_endless_wish_is_cut_by_cash() {
    let mut scenario = Scenario::new(1_000_000.0, 1.0, &[still(100_000.0), still(100_000.0)]);
    scenario.setup.risk.sizing = Sizing::RiskShare(RiskShare::default());
    scenario.decisions = vec![go(0, 1.0).stop(100_000.0 - 1e-9)];
    assert_eq!(scenario.outcome().fills[0].quantity, quantity(10.0));
}

/// What was sized by its stop is brought back to that size, not to another.
#[test]
fn a_rebalanced_position_keeps_the_risk_of_its_stop() {
    let mut scenario = Scenario::of_bars(
        1_000.0,
        1.0,
        bars(0, 6, &[100.0, 100.0, 100.0, 100.0, 100.0, 100.0].map(|price| Some(still(price)))),
    );
    scenario.setup.risk.sizing = Sizing::RiskShare(RiskShare::default());
    scenario.setup.risk.rebalancing =
        Some(Rebalancing { every: CalendarPeriod::Day, band: share(0.01) });
    scenario.decisions = vec![go(0, 1.0).stop(50.0)];
    // 1 % of 1000 is 10, and the stop 50 away: 0.2 units, on every day.
    assert_eq!(scenario.fills(), "1: buy 0.2 at 100 from 100, entry");
}
