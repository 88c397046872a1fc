//! The command: flags in, result out.

use std::path::Path;

use super::account::AccountArgs;
use super::costs::CostArgs;
use super::engine::EngineArgs;
use super::fills::FillArgs;
use super::instrument::InstrumentArgs;
use super::layers::{ConfigurationArgs, notice, run_layers};
use super::log::log;
use super::output::OutputArgs;
use super::period::PeriodArgs;
use super::prices::PriceArgs;
use super::risk::RiskArgs;
use super::strategy::StrategyArgs;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::interrupt;
use crate::logging;
use crate::terminal::Terminal;
use ct_host::run::{EarlierRun, Ports, Run};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    strategy: StrategyArgs,
    #[command(flatten)]
    prices: PriceArgs,
    #[command(flatten)]
    period: PeriodArgs,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    risk: RiskArgs,
    #[command(flatten)]
    costs: CostArgs,
    #[command(flatten)]
    fills: FillArgs,
    #[command(flatten)]
    instrument: InstrumentArgs,
    #[command(flatten)]
    engine: EngineArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    configuration: ConfigurationArgs,
}

/// Runs the backtest and delivers its result.
///
/// # Errors
/// A [`Failure`]; when the strategy failed on the way, the result is delivered all the same.
pub(crate) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    arguments.check()?;
    let told = terminal.with(arguments.output.verbosity());
    arguments.configuration.tell(environment, told);
    let earlier = arguments.configuration.earlier()?;
    let plugin = arguments.strategy.plugin_file()?;
    let flags = arguments.flags(earlier.as_ref(), plugin.as_deref());
    let layers = run_layers(&arguments.configuration.config, environment, flags, earlier)?;
    let effective = layers.resolved()?;
    arguments.prices.check_against(&effective.config.data)?;
    let output = arguments.output.output(&effective.config.report);
    let terminal = terminal.with(output.verbosity);
    if let Some(notice) = notice(&layers, &effective) {
        terminal.notice(&notice);
    }
    output.prepare()?;
    arguments.engine.start_threads()?;
    logging::start(effective.config.monitoring)?;
    let ports = Ports {
        folders: environment.folders.clone(),
        stop: interrupt::install()?,
        ..terminal.ports()
    };
    let run = Run::new(effective.clone(), &ports)
        .again(layers.earlier())
        .on_data(arguments.prices.data_hash.as_deref());
    let result = run.result()?;
    log(&result);
    output.deliver(&result, terminal)?;
    if let Some(earlier) = layers.earlier() {
        terminal.notice(&earlier.verdict(&result));
    }
    match result.faults.as_slice() {
        [] => Ok(()),
        faults => Err(Failure::run(format!(
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
    /// Finds flags that do not go together.
    fn check(&self) -> Result<(), Failure> {
        self.strategy.check()?;
        self.fills.check()
    }

    /// What the flags say of the configuration, with which the run `earlier` is made again if there is one.
    fn flags(&self, earlier: Option<&EarlierRun>, plugin: Option<&Path>) -> FlagLayer {
        let mut flags = FlagLayer::new();
        self.strategy.say(plugin, &mut flags);
        self.prices.say(earlier, &mut flags);
        self.period.say(&mut flags);
        self.account.say(&mut flags);
        self.risk.say(&mut flags);
        self.costs.say(&mut flags);
        self.fills.say(&mut flags);
        self.instrument.say(&mut flags);
        self.engine.say(&mut flags);
        self.output.say(&mut flags);
        flags
    }
}

#[cfg(test)]
mod tests;
