//! The time grid: where bars of an interval open, which rows are off it, and where bars are missing.

use std::collections::BTreeMap;

use super::FindingKind;
use super::blocks::by_block;
use super::collector::{Collector, Place, Wording};
use super::local_days::LocalDays;
use super::table::Table;
use ct_core::units::Interval;

pub(super) const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;
/// The first Monday of 1970.
const MONDAY_MS: i64 = 4 * DAY_MS;

/// The times at which bars of an interval open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    interval_ms: i64,
    /// Time of a bar, modulo the interval.
    phase_ms: i64,
}

/// Bars that are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    /// Place of the row after it.
    pub(super) place: usize,
    /// Number of bars that are missing.
    pub(super) missing: usize,
    /// Time of the first of them.
    pub(super) first_ms: i64,
}

/// Rows on end that open at one distance from each other.
pub(super) struct Segment {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) phase_ms: i64,
}

impl Grid {
    /// The grid on which most of the rows that ascend in `times` are; of equally common ones the usual one.
    pub(super) fn of(times: &[i64], interval: Interval) -> Self {
        Self::of_segments(&segments(times, interval), interval)
    }

    /// Whether `time_ms` is on the grid.
    pub(super) const fn holds(&self, time_ms: i64) -> bool {
        time_ms.rem_euclid(self.interval_ms) == self.phase_ms
    }

    fn of_segments(segments: &[Segment], interval: Interval) -> Self {
        let mut rows: BTreeMap<i64, usize> = BTreeMap::new();
        for segment in segments {
            *rows.entry(segment.phase_ms).or_default() += segment.end - segment.start;
        }
        let weight = |(phase, rows): &(i64, usize)| (*rows, shift_ms(*phase, interval) == 0);
        let most = rows.into_iter().rev().max_by_key(weight);
        Self { interval_ms: interval.as_ms(), phase_ms: most.map_or(0, |(phase, _)| phase) }
    }

    /// The place on the grid that is nearest to `time_ms`.
    const fn slot(&self, time_ms: i64) -> i64 {
        (time_ms - self.phase_ms + self.interval_ms / 2).div_euclid(self.interval_ms)
    }
}

/// Adds findings for rows off the grid and for a shifted grid, and gives the holes between the rows of `table`. A row off
/// the grid fills the place that is nearest to it.
pub(super) fn check(
    table: &Table<'_>,
    interval: Interval,
    findings: &mut Collector<'_>,
) -> Vec<Hole> {
    let times = table.rows().time;
    let segments = segments(times, interval);
    let grid = Grid::of_segments(&segments, interval);
    check_shift(table, &grid, interval, findings);
    if let Some(days) = LocalDays::of(times, &segments, interval) {
        days.tell(table, findings);
        return segments
            .iter()
            .filter_map(|segment| grid.hole_before(segment.start, times))
            .collect();
    }
    let mut off_grid =
        segments.iter().filter(|segment| segment.phase_ms != grid.phase_ms).peekable();
    while let Some(first) = off_grid.next() {
        let mut end = first.end;
        while let Some(next) = off_grid.next_if(|next| next.start == end) {
            end = next.end;
        }
        let time_ms = time(times, first.start);
        let at = Place { row: table.row(first.start), time_ms, rows: end - first.start };
        findings
            .add(FindingKind::OffGrid, at, || off_grid_wording(first.phase_ms, &grid, interval));
    }
    segments.iter().filter_map(|segment| grid.hole_before(segment.start, times)).collect()
}

impl Grid {
    /// The hole between the row at `place` and the one before.
    fn hole_before(&self, place: usize, times: &[i64]) -> Option<Hole> {
        let before = self.slot(time(times, place.checked_sub(1)?));
        let missing = usize::try_from(self.slot(time(times, place)) - before - 1).ok()?;
        let first_ms = (before + 1) * self.interval_ms + self.phase_ms;
        (missing > 0).then_some(Hole { place, missing, first_ms })
    }
}

fn check_shift(table: &Table<'_>, grid: &Grid, interval: Interval, findings: &mut Collector<'_>) {
    let rows = table.rows();
    let shift_ms = shift_ms(grid.phase_ms, interval);
    let first = rows.time.iter().position(|time_ms| grid.holds(*time_ms));
    let (Some(place), true) = (first, shift_ms != 0) else { return };
    let at = Place { row: table.row(place), time_ms: time(rows.time, place), rows: rows.len() };
    findings.add(FindingKind::ShiftedGrid, at, || Wording {
        found: format!("bars of {interval} open {} after the usual time", duration(shift_ms)),
        expected: if interval.as_ms() % WEEK_MS == 0 {
            "weeks that start on Monday, 00:00 UTC".to_owned()
        } else {
            "bars that divide the day from 00:00 UTC on".to_owned()
        },
        advice: "check the time zone of the source; such bars cannot be aligned with those of other instruments",
    });
}

/// How far bars of `interval` with `phase_ms` are from where exchanges open them, in UTC: at parts of the day, at midnight,
/// weeks on Monday.
const fn shift_ms(phase_ms: i64, interval: Interval) -> i64 {
    let interval_ms = interval.as_ms();
    if interval_ms % WEEK_MS == 0 {
        (phase_ms - MONDAY_MS).rem_euclid(WEEK_MS)
    } else if interval_ms % DAY_MS == 0 {
        phase_ms % DAY_MS
    } else if DAY_MS % interval_ms == 0 {
        phase_ms
    } else {
        0
    }
}

/// Cuts `times`, which ascend, wherever two rows are not one interval apart.
fn segments(times: &[i64], interval: Interval) -> Vec<Segment> {
    let interval_ms = interval.as_ms();
    let breaks = by_block(times.len(), |block| {
        let before = times.get(block.start.saturating_sub(1)..block.end).unwrap_or_default();
        let rows = times.get(block.start.max(1)..block.end).unwrap_or_default();
        let steps = before.iter().zip(rows).zip(block.start.max(1)..);
        let broken = steps.filter(|((before, time), _)| **time - **before != interval_ms);
        broken.map(|(_, place)| place).collect::<Vec<_>>()
    });
    let starts: Vec<usize> =
        (!times.is_empty()).then_some(0).into_iter().chain(breaks.concat()).collect();
    let ends = starts.iter().skip(1).copied().chain([times.len()]);
    let segment = |(&start, end)| {
        let phase_ms = time(times, start).rem_euclid(interval_ms);
        Segment { start, end, phase_ms }
    };
    starts.iter().zip(ends).map(segment).collect()
}

fn off_grid_wording(phase_ms: i64, grid: &Grid, interval: Interval) -> Wording {
    let off_ms = (phase_ms - grid.phase_ms).rem_euclid(grid.interval_ms);
    Wording {
        found: format!("the bar opens {} after the grid of {interval}", duration(off_ms)),
        expected: format!("a multiple of {interval} from the other bars"),
        advice: "correct the time, or let repair drop the row",
    }
}

/// `ms` in the largest unit that divides it.
fn duration(ms: i64) -> String {
    let units = [("d", DAY_MS), ("h", 3_600_000), ("min", 60_000), ("s", 1_000)];
    match units.into_iter().find(|(_, length)| ms % length == 0) {
        Some((unit, length)) => format!("{} {unit}", ms / length),
        None => format!("{ms} ms"),
    }
}

fn time(times: &[i64], place: usize) -> i64 {
    times.get(place).copied().unwrap_or_default()
}
