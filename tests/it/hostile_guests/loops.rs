//! Guests that never come back from a call, under both ways to limit its time.

use std::sync::LazyLock;
use std::time::Duration;

use ct_host::backtest::BacktestError;
use ct_host::engine::{FaultKind, SavedState, Strategy, StrategyFault};
use ct_host::plugin::{LoadError, Metering, Runtime, RuntimeSettings};
use ct_tests::hostile::{self, Access};

use super::stage::{self, FAULT_ROW, alone, assert_contained};

/// Calls end after a quarter of a second: shorter than in a normal run to save time, and long enough for any honest call on
/// a busy machine.
static BY_THE_CLOCK: LazyLock<Runtime> = LazyLock::new(|| {
    let call_time_max = Duration::from_millis(250);
    Runtime::new(&RuntimeSettings { call_time_max, ..RuntimeSettings::default() }).unwrap()
});

/// Calls end after a million instructions; an honest one on all test data takes some ten thousand.
pub(super) static BY_COUNTING: LazyLock<Runtime> = LazyLock::new(|| {
    let (metering, call_fuel_max) = (Metering::Fuel, 1_000_000);
    Runtime::new(&RuntimeSettings { metering, call_fuel_max, ..RuntimeSettings::default() })
        .unwrap()
});

/// The fault of a guest that loops in `export`, other than `advance`.
fn fault_in(runtime: &Runtime, export: &str) -> StrategyFault {
    let bytes = hostile::component(&format!("loop-in-{export}"), Access::Signals);
    let plugin = match runtime.load(&bytes) {
        Ok(plugin) => plugin,
        Err(LoadError::Describe(fault)) => return fault,
        Err(error) => panic!("{export}: {error}"),
    };
    match export {
        "save" => stage::instance(&plugin).save().unwrap_err(),
        "load" => {
            let state = SavedState { version: 1, bytes: Vec::new() };
            stage::instance(&plugin).load(&state).unwrap_err()
        }
        _ => match stage::run(&plugin, &alone(), 64) {
            Err(BacktestError::Strategy { fault, .. }) => fault,
            other => panic!("{export}: {other:?}"),
        },
    }
}

#[test]
fn the_clock_ends_a_loop_in_every_export() {
    for export in ["describe", "configure", "save", "load"] {
        let fault = fault_in(&BY_THE_CLOCK, export);
        assert_eq!(fault.kind, FaultKind::OutOfTime, "{export}: {fault}");
        assert_eq!(fault.detail, "a call took longer than 250 ms", "{export}");
    }
    let bytes = hostile::component("loop-in-advance", Access::Signals);
    let outcome = stage::run(&BY_THE_CLOCK.load(&bytes).unwrap(), &alone(), 64).unwrap();
    let [report] = &outcome.faults[..] else { panic!("one fault: {:?}", outcome.faults) };
    assert_eq!((report.row, report.kind), (Some(FAULT_ROW as u64), FaultKind::OutOfTime));
}

#[test]
fn counting_ends_a_loop_in_every_export() {
    let expected = "a call took more than 1000000 instructions";
    for export in ["describe", "configure", "save", "load"] {
        let fault = fault_in(&BY_COUNTING, export);
        assert_eq!(fault.kind, FaultKind::OutOfFuel, "{export}: {fault}");
        assert_eq!(fault.detail, expected, "{export}");
    }
    for access in [Access::Signals, Access::Account] {
        let bad = BY_COUNTING.load(&hostile::component("loop-in-advance", access)).unwrap();
        assert_contained(&bad, access, FaultKind::OutOfFuel, expected);
    }
}

#[test]
fn counting_gives_the_same_instruction_each_time() {
    let bytes = hostile::component("log-flood", Access::Signals);
    let plugin = BY_COUNTING.load(&bytes).unwrap();
    let diagnostics = || {
        let mut instance = stage::instance(&plugin);
        let fault = stage::advance(&mut instance).unwrap_err();
        assert_eq!(fault.kind, FaultKind::OutOfFuel, "{fault}");
        instance.diagnostics().clone()
    };
    let first = diagnostics();
    // A line has 86 016 bytes, and each of them counts as an instruction.
    assert!((1..=11).contains(&first.log.len()), "{} lines", first.log.len());
    assert_eq!(diagnostics(), first);
}
