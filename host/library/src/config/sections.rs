//! Everything that can be configured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AccessConfig, DataConfig, MonitoringConfig, PluginsConfig, ReportConfig, StrategyConfig,
};
use ct_core::settings::Settings;

/// Everything that can be configured, with a value for every key: pessimistic costs and a breaker, on generated prices.
///
/// Sections up to `fills` decide results and are kept with them; the others say how things are done here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The strategy and its parameters.
    pub strategy: StrategyConfig,
    /// Prices and the traded period.
    pub data: DataConfig,
    /// What the engine is told, each part in a section of its own.
    #[serde(flatten)]
    pub settings: Settings,
    /// How exchanges are reached, where prices are kept, and what price files may take.
    pub access: AccessConfig,
    /// Limits of the sandbox.
    pub plugins: PluginsConfig,
    /// What is written about a run.
    pub report: ReportConfig,
    /// Logs.
    pub monitoring: MonitoringConfig,
}
