//! The way of a decision before its order.

use serde::{Deserialize, Serialize};

use super::{Size, SizingBasis};
use crate::market::Symbol;
use crate::units::{Price, Quantity, Timestamp};

/// What became of a decision before its order went to the market. Refusals, cuts and fills of the same number tell the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// Number of the decision, from 0.
    pub decision: u64,
    /// Open time of the bar at whose close it was made.
    pub time: Timestamp,
    /// The instrument.
    pub symbol: Symbol,
    /// Wanted exposure, from -1 to 1; 0 is flat.
    pub target: f64,
    /// Price at which it enters or better; `None` at the market.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Price>,
    /// Stop of the position that it wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Price>,
    /// Take-profit of the position that it wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take_profit: Option<Price>,
    /// The strategy's own word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Box<str>>,
    /// Equity at the decision's close, in quote asset.
    pub equity: f64,
    /// Base asset held at the decision's close; negative when short.
    pub held: Quantity,
    /// What sizing measured; `None` where its rule measures nothing, or could not.
    pub basis: Option<SizingBasis>,
    /// What sizing granted and risk approved; `None` when nothing was, or when the target is flat.
    pub approved: Option<Size>,
}
