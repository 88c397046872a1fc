//! What a run is made of, beside prices and strategies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::costs::CostModel;
use crate::order::FillRules;
use crate::risk::RiskSettings;
use crate::units::Money;

/// What a run is made of, beside prices and strategies.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Quote asset at the start.
    pub cash: Money,
    /// Frictions.
    pub costs: CostModel,
    /// Sizing, limits and breakers.
    pub risk: RiskSettings,
    /// How orders fill.
    pub fills: FillRules,
    /// Whether positions are closed at the last close.
    pub at_end: AtEnd,
}

/// What happens to positions that are open when the rows end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AtEnd {
    /// They stay open, marked at the last close.
    #[default]
    Mark,
    /// They are closed at the last close.
    Close,
}
