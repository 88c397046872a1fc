//! One window of bars: what to ask a source for it, and what its answers prove.
//!
//! A source may give fewer rows than it promised, none at all for once, rows twice, or rows that are no bars. So an answer
//! counts for what lies between its first and its last row, and for nothing else:
//!
//! - a gap *between* rows is asked for once more, with the whole window; if it stays, there are no bars;
//! - a gap *beyond* the rows may be where the source stopped, so it is asked for by itself, together with the row next to
//!   it: an answer with that row and nothing else proves that there are no bars, and one without it proves nothing;
//! - a window without any row is asked for once more;
//! - rows that are no bars are asked for once more; if they stay, their time stays missing.
//!
//! Nothing here waits, reads a clock or knows a source. A source has to give two rows at a time, at least.

use super::grid::Grid;
use super::sheet::{Contradiction, Row, Sheet};
use crate::TimeRange;
use ct_core::market::RawColumns;
use ct_core::units::Timestamp;

/// Times that one question is asked, at most: once, once more, and once in place of an answer without rows.
const ASKS_MAX: u32 = 3;

/// How much the answers of a source prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// It has all bars there are, so what it does not give when asked again does not exist.
    Complete,
    /// It only gives its newest bars, so nothing is known about the time before the oldest row it gave.
    NewestOnly,
    /// It stands in for another one, which may have bars that it does not have. It is asked as if it had them all, but
    /// only its rows are taken.
    Substitute,
    /// Its files may lack bars, so only its rows prove something. Nothing is asked for twice.
    RowsOnly,
}

/// The questions about one range of time, and the answers.
#[derive(Debug)]
pub(super) struct Window {
    range: TimeRange,
    grid: Grid,
    proof: Proof,
    /// What is still to be asked; the last one is next.
    questions: Vec<Question>,
    sheet: Sheet,
    /// Ranges that have been found to hold no bars.
    empty: Vec<TimeRange>,
    /// Time of the oldest row that was given at all.
    oldest_given: Option<i64>,
}

#[derive(Debug)]
struct Question {
    /// What it is about.
    range: TimeRange,
    /// The row before the range, which the answer must hold too.
    before: Option<i64>,
    /// The row after the range, which the answer must hold too.
    after: Option<i64>,
    asked: u32,
    /// From the first to the last row of each answer that had any.
    spans: Vec<TimeRange>,
}

/// What is known about a window in the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Findings {
    /// Ranges in which every bar is known, by time. A last bar may reach beyond the window.
    pub(super) known: Vec<Known>,
    /// Ranges without bars within the known ones.
    pub(super) empty: Vec<TimeRange>,
    /// Ranges of which nothing can be known from this source, when there is nothing left to ask.
    pub(super) unproved: Vec<TimeRange>,
    /// Rows that are no bars; their time is not known.
    pub(super) unsound: Vec<Row>,
    /// Rows that were given in two states.
    pub(super) contradictions: Vec<Contradiction>,
}

/// A range in which every bar is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    pub(super) range: TimeRange,
    pub(super) rows: Vec<Row>,
}

impl Window {
    /// A window over `range`, which holds no more bars than the source gives at once.
    pub(super) fn new(range: TimeRange, grid: Grid, proof: Proof) -> Self {
        let whole = Question { range, before: None, after: None, asked: 0, spans: Vec::new() };
        Self {
            range,
            grid,
            proof,
            questions: vec![whole],
            sheet: Sheet::new(grid),
            empty: Vec::new(),
            oldest_given: None,
        }
    }

    /// The range to ask for next; `None` when nothing is left to ask.
    pub(super) fn request(&self) -> Option<TimeRange> {
        let question = self.questions.last()?;
        let from = question.before.unwrap_or(question.range.from.as_ms());
        let to = question.after.map_or(question.range.to.as_ms(), |after| {
            after.saturating_add(self.grid.step_ms()).min(self.range.to.as_ms())
        });
        Some(TimeRange::from_ms(from, to))
    }

    /// Takes the answer to the [request](Self::request). Bars that open at or after `closed_to` have not closed: neither
    /// they nor their time are taken.
    pub(super) fn answer(&mut self, page: &RawColumns, closed_to: Timestamp) {
        self.cut(closed_to);
        let Some(request) = self.request() else { return };
        let Some(mut question) = self.questions.pop() else { return };
        self.oldest_given = self.oldest_given.into_iter().chain(page.time.iter().copied()).min();
        let taken = self.sheet.take_in(page, request);
        question.asked += 1;
        question.spans.extend(taken.span);
        if self.asks_again(&question, taken.has_unsound) {
            self.questions.push(question);
        } else if self.proof != Proof::RowsOnly {
            self.settle(&question);
        }
    }

    /// What is known by now.
    pub(super) fn findings(self) -> Findings {
        let known = self.known();
        let is_complete = self.questions.is_empty();
        let unproved = if is_complete { self.gaps(self.range).collect() } else { Vec::new() };
        let Self { sheet, mut empty, .. } = self;
        if self.proof == Proof::Substitute {
            empty.clear();
        }
        empty.sort_unstable();
        Findings {
            known,
            empty,
            unproved,
            unsound: sheet.unsound().copied().collect(),
            contradictions: sheet.contradictions().to_vec(),
        }
    }

    fn cut(&mut self, closed_to: Timestamp) {
        let end = |range: TimeRange| TimeRange::new(range.from, range.to.min(closed_to));
        self.range = end(self.range);
        for question in &mut self.questions {
            question.range = end(question.range);
        }
        self.questions.retain(|question| !question.range.is_empty());
    }

    fn asks_again(&self, question: &Question, has_unsound: bool) -> bool {
        if self.proof == Proof::RowsOnly || question.asked >= ASKS_MAX {
            return false;
        }
        match question.spans.len() {
            0 => question.asked < 2,
            1 => has_unsound || self.gaps(question.range).any(|gap| question.spans_over(gap)),
            _ => false,
        }
    }

    /// Draws the conclusions from the last answer to `question`.
    fn settle(&mut self, question: &Question) {
        let gaps: Vec<TimeRange> =
            self.gaps(question.range).filter_map(|gap| self.within_reach(gap)).collect();
        // The latest question is asked first, so that the earliest gap comes last.
        for gap in gaps.into_iter().rev() {
            let is_proved = question.spans.is_empty()
                || question.spans_over(gap)
                || (question.is_anchored() && gap == question.range);
            if is_proved {
                self.empty.push(gap);
            } else {
                self.questions.push(self.question_about(gap));
            }
        }
    }

    fn question_about(&self, gap: TimeRange) -> Question {
        let end = gap.to.as_ms();
        Question {
            range: gap,
            before: self.sheet.before(gap.from.as_ms()),
            after: self.sheet.at_or_after(end).filter(|_| end < self.range.to.as_ms()),
            asked: 0,
            spans: Vec::new(),
        }
    }

    /// The part of `gap` that the source could have given rows for.
    fn within_reach(&self, gap: TimeRange) -> Option<TimeRange> {
        if self.proof != Proof::NewestOnly {
            return Some(gap);
        }
        let oldest = Timestamp::clamped(self.oldest_given?);
        let reached = TimeRange::new(gap.from.max(oldest), gap.to);
        (!reached.is_empty()).then_some(reached)
    }

    /// Parts of `range` in which a bar could open but neither a row nor a finding says so.
    fn gaps(&self, range: TimeRange) -> impl Iterator<Item = TimeRange> {
        let mut taken: Vec<(TimeRange, Edge)> = self.settled();
        taken.extend(self.sheet.unsound().map(|row| (self.grid.slot(row.time), Edge::Bar)));
        taken.sort_unstable_by_key(|(range, _)| *range);
        let step_ms = self.grid.step_ms();
        let mut cursor = range.from;
        let mut gaps = Vec::new();
        for (next, edge) in taken.into_iter().filter(|(next, _)| next.from <= range.to) {
            let gap = TimeRange::new(cursor, next.from);
            if gap.length_ms() >= edge.gap_ms_min(step_ms) {
                gaps.push(gap);
            }
            cursor = cursor.max(next.to);
        }
        gaps.push(TimeRange::new(cursor, range.to));
        gaps.into_iter().filter(|gap| !gap.is_empty())
    }

    /// Rows and ranges without bars, by time.
    fn settled(&self) -> Vec<(TimeRange, Edge)> {
        let rows = self.sheet.rows().map(|row| (self.grid.slot(row.time), Edge::Bar));
        let empty = self.empty.iter().map(|range| (*range, Edge::Empty));
        let mut settled: Vec<_> = rows.chain(empty).collect();
        settled.sort_unstable_by_key(|(range, _)| *range);
        settled
    }

    fn known(&self) -> Vec<Known> {
        let step_ms = self.grid.step_ms();
        let mut ranges: Vec<TimeRange> = Vec::new();
        let rows_only = self.proof == Proof::Substitute;
        for (next, edge) in self.settled() {
            if rows_only && edge == Edge::Empty {
                continue;
            }
            let start = ranges.last().map_or(self.range.from, |last| last.to);
            let gap = TimeRange::new(start, next.from);
            let is_joined = gap.length_ms() < edge.gap_ms_min(step_ms);
            match ranges.last_mut() {
                Some(last) if is_joined => last.to = last.to.max(next.to),
                None if is_joined => ranges.push(TimeRange::new(start, next.to)),
                _ => ranges.push(next),
            }
        }
        let mut rows = self.sheet.rows().copied().peekable();
        let mut rows_before = |end: Timestamp| {
            std::iter::from_fn(|| rows.next_if(|row| row.time < end.as_ms())).collect()
        };
        ranges.into_iter().map(|range| Known { range, rows: rows_before(range.to) }).collect()
    }
}

impl Question {
    /// Whether an answer had rows on both sides of `gap`.
    fn spans_over(&self, gap: TimeRange) -> bool {
        self.spans.iter().any(|span| span.contains(gap.from.as_ms()))
    }

    const fn is_anchored(&self) -> bool {
        self.before.is_some() || self.after.is_some()
    }
}

/// What follows a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    Bar,
    Empty,
}

impl Edge {
    /// How long a gap before it must be for a bar to open in it: bars do not overlap.
    const fn gap_ms_min(self, step_ms: i64) -> i64 {
        match self {
            Self::Bar => step_ms,
            Self::Empty => 1,
        }
    }
}

#[cfg(test)]
mod tests;
