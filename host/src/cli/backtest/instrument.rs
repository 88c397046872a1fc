//! Flags of the exchange's rules, the same for every instrument of the run.

use super::value;
use crate::market::Instrument;
use crate::units::{Money, Price, Quantity};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Exchange rules")]
pub(super) struct InstrumentArgs {
    /// Prices are multiples of this [default: no grid]
    #[arg(long, value_name = "PRICE", value_parser = value::price)]
    tick: Option<Price>,
    /// Quantities are multiples of this [default: no grid]
    #[arg(long, value_name = "QUANTITY", value_parser = value::quantity)]
    lot: Option<Quantity>,
    /// Orders worth less are refused, in quote asset [default: none]
    #[arg(long, value_name = "AMOUNT", value_parser = value::money)]
    min_notional: Option<Money>,
}

impl InstrumentArgs {
    pub(super) fn instrument(&self, symbol: String) -> Instrument {
        Instrument {
            symbol,
            tick: self.tick.unwrap_or_default(),
            lot: self.lot.unwrap_or_default(),
            notional_min: self.min_notional.unwrap_or_default(),
        }
    }
}
