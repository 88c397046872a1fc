//! The command: flags in, prices on disk, a report out.

use std::num::NonZeroU32;

use super::show::document;
use crate::clock::now;
use crate::config_file::ConfigArgs;
use crate::environment::Environment;
use crate::exchange_args::ExchangeArgs;
use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::interrupt;
use crate::terminal::{Terminal, Verbosity, write_json};
use crate::value;
use ct_host::data::fetch::{FetchEnd, Refresh};
use ct_host::run::{Fetcher, Ports, Wanted, check_fetch};
use ct_host::units::{Interval, Timestamp};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Symbols, such as BTC/USDT ETH/USDT
    #[arg(long, value_name = "SYMBOL", num_args = 1.., required = true, value_delimiter = ',', value_parser = value::symbol)]
    symbol: Vec<String>,
    /// Exchanges, as ccxt calls them
    #[arg(long, value_name = "EXCHANGE", num_args = 1.., default_value = "binance")]
    exchange: Vec<String>,
    /// Lengths of a bar, such as 1m 1h 1d
    #[arg(long, value_name = "INTERVAL", num_args = 1.., default_value = "1h")]
    interval: Vec<Interval>,
    #[command(flatten)]
    period: FetchPeriodArgs,
    /// Ask for bars that are held already, too, to find what the exchange has changed since
    #[arg(long, help_heading = "Period")]
    refresh: bool,
    #[command(flatten)]
    exchanges: ExchangeArgs,
    #[command(flatten)]
    config: ConfigArgs,
    /// Write what was done as JSON
    #[arg(long, help_heading = "Output")]
    json: bool,
    /// No report, no progress and no notices
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Period")]
struct FetchPeriodArgs {
    /// First time to fetch, such as 2024-01-31; a time before the listing gives all there is
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// First time not to fetch [default: now]
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Fetch the last so many days [default: 365]
    #[arg(long, value_name = "NUMBER", value_parser = value::of::<NonZeroU32>("data.days"), conflicts_with_all = ["from", "to"])]
    days: Option<NonZeroU32>,
}

/// Days that are fetched when the user names no period.
const DAYS: u32 = 365;

/// Fetches what is missing.
///
/// # Errors
/// A [`Failure`] when anything that was asked for could not be fetched; what could be is kept and reported all the same.
pub(crate) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    let verbosity = if arguments.quiet { Verbosity::Quiet } else { Verbosity::Normal };
    let terminal = terminal.with(verbosity);
    let (from, to) = arguments.period.resolved(now())?;
    arguments.config.tell(environment, terminal);
    let mut flags = FlagLayer::new();
    arguments.exchanges.say(&mut flags);
    let access = arguments.config.resolved(environment, flags)?.config.access;
    let store = environment.folders.store(&access)?;
    let ports = Ports { stop: interrupt::install()?, ..terminal.ports() };
    let fetcher = Fetcher::new(&access, &store, &ports)?;
    let refresh = if arguments.refresh { Refresh::Everything } else { Refresh::Missing };
    let report = fetcher.fetch(&arguments.wanted(from, to), refresh)?;
    if arguments.json {
        write_json(&report)?;
    } else if verbosity == Verbosity::Normal {
        terminal.document(&document(&report))?;
    }
    let arrived = report.series.iter().any(|series| series.rows_added > 0);
    Ok(check_fetch(&report, if arrived { "what arrived is kept" } else { "" })?)
}

impl Args {
    fn wanted(&self, from: Timestamp, to: FetchEnd) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        for exchange in &self.exchange {
            for symbol in &self.symbol {
                for &interval in &self.interval {
                    let (exchange, symbol) = (exchange.clone(), symbol.clone());
                    wanted.push(Wanted { exchange, symbol, interval, from, to });
                }
            }
        }
        wanted
    }
}

impl FetchPeriodArgs {
    fn resolved(&self, now: Timestamp) -> Result<(Timestamp, FetchEnd), Failure> {
        const DAY_MS: i64 = 86_400_000;
        let days = self.days.map_or(DAYS, NonZeroU32::get);
        let end = self.to.unwrap_or(now);
        let from =
            self.from.unwrap_or_else(|| Timestamp::clamped(end.as_ms() - i64::from(days) * DAY_MS));
        if from >= end {
            return Err(Failure::input(format!(
                "--from {from} is not before {end}: expected an earlier time in --from"
            )));
        }
        Ok((from, self.to.map_or(FetchEnd::Now, FetchEnd::At)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: Option<&str>, to: Option<&str>, days: Option<u32>) -> FetchPeriodArgs {
        let time = |text: &str| text.parse().unwrap();
        let days = days.and_then(NonZeroU32::new);
        FetchPeriodArgs { from: from.map(time), to: to.map(time), days }
    }

    #[test]
    fn a_period_ends_now_unless_it_is_said() {
        let now = "2024-03-01T12:30".parse().unwrap();
        let resolved = |args: FetchPeriodArgs| args.resolved(now).unwrap();
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(
            resolved(period(None, None, Some(1))),
            (time("2024-02-29T12:30"), FetchEnd::Now)
        );
        let (from, to) = resolved(period(Some("2020-01-01"), Some("2020-02-01"), None));
        assert_eq!((from, to), (time("2020-01-01"), FetchEnd::At(time("2020-02-01"))));
        assert_eq!(resolved(period(None, None, None)).0, time("2023-03-02T12:30"));
    }

    #[test]
    fn a_period_that_ends_before_it_starts_is_refused() {
        let now = "2024-03-01".parse().unwrap();
        let error = period(Some("2025-01-01"), None, None).resolved(now).unwrap_err();
        assert!(error.messages().concat().contains("2025-01-01T00:00:00Z is not before"));
    }
}
