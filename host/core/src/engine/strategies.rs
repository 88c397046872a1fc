//! The strategies of a run: they are handed windows, and what they decide is kept until its row comes.

use std::collections::VecDeque;
use std::ops::Range;

use super::call::{Call, Response};
use super::member::{Member, MemberProgress};
use super::window::WindowCutter;
use super::{AccountView, StrategyFault};
use crate::market::{Field, InstrumentId, Panel};
use crate::order::Decision;

/// The account as the strategy of these instruments sees it.
type AccountOf<'a> = dyn Fn(&Range<usize>) -> AccountView + 'a;

/// What a strategy did in a row.
#[derive(Clone, Debug)]
pub(super) enum StrategyEvent {
    Decision(Decision),
    Failure(Failure),
}

/// A strategy that failed.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// Row that it was taking in.
    pub(super) row: usize,
    /// Instruments that it looked after.
    pub(super) instruments: Range<usize>,
    pub(super) fault: StrategyFault,
}

impl StrategyEvent {
    fn row(&self) -> usize {
        match self {
            Self::Decision(decision) => decision.row,
            Self::Failure(failure) => failure.row,
        }
    }

    /// Row and first instrument.
    fn place(&self) -> (usize, usize) {
        match self {
            Self::Decision(decision) => (decision.row, decision.instrument),
            Self::Failure(failure) => (failure.row, failure.instruments.start),
        }
    }

    /// Events are carried out in the order of rows, and of the symbols of their instruments within a row.
    fn turn(&self, panel: &Panel) -> (usize, usize) {
        let instruments = match self {
            Self::Decision(Decision { instrument, .. }) => *instrument..*instrument + 1,
            Self::Failure(failure) => failure.instruments.clone(),
        };
        let ranks = instruments.map(|place| panel.rank(InstrumentId::new(place)));
        (self.row(), ranks.min().unwrap_or_default())
    }
}

/// The strategies of a run, and what they have decided so far.
#[derive(Debug)]
pub struct Strategies<'a> {
    members: Vec<Member<'a>>,
    cutter: WindowCutter,
    horizon: Horizon,
}

/// How far the strategies are, and what of their decisions is still to be carried out.
#[derive(Clone, Debug)]
struct Horizon {
    /// Rows below this have been taken in by every member.
    row: usize,
    /// Decisions and faults of these rows that are not yet carried out, in order.
    events: VecDeque<StrategyEvent>,
    /// Largest number of rows in a window.
    window_rows: usize,
    /// Rows of the next window of a strategy that reads the account.
    gallop: usize,
}

/// What is remembered of the strategies of a run between two rows, beside what each of them remembers itself.
#[derive(Clone, Debug)]
pub struct StrategiesProgress {
    horizon: Horizon,
    members: Vec<MemberProgress>,
}

impl StrategiesProgress {
    /// Goes on in windows of at most `window_rows` rows. In windows of one row a strategy that fails is not taken again through
    /// what it has seen, so that this need not be kept.
    #[must_use]
    pub fn in_windows_of(mut self, window_rows: usize) -> Self {
        self.horizon.window_rows = window_rows.max(1);
        self.horizon.gallop = self.horizon.gallop.min(self.horizon.window_rows);
        if window_rows <= 1 {
            for member in &mut self.members {
                member.history = Vec::new();
            }
        }
        self
    }
}

/// Bytes of the columns of one window: what a strategy's memory has room for beside its own state.
const WINDOW_BYTES_MAX: usize = 4 << 20;

/// First window of a strategy that reads the account; doubled as long as it does not decide.
const GALLOP_MIN: usize = 16;

/// Bytes of one row of the windows of `member`.
fn row_bytes(member: &Member<'_>) -> usize {
    8 * member.needs.columns.names().count().max(1) * member.instruments.len().max(1)
}

impl<'a> Strategies<'a> {
    /// The strategies `members`, which are given at most `window_rows` rows at once. They may be of one kind or different ones;
    /// each has instruments of its own, in the order of the panel.
    ///
    /// # Panics
    /// When two have an instrument in common.
    pub fn new(members: Vec<Member<'a>>, window_rows: usize) -> Self {
        let apart = members.windows(2).all(|pair| match pair {
            [one, next] => one.instruments.end <= next.instruments.start,
            _ => true,
        });
        assert!(apart, "strategies with instruments in common, or out of order: {members:?}");
        let row_bytes = members.iter().map(row_bytes).max().unwrap_or(1);
        let window_rows = window_rows.clamp(1, (WINDOW_BYTES_MAX / row_bytes).max(1));
        let gallop = GALLOP_MIN.min(window_rows);
        let horizon = Horizon { row: 0, events: VecDeque::new(), window_rows, gallop };
        Self { members, cutter: WindowCutter::default(), horizon }
    }

    /// Goes on with `members` that are where those were of which `progress` tells.
    ///
    /// # Panics
    /// When they are not as many.
    pub fn resume(mut members: Vec<Member<'a>>, progress: StrategiesProgress) -> Self {
        let StrategiesProgress { horizon, members: of_members } = progress;
        assert!(
            members.len() == of_members.len(),
            "{} strategies go on where {} were",
            members.len(),
            of_members.len()
        );
        for (member, progress) in members.iter_mut().zip(of_members) {
            member.progress = progress;
        }
        Self { members, cutter: WindowCutter::default(), horizon }
    }

    /// What is to be remembered of them between two rows.
    pub fn progress(&self) -> StrategiesProgress {
        let members = self.members.iter().map(|member| member.progress.clone()).collect();
        StrategiesProgress { horizon: self.horizon.clone(), members }
    }

    /// From `row` on, which has not been run, `member` has the place of the strategy of the same instruments. It sees the rows of its
    /// warm-up first, and of those before until it is settled all that are there, with the account as it is now, and what it decides on
    /// them is thrown away; so is what the one before has
    /// decided on rows to come. The others are where they were.
    ///
    /// # Errors
    /// What is wrong: there is no strategy of these instruments, the rows of the warm-up are not there, or the strategy fails in
    /// them. Nothing has changed then.
    pub(super) fn swap(
        &mut self,
        panel: &Panel,
        row: usize,
        mut member: Member<'a>,
        account: impl Fn(&Range<usize>) -> AccountView,
    ) -> Result<(), String> {
        let (instruments, keeps_history) = (member.instruments.clone(), self.keeps_history());
        let all: Vec<_> = self.members.iter().map(|other| other.instruments.clone()).collect();
        let same = |other: &&mut Member<'_>| other.instruments == instruments;
        let Some(before) = self.members.iter_mut().find(same) else {
            return Err(format!(
                "a strategy of instruments {instruments:?}: expected those of one of {all:?}"
            ));
        };
        let needed = member.needs.warm_up_rows;
        let known = row - panel.first_row().min(row);
        if needed > known {
            return Err(format!(
                "a strategy that warms up over {needed} rows: {known} have been run and are not forgotten"
            ));
        }
        let seen = member.needs.settled_rows.clamp(needed, known);
        let rows_max = (WINDOW_BYTES_MAX / row_bytes(&member)).max(1);
        let window_rows = self.horizon.window_rows.min(rows_max);
        let view = member.needs.reads_account.then(|| account(&instruments));
        let mut call = Call { panel, cutter: &mut self.cutter, goes_on: &mut || true };
        let windows =
            call.warm_up(&mut member, row - seen..row, window_rows, view.as_ref()).map_err(
                |(row, fault)| format!("the strategy failed in its warm-up, in row {row}: {fault}"),
            )?;
        let progress = &mut member.progress;
        (progress.seen_from, progress.next_row) = (row - seen, row);
        if let Some(view) = view.filter(|_| keeps_history) {
            progress.history = windows.into_iter().map(|window| (window, view.clone())).collect();
        }
        *before = member;
        self.horizon.events.retain(|event| !instruments.contains(&event.place().1));
        self.horizon.row = self.horizon.row.min(row);
        self.horizon.window_rows = window_rows;
        self.horizon.gallop = GALLOP_MIN.min(window_rows);
        Ok(())
    }

    /// Whether the windows and accounts that members take in are kept.
    const fn keeps_history(&self) -> bool {
        self.horizon.window_rows > 1 && self.members.len() == 1
    }

    /// Whether any strategy is told the account.
    fn read_account(&self) -> bool {
        self.members.iter().any(|member| member.needs.reads_account)
    }

    /// Whether the strategy of `instrument` is told the account.
    pub(super) fn reads_account(&self, instrument: usize) -> bool {
        let own = self.members.iter().find(|member| member.instruments.contains(&instrument));
        own.is_some_and(|member| member.needs.reads_account)
    }

    /// Rows that one in the place of some strategy sees before it decides.
    pub(super) fn lead_rows(&self) -> usize {
        let of_member =
            |member: &Member<'_>| member.needs.settled_rows.max(member.needs.warm_up_rows);
        self.members.iter().map(of_member).max().unwrap_or_default()
    }

    /// Whether a strategy that fails may be taken again through rows that it has seen.
    pub(super) const fn may_replay(&self) -> bool {
        self.horizon.window_rows > 1
    }

    /// Whether strategies may decide before the end of the rows that they are given.
    pub(super) fn may_stop_early(&self) -> bool {
        self.read_account()
    }

    /// The row before which nothing new has to be asked: one past the first row from `row` on that has something to be
    /// carried out, or else one past the rows that can be known without the account. What is known is void once `goes_on` has
    /// said no.
    pub(super) fn known_until(
        &mut self,
        panel: &Panel,
        row: usize,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> usize {
        let rows = panel.rows();
        if self.read_account() {
            let taken_in = self.horizon.row;
            assert!(
                taken_in <= row,
                "strategies have taken in the rows to {taken_in} at row {row}"
            );
            // Several instances that share an account have to go through time together.
            let window = if self.members.len() > 1 { 1 } else { self.horizon.gallop };
            return (row + window).min(rows);
        }
        if row >= self.horizon.row {
            let end = (row + self.horizon.window_rows).min(rows);
            self.take_in(panel, row..end, None, goes_on);
        }
        let known = self.horizon.row;
        self.horizon.events.front().map_or(known, |event| (event.row() + 1).min(known))
    }

    /// Takes the strategies through `rows`, over which the account is constant. Gives the end of the rows that are
    /// decided: `rows.end`, or one past the first row with something to be carried out.
    pub(super) fn decide(
        &mut self,
        panel: &Panel,
        rows: &Range<usize>,
        account: impl Fn(&Range<usize>) -> AccountView,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> usize {
        if self.read_account() {
            let end = self.take_in(panel, rows.clone(), Some(&account), goes_on);
            let decided = end < rows.end || !self.horizon.events.is_empty();
            self.horizon.gallop = if decided {
                (end - rows.start)
                    .clamp(GALLOP_MIN.min(self.horizon.window_rows), self.horizon.window_rows)
            } else {
                (self.horizon.gallop * 2).min(self.horizon.window_rows)
            };
        }
        self.horizon.events.front().map_or(rows.end, |event| (event.row() + 1).min(rows.end))
    }

    /// The next event of `row`.
    pub(super) fn next_event(&mut self, row: usize) -> Option<StrategyEvent> {
        let next = self.horizon.events.front()?.row();
        assert!(next >= row, "an event of row {next} was left behind at row {row}");
        if next == row { self.horizon.events.pop_front() } else { None }
    }

    /// Takes every member through `rows`, or as far as a member that reads the account comes. Gives the end.
    fn take_in(
        &mut self,
        panel: &Panel,
        rows: Range<usize>,
        account: Option<&AccountOf<'_>>,
        goes_on: &mut dyn FnMut() -> bool,
    ) -> usize {
        let mut end = rows.end;
        let keeps_history = self.keeps_history();
        let working = self.members.iter_mut().filter(|member| !member.progress.failed);
        for (place, member) in working.enumerate() {
            // The machine has asked before the first.
            if place > 0 && !goes_on() {
                break;
            }
            // Beside one that took the place of another, the others may be ahead.
            let rows = rows.start.max(member.progress.next_row)..rows.end;
            if rows.is_empty() {
                continue;
            }
            let told = account.filter(|_| member.needs.reads_account);
            let view = told.map(|account| account(&member.instruments));
            let mut call = Call { panel, cutter: &mut self.cutter, goes_on };
            let Response { end: own_end, decisions, fault, too_slow } =
                call.advance(member, rows.clone(), view.as_ref());
            self.horizon.events.extend(decisions.into_iter().map(StrategyEvent::Decision));
            end = end.min(own_end);
            member.progress.next_row = own_end;
            if let Some(view) = view
                && keeps_history
            {
                // What was too slow at once is too slow when it is taken in again, too.
                let step = if too_slow { 1 } else { rows.len() };
                let starts = (rows.start..own_end).step_by(step);
                member
                    .progress
                    .history
                    .extend(starts.map(|start| (start..(start + step).min(own_end), view.clone())));
            }
            if let Some((row, fault)) = fault {
                member.progress.failed = true;
                let instruments = member.instruments.clone();
                let failure = Failure { row, instruments, fault };
                self.horizon.events.push_back(StrategyEvent::Failure(failure));
            }
            if too_slow {
                // The budget of a call is for few rows of such a strategy; later windows are made to fit.
                self.horizon.window_rows = (self.horizon.window_rows / 8).max(1);
                self.horizon.gallop = self.horizon.gallop.min(self.horizon.window_rows);
            }
        }
        // Nothing is left of earlier rows. The events of these come member by member; later ones are there beside one that took
        // the place of another.
        if self.members.len() > 1 {
            self.horizon.events.make_contiguous().sort_by_key(|event| event.turn(panel));
        }
        self.touch_opens(panel);
        self.horizon.row = end;
        end
    }

    /// Reads the opens at which the decisions will trade. They lie far apart in memory; read here all at once, the processor
    /// fetches them side by side, where one by one it would wait for each: a sixth of the time of a run with 58 000 fills
    /// over 2.6 million rows.
    fn touch_opens(&self, panel: &Panel) {
        let open_after = |event: &StrategyEvent| {
            let (row, instrument) = event.place();
            panel.series().get(instrument)?.rows(Field::Open).get(row + 1..row + 2)?.first()
        };
        std::hint::black_box(self.horizon.events.iter().filter_map(open_after).sum::<f64>());
    }
}

#[cfg(test)]
mod tests;
