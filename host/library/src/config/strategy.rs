//! The strategy of a run.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The strategy and its parameters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StrategyConfig {
    /// Built-in strategy; `ct-host strategies` lists them. Without it and without a plugin, sma-crossover.
    pub name: Option<String>,
    /// Plugin file of a strategy of your own, in place of a built-in one.
    pub plugin: Option<PathBuf>,
    /// Parameters by name; `ct-host inspect` lists them with their ranges.
    pub parameters: Map<String, Value>,
}
