//! What a caller gets of data with defects.

use serde::{Deserialize, Serialize};

use super::repair::{GapsTooLong, OffGridRule, RepairSettings, Repaired, repair};
use super::report::Report;
use super::{FindingKind, Severity, Subject, ValidationSettings, are_many_conflicts, validate};
use ct_core::market::RawColumns;
use ct_core::units::Timestamp;

/// What happens to data with errors. Under each policy, rows are sorted and rows that are there twice are dropped, where
/// that loses nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Data with errors is refused.
    #[default]
    Refuse,
    /// Data is used as it is, if it can be: rows that cannot be bars, and conflicting ones, are still refused, since there
    /// is no bar to use. Rows that overlap the one before are dropped, and recorded.
    Warn,
    /// What can be repaired is; data with other errors is refused.
    Repair(RepairSettings),
}

/// Data that a policy refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the data has errors ({kinds}): {first}{advice}")]
pub struct RefusedData {
    /// The kinds of errors with their numbers, such as `off the time grid: 2`.
    pub kinds: String,
    /// The first of them, complete in itself.
    pub first: String,
    /// What can be done.
    pub advice: &'static str,
}

impl Policy {
    /// The bars that this policy makes of `rows`, of which `report` is the [`validate`](super::validate) report. Those that
    /// close after `now` are left out: they are not finished.
    ///
    /// # Errors
    /// [`RefusedData`] when the report has errors that the policy does not let pass.
    pub fn admit(
        &self,
        rows: RawColumns,
        report: &Report,
        now: Option<Timestamp>,
    ) -> Result<Repaired, RefusedData> {
        let lossless =
            RepairSettings { off_grid: OffGridRule::Keep, now, ..RepairSettings::default() };
        match self {
            Self::Refuse => {
                let unrepairable = |(kind, _): &(&FindingKind, _)| {
                    kind.severity() == Severity::Error && !is_repairable(report, **kind)
                };
                let advice = if report.counts.iter().any(|found| unrepairable(&found)) {
                    "; correct the data, use another period or another source, or choose to go on with a warning: repair \
                     cannot put all of it right"
                } else {
                    "; correct the data, or choose to repair it or to go on with a warning"
                };
                refuse(report, advice, |_| true)?;
                ordered(rows, report, &lossless)
            }
            Self::Warn => {
                let advice = if is_repairable(report, FindingKind::ConflictingDuplicate) {
                    "; these rows are no bars: correct them, or choose to repair the data"
                } else {
                    "; these rows are no bars: correct them"
                };
                refuse(report, advice, leaves_no_bar)?;
                ordered(rows, report, &lossless)
            }
            Self::Repair(settings) => {
                let advice = "; repair cannot put these right: use another period or another source, or choose to go on \
                              with a warning";
                refuse(report, advice, |kind| !is_repairable(report, kind))?;
                let settings = RepairSettings { now: settings.now.or(now), ..settings.clone() };
                let repaired = repair(rows, report.interval, &settings)
                    .map_err(|error| too_long(report, error))?;
                if repaired.repairs.is_empty() {
                    return Ok(repaired);
                }
                let after = validate(
                    &Subject::new(report.interval, &repaired.rows),
                    &ValidationSettings::default(),
                );
                let advice = "; this is left after the repair, which cannot put it right: use another period or another source, \
                              or correct the data";
                // Volumes were judged before, with those in the quote asset, which the repaired rows lack.
                let is_left = |kind| match kind {
                    FindingKind::OffGrid => settings.off_grid == OffGridRule::Drop,
                    FindingKind::SwappedVolume => false,
                    _ => true,
                };
                refuse(&after, advice, is_left)?;
                Ok(repaired)
            }
        }
    }
}

/// Whether a repair answers for what `report` has of `kind`: of many conflicting rows it would keep some of each series.
fn is_repairable(report: &Report, kind: FindingKind) -> bool {
    let conflicts = report.count(FindingKind::ConflictingDuplicate).rows;
    let (conflicts, rows) = (usize::try_from(conflicts), usize::try_from(report.rows));
    let is_mixed = kind == FindingKind::ConflictingDuplicate
        && are_many_conflicts(conflicts.unwrap_or(usize::MAX), rows.unwrap_or(usize::MAX));
    kind.is_repairable() && !is_mixed
}

/// `rows` in order and each once; as they are when `report` says that they are so already, which is the usual case.
fn ordered(
    rows: RawColumns,
    report: &Report,
    lossless: &RepairSettings,
) -> Result<Repaired, RefusedData> {
    let disorder = [
        FindingKind::Descending,
        FindingKind::OutOfOrder,
        FindingKind::Duplicate,
        FindingKind::OffGrid,
        FindingKind::UnfinishedLastBar,
    ];
    if disorder.iter().all(|kind| report.count(*kind).findings == 0) {
        return Ok(Repaired { rows, ..Repaired::default() });
    }
    repair(rows, report.interval, lossless).map_err(|error| too_long(report, error))
}

fn too_long(report: &Report, error: GapsTooLong) -> RefusedData {
    let gaps = report.count(FindingKind::Gap).findings;
    RefusedData {
        kinds: format!("{}: {gaps}", FindingKind::Gap),
        first: error.to_string(),
        advice: "; fill shorter gaps, or use a part of the data",
    }
}

/// Whether rows with a defect of `kind` cannot be used as they are.
const fn leaves_no_bar(kind: FindingKind) -> bool {
    matches!(
        kind,
        FindingKind::ImpossibleTime
            | FindingKind::ConflictingDuplicate
            | FindingKind::NotFinite
            | FindingKind::NonPositivePrice
            | FindingKind::InconsistentOhlc
            | FindingKind::NegativeVolume
    )
}

/// # Errors
/// When `report` has errors of kinds that are `refused`.
fn refuse(
    report: &Report,
    advice: &'static str,
    refused: impl Fn(FindingKind) -> bool,
) -> Result<(), RefusedData> {
    let is_refused = |kind: FindingKind| kind.severity() == Severity::Error && refused(kind);
    let kinds: Vec<_> = report
        .counts
        .iter()
        .filter(|(kind, _)| is_refused(**kind))
        .map(|(kind, count)| format!("{kind}: {}", count.findings))
        .collect();
    if kinds.is_empty() {
        return Ok(());
    }
    let first = report.findings.iter().find(|finding| is_refused(finding.kind));
    let first = first.map(ToString::to_string).unwrap_or_default();
    Err(RefusedData { kinds: kinds.join(", "), first, advice })
}
