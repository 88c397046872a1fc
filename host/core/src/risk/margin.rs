//! Leverage and maintenance margin.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Rate, bps};

/// How far an account may go beyond its own money, and when the exchange takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Margin {
    /// Largest gross exposure that an order may lead to, as a multiple of equity. 1: long positions are paid in full, short
    /// positions are covered twice.
    #[schemars(range(min = 1, max = 125), extend("x-unit" = "a multiple of the equity"))]
    pub leverage_max: Rate,
    /// Share of the positions' value above which equity has to stay; otherwise every position is liquidated. Applies to
    /// accounts that are short or in debt.
    #[schemars(range(max = 1))]
    pub maintenance: Rate,
    /// What a liquidation costs on top of the fee, in basis points of the value.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub liquidation_fee_bps: Rate,
}

impl Default for Margin {
    /// No leverage, 5 % maintenance margin, 50 bps for a liquidation.
    fn default() -> Self {
        Self {
            leverage_max: Rate::ONE,
            maintenance: Rate::known(0.05),
            liquidation_fee_bps: Rate::known(0.005),
        }
    }
}
