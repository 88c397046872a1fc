//! Look-ahead is looked for while a run goes on: a plugin that nothing vouches for is asked again about some of its rows, by an
//! instance that has no later row in its memory. One that then decides otherwise has read the future.

use std::ops::Range;

use blake3::OutputReader;
use serde::{Deserialize, Serialize};

use ct_core::engine::{AccountView, SavedState, Strategy, StrategyFault, Window};
use ct_core::order::{Action, Decision};
use ct_plugin::Instance;

/// Of so many windows, about one is looked at again: half of it on average, which is some 4 % of what the strategy takes.
const WINDOWS_PER_SAMPLE: usize = 12;

/// Rows of the first window about which is asked again.
const FIRST_WINDOW_SAMPLES: usize = 8;

/// Columns of prices in a window.
const COLUMNS: usize = 5;

/// What shows that the strategy of a run has not looked ahead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "proof", rename_all = "snake_case")]
pub enum LookAheadProof {
    /// It is built in: the tests of the host prove it row by row.
    BuiltIn,
    /// It was given one row at a time: the next one was never in its memory.
    RowByRow,
    /// It was asked again about some rows without the later ones in its memory, and decided the same.
    Sample {
        /// How many times; few of a strategy that cannot take up what it saved, and none of one that cannot be asked at all.
        rows: u64,
    },
    /// Nothing: the result was made before there were proofs.
    #[default]
    None,
}

/// A row on which a strategy decides otherwise when later rows are not in its memory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    /// The row.
    pub(super) row: usize,
    /// What it decided on it with later rows in its memory.
    with_later_rows: Vec<Decision>,
    /// What it decided without them.
    without: Vec<Decision>,
}

/// Whether a window is looked at again.
enum Picked {
    No,
    /// By a witness that remembers nothing, as the strategy before its first row.
    FromNothing,
    /// By one that goes on from this.
    From(SavedState),
}

/// A strategy that is looked at while it runs.
#[derive(Debug)]
pub(super) struct Watched<'i> {
    strategy: &'i mut Instance,
    /// Another instance that takes up what the strategy remembers. `None` once it cannot.
    witness: Option<Instance>,
    /// The strategy remembers nothing yet, as the witness: its first row is still to come.
    is_new: bool,
    random: OutputReader,
    columns: [Vec<f64>; COLUMNS],
    /// It was given more than one row at once.
    saw_later_rows: bool,
    rows: u64,
    difference: Option<Difference>,
}

impl<'i> Watched<'i> {
    /// `strategy`, and a `witness` that is set up in the same way if it is to be asked again. `random` picks the rows: a strategy
    /// that knew them could behave.
    pub(super) const fn new(
        strategy: &'i mut Instance,
        witness: Option<Instance>,
        random: OutputReader,
    ) -> Self {
        Self {
            strategy,
            witness,
            is_new: true,
            random,
            columns: [const { Vec::new() }; COLUMNS],
            saw_later_rows: false,
            rows: 0,
            difference: None,
        }
    }

    /// Whether it was ever given more than one row at once.
    pub(super) const fn saw_later_rows(&self) -> bool {
        self.saw_later_rows
    }

    /// Rows about which it was asked again.
    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    /// The first difference.
    pub(super) const fn difference(&self) -> Option<&Difference> {
        self.difference.as_ref()
    }

    /// Whether the witness is to look at the next window, and from where it starts then.
    fn picked(&mut self, window: &Window<'_>) -> Result<Picked, StrategyFault> {
        if self.witness.is_none() || window.rows < 2 {
            return Ok(Picked::No);
        }
        if self.is_new {
            return Ok(Picked::FromNothing);
        }
        if self.below(WINDOWS_PER_SAMPLE) > 0 {
            return Ok(Picked::No);
        }
        let state = self.strategy.save()?;
        if state.is_none() {
            self.witness = None;
        }
        Ok(state.map_or(Picked::No, Picked::From))
    }

    /// The number of rows that the witness is shown of a window whose first `taken_in` rows gave `decided`: half of the time those
    /// up to a decision, for where nothing is decided little can differ.
    fn rows_shown(&mut self, window: &Window<'_>, taken_in: usize, decided: &[Decision]) -> usize {
        let most = taken_in.min(window.rows - 1);
        let any = 1 + self.below(most.max(1));
        let one = decided.get(self.below(decided.len().max(1)));
        match one.filter(|_| self.below(2) == 0) {
            Some(decision) => (decision.row + 1 - window.first_row).min(most),
            None => any.min(most),
        }
    }

    /// A random number below `end`, which is above zero.
    fn below(&mut self, end: usize) -> usize {
        let mut bytes = [0; 4];
        self.random.fill(&mut bytes);
        u32::from_le_bytes(bytes) as usize % end
    }

    /// Asks the witness about the first window, before which there is nothing to take up: several times, each from the beginning.
    fn ask_about_the_first(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        taken_in: usize,
        decided: &[Decision],
    ) {
        for _ in 0..FIRST_WINDOW_SAMPLES {
            let rows = self.rows_shown(window, taken_in, decided);
            self.ask_again(window, account, (None, rows), decided);
            self.witness.take_if(|witness| witness.restart().is_err());
        }
    }

    /// Asks the witness, which goes on from `state`, about the first `rows` of `window`, on which the strategy has `decided`.
    fn ask_again(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        (state, rows): (Option<&SavedState>, usize),
        decided: &[Decision],
    ) {
        let Some(witness) = self.witness.as_mut().filter(|_| rows > 0) else { return };
        let mut seen = Vec::new();
        let shown = first_rows(window, rows, &mut self.columns);
        let answer = state
            .map_or(Ok(()), |state| witness.load(state))
            .and_then(|()| witness.advance(&shown, account, &mut seen));
        if answer.is_err() {
            // It cannot be asked again: that is told by the rows that are missing.
            self.witness = None;
            return;
        }
        let end = window.first_row + rows;
        let known: Vec<&Decision> = decided.iter().filter(|decision| decision.row < end).collect();
        if known.iter().copied().eq(&seen) {
            self.rows += 1;
            return;
        }
        // What was saved, or what the witness has seen before, may be what makes the difference. So one that starts anew is asked both
        // ways: only what comes later is different then.
        let again = answer_anew(witness, state, &shown, account);
        let whole = answer_anew(witness, state, window, account);
        if let (Some(again), Some(whole)) = (again, whole)
            && whole == decided
            && !known.iter().copied().eq(&again)
        {
            self.difference = Some(Difference::of(window.first_row..end, decided, &again));
        }
        self.witness = None;
    }
}

/// What `witness` decides on `window` when it has started anew and taken up `state`; `None` when it cannot.
fn answer_anew(
    witness: &mut Instance,
    state: Option<&SavedState>,
    window: &Window<'_>,
    account: Option<&AccountView>,
) -> Option<Vec<Decision>> {
    let mut seen = Vec::new();
    witness.restart().ok()?;
    state.map_or(Ok(()), |state| witness.load(state)).ok()?;
    witness.advance(window, account, &mut seen).ok()?;
    Some(seen)
}

impl Strategy for Watched<'_> {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let picked = self.picked(window)?;
        let before = decisions.len();
        self.saw_later_rows |= window.rows > 1;
        self.is_new = false;
        let taken_in = self.strategy.advance(window, account, decisions)?;
        let decided = decisions.get(before..).unwrap_or_default();
        match picked {
            Picked::No => {}
            Picked::FromNothing => self.ask_about_the_first(window, account, taken_in, decided),
            Picked::From(state) => {
                let rows = self.rows_shown(window, taken_in, decided);
                self.ask_again(window, account, (Some(&state), rows), decided);
            }
        }
        Ok(taken_in)
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

impl Difference {
    /// That on the first of `rows` on which two decided differently.
    fn of(rows: Range<usize>, with_later_rows: &[Decision], without: &[Decision]) -> Self {
        let on = |row: usize, all: &[Decision]| -> Vec<Decision> {
            all.iter().filter(|decision| decision.row == row).cloned().collect()
        };
        let last = rows.end - 1;
        let row =
            { rows }.find(|row| on(*row, with_later_rows) != on(*row, without)).unwrap_or(last);
        Self { row, with_later_rows: on(row, with_later_rows), without: on(row, without) }
    }

    /// The instrument, among those of its strategy.
    pub(super) fn instrument(&self) -> usize {
        self.with_later_rows.iter().chain(&self.without).next().map_or(0, |one| one.instrument)
    }

    /// Both decisions, in words.
    pub(super) fn words(&self) -> String {
        let words = |decisions: &[Decision]| match decisions {
            [] => "nothing".to_owned(),
            some => some.iter().map(decision_words).collect::<Vec<_>>().join(" and "),
        };
        format!(
            "it decided {} with later bars in its memory, and {} without them",
            words(&self.with_later_rows),
            words(&self.without)
        )
    }
}

fn decision_words(decision: &Decision) -> String {
    match decision.action {
        Action::Keep => "to keep its position with other levels".to_owned(),
        Action::Move { target, .. } => format!("a target of {}", target.share()),
    }
}

/// The first `count` rows of `window`. Of several instruments each column is put together in `columns`.
fn first_rows<'a>(
    window: &Window<'a>,
    count: usize,
    columns: &'a mut [Vec<f64>; COLUMNS],
) -> Window<'a> {
    let all = [window.open, window.high, window.low, window.close, window.volume];
    let mut slices: [&[f64]; COLUMNS] = [&[]; COLUMNS];
    for ((slice, joined), column) in slices.iter_mut().zip(columns).zip(all) {
        joined.clear();
        for block in column.chunks(window.rows) {
            joined.extend_from_slice(block.get(..count).unwrap_or_default());
        }
        *slice = joined;
    }
    let [open, high, low, close, volume] = slices;
    let times = window.times.get(..count).unwrap_or_default();
    Window { first_row: window.first_row, rows: count, times, open, high, low, close, volume }
}
