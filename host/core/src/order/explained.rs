//! The way of a decision before its order.

use super::{Size, SizingBasis};
use crate::units::Quantity;

/// What became of a decision before its order went to the market. Refusals, cuts and fills of the same number tell the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Number of the decision, from 0.
    pub decision: u64,
    /// Row of the decision.
    pub row: usize,
    /// Place of the instrument in the panel.
    pub instrument: usize,
    /// Wanted exposure, from -1 to 1.
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
