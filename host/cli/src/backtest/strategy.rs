//! Flags of the strategy, and the strategy itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::value;
use ct_host::config::StrategyConfig;
use ct_host::plugin::{ArgumentError, Arguments, Plugin, Runtime, built_in, built_ins};
use ct_host::suggestion::suggestion;

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
    /// # Errors
    /// [`Failure::input`] or [`Failure::inputs`] with every parameter that is given twice.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let mut names = BTreeSet::new();
        let again = self.parameters.iter().filter(|(name, _)| !names.insert(name));
        let twice: BTreeSet<&String> = again.map(|(name, _)| name).collect();
        if twice.is_empty() {
            return Ok(());
        }
        let message = |name: &String| ArgumentError::Twice(name.clone()).to_string();
        Err(Failure::inputs(twice.into_iter().map(message).collect()))
    }

    /// A plugin takes the place of a built-in strategy, and the other way round.
    pub(super) fn say(&self, flags: &mut FlagLayer) {
        const NAME: &str = "strategy.name";
        const PLUGIN: &str = "strategy.plugin";
        if let Some(name) = &self.strategy {
            flags.unset("--strategy", PLUGIN);
            flags.set("--strategy", NAME, name);
        }
        if let Some(path) = &self.plugin {
            flags.unset("--plugin", NAME);
            flags.set("--plugin", PLUGIN, path);
        }
        if !self.parameters.is_empty() {
            flags.set("--param", "strategy.parameters", self.parameters());
        }
    }

    /// The parameters that flags give.
    pub(super) fn parameters(&self) -> Map<String, Value> {
        let given = self.parameters.iter();
        given.map(|(name, text)| (name.clone(), written(text))).collect()
    }
}

/// `text` as a configuration file holds it: a number or a truth value where it is written like one, and so comes back as
/// the same text.
fn written(text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let is_plain = value.is_number() || value.is_boolean();
    if is_plain && format!("{value}") == text { value } else { Value::String(text.to_owned()) }
}

/// `strategy` with its name, also when it is the one that runs when nothing else is asked for.
pub(super) fn named(strategy: &StrategyConfig) -> StrategyConfig {
    let name = match &strategy.plugin {
        Some(_) => None,
        None => Some(strategy.name.as_deref().unwrap_or(DEFAULT).to_owned()),
    };
    StrategyConfig { name, ..strategy.clone() }
}

/// Compiles the plugin of `strategy`.
///
/// # Errors
/// [`Failure::input`] when there is no such plugin, or it cannot be used.
pub(crate) fn load(strategy: &StrategyConfig, runtime: &Runtime) -> Result<Plugin, Failure> {
    let Some(path) = &strategy.plugin else {
        let bytes = built_in_bytes(strategy.name.as_deref().unwrap_or(DEFAULT))?;
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

/// The parameters of `strategy`, checked by what the plugin says about them.
///
/// # Errors
/// [`Failure::input`] or [`Failure::inputs`] with every parameter that is wrong.
pub(super) fn arguments(strategy: &StrategyConfig, plugin: &Plugin) -> Result<Arguments, Failure> {
    let mistakes = mistakes(strategy, plugin);
    if !mistakes.is_empty() {
        return Err(Failure::inputs(mistakes.into_iter().map(|(_, message)| message).collect()));
    }
    let given = texts(strategy);
    let given = given.iter().map(|(name, text)| (*name, text.as_str()));
    Arguments::parse(plugin.descriptor(), given).map_err(Failure::input)
}

/// Each parameter of `strategy` that `plugin` does not have or take, with the reason.
pub(crate) fn mistakes<'a>(
    strategy: &'a StrategyConfig,
    plugin: &Plugin,
) -> Vec<(&'a str, String)> {
    let parsed = |name, text: &str| Arguments::parse(plugin.descriptor(), [(name, text)]);
    let mistake = |(name, text): (&'a str, String)| {
        let error = parsed(name, &text).err()?;
        Some((name, error.to_string()))
    };
    texts(strategy).into_iter().filter_map(mistake).collect()
}

/// Names and values of the parameters, as they would be typed.
fn texts(strategy: &StrategyConfig) -> Vec<(&str, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    strategy.parameters.iter().map(|(name, value)| (name.as_str(), text(value))).collect()
}

/// The built-in plugin of this name.
///
/// # Errors
/// [`Failure::input`] with the name that was probably meant.
pub(crate) fn built_in_bytes(name: &str) -> Result<&'static [u8], Failure> {
    if let Some(found) = built_in(name) {
        return Ok(found.bytes);
    }
    let names: Vec<&str> = built_ins().iter().map(|built_in| built_in.name).collect();
    let hint = match suggestion(name, names.iter().copied()) {
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
        let message = |name| built_in_bytes(name).unwrap_err().messages().concat();
        assert!(message("sma-crosover").ends_with("did you mean 'sma-crossover'?"));
        assert!(message("xyz").ends_with("or a file with --plugin"));
    }

    #[test]
    fn parameters_come_back_as_they_were_typed() {
        for (text, is_text) in [
            ("20", false),
            ("-3", false),
            ("2.5", false),
            ("true", false),
            ("2.50", true),
            ("1e3", true),
            ("+5", true),
            ("007", true),
            ("ema", true),
            ("null", true),
            ("[1]", true),
            ("", true),
        ] {
            let value = written(text);
            assert_eq!(value.is_string(), is_text, "{text}");
            let again = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            assert_eq!(again, text);
        }
    }

    #[test]
    fn a_parameter_is_given_once() {
        let args = |names: &[&str]| StrategyArgs {
            strategy: None,
            plugin: None,
            parameters: names.iter().map(|name| ((*name).to_owned(), "1".to_owned())).collect(),
        };
        assert!(args(&["fast", "slow"]).check().is_ok());
        let error = args(&["fast", "slow", "fast"]).check().unwrap_err();
        assert!(error.messages().concat().starts_with("parameter 'fast' is given twice"));
    }
}
