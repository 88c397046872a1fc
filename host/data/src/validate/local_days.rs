//! Days, or parts of days, that open by the clock of a place: where the clock changes, one of them is an hour longer or shorter.
//!
//! On one grid, half of them would be off it, and a repair would drop that half. So they are named for what they are.

use super::FindingKind;
use super::collector::{Collector, Place, Wording};
use super::grid::{DAY_MS, Segment};
use super::table::Table;
use crate::LocalZone;
use ct_core::units::{Interval, Timestamp};

/// One place for each way in which clocks change; others with the same clock open their days at the same times.
const ZONES: [&str; 10] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Australia/Sydney",
    "America/Sao_Paulo",
    "Asia/Tehran",
];

/// Shorter bars open at the same times of every hour, whatever the clock says.
const HOUR_MS: i64 = 3_600_000;

/// Bars that open by a clock.
pub(super) struct LocalDays {
    zone: LocalZone,
    interval: Interval,
    /// Time of a bar by that clock, modulo the interval.
    phase_ms: i64,
    /// Place of the first bar behind a change of the clock.
    changed: usize,
    /// Bars that open at another time than most.
    moved: usize,
}

impl LocalDays {
    /// The clock by which all of `times` open, if they open at several distances from the grid of `interval` in UTC.
    pub(super) fn of(times: &[i64], segments: &[Segment], interval: Interval) -> Option<Self> {
        let interval_ms = interval.as_ms();
        let first = segments.first()?;
        let changed = segments.iter().find(|segment| segment.phase_ms != first.phase_ms)?;
        if interval_ms <= HOUR_MS {
            return None;
        }
        let fits = |zone: &LocalZone| {
            let local = |time: &i64| (time + zone.offset_ms(*time)).rem_euclid(interval_ms);
            let phase_ms = local(times.first()?);
            times.iter().all(|time| local(time) == phase_ms).then_some(phase_ms)
        };
        let zones = ZONES.iter().filter_map(|name| name.parse::<LocalZone>().ok());
        let mut found: Vec<(LocalZone, i64)> =
            zones.filter_map(|zone| fits(&zone).map(|phase_ms| (zone, phase_ms))).collect();
        // A day that opens at midnight is likelier than one that opens at eleven.
        found.sort_by_key(|(_, phase_ms)| *phase_ms != 0);
        let (zone, phase_ms) = found.into_iter().next()?;
        let rows = |phase: i64| {
            let alike = segments.iter().filter(|segment| segment.phase_ms == phase);
            alike.map(|segment| segment.end - segment.start).sum::<usize>()
        };
        let alike = rows(first.phase_ms);
        let moved = alike.min(times.len() - alike);
        Some(Self { zone, interval, phase_ms, changed: changed.start, moved })
    }

    /// Adds the finding.
    pub(super) fn tell(&self, table: &Table<'_>, findings: &mut Collector<'_>) {
        let rows = table.rows();
        let time_ms = rows.time_ms(self.changed);
        let at = Place { row: table.row(self.changed), time_ms, rows: self.moved };
        findings.add(FindingKind::LocalDays, at, || Wording {
            found: format!(
                "bars of {} open at {} by the clock of {}: from {} on its hour is another in UTC",
                self.interval,
                clock(self.phase_ms),
                self.zone,
                Timestamp::clamped(time_ms)
            ),
            expected: "bars that are equally long".to_owned(),
            advice: "get them in UTC, or make them of shorter bars with --resample; no repair drops or moves such bars",
        });
    }
}

/// A time of day.
fn clock(ms: i64) -> String {
    let minutes = ms.rem_euclid(DAY_MS) / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
