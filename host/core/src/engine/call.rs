//! One call of one strategy: what it says about some rows, and what is left of that when it fails.

use std::ops::Range;

use super::member::Member;
use super::window::WindowCutter;
use super::{AccountView, FaultKind, StrategyFault};
use crate::market::Panel;
use crate::order::Decision;

/// Rows of a window when a strategy is taken again through what it has seen.
const REPLAY_ROWS: usize = 4_096;

/// What is needed to call a strategy.
pub(super) struct Call<'a, 'b> {
    pub(super) panel: &'a Panel,
    pub(super) cutter: &'b mut WindowCutter,
    /// Asked before every call of a strategy that is taken again through what it has seen, which may be a whole run.
    pub(super) goes_on: &'b mut dyn FnMut() -> bool,
}

/// What a strategy said about some rows. It is the same for any way of cutting them into windows.
#[derive(Debug, Default)]
pub(super) struct Response {
    /// The end of the rows that it has taken in.
    pub(super) end: usize,
    pub(super) decisions: Vec<Decision>,
    /// The fault that ended it, and the row it was taking in.
    pub(super) fault: Option<(usize, StrategyFault)>,
    /// It could not take in the rows at once, but it could one by one.
    pub(super) too_slow: bool,
}

impl Call<'_, '_> {
    /// Takes `member` through `rows`; one that reads the account stops at its first row with a decision.
    pub(super) fn advance(
        &mut self,
        member: &mut Member<'_>,
        rows: Range<usize>,
        account: Option<&AccountView>,
    ) -> Response {
        let mut decisions = Vec::new();
        match self.call(member, rows.clone(), account, &mut decisions) {
            Ok(end) => Response { end, decisions, ..Response::default() },
            Err(fault) => self.again(member, &rows, account).unwrap_or_else(|| {
                // Nothing is known but the first row. A strategy that reads the account shares its rows with nobody.
                let end = if account.is_some() { rows.start + 1 } else { rows.end };
                Response { end, fault: Some((rows.start, fault)), ..Response::default() }
            }),
        }
    }

    /// After a fault inside `rows`: takes the strategy again through everything it had seen, then through `rows` one at a
    /// time, so that the run is the same as with one-row windows. It may even come through, when only the budget of a
    /// call was too small for all rows at once. `None`: the fault was in a single row, or the strategy cannot be taken
    /// back.
    fn again(
        &mut self,
        member: &mut Member<'_>,
        rows: &Range<usize>,
        account: Option<&AccountView>,
    ) -> Option<Response> {
        if rows.len() <= 1 || self.panel.first_row() > member.progress.seen_from {
            return None;
        }
        self.catch_up(member, rows.start, account.is_some())?;
        let mut decisions = Vec::new();
        for row in rows.clone() {
            if !(self.goes_on)() {
                return None;
            }
            let before = decisions.len();
            if let Err(fault) = self.call(member, row..row + 1, account, &mut decisions) {
                decisions.truncate(before);
                let end = if account.is_some() { row + 1 } else { rows.end };
                return Some(Response {
                    end,
                    decisions,
                    fault: Some((row, fault)),
                    too_slow: false,
                });
            }
            if account.is_some() && !decisions.is_empty() {
                return Some(Response { end: row + 1, decisions, fault: None, too_slow: true });
            }
        }
        Some(Response { end: rows.end, decisions, fault: None, too_slow: true })
    }

    /// Restarts the strategy and takes it through the rows before `end` as it was before.
    fn catch_up(&mut self, member: &mut Member<'_>, end: usize, reads_account: bool) -> Option<()> {
        member.strategy.restart().ok()?;
        let mut seen = Vec::new();
        if reads_account {
            let history = std::mem::take(&mut member.progress.history);
            for (earlier, account) in &history {
                if !(self.goes_on)() {
                    return None;
                }
                self.call(member, earlier.clone(), Some(account), &mut seen).ok()?;
                seen.clear();
            }
            member.progress.history = history;
            return Some(());
        }
        for start in (member.progress.seen_from..end).step_by(REPLAY_ROWS) {
            if !(self.goes_on)() {
                return None;
            }
            let earlier = start..(start + REPLAY_ROWS).min(end);
            // What a large window cannot do in the time of a call, single rows may.
            if self.call(member, earlier.clone(), None, &mut seen).is_err() {
                self.catch_up_by_rows(member, earlier.end)?;
            }
            seen.clear();
        }
        Some(())
    }

    fn catch_up_by_rows(&mut self, member: &mut Member<'_>, end: usize) -> Option<()> {
        member.strategy.restart().ok()?;
        let mut seen = Vec::new();
        for row in member.progress.seen_from..end {
            if !(self.goes_on)() {
                return None;
            }
            self.call(member, row..row + 1, None, &mut seen).ok()?;
            seen.clear();
        }
        Some(())
    }

    /// Takes `member`, which has seen nothing yet, through `rows` in windows of at most `window_rows` rows, and throws away what it
    /// decides. Gives the windows that it has taken in.
    ///
    /// # Errors
    /// The fault and its row, when it fails in a window of that row alone. Where only larger windows fail, it goes on row by row.
    pub(super) fn warm_up(
        &mut self,
        member: &mut Member<'_>,
        rows: Range<usize>,
        window_rows: usize,
        account: Option<&AccountView>,
    ) -> Result<Vec<Range<usize>>, (usize, StrategyFault)> {
        let (mut windows, mut thrown_away) = (Vec::new(), Vec::new());
        let mut start = rows.start;
        while start < rows.end {
            let window = start..(start + window_rows).min(rows.end);
            match self.call(member, window.clone(), account, &mut thrown_away) {
                Ok(end) => {
                    windows.push(start..end);
                    start = end;
                }
                Err(fault) if window_rows == 1 => return Err((start, fault)),
                Err(_) => {
                    member.strategy.restart().map_err(|fault| (rows.start, fault))?;
                    return self.warm_up(member, rows, 1, account);
                }
            }
            thrown_away.clear();
        }
        Ok(windows)
    }

    fn call(
        &mut self,
        member: &mut Member<'_>,
        rows: Range<usize>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let already = decisions.len();
        let window =
            self.cutter.cut(self.panel, &member.instruments, member.needs.columns, rows.clone());
        let consumed = member.strategy.advance(&window, account, decisions)?;
        let end = rows.start.saturating_add(consumed);
        let said = decisions.get_mut(already..).unwrap_or_default();
        check_output(&rows, end, account.is_some(), said)?;
        for decision in said {
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

#[cfg(test)]
mod tests;
