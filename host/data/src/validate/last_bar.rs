//! A last bar that was not closed when the data was made.

use super::FindingKind;
use super::collector::{Collector, Place, Wording};
use super::table::Table;
use super::volume::usual_volume;
use ct_core::units::{Interval, Timestamp};

/// A last bar with a smaller part of the usual volume is thin.
const THIN_RATIO: f64 = 0.05;
/// It must have a smaller part than this of every bar nearby, too.
const THINNEST_RATIO: f64 = 0.5;
/// How many bars before the last one are nearby.
const NEARBY: usize = 48;

/// Adds a finding if the last bars close after `now`; without `now`, if the last one has far less volume than all before.
pub(super) fn check(
    table: &Table<'_>,
    interval: Interval,
    now: Option<Timestamp>,
    findings: &mut Collector<'_>,
) {
    let rows = table.rows();
    let Some(last) = rows.len().checked_sub(1) else { return };
    let Some(now) = now else {
        check_volume(table, last, findings);
        return;
    };
    let closed = rows.time.partition_point(|time| time + interval.as_ms() <= now.as_ms());
    if closed <= last {
        let time_ms = rows.time_ms(closed);
        let at = Place { row: table.row(closed), time_ms, rows: rows.len() - closed };
        findings.add(FindingKind::UnfinishedLastBar, at, || Wording {
            found: format!(
                "the bar closes at {}, after {now}",
                Timestamp::clamped(time_ms + interval.as_ms())
            ),
            expected: "closed bars only".to_owned(),
            advice: "drop it, or let repair drop it: its prices and its volume are not final",
        });
    }
}

fn check_volume(table: &Table<'_>, last: usize, findings: &mut Collector<'_>) {
    let rows = table.rows();
    let volume = rows.bar(last).volume;
    let nearby = rows.volume.get(last.saturating_sub(NEARBY)..last).unwrap_or_default();
    let smallest = nearby.iter().copied().fold(f64::INFINITY, f64::min);
    let Some(usual) = usual_volume(rows.volume, last) else { return };
    if volume > 0.0 && volume < THIN_RATIO * usual.median && volume < THINNEST_RATIO * smallest {
        let at = Place { row: table.row(last), time_ms: rows.time_ms(last), rows: 1 };
        findings.add(FindingKind::ThinLastBar, at, || Wording {
            found: format!("the last bar has the volume {volume}, less than any before"),
            expected: format!("about {}", usual.median),
            advice: "it may not have been closed: compare it with another source, or drop it",
        });
    }
}
