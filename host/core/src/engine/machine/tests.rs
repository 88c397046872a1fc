//! Commands, forgetting, and runs that are broken off.

use super::super::test_market::{A, B, Market, coin, hour, still};
use super::*;
use crate::engine::{
    AccountView, Columns, FaultKind, FaultReport, Member, Needs, SavedState, Scope, Strategy,
    StrategyFault, VolumeUse, Window,
};
use crate::order::{Action, Decision, Entry, Exposure, Levels};
use crate::risk::{Kelly, Sizing};

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
