//! Flags of the prices.

use std::path::PathBuf;

use crate::data_policy::PolicyArgs;
use crate::exchange_args::ExchangeArgs;
use crate::failure::Failure;
use crate::file_args::ColumnArgs;
use crate::flag_layer::FlagLayer;
use crate::value;
use ct_host::config::DataConfig;
use ct_host::run::EarlierRun;
use ct_host::units::Interval;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Prices")]
pub(super) struct PriceArgs {
    /// Price files: CSV (also .gz and .zst), Parquet, Arrow or Feather, freqtrade's JSON, or zip files and folders of them;
    /// names may have `*`. Files of one symbol are one series
    /// [default: with --symbol the exchange's prices, else generated sample data]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    data: Vec<PathBuf>,
    /// Symbols, such as BTC/USDT; with --data one per file in the same order, or those to take [default: from the file names]
    #[arg(long, value_name = "SYMBOL", num_args = 1.., value_delimiter = ',', value_parser = value::symbol)]
    symbol: Vec<String>,
    /// Of a file with several instruments, the one to take, as a column of the file names it; one per file in the same order
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',', conflicts_with_all = ["exchange", "offline", "snapshot"])]
    instrument: Vec<String>,
    /// Exchange whose prices are fetched and kept [default: binance]
    #[arg(long, value_name = "EXCHANGE", conflicts_with = "data")]
    exchange: Option<String>,
    /// Compare with this in place of the instruments of the run, bought and held: a symbol of the run or of the exchange, or a
    /// price file
    #[arg(long, value_name = "SYMBOL|FILE")]
    benchmark: Option<String>,
    /// Length of a bar, such as 1m, 4h or 1d [default: as the file's times show; 1h from an exchange]
    #[arg(long)]
    interval: Option<Interval>,
    /// Put bars together to longer ones, such as 4h
    #[arg(long, value_name = "INTERVAL")]
    resample: Option<Interval>,
    /// Ask no exchange: only what is kept
    #[arg(long, conflicts_with = "data")]
    offline: bool,
    /// The prices that this snapshot pins
    #[arg(long, value_name = "NAME", conflicts_with = "data")]
    snapshot: Option<String>,
    /// Only run on data of this hash, as an earlier result has it; of kept prices, older versions are tried too
    #[arg(long, value_name = "HASH", conflicts_with = "from_run")]
    pub(super) data_hash: Option<String>,
    #[command(flatten)]
    columns: ColumnArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    exchanges: ExchangeArgs,
}

impl PriceArgs {
    /// # Errors
    /// [`Failure::input`] when only kept prices are to be used, but `data` does not say which.
    pub(super) fn check_against(&self, data: &DataConfig) -> Result<(), Failure> {
        if !data.symbols.is_empty() {
            return Ok(());
        }
        for (flag, is_given) in
            [("--offline", self.offline), ("--exchange", self.exchange.is_some())]
        {
            if is_given {
                let message = format!("{flag} is about prices of an exchange: name a --symbol");
                return Err(Failure::input(message));
            }
        }
        Ok(())
    }

    pub(super) fn say(&self, earlier: Option<&EarlierRun>, flags: &mut FlagLayer) {
        self.say_source(earlier, flags);
        flags.set_given("--benchmark", "data.benchmark", self.benchmark.as_ref());
        flags.set_given("--interval", "data.interval", self.interval);
        flags.set_given("--resample", "data.resample", self.resample);
        self.columns.say(flags);
        self.policy.say(flags);
        self.exchanges.say(flags);
    }

    /// Files take the place of an exchange, and the other way round, whatever the layers below say. As many files as the
    /// `earlier` run had instruments are theirs.
    fn say_source(&self, earlier: Option<&EarlierRun>, flags: &mut FlagLayer) {
        const NONE: [&str; 0] = [];
        if !self.data.is_empty() {
            let symbols = earlier.map(EarlierRun::symbols).unwrap_or_default();
            let symbols = if symbols.len() == self.data.len() { symbols } else { &[] };
            flags.set("--data", "data.files", &self.data);
            flags.set("--data", "data.symbols", symbols);
            flags.set("--data", "data.detail_files", NONE);
            flags.set("--data", "data.instruments", NONE);
            flags.set("--data", "access.offline", false);
            flags.unset("--data", "access.snapshot");
        }
        let of_exchange = [
            ("--exchange", self.exchange.is_some()),
            ("--offline", self.offline),
            ("--snapshot", self.snapshot.is_some()),
        ];
        for (flag, _) in of_exchange.into_iter().filter(|(_, is_given)| *is_given) {
            flags.set(flag, "data.files", NONE);
            flags.set(flag, "data.detail_files", NONE);
            flags.set(flag, "data.instruments", NONE);
        }
        flags.set_given("--exchange", "data.exchange", self.exchange.as_ref());
        flags.set_given("--snapshot", "access.snapshot", self.snapshot.as_ref());
        if self.offline {
            flags.set("--offline", "access.offline", true);
        }
        if !self.symbol.is_empty() {
            flags.set("--symbol", "data.symbols", &self.symbol);
        }
        if !self.instrument.is_empty() {
            flags.set("--instrument", "data.instruments", &self.instrument);
        }
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
        #[arg(long)]
        from_run: Option<PathBuf>,
    }

    fn args(flags: &[&str]) -> PriceArgs {
        let line = std::iter::once(&"backtest").chain(flags);
        Command::try_parse_from(line).unwrap().prices
    }

    #[test]
    fn symbols_are_parted_by_spaces_or_commas() {
        let expected = ["A/B", "C/D", "E/F"];
        assert_eq!(args(&["--symbol", "A/B,C/D", "E/F"]).symbol, expected);
        assert_eq!(args(&["--symbol", "A/B, C/D,E/F"]).symbol, expected);
    }

    #[test]
    fn kept_prices_have_symbols_whoever_names_them() {
        let data = DataConfig::default();
        assert!(args(&[]).check_against(&data).is_ok());
        let error = args(&["--offline"]).check_against(&data).unwrap_err();
        assert!(error.messages().concat().contains("name a --symbol"));
        let data = DataConfig { symbols: vec!["BTC/USDT".to_owned()], ..data };
        assert!(args(&["--offline"]).check_against(&data).is_ok());
    }
}
