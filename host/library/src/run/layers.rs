//! The layers of a run's configuration: defaults, file, environment, an earlier run, and flags.

use std::path::PathBuf;

use super::{EarlierRun, RunError};
use crate::config::{Effective, Layer, Origin, Resolver, StrategyConfig};

/// Sections of the configuration that say how things are done here. The others decide results.
const SECTIONS_OF_HERE: [&str; 4] = ["access.", "plugins.", "report.", "monitoring."];

/// The layers of a run's configuration, with a run that is made again between them if there is one.
#[derive(Debug)]
pub struct RunLayers {
    /// File and environment; of an earlier run they only say how things are done here.
    below: Vec<Layer>,
    earlier: Option<EarlierRun>,
    /// Flags.
    above: Vec<Layer>,
}

impl RunLayers {
    /// What file and environment say `below`, and flags `above`, with the run `earlier` between them: its strategy, prices,
    /// period and settings hold in place of those below.
    ///
    /// # Errors
    /// [`RunError::Input`] or [`RunError::Problems`] with everything that is wrong in the layers below.
    pub fn new(
        below: Vec<Layer>,
        earlier: Option<EarlierRun>,
        above: Vec<Layer>,
    ) -> Result<Self, RunError> {
        let below = if earlier.is_some() { vec![of_here(below)?] } else { below };
        Ok(Self { below, earlier, above })
    }

    /// The run that is made again, if one is.
    pub const fn earlier(&self) -> Option<&EarlierRun> {
        self.earlier.as_ref()
    }

    /// All layers together.
    ///
    /// # Errors
    /// [`RunError::Input`] or [`RunError::Problems`] with everything that is wrong.
    pub fn resolved(&self) -> Result<Effective, RunError> {
        let mut effective = resolved(self.all_below().chain(self.above.iter().cloned()))?;
        // Parameters belong to the strategy that they were written for.
        let is_named =
            ["strategy.name", "strategy.plugin"].iter().any(|path| is_of_flag(&effective, path));
        if is_named && self.program_below() != Some(program(&effective.config.strategy)) {
            let mut parameters = std::mem::take(&mut effective.config.strategy.parameters);
            parameters
                .retain(|name, _| is_of_flag(&effective, &format!("strategy.parameters.{name}")));
            effective.config.strategy.parameters = parameters;
        }
        Ok(effective)
    }

    /// What would hold without flags.
    ///
    /// # Errors
    /// As [`RunLayers::resolved`].
    pub fn resolved_below(&self) -> Result<Effective, RunError> {
        resolved(self.all_below())
    }

    fn all_below(&self) -> impl Iterator<Item = Layer> {
        let earlier = self.earlier.as_ref().map(EarlierRun::layer);
        self.below.iter().cloned().chain(earlier)
    }

    /// Which strategy it would be without flags, if nothing is wrong then.
    fn program_below(&self) -> Option<(Option<String>, Option<PathBuf>)> {
        let effective = self.resolved_below().ok()?;
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

/// What `layers` say of how things are done here.
///
/// # Errors
/// [`RunError::Input`] or [`RunError::Problems`] with everything that is wrong in them, in the other sections too.
fn of_here(layers: Vec<Layer>) -> Result<Layer, RunError> {
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

/// `layers` put together, the lowest first.
fn resolved(layers: impl IntoIterator<Item = Layer>) -> Result<Effective, RunError> {
    let resolver = layers.into_iter().fold(Resolver::new(), Resolver::layer);
    Ok(resolver.resolve()?)
}
