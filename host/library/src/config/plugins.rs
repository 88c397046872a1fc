//! The sandbox that strategies run in.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use ct_core::units::positive;

/// Why limits of the sandbox are not for the folder to say from which the plugin may come.
const LIMIT: &str = "it limits plugins, which may come from the same hand";

/// Limits of the sandbox.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PluginsConfig {
    /// Folder of compiled plugins; the user's cache folder if there is none.
    #[schemars(extend("x-own-only" = "compiled code that is found there is run"))]
    pub cache_folder: Option<PathBuf>,
    /// Bars that a strategy is handed at once; results do not depend on it. With 1 the next bar is not even in its memory.
    #[schemars(range(min = 1))]
    pub window: Option<usize>,
    /// Longest time of one call in seconds.
    #[schemars(schema_with = "optional_positive", extend("x-own-only" = LIMIT))]
    pub call_seconds_max: Option<f64>,
    /// Memory that all instances of a strategy may hold together in bytes; 4 GiB if there is none. One instance has 64 MiB at most.
    #[schemars(range(min = 1))]
    pub memory_bytes_max: Option<usize>,
    /// Longest time of a whole run in seconds; an hour if there is none. A run that takes longer gives no result.
    #[schemars(schema_with = "optional_positive", extend("x-own-only" = LIMIT))]
    pub run_seconds_max: Option<f64>,
    /// Most windows that a run may hand to its strategies, also those that are handed again after a fault; as many as it takes if there
    /// is none. A run that takes more gives no result, on every machine alike.
    #[schemars(range(min = 1))]
    pub run_windows_max: Option<u64>,
}

fn optional_positive(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let positive = positive(generator);
    schemars::json_schema!({ "anyOf": [positive, { "type": "null" }] })
}
