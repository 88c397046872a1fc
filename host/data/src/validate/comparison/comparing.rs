//! Compares two sources.

use std::collections::BTreeMap;

use super::differences::Differences;
use super::outcome::{Comparison, ComparisonError, ComparisonSettings, Source, SourceCounts};
use super::pairing::Pairing;
use crate::validate::collector::{Collector, Place, Wording};
use crate::validate::table::{Prepared, Table, prepare};
use crate::validate::{Count, Finding, FindingKind, Severity, Subject};

/// Compares `left` with `right`, bar by bar.
///
/// # Errors
/// [`ComparisonError`] when the intervals differ.
pub fn compare(
    left: &Subject<'_>,
    right: &Subject<'_>,
    settings: &ComparisonSettings,
) -> Result<Comparison, ComparisonError> {
    if left.interval != right.interval {
        return Err(ComparisonError { left: left.interval, right: right.interval });
    }
    let prepared = [prepare(left), prepare(right)];
    let [left_table, right_table] = prepared.each_ref().map(Prepared::sound);
    let pairing = Pairing::of(left_table, right_table);
    let mut differences = Differences::of(&pairing, left_table, right_table, settings);
    let unfinished = differences.take_unfinished(&pairing, left_table, right_table);

    let mut findings = [left, right].map(|subject| Collector::new(subject, settings.listed_max));
    let [of_left, of_right] = &mut findings;
    differences.add(left_table, right_table, of_left);
    add_lonely(&pairing.only_left, left_table, of_left);
    add_lonely(&pairing.only_right, right_table, of_right);
    match unfinished {
        Some(Source::Left) => add_unfinished(left_table, right_table, of_left),
        Some(Source::Right) => add_unfinished(right_table, left_table, of_right),
        None => {}
    }

    let (worst, counts, findings) = merged(findings);
    let counts_of = |table: &Table<'_>, only: &[usize]| {
        let rows = table.rows().len() as u64;
        let only_here = only.len() as u64;
        SourceCounts { rows, only_here, outside: rows - only_here - pairing.common.len() as u64 }
    };
    Ok(Comparison {
        interval: left.interval,
        left: counts_of(left_table, &pairing.only_left),
        right: counts_of(right_table, &pairing.only_right),
        common: pairing.common.len() as u64,
        equal: differences.equal,
        price_differences: differences.price.len() as u64,
        price_difference_max: differences.price_max,
        unfinished,
        worst,
        counts,
        findings,
    })
}

/// Adds a finding for each run of bars of `table` that the other source lacks.
fn add_lonely(places: &[usize], table: &Table<'_>, findings: &mut Collector<'_>) {
    let mut places = places.iter().peekable();
    while let Some(&place) = places.next() {
        let mut length = 1;
        while places.next_if(|next| **next == place + length).is_some() {
            length += 1;
        }
        let at =
            Place { row: table.row(place), time_ms: table.rows().time_ms(place), rows: length };
        findings.add(FindingKind::OnlyInOneSource, at, || Wording {
            found: format!("the other source lacks {length} bars from here on"),
            expected: "the same bars in both".to_owned(),
            advice: "fetch them for the source that lacks them",
        });
    }
}

fn add_unfinished(table: &Table<'_>, other: &Table<'_>, findings: &mut Collector<'_>) {
    let rows = table.rows();
    let Some(place) = rows.len().checked_sub(1) else { return };
    let time_ms = rows.time_ms(place);
    let found = other.rows().time.binary_search(&time_ms);
    let at = Place { row: table.row(place), time_ms, rows: 1 };
    findings.add(FindingKind::UnfinishedLastBar, at, || Wording {
        found: format!(
            "the last bar, and no other, differs from the other source: close {}, volume {}",
            rows.bar(place).close,
            rows.bar(place).volume
        ),
        expected: found.map_or_else(
            |_| "a closed bar".to_owned(),
            |place| {
                let bar = other.rows().bar(place);
                format!("close {}, volume {}", bar.close, bar.volume)
            },
        ),
        advice: "drop it: it was not closed when the data was made",
    });
}

/// The findings of both sources as one list, by time.
fn merged(
    findings: [Collector<'_>; 2],
) -> (Option<Severity>, BTreeMap<FindingKind, Count>, Vec<Finding>) {
    let mut all = (None, BTreeMap::<FindingKind, Count>::new(), Vec::new());
    for (worst, counts, findings) in findings.map(Collector::finish) {
        all.0 = all.0.max(worst);
        for (kind, more) in counts {
            let count = all.1.entry(kind).or_default();
            count.findings += more.findings;
            count.rows += more.rows;
            count.not_listed += more.not_listed;
        }
        all.2.extend(findings);
    }
    all.2.sort_by_key(|finding: &Finding| finding.time);
    all
}
