//! Collects findings, and keeps no more than can be read.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::report::Count;
use super::subject::Subject;
use super::{FindingKind, Severity};
use ct_core::units::Timestamp;

/// Where a finding is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The first row, from 0, in the order in which the rows were found.
    pub(super) row: usize,
    /// Its time, UTC milliseconds.
    pub(super) time_ms: i64,
    /// How many bars it covers.
    pub(super) rows: usize,
}

/// What a finding says.
pub(super) struct Wording {
    pub(super) found: String,
    pub(super) expected: String,
    pub(super) advice: &'static str,
}

/// The findings so far. Checks add theirs by row, so that the first ones of each kind are kept.
pub(super) struct Collector<'a> {
    subject: &'a Subject<'a>,
    listed_max: usize,
    counts: BTreeMap<FindingKind, Count>,
    findings: Vec<(usize, Finding)>,
}

impl<'a> Collector<'a> {
    pub(super) const fn new(subject: &'a Subject<'a>, listed_max: usize) -> Self {
        Self { subject, listed_max, counts: BTreeMap::new(), findings: Vec::new() }
    }

    /// Where `other` stands, if that is in another file than `row`: `, in b.csv, line 7`.
    pub(super) fn elsewhere(&self, row: usize, other: usize) -> String {
        match self.subject.file(other) {
            Some(file) if self.subject.file(row) != Some(file) => {
                format!(", in {file}, {}", self.subject.number(other))
            }
            _ => String::new(),
        }
    }

    /// Adds a finding; its text is made only if it will be listed.
    pub(super) fn add(&mut self, kind: FindingKind, at: Place, wording: impl FnOnce() -> Wording) {
        let count = self.counts.entry(kind).or_default();
        count.findings += 1;
        count.rows += at.rows as u64;
        if count.findings > self.listed_max as u64 {
            count.not_listed += 1;
            return;
        }
        let Wording { found, expected, advice } = wording();
        let finding = Finding {
            kind,
            severity: kind.severity(),
            file: self.subject.file(at.row).map(str::to_owned),
            row: self.subject.number(at.row),
            time: Timestamp::from_ms(at.time_ms).ok(),
            rows: at.rows as u64,
            found,
            expected,
            advice: advice.to_owned(),
        };
        self.findings.push((at.row, finding));
    }

    /// The worst severity, the counts, and the listed findings by row.
    pub(super) fn finish(
        mut self,
    ) -> (Option<Severity>, BTreeMap<FindingKind, Count>, Vec<Finding>) {
        self.findings.sort_by_key(|(row, finding)| (*row, finding.kind));
        let worst = self.counts.keys().map(|kind| kind.severity()).max();
        (worst, self.counts, self.findings.into_iter().map(|(_, finding)| finding).collect())
    }
}
