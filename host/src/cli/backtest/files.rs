//! Prices of files.

use std::path::Path;

use super::prices::{Loaded, Loading, PriceArgs};
use crate::backtest::DataSource;
use crate::cli::data_policy::Unchecked;
use crate::cli::failure::Failure;
use crate::cli::price_file;
use crate::cli::terminal::Terminal;
use crate::market::{Bars, Instrument};

/// Reads and checks the files of `arguments`.
///
/// # Errors
/// [`Failure::Input`] with the file and the row of the first problem.
pub(super) fn load(arguments: &PriceArgs, loading: Loading<'_>) -> Result<Vec<Loaded>, Failure> {
    let one = |(place, path): (usize, &std::path::PathBuf)| {
        let named = arguments.symbol.get(place).cloned();
        let (symbol, bars, source) = read(arguments, path, named, loading.terminal)?;
        let instrument = loading.rules.over(Instrument::unrestricted(symbol));
        Ok(Loaded { instrument, bars, source })
    };
    arguments.data.iter().enumerate().map(one).collect()
}

fn read(
    arguments: &PriceArgs,
    path: &Path,
    symbol: Option<String>,
    terminal: Terminal,
) -> Result<(String, Bars, DataSource), Failure> {
    let file = price_file::read(path, terminal)?;
    let interval = price_file::interval(&file, arguments.interval, path, terminal)?;
    let symbol = symbol.unwrap_or_else(|| price_file::symbol(&file, path));
    let unchecked = Unchecked {
        name: &path.display(),
        interval,
        quote_volume: file.quote_volume.as_deref(),
        lines: file.lines.as_ref(),
        rows: file.columns,
        now: None,
    };
    let repaired = arguments.policy.admit(unchecked, terminal)?;
    let synthetic = repaired.synthetic.len() as u64;
    let source = DataSource::new(symbol.as_str()).repaired(repaired.repairs, synthetic);
    let bars = Bars::new(interval, repaired.rows)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    Ok((symbol, bars, source))
}
