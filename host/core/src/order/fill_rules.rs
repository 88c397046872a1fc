//! Where the field disagrees about how orders fill.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How orders fill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FillRules {
    /// Where market orders fill: at the next open or the next close.
    pub market: MarketFill,
    /// When limit and take-profit orders fill: when the market trades through their price, or touches it.
    pub limit: LimitFill,
    /// What resting limit and take-profit orders get when the market opens beyond their price.
    pub gap: GapFill,
    /// The way of the price inside a bar.
    pub intrabar: Intrabar,
    /// Bars between a decision and the first bar in which its order can trade, beside the one that is always there.
    #[schemars(range(max = 1000))]
    pub latency_bars: u32,
}

/// Where market orders fill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarketFill {
    /// At the open of the next bar.
    #[default]
    NextOpen,
    /// At the close of the next bar.
    NextClose,
}

/// When limit and take-profit orders fill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitFill {
    /// When the market trades beyond their price: others who wait at the price come first.
    #[default]
    Through,
    /// As soon as the market trades at their price.
    Touch,
}

/// What resting limit and take-profit orders get when the market opens beyond their price. A stop is no resting price but an
/// order to trade at the market: a gap through it always fills at the open, which is worse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapFill {
    /// Their own price: a continuous market trades with what rests at the price of what rests.
    #[default]
    Level,
    /// The open, which is better than their price: as in an opening auction.
    Open,
}

/// The way of the price inside a bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Intrabar {
    /// Unknown: the worse comes first, and the bar is counted as ambiguous.
    #[default]
    StopFirst,
    /// From the open to the nearer of high and low, then to the other, then to the close.
    OpenNearest,
    /// As the bars of the detail interval show.
    Detail,
}
