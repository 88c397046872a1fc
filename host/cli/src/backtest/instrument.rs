//! Flags of the exchange's rules, the same for every instrument of the run; without them those that the exchange gave hold.

use crate::flag_layer::FlagLayer;
use crate::value;
use ct_host::units::{Money, Price, Quantity};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Exchange rules")]
pub(super) struct InstrumentArgs {
    /// Prices are multiples of this [default: the exchange's rule; none for files]
    #[arg(long, value_name = "PRICE", value_parser = value::price)]
    tick: Option<Price>,
    /// Quantities are multiples of this [default: the exchange's rule]
    #[arg(long, value_name = "QUANTITY", value_parser = value::quantity)]
    lot: Option<Quantity>,
    /// Smaller orders are refused, in base asset [default: the exchange's rule]
    #[arg(long, value_name = "QUANTITY", value_parser = value::quantity)]
    min_quantity: Option<Quantity>,
    /// Orders worth less are refused, in quote asset [default: the exchange's rule]
    #[arg(long, value_name = "AMOUNT", value_parser = value::money)]
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
