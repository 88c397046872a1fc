//! What risk or execution did not let through.

use serde::{Deserialize, Serialize};

/// The rule that refused or cut an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The run does not allow short positions.
    ShortNotAllowed,
    /// The position would be larger than the maximum.
    PositionMax,
    /// The order is worth less than the minimum notional.
    NotionalMin,
    /// The order is smaller than the minimum quantity.
    QuantityMin,
    /// The order is smaller than one lot.
    Lot,
    /// Cash, or margin for a short position, does not cover the order.
    Cash,
    /// The account is worth nothing any more.
    Ruin,
    /// The strategy of the instrument has failed.
    Fault,
    /// A limit order was not reached in time.
    Expired,
}

/// What the rule did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing was traded.
    Refused,
    /// Less was traded.
    Cut,
}

/// One order that a rule refused or cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Row on which the rule acted.
    pub row: usize,
    /// Place of the instrument in the panel.
    pub instrument: usize,
    /// The rule.
    pub rule: Rule,
    /// What it did.
    pub verdict: Verdict,
    /// What was asked for, in the rule's own unit: base asset for lots, positions and cash, quote asset for the notional,
    /// exposure for shorts; 0 for expiries.
    pub asked: f64,
    /// The rule's limit, in the same unit: the most that it allows, or the least for a minimum.
    pub allowed: f64,
}
