//! A strategy that does what it was told, and remembers what it was given, for the tests of what is around strategies.

use std::ops::Range;

use super::{
    AccountView, Columns, FaultKind, Needs, SavedState, Scope, Strategy, StrategyFault, Window,
};
use crate::order::{Action, Decision, Entry, Exposure, Levels};

/// Decides for its first instrument on the rows that it was told, with what it has seen since it began as the tag.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) decides: Vec<usize>,
    pub(super) fails_at: Option<usize>,
    /// Windows with more rows than that take too long, where it is above zero.
    pub(super) rows_max: usize,
    /// Windows that it has taken in since it began, with the cash that it was told.
    pub(super) windows: Vec<(Range<usize>, Option<f64>)>,
    /// How often it began again.
    pub(super) restarts: usize,
}

/// What a strategy needs that is told closes only, and warms up over so many rows.
pub(super) const fn needs(warm_up_rows: usize) -> Needs {
    Needs {
        columns: Columns::CLOSE,
        scope: Scope::Instrument,
        reads_account: false,
        warm_up_rows,
        settled_rows: warm_up_rows,
    }
}

/// The same of one that is told its account.
pub(super) const fn reads(warm_up_rows: usize) -> Needs {
    Needs { reads_account: true, ..needs(warm_up_rows) }
}

/// One that decides on these rows.
pub(super) fn deciding(rows: &[usize]) -> Told {
    Told { decides: rows.to_vec(), ..Told::default() }
}

impl Told {
    pub(super) fn failing_at(self, row: usize) -> Self {
        Self { fails_at: Some(row), ..self }
    }

    /// The rows that it has taken in since it began.
    pub(super) fn seen(&self) -> Range<usize> {
        let (first, last) = (self.windows.first(), self.windows.last());
        first.map_or(0, |(rows, _)| rows.start)..last.map_or(0, |(rows, _)| rows.end)
    }

    fn fault(kind: FaultKind) -> StrategyFault {
        StrategyFault { kind, detail: "as told".to_owned() }
    }
}

impl Strategy for Told {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let rows = window.first_row..window.first_row + window.rows;
        if self.rows_max > 0 && window.rows > self.rows_max {
            return Err(Self::fault(FaultKind::OutOfTime));
        }
        if self.fails_at.is_some_and(|row| rows.contains(&row)) {
            return Err(Self::fault(FaultKind::Trapped));
        }
        assert!(
            self.windows.is_empty() || self.seen().end == rows.start,
            "{rows:?} after {:?}",
            self.seen()
        );
        let begin = if self.windows.is_empty() { rows.start } else { self.seen().start };
        let mut due = self.decides.iter().filter(|row| rows.contains(row));
        let (mut end, cash) = (rows.end, account.map(|account| account.cash));
        for row in due.by_ref() {
            decisions.push(decision(*row, &format!("{begin}..={row}")));
            if account.is_some() {
                end = row + 1;
                break;
            }
        }
        self.windows.push((rows.start..end, cash));
        Ok(end - rows.start)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        self.windows.clear();
        self.restarts += 1;
        Ok(())
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        Ok(None)
    }

    fn load(&mut self, _state: &SavedState) -> Result<(), StrategyFault> {
        Ok(())
    }
}

/// To be all long of the first instrument after `row`.
pub(super) fn decision(row: usize, tag: &str) -> Decision {
    let target = Exposure::new(1.0).unwrap();
    Decision {
        row,
        instrument: 0,
        action: Action::Move { target, entry: Entry::Market },
        levels: Levels::default(),
        tag: Some(tag.into()),
    }
}
