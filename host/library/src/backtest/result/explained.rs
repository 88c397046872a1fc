//! The way of a decision to its order.

use serde::{Deserialize, Serialize};

use ct_core::order::{Size, SizingBasis};
use ct_core::units::{Quantity, Timestamp};

/// What became of a decision before its order went to the market. Refusals, cuts and fills with the same number tell the
/// rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplainedRecord {
    /// Number of the decision, from 0.
    pub decision: u64,
    /// Open time of the bar at whose close it was made.
    pub time: Timestamp,
    /// Symbol.
    pub symbol: String,
    /// Wanted exposure, from -1 to 1; 0 is flat.
    pub target: f64,
    /// Equity at the decision's close, in quote asset.
    pub equity: f64,
    /// Base asset held at the decision's close; negative when short.
    pub held: Quantity,
    /// What sizing measured; `None` where its rule measures nothing, or could not.
    pub basis: Option<SizingBasis>,
    /// What sizing granted and risk approved; `None` when nothing was, or when the target is flat.
    pub approved: Option<Size>,
}
