//! Flags of the exchange's rules, the same for every instrument of the run; without them those that the exchange gave hold.

use crate::flag_layer::FlagLayer;
use crate::value::{help_or, of};
use ct_host::units::{Money, Price, Quantity};

/// What holds without a flag.
const RULE: &str = "the exchange's rule; none for files";

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Exchange rules")]
pub(super) struct InstrumentArgs {
    #[arg(long, value_name = "PRICE", help = help_or("data.rules.tick", RULE), value_parser = of::<Price>("data.rules.tick"))]
    tick: Option<Price>,
    #[arg(long, value_name = "QUANTITY", help = help_or("data.rules.lot", RULE), value_parser = of::<Quantity>("data.rules.lot"))]
    lot: Option<Quantity>,
    #[arg(long, value_name = "QUANTITY", help = help_or("data.rules.quantity_min", RULE), value_parser = of::<Quantity>("data.rules.quantity_min"))]
    min_quantity: Option<Quantity>,
    #[arg(long, value_name = "AMOUNT", help = help_or("data.rules.notional_min", RULE), value_parser = of::<Money>("data.rules.notional_min"))]
    min_notional: Option<Money>,
}

impl InstrumentArgs {
    pub(super) fn say(&self, flags: &mut FlagLayer) {
        flags.set_given("--tick", "data.rules.tick", self.tick);
        flags.set_given("--lot", "data.rules.lot", self.lot);
        flags.set_given("--min-quantity", "data.rules.quantity_min", self.min_quantity);
        flags.set_given("--min-notional", "data.rules.notional_min", self.min_notional);
    }
}
