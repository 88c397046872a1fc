//! Flags of the strategy.

use std::fs;
use std::path::PathBuf;

use crate::cli::failure::Failure;
use crate::cli::value;
use crate::plugin::{Arguments, Plugin, Runtime, built_in, built_ins, closest};

/// What runs when nothing else is asked for.
const DEFAULT: &str = "sma-crossover";

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Strategy")]
pub(super) struct StrategyArgs {
    /// Built-in strategy; `ct-host strategies` lists them [default: sma-crossover]
    #[arg(long, value_name = "NAME", conflicts_with = "plugin")]
    strategy: Option<String>,
    /// Plugin file of a strategy of your own
    #[arg(long, value_name = "FILE")]
    plugin: Option<PathBuf>,
    /// Parameter of the strategy; may be given several times
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = value::assignment)]
    parameters: Vec<(String, String)>,
}

impl StrategyArgs {
    /// Compiles the plugin.
    ///
    /// # Errors
    /// [`Failure::Input`] when there is no such plugin, or it cannot be used.
    pub(super) fn load(&self, runtime: &Runtime) -> Result<Plugin, Failure> {
        let Some(path) = &self.plugin else {
            let bytes = built_in_bytes(self.strategy.as_deref().unwrap_or(DEFAULT))?;
            return runtime.load(bytes).map_err(Failure::input);
        };
        let bytes = fs::read(path).map_err(|error| {
            Failure::input(format!(
                "{} cannot be read: {error}; expected a plugin file, such as `ct-host build` writes",
                path.display()
            ))
        })?;
        runtime.load(&bytes).map_err(|error| Failure::input(format!("{}: {error}", path.display())))
    }

    /// The parameters, checked by what the plugin says about them.
    ///
    /// # Errors
    /// [`Failure::Input`] with the first parameter that is wrong.
    pub(super) fn arguments(&self, plugin: &Plugin) -> Result<Arguments, Failure> {
        let given = self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Arguments::parse(plugin.descriptor(), given).map_err(Failure::input)
    }
}

/// The built-in plugin of this name.
///
/// # Errors
/// [`Failure::Input`] with the name that was probably meant.
pub(in crate::cli) fn built_in_bytes(name: &str) -> Result<&'static [u8], Failure> {
    if let Some(found) = built_in(name) {
        return Ok(found.bytes);
    }
    let names: Vec<&str> = built_ins().iter().map(|built_in| built_in.name).collect();
    let hint = match closest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean '{meant}'?"),
        None => format!("expected one of {}, or a file with --plugin", names.join(", ")),
    };
    Err(Failure::input(format!("there is no built-in strategy '{name}': {hint}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_built_in() {
        assert!(built_in(DEFAULT).is_some());
        assert!(built_in_bytes("rsi_mean_reversion").is_ok());
    }

    #[test]
    fn an_unknown_name_gets_a_suggestion() {
        let message = |name| built_in_bytes(name).unwrap_err().message().unwrap().to_owned();
        assert!(message("sma-crosover").ends_with("did you mean 'sma-crossover'?"));
        assert!(message("xyz").ends_with("or a file with --plugin"));
    }
}
