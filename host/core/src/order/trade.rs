//! Round trips: from flat to flat.

use serde::{Deserialize, Serialize};

use super::{FillReason, Side};
use crate::market::Symbol;
use crate::units::{Money, Quantity, Timestamp, nan_when_null};

/// Direction of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Gains when the price rises.
    Long,
    /// Gains when the price falls.
    Short,
}

/// A round trip: a position from its first fill until it was flat again. Frictions are in its prices, fees are not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// The instrument.
    pub symbol: Symbol,
    /// Direction.
    pub direction: Direction,
    /// Time of the first fill.
    pub entry_time: Timestamp,
    /// Time of the last fill.
    pub exit_time: Timestamp,
    /// Bars from the first fill to the last.
    pub bars_held: u64,
    /// Base asset entered, after fees in base asset, and left, in all.
    pub quantity: Quantity,
    /// Average price of the entries, in quote asset per base asset.
    #[serde(deserialize_with = "nan_when_null")]
    pub entry_price: f64,
    /// Average price of the exits, in quote asset per base asset.
    #[serde(deserialize_with = "nan_when_null")]
    pub exit_price: f64,
    /// Profit at reference prices, before any friction, in quote asset.
    pub gross_pnl: Money,
    /// Profit after spread, slippage, impact, fees and carry, in quote asset.
    pub net_pnl: Money,
    /// Fees of all fills, in quote asset.
    pub fees: Money,
    /// Funding and interest paid on the position while it was held, and what its liquidation cost; below zero when received.
    pub carry: Money,
    /// Net profit as a share of the entry notional; NaN of an entry that was worth nothing, null in JSON.
    #[serde(rename = "return", deserialize_with = "nan_when_null")]
    pub return_on_notional: f64,
    /// Worst price that the position has met while it was held, as a share of its average entry price at that time, 0 or less. Of
    /// what a bar does not tell, the worse is taken.
    #[serde(deserialize_with = "nan_when_null")]
    pub mae: f64,
    /// Best price that the position has met while it was held, as a share of its average entry price at that time, 0 or more.
    #[serde(deserialize_with = "nan_when_null")]
    pub mfe: f64,
    /// Why the position was left.
    pub exit_reason: FillReason,
}

impl Trade {
    /// Time from entry to exit, in milliseconds.
    pub const fn held_ms(&self) -> i64 {
        self.exit_time.as_ms() - self.entry_time.as_ms()
    }
}

impl Direction {
    /// 1 for long, -1 for short.
    pub const fn sign(self) -> i8 {
        match self {
            Self::Long => 1,
            Self::Short => -1,
        }
    }

    /// The direction of a position of `held`; `None` when it is flat.
    pub const fn of(held: Quantity) -> Option<Self> {
        match held.signum() {
            1.. => Some(Self::Long),
            0 => None,
            _ => Some(Self::Short),
        }
    }

    /// The side that enters such a position.
    pub(crate) const fn entry_side(self) -> Side {
        match self {
            Self::Long => Side::Buy,
            Self::Short => Side::Sell,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trade() -> Trade {
        Trade {
            symbol: "ETH/USDT".into(),
            direction: Direction::Short,
            entry_time: "2024-01-01T01:00".parse().unwrap(),
            exit_time: "2024-01-01T03:00".parse().unwrap(),
            bars_held: 1,
            quantity: Quantity::from_f64(3.0).unwrap(),
            entry_price: 10.0,
            exit_price: 9.01,
            gross_pnl: Money::from_f64(3.0).unwrap(),
            net_pnl: Money::from_f64(2.5).unwrap(),
            fees: Money::from_f64(0.1).unwrap(),
            carry: Money::from_f64(-0.1).unwrap(),
            return_on_notional: 0.125,
            mae: -0.5,
            mfe: 0.25,
            exit_reason: FillReason::Liquidation,
        }
    }

    const JSON: &str = concat!(
        r#"{"symbol":"ETH/USDT","direction":"short","entry_time":"2024-01-01T01:00:00Z","#,
        r#""exit_time":"2024-01-01T03:00:00Z","bars_held":1,"quantity":3.0,"entry_price":10.0,"#,
        r#""exit_price":9.01,"gross_pnl":3.0,"net_pnl":2.5,"fees":0.1,"carry":-0.1,"#,
        r#""return":0.125,"mae":-0.5,"mfe":0.25,"exit_reason":"liquidation"}"#,
    );

    #[test]
    fn a_round_trip_in_json() {
        assert_eq!(serde_json::to_string(&trade()).unwrap(), JSON);
        assert_eq!(serde_json::from_str::<Trade>(JSON).unwrap(), trade());
    }

    #[test]
    fn a_return_that_is_none_is_null_and_comes_back() {
        let worthless = Trade { return_on_notional: f64::NAN, ..trade() };
        let json = serde_json::to_string(&worthless).unwrap();
        assert!(json.contains(r#""return":null"#), "{json}");
        let read: Trade = serde_json::from_str(&json).unwrap();
        assert!(read.return_on_notional.is_nan());
    }

    #[test]
    fn it_is_held_from_its_first_fill_to_its_last() {
        assert_eq!(trade().held_ms(), 7_200_000);
        let at_once = Trade { exit_time: trade().entry_time, ..trade() };
        assert_eq!(at_once.held_ms(), 0);
    }
}
