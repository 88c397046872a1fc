//! Flags of how orders fill.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;

use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use ct_host::order::Intrabar;
use ct_host::units::Interval;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Fills")]
pub(super) struct FillArgs {
    /// Bars between a decision and the first in which its order can trade, beside the one that is always there [default: 0]
    #[arg(long, value_name = "BARS")]
    latency_bars: Option<u32>,
    /// Where market orders fill [default: next-open]
    #[arg(long, value_name = "WHERE", value_parser = PossibleValuesParser::new(["next-open", "next-close"]))]
    fill: Option<String>,
    /// When limit and take-profit orders fill: when the market trades through their price, or touches it [default: through]
    #[arg(long, value_name = "WHEN", value_parser = PossibleValuesParser::new(["through", "touch"]))]
    limit_fill: Option<String>,
    /// What resting limits and take-profits get when the market opens beyond their price [default: level]
    #[arg(long, value_name = "PRICE", value_parser = PossibleValuesParser::new(["level", "open"]))]
    gap_fill: Option<String>,
    /// The way of the price inside a bar [default: detail where detail bars are named, else stop-first]
    #[arg(long, value_name = "WAY", value_parser = PossibleValuesParser::new(["stop-first", "open-nearest", "detail"]))]
    intrabar: Option<String>,
    /// Length of finer bars that show the way of the price inside a bar, such as 1m
    #[arg(long, value_name = "INTERVAL")]
    detail_interval: Option<Interval>,
    /// Files with the finer bars, one per instrument in the same order [default: as the prices, from the exchange]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    detail_data: Vec<PathBuf>,
}

impl FillArgs {
    /// # Errors
    /// [`Failure::input`] when finer bars are named that are not to be used.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let Some(way) = self.intrabar.as_deref().filter(|way| *way != "detail") else {
            return Ok(());
        };
        let flags = [
            ("--detail-interval", self.detail_interval.is_some()),
            ("--detail-data", !self.detail_data.is_empty()),
        ];
        match flags.iter().find(|(_, is_given)| *is_given) {
            Some((flag, _)) => Err(Failure::input(format!(
                "{flag} names finer bars, which --intrabar {way} does not use: give --intrabar detail, or leave one of them out"
            ))),
            None => Ok(()),
        }
    }

    pub(super) fn say(&self, flags: &mut FlagLayer) {
        flags.set_given("--latency-bars", "fills.latency_bars", self.latency_bars);
        flags.set_given("--fill", "fills.market", self.fill.as_deref().map(key));
        flags.set_given("--limit-fill", "fills.limit", self.limit_fill.as_deref().map(key));
        flags.set_given("--gap-fill", "fills.gap", self.gap_fill.as_deref());
        flags.set_given("--detail-interval", "data.detail_interval", self.detail_interval);
        if self.detail_interval.is_some() {
            flags.set("--detail-interval", "fills.intrabar", Intrabar::Detail);
        }
        if !self.detail_data.is_empty() {
            flags.set("--detail-data", "data.detail_files", &self.detail_data);
            flags.set("--detail-data", "fills.intrabar", Intrabar::Detail);
        }
        flags.set_given("--intrabar", "fills.intrabar", self.intrabar.as_deref().map(key));
    }
}

/// The value of a flag as the configuration writes it.
fn key(text: &str) -> String {
    text.replace('-', "_")
}
