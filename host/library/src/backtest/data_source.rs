//! Where the bars of an instrument come from, and what was done to them.

use serde::{Deserialize, Serialize};

use ct_core::units::Interval;
use ct_data::validate::{Repair, RepairAction};

/// Where the bars of one instrument come from, and what was done to them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataSource {
    /// Symbol.
    pub symbol: String,
    /// The kept series that they are part of; `None` for bars of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<SeriesVersion>,
    /// The files that they are of, if the user did not name one file for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<SourceFile>,
    /// Length of the bars that these were made from, when they were put together from shorter ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resampled_from: Option<Interval>,
    /// What was put right; the first 1000.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<Repair>,
    /// Number of repairs beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub repairs_not_listed: u64,
    /// Bars that were made up to fill gaps.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub synthetic_bars: u64,
}

/// A file whose rows are part of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Where it is; `a.zip/b.csv` is a file in a zip file.
    pub file: String,
    /// BLAKE3 of its bytes, in hexadecimal, when unpacked if it is in a zip file; `None` for a pipe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Its rows, with those that another file has too, and those outside of the period.
    pub rows: u64,
}

/// One version of a series in the data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesVersion {
    /// The exchange, with the address if another one gave the prices, or whatever the user called the source of an imported
    /// file.
    pub exchange: String,
    /// BLAKE3 over the interval and all bars of the series, in hexadecimal.
    pub version: String,
    /// Who gave the bars of the run: the exchange, its archive, another one that stood in for it, or an import.
    #[serde(default)]
    pub given_by: Vec<String>,
    /// The snapshot that pins it, if the user named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
}

/// Repairs that are listed of one instrument.
const REPAIRS_LISTED_MAX: usize = 1_000;

impl DataSource {
    /// Bars of `symbol` to which nothing was done.
    pub fn new(symbol: impl Into<String>) -> Self {
        Self {
            symbol: symbol.into(),
            series: None,
            files: Vec::new(),
            resampled_from: None,
            repairs: Vec::new(),
            repairs_not_listed: 0,
            synthetic_bars: 0,
        }
    }

    /// The same after `repairs`, by which `synthetic_bars` were made up.
    #[must_use]
    pub fn repaired(mut self, mut repairs: Vec<Repair>, synthetic_bars: u64) -> Self {
        self.repairs_not_listed = repairs.len().saturating_sub(REPAIRS_LISTED_MAX) as u64;
        repairs.truncate(REPAIRS_LISTED_MAX);
        self.repairs = repairs;
        self.synthetic_bars = synthetic_bars;
        self
    }

    /// True when the bars say something else than their source did: putting rows in order and dropping what is there twice
    /// changes nothing.
    pub fn is_changed(&self) -> bool {
        let lossless =
            |action| matches!(action, RepairAction::Sorted | RepairAction::DroppedDuplicate);
        self.repairs_not_listed > 0 || self.repairs.iter().any(|repair| !lossless(repair.action))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
pub(super) const fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repair(action: RepairAction) -> Repair {
        Repair { action, time: None, rows: 1, before: None, after: None }
    }

    #[test]
    fn order_and_repetition_are_no_change() {
        let source = DataSource::new("A");
        assert!(!source.is_changed());
        let sorted = source.clone().repaired(vec![repair(RepairAction::Sorted)], 0);
        assert!(!sorted.is_changed());
        assert!(source.repaired(vec![repair(RepairAction::Filled)], 3).is_changed());
    }

    #[test]
    fn the_first_repairs_are_listed_and_the_others_counted() {
        let source = DataSource::new("A").repaired(vec![repair(RepairAction::Sorted); 1_002], 0);
        assert_eq!((source.repairs.len(), source.repairs_not_listed), (1_000, 2));
    }
}
