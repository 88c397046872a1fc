//! The strategy that a configuration names.

use std::fs;

use serde_json::Value;

use super::RunError;
use crate::config::{StrategyConfig, quotation, quoted_value};
use ct_core::suggestion::suggestion;
use ct_plugin::{ArgumentError, Arguments, Plugin, Runtime, built_in, built_ins};

/// What runs when nothing else is asked for.
const DEFAULT: &str = "sma-crossover";

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
/// [`RunError::Input`] when there is no such plugin, or it cannot be used.
pub fn load_strategy(strategy: &StrategyConfig, runtime: &Runtime) -> Result<Plugin, RunError> {
    let Some(path) = &strategy.plugin else {
        let bytes = built_in_bytes(strategy.name.as_deref().unwrap_or(DEFAULT))?;
        return runtime.load(bytes).map_err(RunError::input);
    };
    let bytes = fs::read(path).map_err(|error| {
        RunError::input(format!(
            "{} cannot be read: {error}; expected a plugin file, such as `ct-host build` writes",
            path.display()
        ))
    })?;
    runtime.load(&bytes).map_err(|error| RunError::input(format!("{}: {error}", path.display())))
}

/// The parameters of `strategy`, checked by what the plugin says about them.
///
/// # Errors
/// [`RunError::Input`] or [`RunError::Problems`] with every parameter that is wrong.
pub(super) fn arguments(strategy: &StrategyConfig, plugin: &Plugin) -> Result<Arguments, RunError> {
    let mistakes = parameter_mistakes(strategy, plugin);
    if !mistakes.is_empty() {
        return Err(RunError::inputs(mistakes.into_iter().map(|(_, message)| message).collect()));
    }
    let given = texts(strategy);
    let given = given.iter().map(|(name, text)| (*name, text.as_str()));
    Arguments::parse(plugin.descriptor(), given).map_err(RunError::input)
}

/// Each parameter of `strategy` that `plugin` does not have or take, with the reason.
pub fn parameter_mistakes<'a>(
    strategy: &'a StrategyConfig,
    plugin: &Plugin,
) -> Vec<(&'a str, String)> {
    let parsed = |name, text: &str| Arguments::parse(plugin.descriptor(), [(name, text)]);
    let mistake = |(name, text): (&'a str, String)| {
        let mut error = parsed(name, &text).err()?;
        if let ArgumentError::Value { found, .. } = &mut error {
            *found = quoted_value(&format!("strategy.parameters.{name}"), found);
        }
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
/// [`RunError::Input`] with the name that was probably meant.
pub fn built_in_bytes(name: &str) -> Result<&'static [u8], RunError> {
    if let Some(found) = built_in(name) {
        return Ok(found.bytes);
    }
    let names: Vec<&str> = built_ins().iter().map(|built_in| built_in.name).collect();
    let hint = match suggestion(name, names.iter().copied()) {
        Some(meant) => format!("did you mean '{meant}'?"),
        None => format!("expected one of {}, or a file with --plugin", names.join(", ")),
    };
    Err(RunError::input(format!("there is no built-in strategy '{}': {hint}", quotation(name))))
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
        let message = |name| built_in_bytes(name).unwrap_err().to_string();
        assert!(message("sma-crosover").ends_with("did you mean 'sma-crossover'?"));
        assert!(message("xyz").ends_with("or a file with --plugin"));
    }
}
