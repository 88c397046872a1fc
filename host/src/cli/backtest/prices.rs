//! Flags of the prices: files, kept series, or generated sample data.

use std::path::PathBuf;

use super::files;
use super::instrument::InstrumentArgs;
use super::kept::{self, Kept};
use super::period::PeriodArgs;
use crate::backtest::{DataSource, Dataset, DatasetError, Origin};
use crate::cli::data_policy::PolicyArgs;
use crate::cli::environment::Environment;
use crate::cli::exchange_args::ExchangeArgs;
use crate::cli::failure::Failure;
use crate::cli::interrupt::Interrupt;
use crate::cli::terminal::Terminal;
use crate::cli::value;
use crate::costs::FeeSchedule;
use crate::data::{SampleSpec, sample};
use crate::market::{Bars, Instrument, PanelError, resample};
use crate::units::Interval;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Prices")]
pub(super) struct PriceArgs {
    /// Price files, one per instrument: CSV (also .gz and .zst), Parquet, Arrow or Feather, or freqtrade's JSON
    /// [default: with --symbol the exchange's prices, else generated sample data]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) data: Vec<PathBuf>,
    /// Symbols, such as BTC/USDT; with --data one per file in the same order [default: from the file names]
    #[arg(long, value_name = "SYMBOL", num_args = 1.., value_parser = value::symbol)]
    pub(super) symbol: Vec<String>,
    /// Exchange whose prices are fetched and kept
    #[arg(long, value_name = "EXCHANGE", default_value = "binance", conflicts_with = "data")]
    pub(super) exchange: String,
    /// Length of a bar, such as 1m, 4h or 1d [default: as the file's times show; 1h from an exchange]
    #[arg(long)]
    pub(super) interval: Option<Interval>,
    /// Put bars together to longer ones, such as 4h
    #[arg(long, value_name = "INTERVAL")]
    resample: Option<Interval>,
    /// Ask no exchange: only what is kept
    #[arg(long, conflicts_with = "data")]
    pub(super) offline: bool,
    /// The prices that this snapshot pins
    #[arg(long, value_name = "NAME", conflicts_with = "data")]
    pub(super) snapshot: Option<String>,
    /// Only run on data of this hash, as an earlier result has it; of kept prices, older versions are tried too
    #[arg(long, value_name = "HASH")]
    pub(super) data_hash: Option<String>,
    #[command(flatten)]
    pub(super) policy: PolicyArgs,
    #[command(flatten)]
    pub(super) exchanges: ExchangeArgs,
}

/// The prices of a run.
#[derive(Debug)]
pub(super) struct Prices {
    /// Versions of the data, the one to take first; others are tried when a hash is wanted.
    pub(super) versions: Vec<Dataset>,
    /// The fees of the exchange's lowest tier, if it told them.
    pub(super) fees: Option<FeeSchedule>,
}

/// Everything that prices are loaded with, beside their own flags.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loading<'a> {
    pub(super) rules: &'a InstrumentArgs,
    pub(super) period: &'a PeriodArgs,
    /// Bars that the strategy warms up on.
    pub(super) warm_up_rows: usize,
    pub(super) environment: &'a Environment,
    pub(super) interrupt: &'a Interrupt,
    pub(super) terminal: Terminal,
}

/// Bars of one instrument and where they come from.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    pub(super) instrument: Instrument,
    pub(super) bars: Bars,
    pub(super) source: DataSource,
}

impl PriceArgs {
    /// # Errors
    /// [`Failure::Input`] when flags do not go together.
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.policy.check()?;
        let (symbols, files) = (self.symbol.len(), self.data.len());
        if files == 0 && symbols == 0 && (self.offline || self.snapshot.is_some()) {
            return Err(Failure::input(
                "--offline and --snapshot are about kept prices: name a --symbol",
            ));
        }
        if files == 0 || symbols == 0 || symbols == files {
            return Ok(());
        }
        Err(Failure::input(format!(
            "{symbols} of --symbol for {files} of --data: expected one symbol for each file, in the same order, or none"
        )))
    }

    /// True when prices come from an exchange or the data folder.
    pub(super) const fn are_kept(&self) -> bool {
        self.data.is_empty() && !self.symbol.is_empty()
    }

    /// Length of the bars that the strategy sees, as far as it is known before they are loaded.
    pub(super) fn interval_of_run(&self) -> Interval {
        self.resample.unwrap_or_else(|| self.interval_kept())
    }

    /// Length of the bars that are asked of an exchange.
    pub(super) fn interval_kept(&self) -> Interval {
        self.interval.unwrap_or(Interval::HOUR)
    }

    /// Reads the files, fetches and maps what is kept, or makes the sample data.
    ///
    /// # Errors
    /// [`Failure::Input`] with the file and the row of the first problem, or what is missing; [`Failure::Run`] when an
    /// exchange cannot be asked.
    pub(super) fn load(&self, loading: Loading<'_>) -> Result<Prices, Failure> {
        let (versions, fees, origin) = if self.are_kept() {
            let Kept { versions, fees } = kept::load(self, loading)?;
            (versions, fees, Origin::Market)
        } else if self.data.is_empty() {
            (vec![vec![self.sample(loading.rules)?]], None, Origin::Synthetic)
        } else {
            (vec![files::load(self, loading)?], None, Origin::Market)
        };
        let versions = versions.into_iter().map(|loaded| self.dataset(loaded, origin));
        Ok(Prices { versions: versions.collect::<Result<_, Failure>>()?, fees })
    }

    fn dataset(&self, loaded: Vec<Loaded>, origin: Origin) -> Result<Dataset, Failure> {
        let mut instruments = Vec::with_capacity(loaded.len());
        let mut sources = Vec::with_capacity(loaded.len());
        for one in loaded {
            let Loaded { instrument, bars, source } = self.resampled(one)?;
            instruments.push((instrument, bars));
            sources.push(source);
        }
        // What says no more than the symbol is no news.
        sources.retain(|source| *source != DataSource::new(source.symbol.as_str()));
        Dataset::with_sources(instruments, origin, sources).map_err(|error| match error {
            DatasetError::Panel(PanelError::Duplicate(_)) => {
                Failure::input(format!("{error}, with --symbol"))
            }
            _ => Failure::input(error),
        })
    }

    fn resampled(&self, loaded: Loaded) -> Result<Loaded, Failure> {
        let Some(interval) = self.resample else { return Ok(loaded) };
        let symbol = &loaded.instrument.symbol;
        let refused = |error| Failure::input(format!("{symbol}: {error}"));
        let bars = resample(&loaded.bars, interval).map_err(refused)?.bars;
        let resampled_from = Some(loaded.bars.interval());
        let source = DataSource { resampled_from, ..loaded.source };
        Ok(Loaded { bars, source, instrument: loaded.instrument })
    }

    fn sample(&self, rules: &InstrumentArgs) -> Result<Loaded, Failure> {
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
        let instrument = rules.over(Instrument::unrestricted(spec.symbol));
        Ok(Loaded { source: DataSource::new(instrument.symbol.as_str()), bars, instrument })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Command {
        #[command(flatten)]
        prices: PriceArgs,
    }

    fn checked(flags: &[&str]) -> Result<(), Failure> {
        let line = std::iter::once(&"backtest").chain(flags);
        Command::try_parse_from(line).unwrap().prices.check()
    }

    #[test]
    fn there_is_one_symbol_for_each_file_or_none() {
        assert!(checked(&["--data", "a.csv", "b.csv"]).is_ok());
        assert!(checked(&["--data", "a.csv", "b.csv", "--symbol", "A", "B"]).is_ok());
        let error = checked(&["--data", "a.csv", "b.csv", "--symbol", "A"]).unwrap_err();
        assert!(error.message().unwrap().starts_with("1 of --symbol for 2 of --data"));
    }

    #[test]
    fn symbols_alone_mean_an_exchange() {
        assert!(checked(&["--symbol", "BTC/USDT", "--offline"]).is_ok());
        let error = checked(&["--offline"]).unwrap_err();
        assert!(error.message().unwrap().contains("name a --symbol"));
    }
}
