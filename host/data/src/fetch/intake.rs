//! Takes what sources gave: hands it to the store, ticks it off the plan, and tells the user.

use std::sync::atomic::Ordering;

use super::asker::{Asker, Link};
use super::event::FetchEvent;
use super::notice::FetchNotice;
use super::plan::Plan;
use super::report::{Missing, MissingReason};
use super::sheet::{Contradiction, Row, columns_of};
use super::window::{Findings, Known, Proof};
use super::writer::{Writer, WriterStopped, Written};
use crate::origin::exchange_of;
use crate::store::{Addition, HistoryRecord, StoreError};
use crate::{Coverage, State, TimeRange};
use ct_core::units::Timestamp;

/// Pieces of one window that are kept when it falls apart, as one of a rarely traded symbol does when it is interrupted:
/// each piece is a file, and to ask for the short ones again is cheaper.
const PIECES_MAX: usize = 256;

/// The receiving end of one job.
#[derive(Debug)]
pub(super) struct Intake<'a> {
    pub(super) plan: Plan,
    link: Link<'a>,
    writer: Writer,
    bars_total: u64,
    bars_done: u64,
    conflicts: u64,
    empty: Coverage,
    sources: Vec<String>,
}

/// What was taken in all.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) plan: Plan,
    pub(super) written: Result<Written, StoreError>,
    pub(super) conflicts: u64,
    pub(super) empty: Vec<TimeRange>,
    pub(super) sources: Vec<String>,
}

impl<'a> Intake<'a> {
    pub(super) fn new(plan: Plan, writer: Writer, link: Link<'a>) -> Self {
        Self {
            plan,
            link,
            writer,
            bars_total: 0,
            bars_done: 0,
            conflicts: 0,
            empty: Coverage::new(),
            sources: Vec::new(),
        }
    }

    /// Counts what is to be asked for and tells the user, if it is something else than before.
    pub(super) fn count(&mut self, clock: Timestamp) {
        let bars_missing = self.plan.bars_to_ask(clock);
        let bars_total = self.bars_done + bars_missing;
        if bars_total != self.bars_total {
            self.bars_total = bars_total;
            (self.link.observe)(FetchEvent::Started { key: self.link.key, bars_missing });
        }
    }

    /// Takes what `asker` found out about a window.
    ///
    /// # Errors
    /// [`WriterStopped`] when something could not be kept.
    pub(super) async fn take(
        &mut self,
        asker: &Asker<'_>,
        findings: Findings,
    ) -> Result<(), WriterStopped> {
        let Findings { mut known, empty, unproved, unsound, contradictions } = findings;
        self.set_aside(asker, &unproved, &unsound);
        let mut notes = self.tell(asker.name(), &contradictions, &unsound);
        if known.len() > PIECES_MAX {
            known.sort_by_key(|piece| std::cmp::Reverse(piece.range.length_ms()));
            known.truncate(PIECES_MAX);
        }
        for range in empty {
            self.empty.set(range, State::Empty, asker.name());
        }
        for piece in known {
            self.keep(asker, piece, std::mem::take(&mut notes)).await?;
        }
        for note in notes {
            self.writer.note(note).await?;
        }
        (self.link.observe)(FetchEvent::Progress {
            key: self.link.key,
            bars_done: self.bars_done.min(self.bars_total),
            bars_total: self.bars_total,
            requests: self.link.requests.load(Ordering::Relaxed),
        });
        Ok(())
    }

    /// Records that `asker` gave `range` in place of the exchange.
    ///
    /// # Errors
    /// [`WriterStopped`] when something could not be kept.
    pub(super) async fn record_fallback(
        &mut self,
        asker: &Asker<'_>,
        range: TimeRange,
    ) -> Result<(), WriterStopped> {
        let source = asker.name().to_owned();
        self.link.note(&FetchNotice::TakenFromFallback { source: source.clone(), range });
        let instead_of = exchange_of(&self.link.key.exchange).to_owned();
        self.writer.note(HistoryRecord::Fallback { range, source, instead_of }).await
    }

    /// Waits until everything is kept.
    pub(super) async fn close(self) -> Taken {
        let empty = self.empty.spans().iter().map(|span| span.range).collect();
        let Self { plan, writer, conflicts, sources, .. } = self;
        Taken { plan, written: writer.close().await, conflicts, empty, sources }
    }

    /// What the source cannot tell it is not asked again; what an archive cannot tell the exchange may.
    fn set_aside(&mut self, asker: &Asker<'_>, unproved: &[TimeRange], unsound: &[Row]) {
        if asker.proof() == Proof::RowsOnly {
            return;
        }
        for row in unsound {
            let range = self.plan.grid().slot(row.time);
            self.plan.set_aside(Missing { range, reason: MissingReason::Unsound });
        }
        for &range in unproved {
            self.plan.set_aside(Missing { range, reason: MissingReason::OutOfReach });
        }
    }

    async fn keep(
        &mut self,
        asker: &Asker<'_>,
        piece: Known,
        notes: Vec<HistoryRecord>,
    ) -> Result<(), WriterStopped> {
        let Known { range, rows } = piece;
        let source = asker.name().to_owned();
        if !self.sources.contains(&source) {
            self.sources.push(source.clone());
        }
        self.bars_done += range.bars(self.plan.grid().interval);
        self.plan.learn(range);
        self.writer.add(Addition { range, rows: columns_of(&rows), source, notes }).await
    }

    /// Tells the user what was wrong with the rows, and returns what the series' history says about it.
    fn tell(
        &mut self,
        source: &str,
        contradictions: &[Contradiction],
        unsound: &[Row],
    ) -> Vec<HistoryRecord> {
        if let Some(first) = contradictions.first() {
            self.conflicts += contradictions.len() as u64;
            self.link.note(&FetchNotice::Contradictions {
                source: source.to_owned(),
                bars: contradictions.len(),
                first: Timestamp::clamped(first.kept.time),
            });
        }
        if let Some(first) = unsound.first() {
            self.link.note(&FetchNotice::Unsound {
                source: source.to_owned(),
                rows: unsound.len(),
                first: Timestamp::clamped(first.time),
            });
        }
        let conflicts =
            contradictions.iter().map(|Contradiction { kept, dropped }| HistoryRecord::Conflict {
                time: Timestamp::clamped(kept.time),
                kept: kept.values(),
                dropped: dropped.values(),
                source: source.to_owned(),
            });
        let left_out = unsound.iter().map(|row| HistoryRecord::Repaired {
            time: Timestamp::clamped(row.time),
            what: format!("leave out a row of {source} that is no bar"),
            before: Some(row.values()),
            after: None,
        });
        conflicts.chain(left_out).collect()
    }
}
