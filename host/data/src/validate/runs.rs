//! Bars on end in which nothing changes.

use std::ops::Range;

use super::FindingKind;
use super::collector::{Collector, Place, Wording};
use super::marks::Marks;
use super::settings::ValidationSettings;
use super::table::Table;

/// Adds a finding for each long run of equal prices with volume, and for each long run without volume.
pub(super) fn check(
    table: &Table<'_>,
    marks: &Marks,
    settings: &ValidationSettings,
    findings: &mut Collector<'_>,
) {
    let rows = table.rows();
    // A run of bars that are equal to the one before starts with that one.
    let stale = marks.stale.iter().map(|run| run.start.saturating_sub(1)..run.end);
    for run in stale.filter(|run| run.len() >= settings.stale_bars_min) {
        let volumes = rows.volume.get(run.clone()).unwrap_or_default();
        if volumes.iter().any(|volume| *volume > 0.0) {
            findings.add(FindingKind::StaleRun, place(table, &run), || Wording {
                found: format!(
                    "{} bars on end have the prices of this one, and there is volume in {} of them",
                    run.len(),
                    volumes.iter().filter(|volume| **volume > 0.0).count()
                ),
                expected: "prices that change when there is trade".to_owned(),
                advice: "a feed that stood still, or a market too quiet to test on: compare it with another source",
            });
        }
    }
    for run in marks.idle.iter().filter(|run| run.len() >= settings.zero_volume_bars_min) {
        findings.add(FindingKind::ZeroVolumeRun, place(table, run), || Wording {
            found: format!("{} bars on end have no volume", run.len()),
            expected: "some trade".to_owned(),
            advice: "bars that the exchange made up, or an outage: orders would fill where nobody traded",
        });
    }
}

fn place(table: &Table<'_>, run: &Range<usize>) -> Place {
    Place { row: table.row(run.start), time_ms: table.rows().time_ms(run.start), rows: run.len() }
}
