//! What did not go as the strategy wanted: refusals, breakers, ambiguous bars, faults.

use serde::{Deserialize, Serialize};

use ct_core::engine::FaultKind;
use ct_core::order::{Rule, Verdict};
use ct_core::risk::{BreakerAction, BreakerEventKind};
use ct_core::units::Timestamp;

/// One order that a rule refused or cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusalRecord {
    /// Open time of the bar on which the rule acted.
    pub time: Timestamp,
    /// Symbol.
    pub symbol: String,
    /// Number of the decision that the order comes from, from 0; `None` for orders of the host's own.
    pub decision: Option<u64>,
    /// The rule.
    pub rule: Rule,
    /// What it did.
    pub verdict: Verdict,
    /// What the order would have led to, in the rule's own unit. `None` where that is no number, as for a share of an equity
    /// of zero.
    pub value: Option<f64>,
    /// What the rule allows, in the same unit: the most, or the least for a minimum. `None` where that is no number.
    pub limit: Option<f64>,
}

/// How often a rule did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalCount {
    /// The rule.
    pub rule: Rule,
    /// What it did.
    pub verdict: Verdict,
    /// Orders.
    pub count: u64,
}

/// One breaker that tripped, or was armed again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakerRecord {
    /// Open time of the bar at whose close it happened; for a losing streak, of the bar of the last exit.
    pub time: Timestamp,
    /// The breaker.
    pub rule: Rule,
    /// What happened.
    pub kind: BreakerEventKind,
    /// What the breaker does.
    pub action: BreakerAction,
    /// Symbol, for a breaker of one instrument.
    pub symbol: Option<String>,
    /// Loss as a share of the equity that it is counted from; losing trades in a row, for a losing streak. Of a breaker
    /// that is armed again, what there is of it already. `None` where that is no number.
    pub value: Option<f64>,
    /// The level that trips the breaker, in the same unit.
    pub limit: f64,
    /// Equity at the close, in quote asset; for a losing streak, at the close before.
    pub equity: f64,
}

/// A bar in which the order of events is unknown and the worse one was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmbiguousBar {
    /// Open time of the bar.
    pub time: Timestamp,
    /// Symbol.
    pub symbol: String,
}

/// One strategy that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRecord {
    /// Open time of the bar it was taking in.
    pub time: Timestamp,
    /// Row of the period, from 0; `None` when it failed while warming up.
    pub row: Option<u64>,
    /// Symbols it looked after.
    pub symbols: Vec<String>,
    /// The kind of failure.
    pub kind: FaultKind,
    /// What happened.
    pub detail: String,
}
