//! Flags of what happens to prices with defects, and the checks themselves.

use std::fmt::Display;

use super::failure::Failure;
use super::flag_layer::FlagLayer;
use super::terminal::Terminal;
use ct_host::config::{BadData, DataConfig};
use ct_host::data::csv::RowLines;
use ct_host::data::validate::{
    Clipping, Count, FindingKind, Policy, Repair, RepairSettings, Repaired, Report, Severity,
    Subject, ValidationSettings, validate,
};
use ct_host::market::{Bars, RawColumns};
use ct_host::units::{Interval, Timestamp};

#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Prices with defects")]
pub(super) struct PolicyArgs {
    /// What happens to prices with errors: refuse them, use them with a warning where they are bars at all, or repair them
    /// [default: refuse]
    #[arg(long, value_name = "POLICY", value_enum)]
    bad_data: Option<BadData>,
    #[command(flatten)]
    repair: RepairArgs,
}

#[derive(Clone, Debug, clap::Args)]
pub(super) struct RepairArgs {
    /// In a repair, fill gaps of up to so many bars: flat at the last close, without volume [default: 0]
    #[arg(long, value_name = "BARS", help_heading = "Prices with defects")]
    fill_gaps: Option<usize>,
    /// In a repair, cut prices that revert at once to those of the neighbours
    #[arg(long, help_heading = "Prices with defects")]
    clip_bad_ticks: bool,
}

/// What happens to prices with defects.
#[derive(Clone, Copy, Debug)]
pub(super) struct DefectPolicy {
    bad_data: BadData,
    /// Longest gap that is filled, in bars.
    fill_gaps: usize,
    bad_ticks: Clipping,
}

/// Rows of one series, and what is known about them.
#[derive(Clone)]
pub(super) struct Unchecked<'a> {
    /// The file or series, as the user knows it.
    pub(super) name: &'a dyn Display,
    pub(super) interval: Interval,
    pub(super) rows: RawColumns,
    pub(super) quote_volume: Option<&'a [f64]>,
    pub(super) lines: Option<&'a RowLines>,
    pub(super) now: Option<Timestamp>,
}

impl PolicyArgs {
    /// What these flags say of the configuration's section `data`.
    pub(super) fn say(&self, flags: &mut FlagLayer) {
        flags.set_given("--bad-data", "data.bad_data", self.bad_data);
        flags.set_given("--fill-gaps", "data.fill_gaps", self.repair.fill_gaps);
        if self.repair.clip_bad_ticks {
            flags.set("--clip-bad-ticks", "data.clip_bad_ticks", true);
        }
    }

    /// What these flags say by themselves.
    ///
    /// # Errors
    /// As [`DefectPolicy::checked`].
    pub(super) fn policy(&self) -> Result<DefectPolicy, Failure> {
        let bad_data = self.bad_data.unwrap_or_default();
        DefectPolicy { bad_data, ..self.repair.policy() }.checked()
    }
}

impl RepairArgs {
    const fn policy(&self) -> DefectPolicy {
        DefectPolicy {
            bad_data: BadData::Repair,
            fill_gaps: match self.fill_gaps {
                Some(bars) => bars,
                None => 0,
            },
            bad_ticks: if self.clip_bad_ticks { Clipping::Neighbours } else { Clipping::Keep },
        }
    }

    /// Sound bars of what `unchecked` holds, repaired.
    ///
    /// # Errors
    /// [`Failure::input`] with the first error that no repair can put right.
    pub(super) fn repair(
        &self,
        unchecked: Unchecked<'_>,
        terminal: Terminal,
    ) -> Result<Repaired, Failure> {
        self.policy().admit(unchecked, terminal)
    }
}

impl DefectPolicy {
    /// What the configuration says.
    ///
    /// # Errors
    /// As [`DefectPolicy::checked`].
    pub(super) fn of(data: &DataConfig) -> Result<Self, Failure> {
        let bad_ticks = if data.clip_bad_ticks { Clipping::Neighbours } else { Clipping::Keep };
        Self { bad_data: data.bad_data, fill_gaps: data.fill_gaps, bad_ticks }.checked()
    }

    /// # Errors
    /// [`Failure::input`] when a way to repair is named, but no repair is wanted.
    fn checked(self) -> Result<Self, Failure> {
        let ways = self.fill_gaps > 0 || self.bad_ticks != Clipping::Keep;
        if ways && self.bad_data != BadData::Repair {
            return Err(Failure::input(
                "--fill-gaps and --clip-bad-ticks change prices: give --bad-data repair with them",
            ));
        }
        Ok(self)
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

    /// Sound bars of what `unchecked` holds. The user is told what was found and what was put right.
    ///
    /// # Errors
    /// [`Failure::input`] with the first error, when the policy does not let it pass.
    pub(super) fn admit(
        self,
        unchecked: Unchecked<'_>,
        terminal: Terminal,
    ) -> Result<Repaired, Failure> {
        let policy = self.policy(unchecked.now);
        admit(unchecked, &policy, terminal)
    }
}

fn admit(
    unchecked: Unchecked<'_>,
    policy: &Policy,
    terminal: Terminal,
) -> Result<Repaired, Failure> {
    let Unchecked { name, interval, rows, quote_volume, lines, now } = unchecked;
    let report = {
        let subject = Subject { quote_volume, lines, now, ..Subject::new(interval, &rows) };
        validate(&subject, &ValidationSettings::default())
    };
    let repaired = policy.admit(rows, &report).map_err(|error| {
        Failure::input(format!("{name}: {error} (--bad-data; ct-host validate-data lists all)"))
    })?;
    if let Some(found) = in_short(&report) {
        terminal.notice(&format!("{name}: {found}"));
    }
    if !repaired.repairs.is_empty() && matches!(policy, Policy::Repair(_)) {
        terminal.notice(&format!("{name}: {} repair(s)", repaired.repairs.len()));
    }
    Ok(repaired)
}

/// `bars` of a series, which are sound already, under the user's policy: the bars, what was put right, and how many of them
/// are made up. Nothing is copied unless something is repaired.
///
/// # Errors
/// [`Failure::input`] with the first error, when the policy does not let it pass.
pub(super) fn checked_bars(
    bars: Bars,
    name: &dyn Display,
    policy: DefectPolicy,
    terminal: Terminal,
) -> Result<(Bars, Vec<Repair>, u64), Failure> {
    let interval = bars.interval();
    if policy.bad_data != BadData::Repair {
        let report = validate(&Subject::new(interval, &bars), &ValidationSettings::default());
        let is_error = report.worst == Some(Severity::Error);
        if !(is_error && policy.bad_data == BadData::Refuse) {
            if let Some(found) = in_short(&report) {
                terminal.notice(&format!("{name}: {found}"));
            }
            return Ok((bars, Vec::new(), 0));
        }
    }
    let rows = bars.to_raw();
    let unchecked = Unchecked { name, interval, rows, quote_volume: None, lines: None, now: None };
    let Repaired { rows, repairs, synthetic } = policy.admit(unchecked, terminal)?;
    let bars = Bars::new(interval, rows).map_err(Failure::run)?;
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
