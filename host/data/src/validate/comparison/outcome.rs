//! What two sources have in common, and how far they may differ.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::validate::{Count, Finding, FindingKind, Severity};
use ct_core::units::Interval;

/// How far two sources may differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ComparisonSettings {
    /// Findings listed of each kind and source; the others are only counted.
    pub listed_max: usize,
    /// Relative difference of a price from which on the sources disagree: 0.01 is 1 %. Exchanges differ by less, most of the
    /// time.
    pub price_tolerance: f64,
}

impl Default for ComparisonSettings {
    fn default() -> Self {
        Self { listed_max: 20, price_tolerance: 0.01 }
    }
}

/// One of two sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The data in question.
    Left,
    /// What it is compared with.
    Right,
}

/// What one source has that the other has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceCounts {
    /// Bars of the source.
    pub rows: u64,
    /// Bars that the other source lacks, of the time that both cover.
    pub only_here: u64,
    /// Bars before or after the time that both cover.
    pub outside: u64,
}

/// What two sources of one series have in common. Rows that cannot be bars, and repeated rows, are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Length of a bar.
    pub interval: Interval,
    /// The data in question.
    pub left: SourceCounts,
    /// What it was compared with.
    pub right: SourceCounts,
    /// Bars that both have.
    pub common: u64,
    /// Of those, bars that are equal in every value.
    pub equal: u64,
    /// Of those, bars with a price that differs by more than the tolerance.
    pub price_differences: u64,
    /// The largest relative difference of a price; `None` without common bars.
    pub price_difference_max: Option<f64>,
    /// The source whose last bar was not closed: both agree on every other bar, and the other one has more volume there.
    pub unfinished: Option<Source>,
    /// The worst severity of all findings; `None` without any.
    pub worst: Option<Severity>,
    /// How much was found of each kind.
    pub counts: BTreeMap<FindingKind, Count>,
    /// The first findings of each kind, by time. Rows are those of the left source, but for bars that only the right
    /// one has.
    pub findings: Vec<Finding>,
}

/// Sources that cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "bars of {left} cannot be compared with bars of {right}: expected one interval; resample one of them"
)]
pub struct ComparisonError {
    /// Interval of the data in question.
    pub left: Interval,
    /// Interval of what it is compared with.
    pub right: Interval,
}
