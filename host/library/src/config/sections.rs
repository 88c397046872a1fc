//! Everything that can be configured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AccessConfig, DataConfig, MonitoringConfig, PluginsConfig, ReportConfig, StrategyConfig,
};
use crate::backtest::Settings;
use ct_core::costs::CostModel;
use ct_core::engine::AtEnd;
use ct_core::order::FillRules;
use ct_core::risk::RiskSettings;
use ct_core::units::Money;

/// Everything that can be configured, with a value for every key.
///
/// Sections up to `fills` decide results and are kept with them; the others say how things are done here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The strategy and its parameters.
    pub strategy: StrategyConfig,
    /// Prices and the traded period.
    pub data: DataConfig,
    /// Money.
    pub account: AccountConfig,
    /// What trading costs.
    pub costs: CostModel,
    /// Sizing, limits and breakers.
    pub risk: RiskSettings,
    /// How orders fill.
    pub fills: FillRules,
    /// How exchanges are reached, where prices are kept, and what price files may take.
    pub access: AccessConfig,
    /// Limits of the sandbox.
    pub plugins: PluginsConfig,
    /// What is written about a run.
    pub report: ReportConfig,
    /// Logs.
    pub monitoring: MonitoringConfig,
}

/// Money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountConfig {
    /// Quote asset at the start.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub cash: Money,
    /// What happens to positions that are open at the end: marked at the last close, or closed.
    pub at_end: AtEnd,
}

impl Default for AccountConfig {
    fn default() -> Self {
        let Settings { cash, at_end, .. } = Settings::default();
        Self { cash, at_end }
    }
}

impl Default for Config {
    /// The pessimistic costs and the breaker of [`Settings`], on generated prices.
    fn default() -> Self {
        let Settings { costs, risk, fills, .. } = Settings::default();
        Self {
            strategy: StrategyConfig::default(),
            data: DataConfig::default(),
            account: AccountConfig::default(),
            costs,
            risk,
            fills,
            access: AccessConfig::default(),
            plugins: PluginsConfig::default(),
            report: ReportConfig::default(),
            monitoring: MonitoringConfig::default(),
        }
    }
}

impl Config {
    /// The part that the engine is told.
    pub fn settings(&self) -> Settings {
        Settings {
            cash: self.account.cash,
            at_end: self.account.at_end,
            costs: self.costs.clone(),
            risk: self.risk.clone(),
            fills: self.fills,
        }
    }
}
