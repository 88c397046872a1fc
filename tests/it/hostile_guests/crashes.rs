//! Guests that do not come back from a call: traps, endless recursion, more memory than there is.

use ct_host::backtest::BacktestError;
use ct_host::engine::{FaultKind, SavedState, Strategy, StrategyFault};
use ct_host::plugin::LoadError;
use ct_tests::hostile::{self, Access};
use ct_tests::plugins::runtime;

use super::stage::{self, alone, assert_contained, plugin};

/// A way to crash, the kind of fault it is, and a part of the message.
type Way = (&'static str, FaultKind, &'static str);

const WAYS: [Way; 6] = [
    ("panic", FaultKind::Trapped, "a panic on purpose"),
    ("out-of-bounds", FaultKind::Trapped, "out of bounds memory access"),
    ("recursion", FaultKind::StackOverflow, "it used more than 524288 bytes of stack"),
    // Rust keeps large locals in the guest's own memory, whose lower end is guarded.
    ("big-frames", FaultKind::Trapped, "out of bounds memory access"),
    ("memory-bomb", FaultKind::OutOfMemory, "bytes of memory: the limit is 67108864"),
    ("giant-allocation", FaultKind::OutOfMemory, "bytes of memory: the limit is 67108864"),
];

/// Asserts that every way to crash in `export` gives its fault; `fault` calls the export of the guest that it is given.
fn check(export: &str, fault: impl Fn(&str) -> StrategyFault) {
    for (way, kind, message) in WAYS {
        let misbehaviour = format!("{way}-in-{export}");
        let fault = fault(&misbehaviour);
        assert_eq!(fault.kind, kind, "{misbehaviour}: {fault}");
        assert!(fault.detail.contains(message), "{misbehaviour}: {fault}");
    }
}

#[test]
fn in_describe_the_plugin_does_not_load() {
    check("describe", |misbehaviour| {
        match runtime().load(&hostile::component(misbehaviour, Access::Signals)) {
            Err(LoadError::Describe(fault)) => fault,
            other => panic!("{misbehaviour}: {other:?}"),
        }
    });
}

#[test]
fn in_configure_there_is_no_run() {
    check("configure", |misbehaviour| {
        match stage::run(&plugin(misbehaviour, Access::Signals), &alone(), 64) {
            Err(BacktestError::Strategy { strategy, fault }) => {
                assert_eq!(strategy, "hostile");
                fault
            }
            other => panic!("{misbehaviour}: {other:?}"),
        }
    });
}

#[test]
fn in_advance_the_other_instruments_go_on() {
    for (way, kind, message) in WAYS {
        for access in [Access::Signals, Access::Account] {
            let bad = plugin(&format!("{way}-in-advance"), access);
            assert_contained(&bad, access, kind, message);
        }
    }
}

#[test]
fn in_save_and_load_the_instance_is_over() {
    check("save", |misbehaviour| {
        let mut instance = stage::instance(&plugin(misbehaviour, Access::Signals));
        let fault = instance.save().unwrap_err();
        let next = instance.save().unwrap_err();
        assert_eq!(next.detail, "the instance has failed before");
        fault
    });
    check("load", |misbehaviour| {
        let mut instance = stage::instance(&plugin(misbehaviour, Access::Signals));
        instance.load(&SavedState { version: 1, bytes: Vec::new() }).unwrap_err()
    });
}
