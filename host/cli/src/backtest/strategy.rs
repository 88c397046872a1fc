//! Flags of the strategy.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::build;
use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::value;
use ct_host::plugin::ArgumentError;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Strategy")]
pub(super) struct StrategyArgs {
    /// Built-in strategy; `ct-host strategies` lists them [default: sma-crossover]
    #[arg(long, value_name = "NAME", conflicts_with = "plugin")]
    strategy: Option<String>,
    /// Plugin file of a strategy of your own, or the folder of its crate, which is built first
    #[arg(long, value_name = "FILE|DIR")]
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

    /// The plugin file that is named, built from its crate where a folder is.
    ///
    /// # Errors
    /// A [`Failure`] when the folder is no strategy crate, or it does not build.
    pub(super) fn plugin_file(&self) -> Result<Option<PathBuf>, Failure> {
        match &self.plugin {
            Some(folder) if folder.is_dir() => build::build(folder).map(Some),
            plugin => Ok(plugin.clone()),
        }
    }

    /// A plugin, in the file `plugin`, takes the place of a built-in strategy, and the other way round.
    pub(super) fn say(&self, plugin: Option<&Path>, flags: &mut FlagLayer) {
        const NAME: &str = "strategy.name";
        const PLUGIN: &str = "strategy.plugin";
        if let Some(name) = &self.strategy {
            flags.unset("--strategy", PLUGIN);
            flags.set("--strategy", NAME, name);
        }
        if let Some(path) = plugin {
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

#[cfg(test)]
mod tests {
    use super::*;

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
