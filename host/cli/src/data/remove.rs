//! `data remove`: series that are not wanted any more.

use super::prune::deliver;
use crate::failure::Failure;
use crate::kept_prices::KeptPrices;
use crate::series_args::SeriesArgs;
use crate::terminal::Terminal;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    series: SeriesArgs,
    /// Write JSON
    #[arg(long, help_heading = "Output")]
    json: bool,
}

/// Removes the named series; snapshots of them stay.
///
/// # Errors
/// [`Failure::input`] when none is named or one is not kept, [`Failure::run`] when one cannot be removed.
pub(super) fn run(arguments: &Args, kept: &KeptPrices, terminal: Terminal) -> Result<(), Failure> {
    if !arguments.series.is_given() {
        return Err(Failure::input("name what is to be removed with --symbol"));
    }
    let keys = arguments.series.keys(kept)?;
    let removed = keys.iter().map(|key| kept.store.remove(key).map_err(Failure::run));
    deliver(removed.collect::<Result<_, Failure>>()?, false, arguments.json, terminal)
}
