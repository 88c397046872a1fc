//! Flags of the prices, and the dataset they make.

use std::path::{Path, PathBuf};

use super::instrument::InstrumentArgs;
use super::value;
use crate::backtest::{Dataset, DatasetError, Origin};
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::cli::terminal::Terminal;
use crate::data::csv::read_csv;
use crate::data::{SampleSpec, infer_interval, sample};
use crate::market::{Bars, Instrument, PanelError};
use crate::units::Interval;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Prices")]
pub(super) struct PriceArgs {
    /// Price files, one per instrument: .csv, .csv.gz or .csv.zst with time, open, high, low, close and volume
    /// [default: generated sample data]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    data: Vec<PathBuf>,
    /// Symbols, one per file in the same order [default: from the file names]
    #[arg(long, value_name = "SYMBOL", num_args = 1.., requires = "data", value_parser = value::symbol)]
    symbol: Vec<String>,
    /// Length of a bar, such as 1m, 4h or 1d [default: as the times show]
    #[arg(long)]
    interval: Option<Interval>,
}

impl PriceArgs {
    /// # Errors
    /// [`Failure::Input`] when there is not one symbol for each file.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let (symbols, files) = (self.symbol.len(), self.data.len());
        if symbols == 0 || symbols == files {
            return Ok(());
        }
        Err(Failure::input(format!(
            "{symbols} of --symbol for {files} of --data: expected one symbol for each file, in the same order, or none"
        )))
    }

    /// Reads the files, or makes the sample data.
    ///
    /// # Errors
    /// [`Failure::Input`] with the file and the row of the first problem.
    pub(super) fn load(
        &self,
        rules: &InstrumentArgs,
        terminal: Terminal,
    ) -> Result<Dataset, Failure> {
        if self.data.is_empty() {
            return self.sample(rules);
        }
        let mut instruments = Vec::with_capacity(self.data.len());
        for (place, path) in self.data.iter().enumerate() {
            let symbol = self.symbol.get(place).cloned().unwrap_or_else(|| symbol_of(path));
            let bars = self.read(path, terminal)?;
            instruments.push((rules.instrument(symbol), bars));
        }
        Dataset::new(instruments, Origin::Market).map_err(|error| match error {
            DatasetError::Panel(PanelError::Duplicate(_)) => {
                Failure::input(format!("{error}, with --symbol"))
            }
            _ => Failure::input(error),
        })
    }

    fn sample(&self, rules: &InstrumentArgs) -> Result<Dataset, Failure> {
        let mut spec = SampleSpec::default();
        if let Some(interval) = self.interval {
            // The same period in other bars.
            let period_ms =
                spec.interval_ms.saturating_mul(i64::try_from(spec.rows).unwrap_or(i64::MAX));
            spec.rows = usize::try_from(period_ms / interval.as_ms()).unwrap_or(spec.rows);
            spec.interval_ms = interval.as_ms();
        }
        let interval = Interval::from_ms(spec.interval_ms).map_err(Failure::input)?;
        let bars = Bars::new(interval, sample(&spec)).map_err(Failure::input)?;
        let instrument: Instrument = rules.instrument(spec.symbol);
        Dataset::new(vec![(instrument, bars)], Origin::Synthetic).map_err(Failure::input)
    }

    fn read(&self, path: &Path, terminal: Terminal) -> Result<Bars, Failure> {
        let progress = Progress::bytes(terminal, format!("reading {}", file_name(path)));
        let file = read_csv(path, &mut |done| progress.set(done.bytes_done, done.bytes_total))
            .map_err(Failure::input)?;
        drop(progress);
        for notice in &file.notices {
            terminal.notice(&format!("{}: {notice}", path.display()));
        }
        let located =
            |error: &dyn std::fmt::Display| Failure::input(format!("{}: {error}", path.display()));
        let inferred = infer_interval(&file.columns.time);
        let interval = match (self.interval, inferred) {
            (Some(given), Ok(inferred)) if given != inferred => {
                terminal.notice(&format!(
                    "{}: the times look like bars of {inferred}; taken as bars of {given}, as --interval says",
                    path.display()
                ));
                given
            }
            (Some(given), _) => given,
            (None, Ok(inferred)) => inferred,
            (None, Err(error)) => return Err(located(&error)),
        };
        Bars::new(interval, file.columns).map_err(|error| located(&error))
    }
}

/// The symbol in a name such as `binance_BTCUSDT_1h_2017-2024.csv.gz` or `BTCUSDT-1m-2024-01.csv`: the word in capitals
/// before the interval. Otherwise the name without its ending.
fn symbol_of(path: &Path) -> String {
    const LENGTH_MIN: usize = 5;
    let name = file_name(path);
    let stem = name.split_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let words: Vec<&str> = stem.split(['_', '-']).collect();
    let is_symbol = |word: &str| {
        let usual = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        word.len() >= LENGTH_MIN
            && word.bytes().all(usual)
            && word.bytes().any(|byte| byte.is_ascii_uppercase())
    };
    let mut pairs = words.iter().zip(words.iter().skip(1));
    let found = pairs.find(|(word, next)| is_symbol(word) && next.parse::<Interval>().is_ok());
    found.map_or(stem, |(word, _)| word).to_owned()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_come_from_the_usual_file_names() {
        for (path, symbol) in [
            ("data/binance_BTCUSDT_1h_2017-2024.csv.gz", "BTCUSDT"),
            ("BTCUSDT-1m-2024-01.csv", "BTCUSDT"),
            ("1000SHIBUSDT_15m.csv.zst", "1000SHIBUSDT"),
            ("bitcoin.csv", "bitcoin"),
            ("BTC_USDT-1h.csv", "BTC_USDT-1h"),
            ("binance_BTCUSDT.csv", "binance_BTCUSDT"),
            ("20240101_1h.csv", "20240101_1h"),
        ] {
            assert_eq!(symbol_of(path.as_ref()), symbol, "{path}");
        }
    }

    #[test]
    fn there_is_one_symbol_for_each_file_or_none() {
        let args = |data: usize, symbol: usize| PriceArgs {
            data: vec![PathBuf::from("a.csv"); data],
            symbol: vec!["A".to_owned(); symbol],
            interval: None,
        };
        assert!(args(2, 0).check().is_ok());
        assert!(args(2, 2).check().is_ok());
        let error = args(2, 1).check().unwrap_err();
        assert!(error.message().unwrap().starts_with("1 of --symbol for 2 of --data"));
    }
}
