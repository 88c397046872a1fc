//! `data export`: a kept series becomes a file.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::kept_prices::KeptPrices;
use crate::saved_file::{ForceArgs, destination};
use crate::series_args::SeriesArgs;
use crate::terminal::Terminal;
use ct_host::data::files::{CsvTimes, FileFormat, Label, WriteOptions, write_file};
use ct_host::data::store::Series;
use ct_host::market::resample;
use ct_host::units::{Interval, Timestamp};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to write; its name says the format: .csv (also .gz and .zst), .parquet, .arrow or .feather, or freqtrade's
    /// names such as BTC_USDT-1h.json
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    series: SeriesArgs,
    /// The series as this snapshot pins it
    #[arg(long, value_name = "NAME")]
    snapshot: Option<String>,
    /// First time to write
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// First time not to write
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Put bars together to longer ones, such as 4h
    #[arg(long, value_name = "INTERVAL")]
    resample: Option<Interval>,
    /// Write times of CSV files as 2024-01-31T00:00:00Z, not as milliseconds
    #[arg(long)]
    iso_times: bool,
    #[command(flatten)]
    force: ForceArgs,
}

/// Writes the series.
///
/// # Errors
/// [`Failure::input`] when the flags do not name one series or the file is there already; [`Failure::run`] when it cannot
/// be read or written.
pub(super) fn run(arguments: &Args, kept: &KeptPrices, terminal: Terminal) -> Result<(), Failure> {
    let path = &arguments.file;
    let format = FileFormat::of_name(path).map_err(Failure::input)?;
    let existing = arguments.force.existing();
    destination(path, existing)?;
    let series = arguments.one_series(kept)?;
    let mut bars = series.verified_bars().map_err(Failure::run)?;
    let (first, end) = (Timestamp::clamped(0), Timestamp::clamped(i64::MAX));
    bars = bars.between(arguments.from.unwrap_or(first), arguments.to.unwrap_or(end));
    if let Some(interval) = arguments.resample {
        bars = resample(&bars, interval).map_err(Failure::input)?.bars;
    }
    let key = series.key();
    if bars.is_empty() {
        let held = series.range().map_or_else(|| "nothing".to_owned(), |range| range.to_string());
        return Err(Failure::input(format!("{key}: no bar to write: {held} is kept")));
    }
    let options = WriteOptions {
        label: Label {
            exchange: Some(key.exchange.clone()),
            symbol: Some(key.symbol.clone()),
            interval: Some(bars.interval()),
            data_version: Some(series.version().to_owned()),
        },
        csv_times: if arguments.iso_times { CsvTimes::Iso } else { CsvTimes::Milliseconds },
        existing,
    };
    let bytes = write_file(path, format, &bars, &options).map_err(Failure::run)?;
    let size = indicatif::HumanBytes(bytes);
    terminal.notice(&format!("{key}: {} bars in {} ({size})", bars.len(), path.display()));
    Ok(())
}

impl Args {
    fn one_series(&self, kept: &KeptPrices) -> Result<Series, Failure> {
        let keys = match &self.snapshot {
            Some(name) => self.series.keys_of_snapshot(kept, name)?,
            None => self.series.keys(kept)?,
        };
        let [key] = keys.as_slice() else {
            let names: Vec<String> = keys.iter().map(ToString::to_string).collect();
            return Err(Failure::input(format!(
                "expected one series to export, found {}: name it with --symbol, --exchange and --interval ({})",
                names.len(),
                names.join(", ")
            )));
        };
        let series = match &self.snapshot {
            Some(name) => kept.store.series_of_snapshot(name, key),
            None => kept.store.series(key),
        };
        series.map_err(Failure::run)?.ok_or_else(|| Failure::input(format!("{key} is not kept")))
    }
}
