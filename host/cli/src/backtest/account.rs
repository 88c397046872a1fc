//! Flags of the account.

use crate::flag_layer::FlagLayer;
use crate::value::{help, of};
use ct_host::settings::AtEnd;
use ct_host::units::Money;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Account")]
pub(super) struct AccountArgs {
    #[arg(long, value_name = "AMOUNT", help = help("account.cash"), value_parser = of::<Money>("account.cash"))]
    cash: Option<Money>,
    /// Close what is open at the last close, in place of marking it
    #[arg(long)]
    close_at_end: bool,
}

impl AccountArgs {
    pub(super) fn say(&self, flags: &mut FlagLayer) {
        flags.set_given("--cash", "account.cash", self.cash);
        if self.close_at_end {
            flags.set("--close-at-end", "account.at_end", AtEnd::Close);
        }
    }
}
