//! Flags of how orders fill.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::value::{help, help_or, of, one_of};
use ct_host::order::Intrabar;
use ct_host::units::Interval;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Fills")]
pub(super) struct FillArgs {
    #[arg(long, value_name = "BARS", help = help("fills.latency_bars"), value_parser = of::<u32>("fills.latency_bars"))]
    latency_bars: Option<u32>,
    #[arg(long, value_name = "WHERE", help = help("fills.market"), value_parser = one_of("fills.market"))]
    fill: Option<String>,
    #[arg(long, value_name = "WHEN", help = help("fills.limit"), value_parser = one_of("fills.limit"))]
    limit_fill: Option<String>,
    #[arg(long, value_name = "PRICE", help = help("fills.gap"), value_parser = one_of("fills.gap"))]
    gap_fill: Option<String>,
    #[arg(long, value_name = "WAY", help = help_or("fills.intrabar", "detail where detail bars are named, else stop-first"), value_parser = one_of("fills.intrabar"))]
    intrabar: Option<String>,
    #[arg(long, value_name = "INTERVAL", help = help("data.detail_interval"))]
    detail_interval: Option<Interval>,
    /// Files with the finer bars, one per instrument in the same order or of the same symbol [default: as the prices, from the exchange]
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
