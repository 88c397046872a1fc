//! Limits on positions and orders.

use serde::{Deserialize, Serialize};

use crate::units::{Money, Quantity};

/// Whether a run may hold short positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shorting {
    /// Short targets become flat.
    #[default]
    Forbidden,
    /// Short positions up to the account's equity.
    Allowed,
}

/// Limits of every instrument of a run. The grid and the minimum notional come with the instrument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Short positions.
    pub shorting: Shorting,
    /// Largest position, in base asset.
    pub position_max: Option<Quantity>,
    /// Largest position, in quote asset at the price of its fill.
    pub position_notional_max: Option<Money>,
}
