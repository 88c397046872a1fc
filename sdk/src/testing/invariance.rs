//! The law that every strategy keeps: how rows are cut into windows changes nothing.

use super::cuts::Cuts;
use super::{Bars, Harness, Run, capture};
use crate::guest::Guest;

/// Random ways of cutting that are tried.
const RANDOM_CUTS: u64 = 8;

/// Checks that a strategy does the same however its rows are cut into windows.
///
/// The bars are given whole, one row at a time, and cut at random; in the random cuts the strategy
/// is saved after every window and goes on in a new instance. Decisions, fills, log lines and plot
/// points must be the same. It finds state outside the struct, and state that is not saved.
///
/// # Panics
/// When two runs differ, with the way of cutting and the first difference.
pub fn check_window_invariance<G: Guest>(harness: &Harness<G>, bars: &Bars) {
    let whole = harness.run(bars);
    let one_row = harness.run_cut(bars, Cuts::OneRow, |guest| guest);
    check_same(&whole, &one_row, "given one row at a time");
    for seed in 0..RANDOM_CUTS {
        let cut =
            harness.run_cut(bars, Cuts::random(seed), |guest| restored(harness, bars, &guest));
        check_same(&whole, &cut, &format!("cut at random with seed {seed}, saved and restored"));
    }
}

/// A new instance that goes on where `guest` stands.
#[expect(clippy::panic, reason = "a test fails by panicking")]
fn restored<G: Guest>(harness: &Harness<G>, bars: &Bars, guest: &G) -> G {
    // What a constructor logs belongs to the start of a run, not to a restart.
    let (configured, _) = capture(|| harness.configure(bars));
    let mut fresh = configured.unwrap_or_else(|error| panic!("configured once, then: {error}"));
    let Some(snapshot) = guest.save() else {
        panic!("the strategy cannot be saved: its serialisation fails");
    };
    if let Err(error) = fresh.load(&snapshot) {
        panic!("the strategy cannot load what it saved: {error}");
    }
    fresh
}

fn check_same(whole: &Run, other: &Run, how: &str) {
    check_same_items(&whole.decisions, &other.decisions, how, "decision");
    check_same_items(&whole.fills, &other.fills, how, "fill");
    check_same_items(&whole.logs, &other.logs, how, "log line");
    check_same_items(&whole.plots, &other.plots, how, "plot point");
}

/// Compares the printed forms: a NaN is the same as itself there.
fn check_same_items<T: std::fmt::Debug>(whole: &[T], other: &[T], how: &str, kind: &str) {
    let print = |items: &[T]| items.iter().map(|item| format!("{item:?}")).collect::<Vec<_>>();
    let (whole, other) = (print(whole), print(other));
    for number in 0..whole.len().max(other.len()) {
        let (expected, found) = (whole.get(number), other.get(number));
        assert!(
            expected == found,
            "{kind} {number} is {expected:?} in one go, but {found:?} {how}"
        );
    }
}
