//! Flags of what happens to prices with defects.

use super::failure::Failure;
use super::flag_layer::FlagLayer;
use super::terminal::Terminal;
use ct_host::config::BadData;
use ct_host::data::validate::{Clipping, Repaired};
use ct_host::run::{DefectPolicy, RunError, Unchecked};

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
    /// As [`DefectPolicy::new`].
    pub(super) fn policy(&self) -> Result<DefectPolicy, Failure> {
        Ok(self.repair.policy(self.bad_data.unwrap_or_default())?)
    }
}

impl RepairArgs {
    fn policy(&self, bad_data: BadData) -> Result<DefectPolicy, RunError> {
        let bad_ticks = if self.clip_bad_ticks { Clipping::Neighbours } else { Clipping::Keep };
        DefectPolicy::new(bad_data, self.fill_gaps.unwrap_or_default(), bad_ticks)
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
        Ok(self.policy(BadData::Repair)?.admit(unchecked, &terminal)?)
    }
}
