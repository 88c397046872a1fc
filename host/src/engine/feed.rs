//! Hands windows to the strategies and keeps their decisions until their row comes.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;

use super::window::WindowCutter;
use super::{AccountView, FaultKind, FaultReport, Needs, Strategy, StrategyFault};
use crate::market::Panel;
use crate::order::Decision;

/// One instance of a strategy and the instruments it looks after.
pub struct Member<'a> {
    strategy: &'a mut dyn Strategy,
    instruments: Range<usize>,
    /// Windows and accounts that were taken in, to find the exact row of a fault; kept only when the account is read.
    history: Vec<(Range<usize>, AccountView)>,
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

    /// The row before which nothing new has to be asked: one past the first row from `row` on that has something to be
    /// carried out, or else one past the rows that can be known without the account.
    pub(super) fn known_until(&mut self, row: usize) -> usize {
        let rows = self.panel.rows();
        if self.needs.reads_account {
            // Several instances that share an account have to go through time together.
            let window = if self.members.len() > 1 { 1 } else { self.gallop };
            return (row + window).min(rows);
        }
        if row >= self.horizon {
            let end = (row + self.window_rows).min(rows);
            self.take_in(row..end, None);
        }
        self.words.front().map_or(self.horizon, |word| word.row() + 1)
    }

    /// Takes the strategies through `rows`, over which the account is constant. Gives the end of the rows that are
    /// decided: `rows.end`, or one past the first row with something to be carried out.
    pub(super) fn decide(
        &mut self,
        rows: &Range<usize>,
        account: impl Fn(&Range<usize>) -> AccountView,
    ) -> usize {
        if self.needs.reads_account {
            let end = self.take_in(rows.clone(), Some(&account));
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
    fn take_in(&mut self, rows: Range<usize>, account: Option<&AccountOf<'_>>) -> usize {
        let mut end = rows.end;
        let mut words = Vec::new();
        for member in self.members.iter_mut().filter(|member| !member.failed) {
            let view = account.map(|account| account(&member.instruments));
            let mut call = Call { panel: self.panel, needs: &self.needs, cutter: &mut self.cutter };
            end = end.min(call.advance(member, rows.clone(), view, &mut words));
        }
        words.sort_by_key(Word::place);
        self.touch_opens(&words);
        self.words.extend(words);
        self.horizon = end;
        end
    }
}

impl Feed<'_> {
    /// Reads the opens at which `words` will trade. They lie far apart in memory; read here all at once, the processor
    /// fetches them side by side, where one by one it would wait for each.
    fn touch_opens(&self, words: &[Word]) {
        let open_after = |word: &Word| {
            let (row, instrument) = word.place();
            self.panel.series().get(instrument)?.open().get(row + 1)
        };
        std::hint::black_box(words.iter().filter_map(open_after).sum::<f64>());
    }
}

/// Rows of a window when a strategy is taken again through what it has seen.
const REPLAY_ROWS: usize = 4_096;

/// A fault at its very row.
struct Located {
    row: usize,
    /// The decisions of the window before that row.
    before: Vec<Decision>,
    /// The fault, as it is told with one-row windows.
    fault: StrategyFault,
}

/// One call of one member.
struct Call<'a, 'b> {
    panel: &'a Panel,
    needs: &'b Needs,
    cutter: &'b mut WindowCutter,
}

impl Call<'_, '_> {
    /// Takes `member` through `rows` and appends its words. Gives the end of the rows it has taken in.
    fn advance(
        &mut self,
        member: &mut Member<'_>,
        rows: Range<usize>,
        account: Option<AccountView>,
        words: &mut Vec<Word>,
    ) -> usize {
        let mut decisions = Vec::new();
        match self.call(member, rows.clone(), account.as_ref(), &mut decisions) {
            Ok(end) => {
                words.extend(decisions.into_iter().map(Word::Decision));
                if let Some(account) = account {
                    member.history.push((rows.start..end, account));
                }
                end
            }
            Err(fault) => {
                member.failed = true;
                let located = self.locate(member, rows.clone(), account.as_ref());
                let Located { row, before, fault } =
                    located.unwrap_or(Located { row: rows.start, before: Vec::new(), fault });
                words.extend(before.into_iter().map(Word::Decision));
                let instruments = member.instruments.clone();
                words.push(Word::Fault(FaultReport { row, instruments, fault }));
                // The faulty row is over, too: a strategy that reads the account shares its rows with nobody.
                if account.is_some() { row + 1 } else { rows.end }
            }
        }
    }

    fn call(
        &mut self,
        member: &mut Member<'_>,
        rows: Range<usize>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let window =
            self.cutter.cut(self.panel, &member.instruments, self.needs.columns, rows.clone());
        let consumed = member.strategy.advance(&window, account, decisions)?;
        let end = rows.start.saturating_add(consumed);
        check_output(&rows, end, account.is_some(), decisions)?;
        for decision in decisions {
            if decision.instrument >= member.instruments.len() {
                return Err(bad_output(format!(
                    "a decision for instrument {} of {}",
                    decision.instrument,
                    member.instruments.len()
                )));
            }
            decision.instrument += member.instruments.start;
        }
        Ok(end)
    }

    /// Finds the row of a fault inside `rows`: a strategy that failed in a large window is taken again through everything
    /// it had seen, then through `rows` one at a time. Gives the row and the decisions before it, so that the run is the
    /// same as with one-row windows. `None`: it does not fail again (a deadline, by the clock).
    fn locate(
        &mut self,
        member: &mut Member<'_>,
        rows: Range<usize>,
        account: Option<&AccountView>,
    ) -> Option<Located> {
        if rows.len() <= 1 {
            return None;
        }
        member.strategy.restart().ok()?;
        let mut seen = Vec::new();
        if account.is_some() {
            for (earlier, account) in std::mem::take(&mut member.history) {
                self.call(member, earlier, Some(&account), &mut seen).ok()?;
                seen.clear();
            }
        } else {
            let step = rows.len().max(REPLAY_ROWS);
            for start in (0..rows.start).step_by(step) {
                self.call(member, start..(start + step).min(rows.start), None, &mut seen).ok()?;
                seen.clear();
            }
        }
        let mut before = Vec::new();
        for row in rows {
            if let Err(fault) = self.call(member, row..row + 1, account, &mut seen) {
                return Some(Located { row, before, fault });
            }
            before.append(&mut seen);
        }
        None
    }
}

/// The rules that every answer keeps, whoever gives it.
fn check_output(
    rows: &Range<usize>,
    end: usize,
    reads_account: bool,
    decisions: &[Decision],
) -> Result<(), StrategyFault> {
    if end <= rows.start || end > rows.end {
        return Err(bad_output(format!(
            "{} rows taken in of a window of {}",
            end.saturating_sub(rows.start),
            rows.len()
        )));
    }
    if !reads_account && end < rows.end {
        return Err(bad_output(format!(
            "{} rows taken in of a window of {}: a strategy that does not read the account takes in all",
            end - rows.start,
            rows.len()
        )));
    }
    if reads_account && end < rows.end && decisions.is_empty() {
        return Err(bad_output("the window was left early without a decision".to_owned()));
    }
    let first = if reads_account { end - 1 } else { rows.start };
    let mut last = None;
    for decision in decisions {
        let place = (decision.row, decision.instrument);
        if !(first..end).contains(&decision.row) {
            return Err(bad_output(format!(
                "a decision on row {}: expected rows {first} to {}",
                decision.row,
                end - 1
            )));
        }
        if last.is_some_and(|last| place <= last) {
            return Err(bad_output(format!(
                "decisions out of order at row {}: expected one per row and instrument, in order",
                decision.row
            )));
        }
        last = Some(place);
    }
    Ok(())
}

fn bad_output(detail: String) -> StrategyFault {
    StrategyFault { kind: FaultKind::BadOutput, detail }
}
