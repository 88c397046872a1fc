//! What breakers did.

use serde::{Deserialize, Serialize};

use super::BreakerAction;
use crate::market::Symbol;
use crate::order::Rule;
use crate::units::Timestamp;

/// A breaker that tripped, or was armed again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakerEvent {
    /// Open time of the bar at whose close it happened; for a losing streak that trips, of the bar of the last exit.
    pub time: Timestamp,
    /// The breaker.
    pub rule: Rule,
    /// What happened.
    pub kind: BreakerEventKind,
    /// What the breaker does.
    pub action: BreakerAction,
    /// The instrument, for a breaker of one instrument.
    pub symbol: Option<Symbol>,
    /// Loss as a share of the equity that it is counted from; losing trades in a row, for a losing streak. For a breaker that
    /// is armed again, what there is of it already: 0, or what a day or week has lost that began before this close. `None`
    /// where that is no number.
    pub value: Option<f64>,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> BreakerEvent {
        BreakerEvent {
            time: "2024-01-01T02:00".parse().unwrap(),
            rule: Rule::LosingStreak,
            kind: BreakerEventKind::Tripped,
            action: BreakerAction::Halt,
            symbol: Some("ETH/USDT".into()),
            value: Some(3.0),
            limit: 3.0,
            equity: 1_010.5,
        }
    }

    const JSON: &str = concat!(
        r#"{"time":"2024-01-01T02:00:00Z","rule":"losing_streak","kind":"tripped","#,
        r#""action":"halt","symbol":"ETH/USDT","value":3.0,"limit":3.0,"equity":1010.5}"#,
    );

    #[test]
    fn an_event_in_json() {
        assert_eq!(serde_json::to_string(&event()).unwrap(), JSON);
        assert_eq!(serde_json::from_str::<BreakerEvent>(JSON).unwrap(), event());
    }

    #[test]
    fn without_an_instrument_and_without_a_number_there_is_null() {
        let event = BreakerEvent { symbol: None, value: None, ..event() };
        let json =
            JSON.replace(r#""symbol":"ETH/USDT","value":3.0"#, r#""symbol":null,"value":null"#);
        assert_eq!(serde_json::to_string(&event).unwrap(), json);
        assert_eq!(serde_json::from_str::<BreakerEvent>(&json).unwrap(), event);
    }
}
