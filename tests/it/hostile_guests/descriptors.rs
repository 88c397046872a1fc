//! Plugins that describe themselves wrongly, or refuse with messages made to do harm.

use ct_host::backtest::BacktestError;
use ct_host::engine::{FaultKind, SavedState, Strategy, StrategyFault};
use ct_host::plugin::{LoadError, limits};
use ct_tests::hostile::{self, Access};
use ct_tests::plugins::runtime;

use super::stage::{self, alone, plugin};

/// Asserts that a plugin with this `misbehaviour` does not load, with `message`.
fn check(misbehaviour: &str, message: &str) {
    let error = runtime().load(&hostile::component(misbehaviour, Access::Signals)).unwrap_err();
    assert!(matches!(error, LoadError::Descriptor(_)), "{misbehaviour}: {error:?}");
    assert_harmless(&error.to_string(), message);
}

/// Asserts that a text of a plugin is short, keeps to one line, and says `message`.
fn assert_harmless(text: &str, message: &str) {
    assert!(text.contains(message), "expected '{message}': {text:?}");
    assert!(text.len() <= limits::MESSAGE_BYTES_MAX + 64, "{} bytes: {text}", text.len());
    assert!(!text.contains(char::is_control), "{text:?}");
}

#[test]
fn names_are_names() {
    check("name-empty", "the strategy is named '': expected 1 to 64 letters, digits");
    check("name-of-a-path", "the strategy is named '../../etc/passwd': expected 1 to 64 letters");
    check("name-with-escapes", "the strategy is named '\\u{1b}[2Jhostile'");
    check("name-giant", "the strategy is named 'xxxx");
    check("parameter-name-with-escapes", "a parameter is named '\\u{1b}[2J'");
    check("parameter-twice", "two parameters named 'row'");
    check("option-with-escapes", "an option is named '\\u{7}'");
}

#[test]
fn texts_are_short_and_plain() {
    check("version-giant", "the version has 1048576 bytes: expected at most 64");
    check("summary-giant", "the summary has 1048576 bytes: expected at most 1024");
    check("summary-with-escapes", "the summary is '\\u{1b}]0;owned\\u{7}': expected no control");
    check("help-giant", "a parameter's help has 1048576 bytes: expected at most 1024");
}

#[test]
fn parameters_are_few_and_sound() {
    check("thousand-parameters", "1001 parameters: expected at most 64");
    check("thousand-options", "parameter 'spoilt' has 1000 options: expected at most 64");
    for (misbehaviour, expected) in [
        ("default-out-of-range", "Integer(7): expected a whole number from 1 to 5"),
        ("range-upside-down", "Integer(3): expected a whole number from 5 to 1"),
        ("default-nan", "Number(NaN): expected a number from 0 to 1"),
        ("default-infinite", "Number(inf): expected a number from 0 to inf"),
        ("range-nan", "Number(0.5): expected a number from NaN to NaN"),
        ("no-options", "Choice(\"\"): expected one of"),
        ("default-is-no-option", "Choice(\"c\"): expected one of a, b"),
    ] {
        check(misbehaviour, &format!("parameter 'spoilt' has the default {expected}"));
    }
    for misbehaviour in ["step-zero", "step-negative", "step-nan"] {
        check(misbehaviour, "parameter 'spoilt' has a step that is not above 0");
    }
}

#[test]
fn more_than_a_call_may_hand_over_is_no_descriptor() {
    let bytes = hostile::component("name-beyond-the-call", Access::Signals);
    let error = runtime().load(&bytes).unwrap_err();
    let detail = "it handed over more than 16777216 bytes in one call".to_owned();
    assert_eq!(error, LoadError::Describe(StrategyFault { kind: FaultKind::BadOutput, detail }));
}

#[test]
fn an_instance_cannot_change_what_it_said() {
    // It counts how often it was asked; every load asks a new instance.
    let descriptors = [0; 3].map(|_| plugin("fickle", Access::Signals).descriptor().clone());
    assert_eq!(descriptors[0].summary, "asked 0 times before");
    assert!(descriptors.iter().all(|descriptor| *descriptor == descriptors[0]));
}

#[test]
fn refusals_are_short_and_plain() {
    let refusal =
        |misbehaviour: &str| match stage::run(&plugin(misbehaviour, Access::Signals), &alone(), 64)
        {
            Err(BacktestError::Strategy { fault, .. }) => fault,
            other => panic!("{misbehaviour}: {other:?}"),
        };
    let fault = refusal("refuse-at-length");
    assert_eq!((fault.kind, fault.detail.len()), (FaultKind::Refused, limits::MESSAGE_BYTES_MAX));
    let fault = refusal("refuse-with-escapes");
    assert_eq!(fault.kind, FaultKind::Refused);
    assert_harmless(&fault.detail, "INFO all is well");
    let fault = refusal("warm-up-forever");
    assert_eq!(fault.kind, FaultKind::BadOutput);
    assert_eq!(fault.detail, "a warm-up of 4294967295 rows: expected at most 527040");
}

#[test]
fn a_refused_state_ends_the_instance() {
    let mut instance = stage::instance(&plugin("refuse-state", Access::Signals));
    let fault = instance.load(&SavedState { version: 9, bytes: vec![1] }).unwrap_err();
    assert_eq!((fault.kind, fault.detail.as_str()), (FaultKind::Refused, "no state of version 9"));
    assert_eq!(stage::advance(&mut instance).unwrap_err().kind, FaultKind::Trapped);
}
