//! What a run is compared with: an instrument of its own, prices of an exchange, or a price file.

use std::path::{Path, PathBuf};

use super::loading::{Loading, VersionsWanted, are_kept};
use super::request::end_of;
use super::{DefectPolicy, Ports, RunError};
use crate::backtest::{Benchmark, Dataset, Settings};
use crate::config::{Config, DataConfig};
use ct_core::market::Panel;
use ct_core::order::Intrabar;
use ct_data::files::FileFormat;
use ct_data::is_same_symbol;

/// Loads the benchmark that `config` names for a run over `data`, if it names one.
///
/// # Errors
/// A [`RunError`], as for the prices of the run.
pub(super) fn load(
    config: &Config,
    data: &Dataset,
    ports: &Ports<'_>,
) -> Result<Option<Benchmark>, RunError> {
    let Some(wanted) = &config.data.benchmark else { return Ok(None) };
    let panel = data.panel();
    if let Some(own) =
        panel.series().iter().find(|series| is_same_symbol(&series.instrument().symbol, wanted))
    {
        return Ok(Some(Benchmark::of_series(panel, own)));
    }
    let mut settings: Settings = config.settings.clone();
    settings.fills.intrabar = Intrabar::default();
    let config = Config { data: of_benchmark(wanted, config, data), settings, ..config.clone() };
    let loading = Loading {
        config: &config,
        policy: DefectPolicy::of(&config.data)?,
        pin: None,
        versions: VersionsWanted::One,
        // A bar that has closed by the first close of the run may have opened before.
        warm_up_rows: 1,
        trader: None,
        budget: None,
        ports,
    };
    let prices = loading.load().map_err(|error| of(wanted, error))?;
    let loaded = prices.versions.first().map(Dataset::panel);
    if let Some([first, second, ..]) = loaded.map(Panel::series) {
        return Err(RunError::input(format!(
            "--benchmark {wanted}: it has prices of {}, {} and perhaps more: expected one series; name one file",
            first.instrument().symbol,
            second.instrument().symbol
        )));
    }
    let found = loaded.and_then(|panel| Some(Benchmark::of_series(panel, panel.series().first()?)));
    found
        .map(Some)
        .ok_or_else(|| RunError::input(format!("--benchmark {wanted}: there are no prices")))
}

/// The prices `wanted`, in the period of `data` and with the rest as `config` says.
fn of_benchmark(wanted: &str, config: &Config, data: &Dataset) -> DataConfig {
    let panel = data.panel();
    let is_file = is_file(wanted);
    let interval = config.data.interval;
    DataConfig {
        files: if is_file { vec![PathBuf::from(wanted)] } else { Vec::new() },
        symbols: if is_file { Vec::new() } else { vec![wanted.to_owned()] },
        instruments: Vec::new(),
        // Only closes are looked at.
        no_volume: true,
        interval: match (is_file, are_kept(&config.data)) {
            (true, _) => None,
            (false, true) => interval,
            (false, false) => interval.or(Some(panel.interval())),
        },
        resample: None,
        detail_interval: None,
        detail_files: Vec::new(),
        from: Some(panel.time(0)),
        to: Some(end_of(panel)),
        days: None,
        ..config.data.clone()
    }
}

/// Whether `wanted` is a price file rather than a symbol: by its ending, or because there is such a file or folder.
fn is_file(wanted: &str) -> bool {
    let path = Path::new(wanted);
    FileFormat::of_name(path).is_ok() || path.exists()
}

/// `error` about the benchmark `wanted`.
fn of(wanted: &str, error: RunError) -> RunError {
    let about = |message: String| format!("--benchmark {wanted}: {message}");
    match error {
        RunError::Input(message) => RunError::Input(about(message)),
        RunError::Run(message) => RunError::Run(about(message)),
        RunError::Problems(_) => {
            RunError::inputs(error.messages().into_iter().map(about).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_from_a_symbol_by_its_ending() {
        for (wanted, expected) in [
            ("BTC/USDT", false),
            ("BTC/USDT:USDT", false),
            ("BTCUSDT", false),
            ("prices/BTCUSDT_1h.csv.gz", true),
            ("gone.parquet", true),
        ] {
            assert_eq!(is_file(wanted), expected, "{wanted}");
        }
    }
}
