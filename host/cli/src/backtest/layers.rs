//! The layers of a run's configuration: defaults, what the exchange tells, file, environment, an earlier run, and flags.

use std::path::{Path, PathBuf};

use super::earlier_run::EarlierRun;
use super::kept::ExchangeFees;
use crate::config_file::{ConfigArgs, Layers, resolved};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::terminal::Terminal;
use ct_host::config::{Effective, Layer, Origin, StrategyConfig};
use ct_host::risk::{BreakerAction, LossBreaker};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct ConfigurationArgs {
    #[command(flatten)]
    pub(super) config: ConfigArgs,
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

    /// The run that is to be made again, if one is.
    ///
    /// # Errors
    /// As [`EarlierRun::read`].
    pub(super) fn earlier(&self) -> Result<Option<EarlierRun>, Failure> {
        self.from_run.as_deref().map(EarlierRun::read).transpose()
    }
}

/// What holds when the run whose result is `from_run`, if one is named, is made again.
///
/// # Errors
/// [`Failure::input`] or [`Failure::inputs`] with everything that is wrong.
pub(crate) fn effective(
    config: &ConfigArgs,
    from_run: Option<&Path>,
    environment: &Environment,
) -> Result<Effective, Failure> {
    let earlier = from_run.map(EarlierRun::read).transpose()?;
    RunLayers::new(config, environment, FlagLayer::new(), earlier)?.resolved(None)
}

/// Sections of the configuration that say how things are done here. The others decide results.
const SECTIONS_OF_HERE: [&str; 4] = ["access.", "plugins.", "report.", "monitoring."];

/// The layers of a run's configuration.
#[derive(Debug)]
pub(super) struct RunLayers {
    /// File and environment; of an earlier run they only say how things are done here.
    below: Vec<Layer>,
    pub(super) earlier: Option<EarlierRun>,
    above: [Layer; 2],
}

impl RunLayers {
    /// The layers that `config`, the environment and `flags` give, with the run `earlier` between them.
    ///
    /// # Errors
    /// [`Failure::input`] or [`Failure::inputs`] when a file cannot be read, or something is no YAML.
    pub(super) fn new(
        config: &ConfigArgs,
        environment: &Environment,
        flags: FlagLayer,
        earlier: Option<EarlierRun>,
    ) -> Result<Self, Failure> {
        let Layers { mut below, above } = config.layers(environment, flags)?;
        if earlier.is_some() {
            below = vec![of_here(below)?];
        }
        Ok(Self { below, earlier, above })
    }

    /// All layers together, with the `fees` that an exchange told where nothing else says them.
    ///
    /// # Errors
    /// [`Failure::input`] or [`Failure::inputs`] with everything that is wrong.
    pub(super) fn resolved(
        &self,
        fees: Option<(&str, ExchangeFees)>,
    ) -> Result<Effective, Failure> {
        let told = fees.map(|(exchange, fees)| told_by(exchange, fees));
        let all = told.into_iter().chain(self.without_flags()).chain(self.above.iter().cloned());
        let mut effective = resolved(all)?;
        // Parameters belong to the strategy that they were written for.
        let is_named =
            ["strategy.name", "strategy.plugin"].iter().any(|path| is_of_flag(&effective, path));
        if is_named && self.program_without_flags() != Some(program(&effective.config.strategy)) {
            let mut parameters = std::mem::take(&mut effective.config.strategy.parameters);
            parameters
                .retain(|name, _| is_of_flag(&effective, &format!("strategy.parameters.{name}")));
            effective.config.strategy.parameters = parameters;
        }
        Ok(effective)
    }

    /// What the user should know of `effective`: that a flag took the place of more than its name says.
    pub(super) fn notice(&self, effective: &Effective) -> Option<String> {
        const FLAG: &str = "--max-drawdown";
        const PATH: &str = "risk.breakers.drawdown";
        if effective.origin(PATH) != Some(&Origin::Flag(FLAG.to_owned())) {
            return None;
        }
        let below = resolved(self.without_flags()).ok()?;
        let place = below.origin(PATH).filter(|origin| **origin != Origin::Default)?;
        let levels = below.config.risk.breakers.drawdown.as_slice();
        let is_whole = |level: &LossBreaker| level.action == BreakerAction::Flatten;
        let is_more = levels.len() > 1 || !levels.iter().all(is_whole);
        is_more.then(|| {
            let levels: Vec<String> =
                levels.iter().map(|level| level.loss.to_fraction().to_string()).collect();
            format!(
                "{FLAG} takes the place of every drawdown level that {place} has: {}",
                levels.join(", ")
            )
        })
    }

    fn without_flags(&self) -> impl Iterator<Item = Layer> {
        let earlier = self.earlier.as_ref().map(EarlierRun::layer);
        self.below.iter().cloned().chain(earlier)
    }

    /// Which strategy it would be without flags, if nothing is wrong then.
    fn program_without_flags(&self) -> Option<(Option<String>, Option<PathBuf>)> {
        let effective = resolved(self.without_flags()).ok()?;
        Some(program(&effective.config.strategy))
    }
}

fn is_of_flag(effective: &Effective, path: &str) -> bool {
    matches!(effective.origin(path), Some(Origin::Flag(_)))
}

/// Which strategy it is, without its parameters.
fn program(strategy: &StrategyConfig) -> (Option<String>, Option<PathBuf>) {
    (strategy.name.clone(), strategy.plugin.clone())
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
/// [`Failure::input`] with everything that is wrong in them, in the other sections too.
fn of_here(layers: Vec<Layer>) -> Result<Layer, Failure> {
    let effective = resolved(layers)?;
    let mut layer = Layer::empty();
    for (path, value, origin) in effective.entries() {
        let is_of_here = SECTIONS_OF_HERE.iter().any(|section| path.starts_with(section));
        if is_of_here && *origin != Origin::Default {
            layer.set(&path, value.clone(), origin.clone());
        }
    }
    Ok(layer)
}
