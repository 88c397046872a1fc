//! Money, and what happens to positions at the end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::Money;

/// Money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountSettings {
    /// Quote asset at the start.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub cash: Money,
    /// What happens to positions that are open at the end: marked at the last close, or closed.
    pub at_end: AtEnd,
}

impl Default for AccountSettings {
    /// 10 000 of quote asset.
    fn default() -> Self {
        const UNIT: i128 = 1_000_000_000_000;
        Self { cash: Money::from_units(10_000 * UNIT), at_end: AtEnd::default() }
    }
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
