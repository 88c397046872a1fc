//! Hands windows to the strategies and keeps their decisions until their row comes.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;

use super::call::{Call, Said};
use super::window::WindowCutter;
use super::{AccountView, FaultReport, Needs, Strategy};
use crate::market::Panel;
use crate::order::Decision;

/// One instance of a strategy and the instruments it looks after.
pub struct Member<'a> {
    pub(super) strategy: &'a mut dyn Strategy,
    pub(super) instruments: Range<usize>,
    /// Windows and accounts that were taken in, to go through them again after a fault. Kept only where the account is
    /// read and windows have more than one row: the row of any other fault is known, or needs no account.
    pub(super) history: Vec<(Range<usize>, AccountView)>,
    failed: bool,
}

impl<'a> Member<'a> {
    /// `strategy`, set up for the panel's `instruments`.
    pub fn new(strategy: &'a mut dyn Strategy, instruments: Range<usize>) -> Self {
        Self { strategy, instruments, history: Vec::new(), failed: false }
    }
}

impl fmt::Debug for Member<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Member")
            .field("instruments", &self.instruments)
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

/// The account as the strategy of these instruments sees it.
type AccountOf<'a> = dyn Fn(&Range<usize>) -> AccountView + 'a;

/// What the strategies said about one row.
#[derive(Debug)]
pub(super) enum Word {
    Decision(Decision),
    Fault(FaultReport),
}

impl Word {
    fn row(&self) -> usize {
        match self {
            Self::Decision(decision) => decision.row,
            Self::Fault(report) => report.row,
        }
    }

    /// Words are carried out in the order of rows, and of instruments within a row.
    fn place(&self) -> (usize, usize) {
        match self {
            Self::Decision(decision) => (decision.row, decision.instrument),
            Self::Fault(report) => (report.row, report.instruments.start),
        }
    }
}

/// The strategies of a run, and what they have said so far.
#[derive(Debug)]
pub struct Feed<'a> {
    panel: &'a Panel,
    needs: Needs,
    members: Vec<Member<'a>>,
    /// Largest number of rows in a window.
    window_rows: usize,
    cutter: WindowCutter,
    /// What is known and not yet carried out, in order.
    words: VecDeque<Word>,
    /// Rows below this have been taken in by every member.
    horizon: usize,
    /// Rows of the next window of a strategy that reads the account.
    gallop: usize,
}

/// Bytes of the columns of one window: what a strategy's memory has room for beside its own state.
const WINDOW_BYTES_MAX: usize = 4 << 20;

/// First window of a strategy that reads the account; doubled as long as it does not decide.
const GALLOP_MIN: usize = 16;

impl<'a> Feed<'a> {
    /// The strategies `members` over the rows of `panel`, at most `window_rows` at once.
    pub fn new(
        panel: &'a Panel,
        needs: Needs,
        members: Vec<Member<'a>>,
        window_rows: usize,
    ) -> Self {
        let instruments = members.iter().map(|member| member.instruments.len()).max().unwrap_or(1);
        let row_bytes = 8 * needs.columns.names().count().max(1) * instruments.max(1);
        let window_rows = window_rows.clamp(1, (WINDOW_BYTES_MAX / row_bytes).max(1));
        Self {
            panel,
            needs,
            members,
            window_rows,
            cutter: WindowCutter::default(),
            words: VecDeque::new(),
            horizon: 0,
            gallop: GALLOP_MIN.min(window_rows),
        }
    }

    /// What the strategies are told.
    pub(super) const fn needs(&self) -> &Needs {
        &self.needs
    }

    /// Whether strategies may decide before the end of the rows that they are given.
    pub(super) const fn may_stop_early(&self) -> bool {
        self.needs.reads_account
    }

    /// The row before which nothing new has to be asked: one past the first row from `row` on that has something to be
    /// carried out, or else one past the rows that can be known without the account. What is known is void once `goes_on` has
    /// said no.
    pub(super) fn known_until(&mut self, row: usize, goes_on: &mut dyn FnMut() -> bool) -> usize {
        let rows = self.panel.rows();
        if self.needs.reads_account {
            // Several instances that share an account have to go through time together.
            let window = if self.members.len() > 1 { 1 } else { self.gallop };
            return (row + window).min(rows);
        }
        if row >= self.horizon {
            let end = (row + self.window_rows).min(rows);
            self.take_in(row..end, None, goes_on);
        }
        self.words.front().map_or(self.horizon, |word| word.row() + 1)
    }

    /// Takes the strategies through `rows`, over which the account is constant. Gives the end of the rows that are
    /// decided: `rows.end`, or one past the first row with something to be carried out.
    pub(super) fn decide(
        &mut self,
        rows: &Range<usize>,
        account: impl Fn(&Range<usize>) -> AccountView,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> usize {
        if self.needs.reads_account {
            let end = self.take_in(rows.clone(), Some(&account), goes_on);
            let decided = end < rows.end || self.words.front().is_some();
            self.gallop = if decided {
                (end - rows.start).clamp(GALLOP_MIN.min(self.window_rows), self.window_rows)
            } else {
                (self.gallop * 2).min(self.window_rows)
            };
        }
        self.words.front().map_or(rows.end, |word| (word.row() + 1).min(rows.end))
    }

    /// The next word about `row`.
    pub(super) fn next_word(&mut self, row: usize) -> Option<Word> {
        if self.words.front()?.row() == row { self.words.pop_front() } else { None }
    }

    /// Takes every member through `rows`, or as far as a member that reads the account comes. Gives the end.
    fn take_in(
        &mut self,
        rows: Range<usize>,
        account: Option<&AccountOf<'_>>,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> usize {
        let mut end = rows.end;
        let keep_history = self.window_rows > 1 && self.members.len() == 1;
        let working = self.members.iter_mut().filter(|member| !member.failed);
        for (place, member) in working.enumerate() {
            // The machine has asked before the first.
            if place > 0 && !goes_on() {
                break;
            }
            let view = account.map(|account| account(&member.instruments));
            let (panel, needs, cutter) = (self.panel, &self.needs, &mut self.cutter);
            let mut call = Call { panel, needs, cutter, goes_on };
            let Said { end: own_end, decisions, fault, too_slow } =
                call.advance(member, rows.clone(), view.as_ref());
            self.words.extend(decisions.into_iter().map(Word::Decision));
            end = end.min(own_end);
            if let Some(view) = view
                && keep_history
            {
                // What was too slow at once is too slow when it is taken in again, too.
                let step = if too_slow { 1 } else { rows.len() };
                let starts = (rows.start..own_end).step_by(step);
                member
                    .history
                    .extend(starts.map(|start| (start..(start + step).min(own_end), view.clone())));
            }
            if let Some((row, fault)) = fault {
                member.failed = true;
                let instruments = member.instruments.clone();
                self.words.push_back(Word::Fault(FaultReport { row, instruments, fault }));
            }
            if too_slow {
                // The budget of a call is for few rows of such a strategy; later windows are made to fit.
                self.window_rows = (self.window_rows / 8).max(1);
                self.gallop = self.gallop.min(self.window_rows);
            }
        }
        // Nothing is left of earlier rows: the words are those of `rows`, member by member.
        if self.members.len() > 1 {
            self.words.make_contiguous().sort_by_key(Word::place);
        }
        self.touch_opens();
        self.horizon = end;
        end
    }

    /// Reads the opens at which the words will trade. They lie far apart in memory; read here all at once, the processor
    /// fetches them side by side, where one by one it would wait for each: a sixth of the time of a run with 58 000 fills
    /// over 2.6 million rows.
    fn touch_opens(&self) {
        let open_after = |word: &Word| {
            let (row, instrument) = word.place();
            self.panel.series().get(instrument)?.open().get(row + 1)
        };
        std::hint::black_box(self.words.iter().filter_map(open_after).sum::<f64>());
    }
}
