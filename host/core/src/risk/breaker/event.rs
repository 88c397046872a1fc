//! What breakers did.

use serde::{Deserialize, Serialize};

use super::BreakerAction;
use crate::order::Rule;

/// A breaker that tripped, or was armed again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakerEvent {
    /// Row at whose close it happened; for a losing streak that trips, the row of the exit.
    pub row: usize,
    /// The breaker.
    pub rule: Rule,
    /// What happened.
    pub kind: BreakerEventKind,
    /// What the breaker does.
    pub action: BreakerAction,
    /// Instrument, for a breaker of one instrument.
    pub instrument: Option<usize>,
    /// Loss as a share of the equity that it is counted from; losing trades in a row, for a losing streak. For a breaker that
    /// is armed again, what there is of it already: 0, or what a day or week has lost that began before this close.
    pub value: f64,
    /// The level that trips the breaker, in the same unit.
    pub limit: f64,
    /// Equity at the close, in quote asset; for a losing streak that trips, at the close before its row.
    pub equity: f64,
}

/// What happened to a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerEventKind {
    /// It tripped.
    Tripped,
    /// It was armed again.
    Rearmed,
}
