//! Flags of the traded period.

use std::num::NonZeroU32;

use crate::flag_layer::FlagLayer;
use crate::value::of;
use ct_host::units::Timestamp;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Period")]
pub(super) struct PeriodArgs {
    /// First time to trade, such as 2024-01-31 or 2024-01-31T12:00; the strategy warms up on the bars before
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Time to stop at; a bar that opens then is not part of the run
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Trade the last so many days: before now with --symbol, of the data with files
    #[arg(long, value_name = "NUMBER", value_parser = of::<NonZeroU32>("data.days"), conflicts_with_all = ["from", "to"])]
    days: Option<NonZeroU32>,
}

impl PeriodArgs {
    /// A period in days takes the place of one in times, and the other way round.
    pub(super) fn say(&self, flags: &mut FlagLayer) {
        for (flag, path, time) in [("--from", "data.from", self.from), ("--to", "data.to", self.to)]
        {
            if time.is_some() {
                flags.unset(flag, "data.days");
                flags.set_given(flag, path, time);
            }
        }
        if self.days.is_some() {
            flags.unset("--days", "data.from");
            flags.unset("--days", "data.to");
            flags.set_given("--days", "data.days", self.days);
        }
    }
}
