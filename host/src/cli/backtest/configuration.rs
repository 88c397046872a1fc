//! The configuration of a run: defaults, what the exchange tells, file, environment, an earlier run, and flags.

use std::path::PathBuf;

use serde_json::{Map, Value};

use super::earlier_run::EarlierRun;
use super::kept::ExchangeFees;
use crate::cli::config_file::{ConfigArgs, refused};
use crate::cli::environment::Environment;
use crate::cli::failure::Failure;
use crate::cli::flag_layer::FlagLayer;
use crate::cli::terminal::Terminal;
use crate::config::{Effective, Layer, Origin, Resolver, StrategyConfig};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct ConfigurationArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Make the run of this result again: its strategy, prices, period and settings, with what other flags change
    #[arg(long, value_name = "FILE")]
    from_run: Option<PathBuf>,
}

impl ConfigurationArgs {
    /// Says which file is read, if nobody named it.
    pub(super) fn tell(&self, environment: &Environment, terminal: Terminal) {
        if let Some(notice) = self.config.notice(environment) {
            terminal.notice(&notice);
        }
    }
}

/// Sections of the configuration that say how things are done here. The others decide results.
const SECTIONS_OF_HERE: [&str; 4] = ["access.", "plugins.", "report.", "monitoring."];

/// The layers of a run's configuration.
#[derive(Debug)]
pub(super) struct Configuration {
    /// File and environment; of an earlier run they only say how things are done here.
    below: Vec<Layer>,
    pub(super) earlier: Option<EarlierRun>,
    flags: Vec<Layer>,
    /// The parameters that flags give.
    parameters: Map<String, Value>,
}

impl Configuration {
    /// The layers that `arguments`, the environment and `flags` give.
    ///
    /// # Errors
    /// [`Failure::Input`] when a file cannot be read.
    pub(super) fn new(
        arguments: &ConfigurationArgs,
        environment: &Environment,
        flags: FlagLayer,
        parameters: Map<String, Value>,
    ) -> Result<Self, Failure> {
        let mut below = arguments.config.layers(environment)?;
        let flags = vec![arguments.config.set_layer()?, flags.into_layer()];
        let earlier = match &arguments.from_run {
            Some(path) => Some(EarlierRun::read(path)?),
            None => None,
        };
        if earlier.is_some() {
            below = vec![of_here(below)?];
        }
        Ok(Self { below, earlier, flags, parameters })
    }

    /// All layers together, with the `fees` that an exchange told where nothing else says them.
    ///
    /// # Errors
    /// [`Failure::Input`] with everything that is wrong.
    pub(super) fn resolved(
        &self,
        fees: Option<(&str, ExchangeFees)>,
    ) -> Result<Effective, Failure> {
        let told = fees.map(|(exchange, fees)| told_by(exchange, fees));
        let earlier = self.earlier.as_ref().map(EarlierRun::layer);
        let lower: Vec<Layer> =
            told.into_iter().chain(self.below.iter().cloned()).chain(earlier).collect();
        let all = lower.iter().cloned().chain(self.flags.iter().cloned());
        let mut effective = resolved(all)?;
        // Parameters belong to the strategy that they were written for.
        let is_named = ["strategy.name", "strategy.plugin"]
            .iter()
            .any(|path| matches!(effective.origin(path), Some(Origin::Flag(_))));
        if is_named && program_of(lower) != Some(program(&effective.config.strategy)) {
            effective.config.strategy.parameters.clone_from(&self.parameters);
        }
        Ok(effective)
    }
}

fn resolved(layers: impl Iterator<Item = Layer>) -> Result<Effective, Failure> {
    layers.fold(Resolver::new(), Resolver::layer).resolve().map_err(refused)
}

/// Which strategy it is, without its parameters.
fn program(strategy: &StrategyConfig) -> (Option<String>, Option<PathBuf>) {
    (strategy.name.clone(), strategy.plugin.clone())
}

/// Which strategy `layers` name, if nothing is wrong in them.
fn program_of(layers: Vec<Layer>) -> Option<(Option<String>, Option<PathBuf>)> {
    let effective = resolved(layers.into_iter()).ok()?;
    Some(program(&effective.config.strategy))
}

/// What an exchange tells of its fees.
fn told_by(exchange: &str, fees: ExchangeFees) -> Layer {
    let mut layer = Layer::empty();
    for (path, fee) in [("costs.fees.maker_bps", fees.maker), ("costs.fees.taker_bps", fees.taker)]
    {
        layer.set(path, fee.to_bps().into(), Origin::Exchange(exchange.to_owned()));
    }
    layer
}

/// What `layers` say of how things are done here.
///
/// # Errors
/// [`Failure::Input`] with everything that is wrong in them, in the other sections too.
fn of_here(layers: Vec<Layer>) -> Result<Layer, Failure> {
    let effective = resolved(layers.into_iter())?;
    let mut layer = Layer::empty();
    for (path, value, origin) in effective.entries() {
        let is_of_here = SECTIONS_OF_HERE.iter().any(|section| path.starts_with(section));
        if is_of_here && *origin != Origin::Default {
            layer.set(&path, value.clone(), origin.clone());
        }
    }
    Ok(layer)
}
