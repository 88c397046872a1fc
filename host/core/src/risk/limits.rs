//! Limits on positions, exposure and orders.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Money, Quantity, Rate};

/// Whether a run may hold short positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shorting {
    /// Short targets become flat.
    #[default]
    Forbidden,
    /// Short positions, as far as margin covers them.
    Allowed,
}

/// Limits of a run. The grid and the minimum notional come with the instrument. Shares of equity are of the equity at the
/// prices of the fill. Limits hold for orders that enlarge a position or exposure; leaving is always allowed, and what the
/// market does to a position afterwards is no order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Short positions: forbidden or allowed.
    pub shorting: Shorting,
    /// Largest position of each instrument.
    pub position: PositionLimits,
    /// Largest sum of all positions' values, long and short, as a share of equity.
    #[schemars(extend("exclusiveMinimum" = 0, "x-told" = "gross exposure up to {%} of equity"))]
    pub gross_exposure_max: Option<Rate>,
    /// Largest difference between the values of long and short positions, either way, as a share of equity.
    #[schemars(extend("exclusiveMinimum" = 0, "x-told" = "net exposure up to {%} of equity"))]
    pub net_exposure_max: Option<Rate>,
    /// Largest number of instruments that are held, or about to be entered, at once.
    #[schemars(extend("x-told" = "up to {} positions"))]
    pub open_positions_max: Option<u32>,
    /// Largest number of orders that open or enlarge a position, in a UTC day.
    #[schemars(extend("x-told" = "up to {} orders a day"))]
    pub orders_per_day_max: Option<u32>,
    /// Largest traded value in a UTC day, as a multiple of the equity at its start; counted for orders that open or enlarge
    /// a position, with what exits have traded before.
    #[schemars(extend(
        "exclusiveMinimum" = 0,
        "x-unit" = "a multiple of the equity",
        "x-told" = "up to {×} equity traded in a day"
    ))]
    pub turnover_per_day_max: Option<Rate>,
}

/// Limits on the position in one instrument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PositionLimits {
    /// Largest position in an instrument, in base asset.
    #[schemars(extend("exclusiveMinimum" = 0, "x-told" = "position up to {} of base asset"))]
    pub units_max: Option<Quantity>,
    /// Largest position in an instrument, in quote asset, at the price of its fill.
    #[schemars(extend("exclusiveMinimum" = 0, "x-told" = "position up to {quote}"))]
    pub notional_max: Option<Money>,
    /// Largest position as a share of equity.
    #[schemars(extend("exclusiveMinimum" = 0, "x-told" = "position up to {%} of equity"))]
    pub equity_max: Option<Rate>,
    /// Largest position as a share of the volume of the bar before the fill.
    #[schemars(extend("exclusiveMinimum" = 0, "x-told" = "position up to {%} of a bar's volume"))]
    pub volume_max: Option<Rate>,
}

impl PositionLimits {
    /// These limits where they are set, and `other`'s where they are not.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        Self {
            units_max: self.units_max.or(other.units_max),
            notional_max: self.notional_max.or(other.notional_max),
            equity_max: self.equity_max.or(other.equity_max),
            volume_max: self.volume_max.or(other.volume_max),
        }
    }
}
