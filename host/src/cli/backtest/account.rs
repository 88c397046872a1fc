//! Flags of the account: money, sizing and limits.

use crate::cli::value;
use crate::engine::AtEnd;
use crate::risk::{Limits, Shorting, Sizing};
use crate::units::{Money, Quantity, Rate};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Account")]
pub(super) struct AccountArgs {
    /// Quote asset at the start
    #[arg(long, value_name = "AMOUNT", default_value = "10000", value_parser = value::money)]
    pub(super) cash: Money,
    /// Share of the equity that a full position takes [default: 1]
    #[arg(long, value_name = "SHARE", value_parser = value::share, conflicts_with = "units")]
    fraction: Option<Rate>,
    /// Base asset of a full position, in place of a share of the equity
    #[arg(long, value_name = "QUANTITY", value_parser = value::quantity)]
    units: Option<Quantity>,
    /// Let the strategy hold short positions
    #[arg(long)]
    allow_short: bool,
    /// Largest position of an instrument, in base asset
    #[arg(long, value_name = "QUANTITY", value_parser = value::quantity)]
    max_units: Option<Quantity>,
    /// Largest position of an instrument, in quote asset
    #[arg(long, value_name = "AMOUNT", value_parser = value::money)]
    max_notional: Option<Money>,
    /// Close what is open at the last close, in place of marking it
    #[arg(long)]
    close_at_end: bool,
}

impl AccountArgs {
    pub(super) fn sizing(&self) -> Sizing {
        match self.units {
            Some(quantity) => Sizing::Units(quantity),
            None => Sizing::Fraction(self.fraction.unwrap_or(Rate::ONE)),
        }
    }

    pub(super) const fn limits(&self) -> Limits {
        Limits {
            shorting: if self.allow_short { Shorting::Allowed } else { Shorting::Forbidden },
            position_max: self.max_units,
            position_notional_max: self.max_notional,
        }
    }

    pub(super) const fn at_end(&self) -> AtEnd {
        if self.close_at_end { AtEnd::Close } else { AtEnd::Mark }
    }
}
