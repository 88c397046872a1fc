//! Prices of files.

use std::path::PathBuf;

use super::prices::{Loaded, Loading, PriceArgs};
use crate::backtest::DataSource;
use crate::cli::failure::Failure;
use crate::cli::price_file::{CheckedFile, read_checked};
use crate::market::Instrument;

/// Reads and checks the files of `arguments`.
///
/// # Errors
/// [`Failure::Input`] with the file and the row of the first problem.
pub(super) fn load(arguments: &PriceArgs, loading: Loading<'_>) -> Result<Vec<Loaded>, Failure> {
    let one = |(place, path): (usize, &PathBuf)| {
        let checked = read_checked(path, arguments.interval, &arguments.policy, loading.terminal)?;
        let CheckedFile { symbol, bars, repairs, synthetic, .. } = checked;
        let symbol = arguments.symbol.get(place).cloned().unwrap_or(symbol);
        let source = DataSource::new(symbol.as_str()).repaired(repairs, synthetic);
        let instrument = loading.rules.over(Instrument::unrestricted(symbol));
        Ok(Loaded { instrument, bars, source })
    };
    arguments.data.iter().enumerate().map(one).collect()
}
