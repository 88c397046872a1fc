//! Flags of the exchange's rules, the same for every instrument of the run; without them those that the exchange gave hold.

use crate::cli::value;
use crate::market::Instrument;
use crate::units::{Money, Price, Quantity};

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
    /// `rules` with what the user wants instead.
    pub(super) fn over(&self, rules: Instrument) -> Instrument {
        Instrument {
            tick: self.tick.unwrap_or(rules.tick),
            lot: self.lot.unwrap_or(rules.lot),
            quantity_min: self.min_quantity.unwrap_or(rules.quantity_min),
            notional_min: self.min_notional.unwrap_or(rules.notional_min),
            symbol: rules.symbol,
        }
    }
}
