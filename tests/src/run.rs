//! Runs that are compared with each other.

use std::fmt::Write;
use std::ops::{ControlFlow, Range};

use ct_host::engine::{Machine, Member, Needs, Outcome, Prices, Scope, Strategies, Strategy};
use ct_host::market::Panel;
use ct_host::settings::Settings;

use crate::plugins::sound;

/// Runs `strategies` over `panel`: one for each instrument, or one for all. `window_rows` is the size of windows, and rows
/// before `first_row` only warm up.
///
/// # Panics
/// When the run fails.
pub fn run(
    panel: &Panel,
    setup: &Settings,
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
        Member::new(&mut **strategy, needs, range)
    });
    let strategies = Strategies::new(members.collect(), window_rows);
    let machine = sound(Machine::new(panel, setup, first_row)).explaining();
    sound(machine.run(panel.into(), strategies, |_| ControlFlow::Continue(())))
}

/// A run that sees its rows come, as a session does.
#[derive(Clone, Copy, Debug)]
pub struct SteppedRun<'a> {
    /// All prices there will be.
    pub prices: Prices<'a>,
    /// Money, costs, sizing, limits.
    pub setup: &'a Settings,
    /// Rows before this one only warm up.
    pub first_row: usize,
    /// What the strategies are told.
    pub needs: Needs,
    /// Most rows in a window.
    pub window_rows: usize,
}

impl SteppedRun<'_> {
    /// Runs `strategies` up to each of the rows `ends` and then to the end. In between everything is torn down, and rebuilt from
    /// what was to be remembered: `rebuild` makes the strategies anew. `between` may then do with the machine what it likes.
    ///
    /// # Panics
    /// When the run fails.
    pub fn outcome<S: Strategy>(
        &self,
        mut strategies: Vec<S>,
        rebuild: impl Fn(Vec<S>) -> Vec<S>,
        ends: impl IntoIterator<Item = usize>,
        between: &mut dyn FnMut(&mut Machine, Prices<'_>),
    ) -> Outcome {
        let Self { prices: Prices { panel, finer }, needs, window_rows, .. } = *self;
        let mut machine = sound(Machine::new(panel, self.setup, self.first_row)).explaining();
        let mut progress = None;
        for end in ends.into_iter().chain([panel.rows()]) {
            let known = panel.part(0..end.min(panel.rows()));
            let members = members(&mut strategies, needs, panel.series().len());
            let mut together = match progress.take() {
                None => Strategies::new(members, window_rows),
                Some(progress) => Strategies::resume(members, progress),
            };
            let prices = Prices { panel: &known, finer };
            sound(machine.advance(prices, &mut together, |_| ControlFlow::Continue(())));
            progress = Some(together.progress());
            machine = machine.clone();
            strategies = rebuild(strategies);
            between(&mut machine, prices);
        }
        sound(machine.finish(self.prices))
    }
}

/// One member for each strategy: of one instrument, or of all.
fn members<S: Strategy>(strategies: &mut [S], needs: Needs, instruments: usize) -> Vec<Member<'_>> {
    let range = |place| match needs.scope {
        Scope::Instrument => place..place + 1,
        Scope::Portfolio => 0..instruments,
    };
    let members = strategies.iter_mut().enumerate();
    members.map(|(place, strategy)| Member::new(strategy, needs, range(place))).collect()
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
        "{first_row}\n{fills:#?}\n{trades:#?}\n{refusals:#?}\n{ambiguous:?}\n{faults:?}\n{explained:#?}\n{:?}\n{:?}\n{:?}\n{:#?}\n{}\n{}\n{:?}\n{}\n{}\n{:?}\n{:?}\n{:?}\n{:#?}\n{}",
        outcome.closed,
        outcome.delistings,
        outcome.refusal_counts,
        outcome.breaker_events,
        outcome.decisions,
        outcome.rows_in_market,
        outcome.gross_exposure,
        outcome.traded_notional,
        outcome.cash,
        outcome.positions,
        outcome.costs,
        outcome.volume_use,
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
