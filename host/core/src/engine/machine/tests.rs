//! Commands, forgetting, and runs that are broken off.

use super::super::test_market::{A, B, Market, coin, hour, still};
use super::super::test_strategy::{Told, deciding, needs};
use super::*;
use crate::engine::{
    AccountView, Columns, FaultKind, FaultReport, Member, Needs, SavedState, Scope, Strategy,
    StrategyFault, VolumeUse, Window,
};
use crate::order::{Action, Decision, Entry, Exposure, Levels};
use crate::risk::{Kelly, Sizing};

mod closed;
mod memory;

/// Holds the instrument from row 0 on, or fails in every row.
#[derive(Clone, Copy)]
enum Holder {
    Holds,
    Fails,
}

impl Strategy for Holder {
    fn advance(
        &mut self,
        window: &Window<'_>,
        _account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        if matches!(self, Self::Fails) {
            return Err(StrategyFault { kind: FaultKind::Trapped, detail: "as told".to_owned() });
        }
        let target = Exposure::new(1.0).unwrap();
        decisions.push(Decision {
            row: window.first_row,
            instrument: 0,
            action: Action::Move { target, entry: Entry::Market },
            levels: Levels::default(),
            tag: None,
        });
        Ok(window.rows)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        Ok(())
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        Ok(None)
    }

    fn load(&mut self, _state: &SavedState) -> Result<(), StrategyFault> {
        Ok(())
    }
}

const NEEDS: Needs = Needs {
    columns: Columns::CLOSE,
    scope: Scope::Instrument,
    reads_account: false,
    warm_up_rows: 0,
    settled_rows: 0,
};

fn go_on(_: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn market() -> Market {
    Market::new("1h", &[&[still(100.0); 4]])
}

fn problem(result: Result<(), MachineError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn commands_that_cannot_be_carried_out_are_errors_and_change_nothing() {
    let market = market();
    let prices = Prices::from(&market.panel);
    let mut machine = Machine::new(&market.panel, &market.setup, 0).unwrap();
    assert!(problem(machine.command(prices, &Command::Halt)).contains("no row has been run"));
    let mut holder = Holder::Holds;
    let mut strategies = Strategies::new(vec![Member::new(&mut holder, NEEDS, 0..1)], 1);
    machine.advance(prices, &mut strategies, go_on).unwrap();
    let reopened = problem(machine.command(prices, &Command::Reopen(0..2)));
    assert!(reopened.contains("instruments 0..2"), "{reopened}");
    machine.drain(prices);
    let mut setup = market.setup.clone();
    setup.risk.sizing = Sizing::Kelly(Kelly::default());
    let kelly = Command::Settings(Box::new(setup));
    let told = problem(machine.command(prices, &kelly));
    assert!(told.contains("settings that look 50 round trips back: 0 of each"), "{told}");
    machine.command(prices, &Command::Resume).unwrap();
}

#[test]
fn settings_that_look_further_back_than_what_is_kept_are_refused() {
    let mut market = Market::new("1d", &[&[still(100.0); 300]]);
    market.setup.costs.volatility_rows = 1;
    let mut machine = Machine::new(&market.panel, &market.setup, 0).unwrap();
    let mut holder = Holder::Holds;
    let mut strategies = Strategies::new(vec![Member::new(&mut holder, NEEDS, 0..1)], 1);
    let mut panel = market.panel.clone();
    machine.advance((&panel).into(), &mut strategies, go_on).unwrap();
    machine.forget(&mut panel, &strategies);
    assert!(panel.first_row() > 250, "{}", panel.first_row());
    let mut setup = market.setup.clone();
    setup.costs.volatility_rows = 200;
    let longer = Command::Settings(Box::new(setup));
    let told = problem(machine.command((&panel).into(), &longer));
    assert!(told.contains("settings that look 202 rows back"), "{told}");
}

#[test]
fn another_strategy_takes_the_place_of_one_that_failed() {
    let market = market();
    let first = market.panel.part(0..2);
    let mut machine = Machine::new(&first, &market.setup, 0).unwrap();
    let mut failing = Holder::Fails;
    let mut strategies = Strategies::new(vec![Member::new(&mut failing, NEEDS, 0..1)], 1);
    machine.advance((&first).into(), &mut strategies, go_on).unwrap();
    machine.command((&first).into(), &Command::Reopen(0..1)).unwrap();
    let mut holder = Holder::Holds;
    let other = Member::new(&mut holder, NEEDS, 0..1);
    machine.swap((&first).into(), &mut strategies, other).unwrap();
    machine.advance((&market.panel).into(), &mut strategies, go_on).unwrap();
    let outcome = machine.finish((&market.panel).into()).unwrap();
    assert_eq!((outcome.faults.len(), outcome.fills.len()), (1, 1));
    assert_eq!(outcome.fills[0].time, hour(3));
}

#[test]
fn a_failure_tells_its_bar_and_its_instruments() {
    let market = Market::new("1h", &[&[still(100.0); 4], &[still(100.0); 4]]);
    let fails_in = |warm_up_rows: usize, first_row: usize| {
        let mut machine = Machine::new(&market.panel, &market.setup, first_row).unwrap();
        let needs = Needs { warm_up_rows, scope: Scope::Portfolio, ..NEEDS };
        let mut failing = Holder::Fails;
        let mut strategies = Strategies::new(vec![Member::new(&mut failing, needs, 0..2)], 2);
        machine.advance((&market.panel).into(), &mut strategies, go_on).unwrap();
        machine.finish((&market.panel).into()).unwrap().faults
    };
    let report = |row: Option<u64>| FaultReport {
        time: hour(0),
        row,
        symbols: vec![coin(A), coin(B)],
        kind: FaultKind::Trapped,
        detail: "as told".to_owned(),
    };
    assert_eq!(fails_in(0, 0), [report(Some(0))]);
    // Row 0 is before the period: it was warming up.
    assert_eq!(fails_in(2, 2), [report(None)]);
}

#[test]
fn fills_are_told_beside_the_volume_of_their_bars() {
    // All of 1000 at 100 are 10, and the volume of every bar is 100.
    let market = market();
    let mut machine = Machine::new(&market.panel, &market.setup, 0).unwrap();
    let mut holder = Holder::Holds;
    let mut strategies = Strategies::new(vec![Member::new(&mut holder, NEEDS, 0..1)], 1);
    machine.advance((&market.panel).into(), &mut strategies, go_on).unwrap();
    machine.drain((&market.panel).into());
    let outcome = machine.finish((&market.panel).into()).unwrap();
    assert_eq!(outcome.volume_use, VolumeUse { share_max: Some(0.1), fills_above_tenth: 0 });
}

/// Runs `first` over the rows before `row` of eight, of which those before `first_row` warm up; then `other` has its place.
fn swapped(first: &mut Told, other: &mut Told, row: usize, first_row: usize) -> Outcome {
    let market = Market::new("1h", &[&[still(100.0); 8]]);
    let known = market.panel.part(0..row);
    let mut machine = Machine::new(&known, &market.setup, first_row).unwrap();
    let mut strategies = Strategies::new(vec![Member::new(first, needs(0), 0..1)], 64);
    machine.advance((&known).into(), &mut strategies, go_on).unwrap();
    let other = Member::new(other, needs(2), 0..1);
    machine.swap((&known).into(), &mut strategies, other).unwrap();
    machine.advance((&market.panel).into(), &mut strategies, go_on).unwrap();
    machine.finish((&market.panel).into()).unwrap()
}

#[test]
fn what_is_held_stays_when_its_strategy_makes_way_for_another() {
    let outcome = swapped(&mut deciding(&[0]), &mut deciding(&[3]), 4, 0);
    assert_eq!((outcome.fills.len(), outcome.decisions), (1, 1), "what a warm-up decides is void");
    assert!(!outcome.positions[0].is_flat());
    let mut other = deciding(&[3, 5]);
    assert_eq!(swapped(&mut deciding(&[]), &mut other, 4, 0).fills[0].time, hour(6));
    assert_eq!(other.seen(), 2..8);
}

#[test]
fn an_order_that_was_sent_stays_when_its_strategy_makes_way_for_another() {
    let outcome = swapped(&mut deciding(&[3]), &mut deciding(&[]), 4, 0);
    assert_eq!(outcome.fills.iter().map(|fill| fill.time).collect::<Vec<_>>(), [hour(4)]);
}

#[test]
fn a_decision_that_waits_for_the_first_row_goes_with_its_strategy() {
    let outcome = swapped(&mut deciding(&[1]), &mut deciding(&[]), 3, 6);
    assert_eq!((outcome.fills.len(), outcome.decisions), (0, 0));
    let outcome = swapped(&mut deciding(&[1]), &mut deciding(&[4]), 3, 6);
    assert_eq!(outcome.fills.iter().map(|fill| fill.time).collect::<Vec<_>>(), [hour(6)]);
}

#[test]
fn a_swap_that_cannot_be_made_is_an_error_and_changes_nothing() {
    let market = Market::new("1h", &[&[still(100.0); 8]]);
    let known = market.panel.part(0..4);
    let mut machine = Machine::new(&known, &market.setup, 0).unwrap();
    let (mut first, mut others) =
        (deciding(&[5]), [deciding(&[6]), deciding(&[6]), deciding(&[6])]);
    let [before, unknown, long] = &mut others;
    let mut strategies = Strategies::new(vec![Member::new(&mut first, needs(0), 0..1)], 1);
    let mut swap = |machine: &mut Machine, member| {
        problem(machine.swap((&known).into(), &mut strategies, member))
    };
    let told = swap(&mut machine, Member::new(before, needs(0), 0..1));
    assert!(told.starts_with("row 0: no row has been run"), "{told}");
    let prices = Prices::from(&known);
    machine.advance(prices, &mut strategies, go_on).unwrap();
    let mut swap = |member| problem(machine.swap(prices, &mut strategies, member));
    let told = swap(Member::new(unknown, needs(0), 1..2));
    assert_eq!(told, "row 4: a strategy of instruments 1..2: expected those of one of [0..1]");
    let told = swap(Member::new(long, needs(5), 0..1));
    assert!(
        told.contains("row 4: a strategy that warms up over 5 rows: 4 have been run"),
        "{told}"
    );
    machine.advance((&market.panel).into(), &mut strategies, go_on).unwrap();
    let outcome = machine.finish((&market.panel).into()).unwrap();
    assert_eq!(outcome.fills.iter().map(|fill| fill.time).collect::<Vec<_>>(), [hour(6)]);
}

#[test]
#[should_panic(expected = "the run was broken off inside row 0")]
fn a_run_that_was_broken_off_inside_a_span_cannot_go_on() {
    let market = Market::new("1h", &[&[still(100.0); 4], &[still(100.0); 4]]);
    let prices = Prices::from(&market.panel);
    let mut machine = Machine::new(&market.panel, &market.setup, 0).unwrap();
    let (mut one, mut other) = (Holder::Holds, Holder::Holds);
    let members = vec![Member::new(&mut one, NEEDS, 0..1), Member::new(&mut other, NEEDS, 1..2)];
    let mut strategies = Strategies::new(members, 1);
    let mut asked = 0;
    let stopped = machine.advance(prices, &mut strategies, |_| {
        asked += 1;
        if asked == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(stopped, Err(MachineError::Cancelled { row: 0 }));
    let _ = machine.advance(prices, &mut strategies, go_on);
}
