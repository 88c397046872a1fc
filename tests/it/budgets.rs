//! A strategy that is too slow for a large window, and a user who does not want to wait.

use std::ops::ControlFlow;

use ct_host::engine::{
    AccountView, FaultKind, Machine, MachineError, Member, SavedState, Scope, Strategies, Strategy,
    StrategyFault, Window,
};
use ct_host::order::Decision;
use ct_tests::bars::{HOUR_MS, panel_of, random_walk};
use ct_tests::reactive::Reactive;
use ct_tests::run::{assert_same, run};
use ct_tests::script::{Script, go};

/// Runs out of time in every window of more than `rows_max` rows, as a strategy does whose rows take long.
struct Slow<S> {
    strategy: S,
    rows_max: usize,
}

impl<S: Strategy> Strategy for Slow<S> {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        if window.rows > self.rows_max {
            let (kind, detail) = (FaultKind::OutOfTime, "too many rows".to_owned());
            return Err(StrategyFault { kind, detail });
        }
        self.strategy.advance(window, account, decisions)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        self.strategy.restart()
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        self.strategy.save()
    }

    fn load(&mut self, state: &SavedState) -> Result<(), StrategyFault> {
        self.strategy.load(state)
    }
}

fn decisions() -> Vec<Decision> {
    (0..40).map(|place| go(place * 50 + 7, f64::from(u8::from(place % 2 == 0)))).collect()
}

fn market() -> ct_host::market::Panel {
    let instrument = ct_host::market::Instrument::unrestricted("TEST/USD");
    panel_of(vec![(instrument, random_walk(3, 2_000, HOUR_MS))])
}

#[test]
fn a_slow_strategy_gets_windows_that_fit() {
    let (panel, setup) = (market(), ct_host::backtest::Settings::default().checked().unwrap());
    let outcome = |rows_max, window_rows| {
        let mut slow = Slow { strategy: Script::new(decisions()), rows_max };
        run(&panel, &setup, Script::needs(), &mut [&mut slow], (0, window_rows))
    };
    let fast = outcome(usize::MAX, 1_024);
    assert_eq!(fast.fills.len(), 40);
    for rows_max in [1, 5, 300] {
        assert_same(&outcome(rows_max, 1_024), &fast, "too slow for 1 024 rows");
    }
    let hopeless = outcome(0, 1_024);
    assert_eq!((hopeless.faults.len(), hopeless.fills.len()), (1, 0));
    assert_same(&hopeless, &outcome(0, 1), "too slow for anything");
}

#[test]
fn a_slow_strategy_that_reads_its_account_gets_them_too() {
    let (panel, setup) = (market(), ct_host::backtest::Settings::default().checked().unwrap());
    let outcome = |rows_max| {
        let mut slow = Slow { strategy: Reactive::new(5, 60), rows_max };
        run(&panel, &setup, Reactive::needs(Scope::Instrument), &mut [&mut slow], (0, 1_024))
    };
    let fast = outcome(usize::MAX);
    assert!(fast.fills.len() > 10 && fast.faults.is_empty(), "{} fills", fast.fills.len());
    for rows_max in [1, 3, 15] {
        assert_same(&outcome(rows_max), &fast, "too slow for the windows of an account reader");
    }
}

#[test]
fn a_run_can_be_broken_off_at_every_window() {
    let (panel, setup) = (market(), ct_host::backtest::Settings::default().checked().unwrap());
    let mut script = Script::new(Vec::new());
    let member = Member::new(&mut script, Script::needs(), 0..1);
    let strategies = Strategies::new(vec![member], 10);
    let mut asked = 0;
    let stop_at_third = |_| {
        asked += 1;
        if asked == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let machine = Machine::new(&panel, &setup, 0).unwrap();
    let stopped = machine.run((&panel).into(), strategies, stop_at_third);
    assert_eq!(stopped.unwrap_err(), MachineError::Cancelled { row: 20 });
}

#[test]
fn a_replay_can_be_broken_off_too() {
    let (panel, setup) = (market(), ct_host::backtest::Settings::default().checked().unwrap());
    let mut slow = Slow { strategy: Script::new(decisions()), rows_max: 1 };
    let member = Member::new(&mut slow, Script::needs(), 0..1);
    let strategies = Strategies::new(vec![member], 1_024);
    let mut asked = 0;
    // Asked once before the window, then before each of its rows.
    let stop_at_fifth = |_| {
        asked += 1;
        if asked == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let machine = Machine::new(&panel, &setup, 0).unwrap();
    let stopped = machine.run((&panel).into(), strategies, stop_at_fifth);
    assert_eq!(stopped.unwrap_err(), MachineError::Cancelled { row: 0 });
    assert_eq!(asked, 5);
}
