//! Runs that are compared with each other.

use std::fmt::Write;
use std::ops::{ControlFlow, Range};

use ct_host::engine::{Feed, Machine, Member, Needs, Outcome, Scope, Setup, Strategy};
use ct_host::market::Panel;

/// Runs `strategies` over `panel`: one for each instrument, or one for all. `window_rows` is the size of windows, and rows
/// before `first_row` only warm up.
///
/// # Panics
/// When the run fails.
pub fn run(
    panel: &Panel,
    setup: &Setup,
    needs: Needs,
    strategies: &mut [&mut dyn Strategy],
    (first_row, window_rows): (usize, usize),
) -> Outcome {
    let instruments = panel.series().len();
    let members = strategies.iter_mut().enumerate().map(|(place, strategy)| {
        let range: Range<usize> = match needs.scope {
            Scope::Instrument => place..place + 1,
            Scope::Portfolio => 0..instruments,
        };
        Member::new(&mut **strategy, range)
    });
    let feed = Feed::new(panel, needs, members.collect(), window_rows);
    let machine = Machine::new(panel, setup, first_row).map(Machine::explaining);
    match machine.and_then(|machine| machine.run(feed, |_| ControlFlow::Continue(()))) {
        Ok(outcome) => outcome,
        Err(error) => unreachable!("the run failed: {error}"),
    }
}

/// Everything that an outcome holds, exactly: equity by its bits. Two runs are the same if and only if these are.
///
/// # Panics
/// Never: writing to a string succeeds.
pub fn exact(outcome: &Outcome) -> String {
    let mut text = String::new();
    let Outcome { first_row, fills, trades, refusals, ambiguous, faults, explained, .. } = outcome;
    let equity: Vec<String> =
        outcome.equity.iter().map(|equity| format!("{:x}", equity.to_bits())).collect();
    let written = write!(
        text,
        "{first_row}\n{fills:#?}\n{trades:#?}\n{refusals:#?}\n{ambiguous:?}\n{faults:?}\n{explained:#?}\n{:?}\n{:#?}\n{}\n{}\n{}\n{}\n{:?}\n{:?}\n{:#?}\n{}",
        outcome.refusal_counts,
        outcome.breaker_events,
        outcome.decisions,
        outcome.rows_in_market,
        outcome.traded_notional,
        outcome.cash,
        outcome.positions,
        outcome.costs,
        outcome.ledger.postings(),
        equity.join("\n"),
    );
    assert!(written.is_ok(), "writing to a string");
    text
}

/// Asserts that two outcomes are the same to the last bit; names the first line of [`exact`] that is not.
///
/// # Panics
/// When they differ.
pub fn assert_same(one: &Outcome, other: &Outcome, what: &str) {
    let (one, other) = (exact(one), exact(other));
    let mut lines = one.lines().zip(other.lines()).enumerate();
    if let Some((line, (one, other))) = lines.find(|(_, (one, other))| one != other) {
        unreachable!("{what}: line {line} is '{one}' in one outcome, '{other}' in the other");
    }
    assert_eq!(one.len(), other.len(), "{what}: one outcome is longer");
}
