//! One instance of a strategy in a run, and what is remembered of it.

use std::fmt;
use std::ops::Range;

use super::{AccountView, Needs, Strategy};

/// One instance of a strategy and the instruments it looks after.
pub struct Member<'a> {
    pub(super) strategy: &'a mut dyn Strategy,
    pub(super) needs: Needs,
    pub(super) instruments: Range<usize>,
    pub(super) progress: MemberProgress,
}

/// What is remembered of a member, beside what the strategy remembers itself.
#[derive(Clone, Debug, Default)]
pub(super) struct MemberProgress {
    /// The first row that it has seen: the first of its warm-up where it took the place of another strategy.
    pub(super) seen_from: usize,
    /// The row that it takes in next. Before it are the rows that it has seen.
    pub(super) next_row: usize,
    /// Windows and accounts that were taken in, to go through them again after a fault. Kept only where the account is
    /// read and windows have more than one row: the row of any other fault is known, or needs no account.
    pub(super) history: Vec<(Range<usize>, AccountView)>,
    pub(super) failed: bool,
}

impl<'a> Member<'a> {
    /// `strategy`, set up for the panel's `instruments`, which is to be told what it `needs`.
    pub fn new(strategy: &'a mut dyn Strategy, needs: Needs, instruments: Range<usize>) -> Self {
        Self { strategy, needs, instruments, progress: MemberProgress::default() }
    }
}

impl fmt::Debug for Member<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Member")
            .field("instruments", &self.instruments)
            .field("failed", &self.progress.failed)
            .finish_non_exhaustive()
    }
}
