//! One pass over the bars that marks those worth a second look, with comparisons only.

use std::ops::Range;

use super::blocks::{by_block, joined};
use super::rows::Rows;
use ct_core::units::Interval;

/// Rows that are marked at once: their columns stay in the fastest cache.
const CHUNK_ROWS: usize = 512;

const MOVE: u64 = 1;
const WICK: u64 = 2;
const STALE: u64 = 4;
const IDLE: u64 = 8;
const LOUD: u64 = 16;

/// From where on a bar is marked.
#[derive(Clone, Copy, Debug)]
pub(super) struct MarkLimits {
    /// The close is at least this many times that of the bar before, or the other way round. Infinite marks none.
    pub(super) price_ratio: f64,
    /// The volume is larger. Infinite marks none.
    pub(super) volume: f64,
}

/// Places of the marked bars, ascending.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Closes far from the one before; over gaps too.
    pub(super) moves: Vec<usize>,
    /// Highs or lows far beyond both neighbours and the bar's own open and close; beside gaps too.
    pub(super) wicks: Vec<usize>,
    /// Runs of bars with the same prices as the bar one interval before.
    pub(super) stale: Vec<Range<usize>>,
    /// Runs of bars without volume.
    pub(super) idle: Vec<Range<usize>>,
    /// Large volumes.
    pub(super) loud: Vec<usize>,
}

/// Marks the bars of `rows`, which ascend.
pub(super) fn mark(rows: &Rows<'_>, interval: Interval, limits: MarkLimits) -> Marks {
    let blocks = by_block(rows.len(), |block| {
        let mut marks = Marks::default();
        for start in block.clone().step_by(CHUNK_ROWS) {
            let end = block.end.min(start + CHUNK_ROWS);
            let mut flags = [0; CHUNK_ROWS];
            let flags = flags.get_mut(..end - start).unwrap_or_default();
            Chunk::new(rows, start, end).flag(flags, interval.as_ms(), limits);
            marks.add(start, flags);
        }
        marks
    });
    let mut all = Marks::default();
    for marks in blocks {
        all.moves.extend(marks.moves);
        all.wicks.extend(marks.wicks);
        all.stale.extend(marks.stale);
        all.idle.extend(marks.idle);
        all.loud.extend(marks.loud);
    }
    all.stale = joined(all.stale);
    all.idle = joined(all.idle);
    all
}

impl Marks {
    fn add(&mut self, start: usize, flags: &[u64]) {
        if flags.iter().fold(0, |all, flag| all | flag) == 0 {
            return;
        }
        for (place, flag) in (start..).zip(flags).filter(|(_, flag)| **flag != 0) {
            for (bit, places) in
                [(MOVE, &mut self.moves), (WICK, &mut self.wicks), (LOUD, &mut self.loud)]
            {
                if flag & bit != 0 {
                    places.push(place);
                }
            }
            for (bit, runs) in [(STALE, &mut self.stale), (IDLE, &mut self.idle)] {
                if flag & bit != 0 {
                    match runs.last_mut() {
                        Some(run) if run.end == place => run.end += 1,
                        _ => runs.push(place..place + 1),
                    }
                }
            }
        }
    }
}

/// Some bars, with the one before and the one after each. The first and the last bar of all are their own neighbours.
struct Chunk<'a> {
    before: Rows<'a>,
    rows: Rows<'a>,
    after: Rows<'a>,
    /// Flags to leave out at the start, where there is no bar before.
    skipped: usize,
    /// Flags to leave out at the end, where there is no bar after.
    last: usize,
}

impl<'a> Chunk<'a> {
    fn new(all: &Rows<'a>, start: usize, end: usize) -> Self {
        let skipped = usize::from(start == 0);
        let last = usize::from(end == all.len());
        Self {
            before: all.part(start.saturating_sub(1), end - 1),
            rows: all.part(start, end),
            after: all.part(start + 1, end + 1),
            skipped,
            last,
        }
    }

    fn flag(&self, flags: &mut [u64], interval_ms: i64, limits: MarkLimits) {
        self.flag_volumes(flags, limits.volume);
        // The first bar has no neighbour before it.
        let rows = self.rows.part(self.skipped, self.rows.len());
        let flags = flags.get_mut(self.skipped..).unwrap_or_default();
        flag_moves(flags, &self.before, &rows, limits.price_ratio);
        flag_stale(flags, &self.before, &rows, interval_ms);
        let inner = flags.len().saturating_sub(self.last);
        let after = self.after.part(self.skipped, self.after.len());
        let flags = flags.get_mut(..inner).unwrap_or_default();
        flag_high_wicks(flags, [&self.before, &rows, &after], limits.price_ratio);
        flag_low_wicks(flags, [&self.before, &rows, &after], limits.price_ratio);
    }

    fn flag_volumes(&self, flags: &mut [u64], limit: f64) {
        for (flag, volume) in flags.iter_mut().zip(self.rows.volume) {
            *flag |= set(IDLE, *volume == 0.0) | set(LOUD, *volume > limit);
        }
    }
}

const fn set(bit: u64, is_set: bool) -> u64 {
    if is_set { bit } else { 0 }
}

fn flag_moves(flags: &mut [u64], before: &Rows<'_>, rows: &Rows<'_>, ratio: f64) {
    for ((flag, before), close) in flags.iter_mut().zip(before.close).zip(rows.close) {
        *flag |= set(MOVE, *close > before * ratio || *before > close * ratio);
    }
}

fn flag_stale(flags: &mut [u64], before: &Rows<'_>, rows: &Rows<'_>, interval_ms: i64) {
    let opens = before.open.iter().zip(rows.open);
    let highs = before.high.iter().zip(rows.high);
    let lows = before.low.iter().zip(rows.low);
    let closes = before.close.iter().zip(rows.close);
    let times = before.time.iter().zip(rows.time);
    let pairs = opens.zip(highs).zip(lows).zip(closes).zip(times);
    for (flag, ((((open, high), low), close), time)) in flags.iter_mut().zip(pairs) {
        let changes = changed(open) | changed(high) | changed(low) | changed(close);
        let follows = time.1 - time.0 == interval_ms;
        *flag |= set(STALE, changes == 0 && follows);
    }
}

/// The bits in which two prices differ. Prices are not 0, so equal ones have equal bits.
const fn changed((before, price): (&f64, &f64)) -> u64 {
    before.to_bits() ^ price.to_bits()
}

fn flag_high_wicks(flags: &mut [u64], [before, rows, after]: [&Rows<'_>; 3], ratio: f64) {
    let own = rows.high.iter().zip(rows.open).zip(rows.close);
    let neighbours = before.high.iter().zip(after.high);
    for (flag, (((high, open), close), (earlier, later))) in
        flags.iter_mut().zip(own.zip(neighbours))
    {
        *flag |= set(WICK, *high > open.max(*close).max(earlier.max(*later)) * ratio);
    }
}

fn flag_low_wicks(flags: &mut [u64], [before, rows, after]: [&Rows<'_>; 3], ratio: f64) {
    let own = rows.low.iter().zip(rows.open).zip(rows.close);
    let neighbours = before.low.iter().zip(after.low);
    for (flag, (((low, open), close), (earlier, later))) in
        flags.iter_mut().zip(own.zip(neighbours))
    {
        *flag |= set(WICK, low * ratio < open.min(*close).min(earlier.min(*later)));
    }
}
