//! Flags of the configuration, and the layers that they and the environment make.

use std::path::{Path, PathBuf};

use crate::config_file::{ConfigArgs, Layers};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::terminal::Terminal;
use ct_host::config::{Effective, Origin};
use ct_host::risk::{BreakerAction, LossBreaker};
use ct_host::run::{EarlierRun, RunLayers};

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
    /// Says which files are read that nobody named.
    pub(super) fn tell(&self, environment: &Environment, terminal: Terminal) {
        self.config.tell(environment, terminal);
    }

    /// The run that is to be made again, if one is.
    ///
    /// # Errors
    /// As [`EarlierRun::read`].
    pub(super) fn earlier(&self) -> Result<Option<EarlierRun>, Failure> {
        Ok(self.from_run.as_deref().map(EarlierRun::read).transpose()?)
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
    Ok(run_layers(config, environment, FlagLayer::new(), earlier)?.resolved()?)
}

/// The layers that `config`, the environment and `flags` give, with the run `earlier` between them.
///
/// # Errors
/// [`Failure::input`] or [`Failure::inputs`] when a file cannot be read, or something is no YAML.
pub(super) fn run_layers(
    config: &ConfigArgs,
    environment: &Environment,
    flags: FlagLayer,
    earlier: Option<EarlierRun>,
) -> Result<RunLayers, Failure> {
    let Layers { below, above } = config.layers(environment, flags)?;
    Ok(RunLayers::new(below, earlier, above.into())?)
}

/// What the user should know of `effective`: that a flag took the place of more than its name says.
pub(super) fn notice(layers: &RunLayers, effective: &Effective) -> Option<String> {
    const FLAG: &str = "--max-drawdown";
    const PATH: &str = "risk.breakers.drawdown";
    if effective.origin(PATH) != Some(&Origin::Flag(FLAG.to_owned())) {
        return None;
    }
    let below = layers.resolved_below().ok()?;
    let place = below.origin(PATH).filter(|origin| **origin != Origin::Default)?;
    let levels = below.config.settings.risk.breakers.drawdown.as_slice();
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
