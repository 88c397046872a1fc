//! The command: flags in, result out.

use std::num::NonZeroUsize;

use super::account::AccountArgs;
use super::costs::CostArgs;
use super::instrument::InstrumentArgs;
use super::output::OutputArgs;
use super::period::PeriodArgs;
use super::prices::{Loading, PriceArgs, Prices};
use super::strategy::StrategyArgs;
use crate::backtest::{Backtest, BacktestError, Dataset, RunResult, Settings, Timing};
use crate::cli::clock::Stopwatch;
use crate::cli::environment::Environment;
use crate::cli::failure::Failure;
use crate::cli::interrupt::Interrupt;
use crate::cli::progress::Progress;
use crate::cli::terminal::Terminal;
use crate::costs::FeeSchedule;
use crate::engine::{FaultKind, MachineError, Scope};
use crate::plugin::{Arguments, Plugin};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    strategy: StrategyArgs,
    #[command(flatten)]
    prices: PriceArgs,
    #[command(flatten)]
    period: PeriodArgs,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    costs: CostArgs,
    #[command(flatten)]
    instrument: InstrumentArgs,
    #[command(flatten)]
    engine: EngineArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Engine")]
struct EngineArgs {
    /// Bars that the strategy is handed at once; the result does not depend on it. With 1 the next bar is not even in its
    /// memory [default: chosen for speed]
    #[arg(long, value_name = "BARS")]
    window: Option<NonZeroUsize>,
}

/// Runs the backtest and delivers its result.
///
/// # Errors
/// A [`Failure`]; when the strategy failed on the way, the result is delivered all the same.
pub(in crate::cli) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    let terminal = terminal.with(arguments.output.verbosity());
    arguments.period.check()?;
    arguments.prices.check()?;
    arguments.settings(None).checked().map_err(Failure::input)?;
    arguments.output.prepare()?;
    let result = arguments.result(environment, terminal)?;
    arguments.output.deliver(&result, terminal)?;
    match result.faults.as_slice() {
        [] => Ok(()),
        faults => Err(Failure::Run(format!(
            "the strategy '{}' failed ({}): its positions were closed, and the result holds what it did until then",
            result.plugin.name,
            match faults.len() {
                1 => "1 instance".to_owned(),
                count => format!("{count} instances"),
            }
        ))),
    }
}

impl Args {
    fn settings(&self, exchange_fees: Option<FeeSchedule>) -> Settings {
        Settings {
            cash: self.account.cash,
            costs: self.costs.model(exchange_fees),
            sizing: self.account.sizing(),
            limits: self.account.limits(),
            at_end: self.account.at_end(),
        }
    }

    fn result(&self, environment: &Environment, terminal: Terminal) -> Result<RunResult, Failure> {
        let interrupt = Interrupt::install()?;
        let compiling = Stopwatch::start();
        let runtime = environment.runtime()?;
        let plugin = self.strategy.load(&runtime)?;
        let compile_ms = compiling.elapsed_ms();
        let parameters = self.strategy.arguments(&plugin)?;
        let loading = Stopwatch::start();
        let prices = self.prices.load(Loading {
            rules: &self.instrument,
            period: &self.period,
            warm_up_rows: self.warm_up_rows(&plugin, &parameters)?,
            environment,
            interrupt: &interrupt,
            terminal,
        })?;
        let load_ms = loading.elapsed_ms();
        interrupt.check()?;

        let backtest = self.backtest(&plugin, &parameters, &prices)?;
        let progress = Progress::bars(terminal, format!("running {}", plugin.descriptor().name));
        let running = Stopwatch::start();
        let result = backtest.run_observed(|done| {
            progress.set(done.rows_done as u64, done.rows_total as u64);
            interrupt.poll()
        });
        let run_ms = running.elapsed_ms();
        drop(progress);
        let mut result = result.map_err(failure)?;
        let bars = result.data.rows as f64 * result.data.symbols.len() as f64;
        let bars_per_second = bars / (run_ms / 1_000.0);
        result.timing = Timing { load_ms, compile_ms, run_ms, bars_per_second };
        Ok(result)
    }

    /// The backtest on the data of the wanted hash, or on the first version of the data when no hash is wanted.
    fn backtest<'a>(
        &self,
        plugin: &'a Plugin,
        parameters: &Arguments,
        prices: &'a Prices,
    ) -> Result<Backtest<'a>, Failure> {
        let of = |data: &'a Dataset| -> Result<Backtest<'a>, Failure> {
            let settings = self.settings(prices.fees);
            let mut backtest =
                Backtest::new(plugin, data).arguments(parameters.clone()).settings(settings);
            if let Some((from, to)) = self.period.within(data.panel())? {
                backtest = backtest.period(from, to);
            }
            if let Some(bars) = self.engine.window {
                backtest = backtest.window_rows(bars.get());
            }
            Ok(backtest)
        };
        let Some(wanted) = &self.prices.data_hash else {
            let first = prices.versions.first();
            return of(first.ok_or_else(|| Failure::run("there are no prices"))?);
        };
        let mut found = Vec::new();
        for data in &prices.versions {
            let backtest = of(data)?;
            let hash = backtest.data_hash().map_err(failure)?;
            if hash == *wanted {
                return Ok(backtest);
            }
            if !found.contains(&hash) {
                found.push(hash);
            }
        }
        Err(Failure::input(format!(
            "no data has the hash {wanted}: found {}; give the period, interval, symbol and warm-up of the earlier result, \
             and see ct-host data list for snapshots",
            found.join(", ")
        )))
    }

    /// Bars that the strategy wants to see before the period. It is asked only when prices are fetched for it.
    fn warm_up_rows(&self, plugin: &Plugin, parameters: &Arguments) -> Result<usize, Failure> {
        if !self.prices.are_kept() {
            return Ok(0);
        }
        let symbols: Vec<&str> = self.prices.symbol.iter().map(String::as_str).collect();
        let scope = match plugin.descriptor().scope {
            Scope::Instrument => symbols.get(..1).unwrap_or_default(),
            Scope::Portfolio => &symbols,
        };
        let strategy = plugin.descriptor().name.clone();
        let instance = plugin.configure(scope, self.prices.interval_of_run(), parameters);
        match instance {
            Ok(instance) => Ok(instance.needs().warm_up_rows),
            Err(fault) => Err(failure(BacktestError::Strategy { strategy, fault })),
        }
    }
}

/// What the user gave wrongly is input; what happened in the run is not.
fn failure(error: BacktestError) -> Failure {
    match &error {
        BacktestError::Settings(_) | BacktestError::Data(_) => Failure::input(error),
        BacktestError::Strategy { fault, .. } if fault.kind == FaultKind::Refused => {
            Failure::input(error)
        }
        BacktestError::Machine(MachineError::Cancelled { .. }) => Failure::Interrupted,
        BacktestError::Strategy { .. } | BacktestError::Machine(_) => Failure::run(error),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::engine::{AtEnd, StrategyFault};
    use crate::risk::{Shorting, Sizing};
    use crate::units::{Quantity, Rate};

    #[derive(Debug, Parser)]
    #[command(allow_negative_numbers = true)]
    struct Command {
        #[command(flatten)]
        args: Args,
    }

    fn settings(flags: &[&str]) -> Settings {
        let line = std::iter::once(&"backtest").chain(flags);
        Command::try_parse_from(line).unwrap().args.settings(None)
    }

    fn refused(flags: &[&str]) -> String {
        let line = std::iter::once(&"backtest").chain(flags);
        Command::try_parse_from(line).unwrap_err().to_string()
    }

    #[test]
    fn without_flags_the_settings_are_the_librarys() {
        assert_eq!(settings(&[]), Settings::default());
    }

    #[test]
    fn every_flag_reaches_its_setting() {
        let settings = settings(&[
            "--cash",
            "500",
            "--units",
            "0.5",
            "--allow-short",
            "--max-units",
            "2",
            "--max-notional",
            "900",
            "--close-at-end",
            "--fee-bps",
            "7.5",
            "--maker-fee-bps",
            "2",
            "--slippage-bps",
            "3",
            "--spread-bps",
            "4",
            "--impact-bps",
            "100",
            "--participation",
            "0.1",
        ]);
        let bps = |bps: f64| Rate::from_bps(bps).unwrap();
        assert_eq!(settings.cash.to_string(), "500");
        assert_eq!(settings.sizing, Sizing::Units(Quantity::from_f64(0.5).unwrap()));
        assert_eq!(settings.limits.shorting, Shorting::Allowed);
        assert_eq!(settings.limits.position_max.unwrap().to_string(), "2");
        assert_eq!(settings.limits.position_notional_max.unwrap().to_string(), "900");
        assert_eq!(settings.at_end, AtEnd::Close);
        assert_eq!(settings.costs.fees.taker, bps(7.5));
        assert_eq!(settings.costs.fees.maker, bps(2.0));
        assert_eq!(settings.costs.slippage.rate, bps(3.0));
        assert_eq!(settings.costs.spread.rate, bps(4.0));
        assert_eq!(settings.costs.impact.coefficient, bps(100.0));
        assert_eq!(settings.costs.participation.unwrap().rate, bps(1_000.0));
    }

    #[test]
    fn the_maker_fee_follows_the_fee() {
        assert_eq!(settings(&["--fee-bps", "3"]).costs.fees.maker, Rate::from_bps(3.0).unwrap());
    }

    #[test]
    fn what_excludes_each_other_is_refused() {
        for (flags, expected) in [
            (vec!["--units", "1", "--fraction", "0.5"], "cannot be used with"),
            (vec!["--plugin", "a.wasm", "--strategy", "b"], "cannot be used with"),
            (vec!["--days", "3", "--from", "2024-01-01"], "cannot be used with"),
            (vec!["--days", "0"], "expected a whole number of days, 1 or more"),
            (vec!["--days", "-3"], "expected a whole number of days, 1 or more"),
            (vec!["--data", "a.csv", "--offline"], "cannot be used with"),
            (vec!["--fee-bps", "9000"], "expected basis points from 0 to 2500"),
            (vec!["--from", "yesterday"], "'yesterday' is no time"),
            (vec!["--interval", "1 hour"], "'1 hour' is no bar interval"),
            (vec!["--param", "fast"], "expected NAME=VALUE"),
            (vec!["--window", "0"], "'--window <BARS>'"),
        ] {
            let message = refused(&flags);
            assert!(message.contains(expected), "{flags:?}: {message}");
        }
    }

    #[test]
    fn a_refused_parameter_is_wrong_input_and_a_trap_is_not() {
        let error = |kind| BacktestError::Strategy {
            strategy: "sma".to_owned(),
            fault: StrategyFault {
                kind,
                detail: "fast (50) must be less than slow (20)".to_owned(),
            },
        };
        assert_eq!(
            failure(error(FaultKind::Refused)),
            Failure::Input("sma: fast (50) must be less than slow (20)".to_owned())
        );
        assert!(matches!(failure(error(FaultKind::Trapped)), Failure::Run(_)));
        let cancelled = BacktestError::Machine(MachineError::Cancelled { row: 5 });
        assert_eq!(failure(cancelled), Failure::Interrupted);
    }
}
