//! Guests that hand the host more than it can keep: nothing is kept beyond its limit, and what is too much in one call ends
//! the instance.

use ct_host::engine::{FaultKind, Strategy};
use ct_host::plugin::limits;
use ct_tests::hostile::Access;
use ct_tests::run::assert_same;

use super::host_memory::assert_bounded;
use super::stage::{self, beside_another, honest, plugin};

#[test]
fn a_flood_of_words_changes_no_decision() {
    for misbehaviour in ["log-escapes", "plot-flood"] {
        for access in [Access::Signals, Access::Account] {
            let (flood, data) = (plugin(misbehaviour, access), beside_another());
            let outcome = stage::run(&flood, &data, 64).unwrap();
            let expected = stage::run(honest(access), &data, 64).unwrap();
            assert_same(&outcome, &expected, misbehaviour);
        }
    }
}

#[test]
fn a_flood_of_log_lines_is_cut_and_counted() {
    assert_bounded(|| {
        let mut instance = stage::instance(&plugin("log-flood", Access::Signals));
        stage::advance(&mut instance).unwrap();
        let found = instance.diagnostics();
        assert_eq!(found.log.len(), limits::LOG_LINES_MAX);
        assert_eq!(found.log_lines_dropped, 100_000 - limits::LOG_LINES_MAX as u64);
        assert!(found.log.iter().all(|line| line.text.len() == limits::LOG_LINE_BYTES_MAX));
    });
}

#[test]
fn a_flood_of_plots_is_cut_and_counted() {
    assert_bounded(|| {
        let mut instance = stage::instance(&plugin("plot-flood", Access::Signals));
        stage::advance(&mut instance).unwrap();
        let found = instance.diagnostics();
        assert_eq!(found.plots.len(), limits::PLOT_SERIES_MAX);
        assert!(found.plots.iter().all(|plot| plot.name.len() <= limits::PLOT_NAME_BYTES_MAX));
        let kept: usize = found.plots.iter().map(|plot| plot.points.len()).sum();
        assert!(kept <= limits::PLOT_POINTS_MAX);
        assert_eq!(kept as u64 + found.plot_points_dropped, 1_000 * 3 + 300_000);
    });
}

#[test]
fn log_lines_cannot_steer_a_terminal() {
    let mut instance = stage::instance(&plugin("log-escapes", Access::Signals));
    stage::advance(&mut instance).unwrap();
    let lines: Vec<&str> =
        instance.diagnostics().log.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines, [" [2J one ERROR two"]);
}

#[test]
fn one_call_cannot_hand_over_too_much() {
    assert_bounded(|| {
        for misbehaviour in ["giant-list", "giant-tag", "giant-log-line"] {
            let mut instance = stage::instance(&plugin(misbehaviour, Access::Signals));
            let fault = stage::advance(&mut instance).unwrap_err();
            assert_eq!(fault.kind, FaultKind::BadOutput, "{misbehaviour}: {fault}");
            assert_eq!(fault.detail, "it handed over more than 16777216 bytes in one call");
        }
    });
}

#[test]
fn tags_are_cut() {
    let mut instance = stage::instance(&plugin("long-tag", Access::Signals));
    let decisions = stage::advance(&mut instance).unwrap();
    let expected = "é".repeat(limits::TAG_BYTES_MAX / 2);
    assert_eq!(decisions[0].tag.as_deref(), Some(expected.as_str()));
}

#[test]
fn saved_states_are_limited() {
    assert_bounded(|| {
        for (misbehaviour, kind, message) in [
            ("state-of-9-mib", FaultKind::BadOutput, "a state of 9437184 bytes: expected at most"),
            ("state-of-24-mib", FaultKind::BadOutput, "it handed over more than 16777216 bytes"),
            ("state-of-100-mib", FaultKind::OutOfMemory, "the limit is 67108864"),
        ] {
            let mut instance = stage::instance(&plugin(misbehaviour, Access::Signals));
            let fault = instance.save().unwrap_err();
            assert!(fault.kind == kind && fault.detail.contains(message), "{fault:?}");
        }
    });
}
