//! What validation found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::{FindingKind, Severity};
use ct_core::units::{Interval, Timestamp};

/// What validation found. The same rows and settings give the same report, whatever the number of threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Length of a bar.
    pub interval: Interval,
    /// Rows looked at.
    pub rows: u64,
    /// Earliest open time.
    pub first: Option<Timestamp>,
    /// Latest open time.
    pub last: Option<Timestamp>,
    /// The worst severity of all findings; `None` without any.
    pub worst: Option<Severity>,
    /// How much was found of each kind.
    pub counts: BTreeMap<FindingKind, Count>,
    /// The first findings of each kind, by row.
    pub findings: Vec<Finding>,
}

/// How much was found of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Number of findings.
    pub findings: u64,
    /// Bars that they cover.
    pub rows: u64,
    /// Findings that are not listed.
    pub not_listed: u64,
}

impl Report {
    /// How much was found of `kind`.
    pub fn count(&self, kind: FindingKind) -> Count {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    /// Number of findings of `severity`.
    pub fn findings_of(&self, severity: Severity) -> u64 {
        let of_severity = self.counts.iter().filter(|(kind, _)| kind.severity() == severity);
        of_severity.map(|(_, count)| count.findings).sum()
    }

    /// Bars that are missing between the first and the last, in gaps, long holes and pauses before another ticker.
    pub fn missing_bars(&self) -> u64 {
        let kinds = [FindingKind::Gap, FindingKind::LongHole, FindingKind::TickerReuse];
        kinds.map(|kind| self.count(kind).rows).iter().sum()
    }
}
