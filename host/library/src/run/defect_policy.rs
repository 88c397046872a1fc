//! What happens to prices with defects.

use super::{Observer, RunError};
use crate::config::{BadData, DataConfig};
use ct_core::market::{Bars, RawColumns};
use ct_core::units::{Interval, Timestamp};
use ct_data::csv::RowLines;
use ct_data::store::{Series, Store};
use ct_data::validate::{
    Clipping, Count, FindingKind, Policy, Repair, RepairAction, RepairSettings, Repaired, Report,
    Severity, Subject, ValidationSettings, validate,
};

/// What happens to prices with defects.
#[derive(Clone, Copy, Debug)]
pub struct DefectPolicy {
    bad_data: BadData,
    /// Longest gap that is filled, in bars.
    fill_gaps: usize,
    bad_ticks: Clipping,
}

/// Rows of one series, and what is known about them.
#[derive(Clone, Debug)]
pub struct Unchecked<'a> {
    /// The file or series, as the user knows it.
    pub name: &'a str,
    /// Length of a bar.
    pub interval: Interval,
    /// The rows.
    pub rows: RawColumns,
    /// Traded value of each row, in quote asset, if it is known.
    pub quote_volume: Option<&'a [f64]>,
    /// Where each row stands in its file, if it is one of text.
    pub lines: Option<&'a RowLines>,
    /// When they were downloaded: what closes later is not finished.
    pub now: Option<Timestamp>,
}

impl DefectPolicy {
    /// What the configuration says.
    ///
    /// # Errors
    /// As [`DefectPolicy::new`].
    pub fn of(data: &DataConfig) -> Result<Self, RunError> {
        let bad_ticks = if data.clip_bad_ticks { Clipping::Neighbours } else { Clipping::Keep };
        Self::new(data.bad_data, data.fill_gaps, bad_ticks)
    }

    /// `bad_data`; a repair fills gaps of up to `fill_gaps` bars.
    ///
    /// # Errors
    /// [`RunError::Input`] when a way to repair is named, but no repair is wanted.
    pub fn new(bad_data: BadData, fill_gaps: usize, bad_ticks: Clipping) -> Result<Self, RunError> {
        let ways = fill_gaps > 0 || bad_ticks != Clipping::Keep;
        if ways && bad_data != BadData::Repair {
            return Err(RunError::input(
                "--fill-gaps and --clip-bad-ticks change prices: give --bad-data repair with them",
            ));
        }
        Ok(Self { bad_data, fill_gaps, bad_ticks })
    }

    /// What is done to bars. Those that close after `now` are not finished.
    fn policy(self, now: Option<Timestamp>) -> Policy {
        match self.bad_data {
            BadData::Refuse => Policy::Refuse,
            BadData::Warn => Policy::Warn,
            BadData::Repair => Policy::Repair(RepairSettings {
                now,
                bad_ticks: self.bad_ticks,
                filled_bars_max: self.fill_gaps,
                ..RepairSettings::default()
            }),
        }
    }

    /// Sound bars of what `unchecked` holds. The `observer` is told what was found and what was put right.
    ///
    /// # Errors
    /// [`RunError::Input`] with the first error, when the policy does not let it pass.
    pub fn admit(
        self,
        unchecked: Unchecked<'_>,
        observer: &dyn Observer,
    ) -> Result<Repaired, RunError> {
        let policy = self.policy(unchecked.now);
        admit(unchecked, &policy, observer)
    }
}

fn admit(
    unchecked: Unchecked<'_>,
    policy: &Policy,
    observer: &dyn Observer,
) -> Result<Repaired, RunError> {
    let Unchecked { name, interval, rows, quote_volume, lines, now } = unchecked;
    let report = {
        let subject = Subject { quote_volume, lines, now, ..Subject::new(interval, &rows) };
        validate(&subject, &ValidationSettings::default())
    };
    let repaired = policy.admit(rows, &report, now).map_err(|error| {
        RunError::input(format!("{name}: {error} (--bad-data; ct-host validate-data lists all)"))
    })?;
    if let Some(found) = in_short(&report) {
        observer.notice(&format!("{name}: {found}"));
    }
    let unfinished = |repair: &&Repair| repair.action == RepairAction::DroppedUnfinished;
    let left_out = repaired.repairs.iter().filter(unfinished).count();
    if left_out > 0 {
        observer.notice(&format!("{name}: {left_out} bar(s) that have not closed are left out"));
    }
    if !repaired.repairs.is_empty() && matches!(policy, Policy::Repair(_)) {
        observer.notice(&format!("{name}: {} repair(s)", repaired.repairs.len()));
    }
    Ok(repaired)
}

/// `bars` of `series`, which are sound already, under the user's policy: the bars, what was put right, and how many of them
/// are made up. Nothing is copied unless something is repaired, and nothing is looked at twice.
///
/// # Errors
/// [`RunError::Input`] with the first error, when the policy does not let it pass.
pub(super) fn checked_bars(
    bars: Bars,
    (store, series): (&Store, &Series),
    policy: DefectPolicy,
    observer: &dyn Observer,
) -> Result<(Bars, Vec<Repair>, u64), RunError> {
    let (interval, name) = (bars.interval(), series.key());
    if policy.bad_data != BadData::Repair {
        let report = store.validate(series, &bars, &ValidationSettings::default());
        let is_error = report.worst == Some(Severity::Error);
        if !(is_error && policy.bad_data == BadData::Refuse) {
            if let Some(found) = in_short(&report) {
                observer.notice(&format!("{name}: {found}"));
            }
            return Ok((bars, Vec::new(), 0));
        }
    }
    let rows = bars.to_raw();
    let unchecked = Unchecked {
        name: &name.to_string(),
        interval,
        rows,
        quote_volume: None,
        lines: None,
        now: None,
    };
    let Repaired { rows, repairs, synthetic } = policy.admit(unchecked, observer)?;
    let bars = Bars::new(interval, rows).map_err(RunError::run)?;
    Ok((bars, repairs, synthetic.len() as u64))
}

/// What `report` found, such as `28 gaps (128 bars)`; `None` when it is nothing that a trader must know.
pub(super) fn in_short(report: &Report) -> Option<String> {
    let worth = |(kind, _): &(&FindingKind, &Count)| kind.severity() >= Severity::Warning;
    let text = |(kind, count): (&FindingKind, &Count)| {
        if count.rows > count.findings {
            format!("{kind}: {} ({} bars)", count.findings, count.rows)
        } else {
            format!("{kind}: {}", count.findings)
        }
    };
    let found: Vec<String> = report.counts.iter().filter(worth).map(text).collect();
    (!found.is_empty()).then(|| found.join(", "))
}
