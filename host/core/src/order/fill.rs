//! What was traded.

use serde::{Deserialize, Serialize};

use crate::market::Symbol;
use crate::units::{Money, Price, Quantity, Rounding, Timestamp, UnitsError};

/// Direction of a fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Base asset comes in.
    Buy,
    /// Base asset goes out.
    Sell,
}

/// Why a fill happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillReason {
    /// A decision opened or enlarged a position.
    Entry,
    /// A decision closed or reduced a position.
    Exit,
    /// The market traded at the stop.
    Stop,
    /// The market traded at the take-profit.
    TakeProfit,
    /// The account had lost too much, and a breaker cut or closed its positions.
    Breaker,
    /// A position was brought back to its size.
    Rebalance,
    /// The account's margin did not cover its positions any more.
    Liquidation,
    /// The account was worth nothing any more.
    Ruin,
    /// The strategy failed, and the host closed its position.
    Fault,
    /// The prices of the instrument ended, and the host closed its position.
    Delisting,
    /// The run ended, with the option to close what is open.
    EndOfRun,
    /// The position was closed by hand.
    Manual,
}

/// What has traded and is booked. `price` includes spread, slippage and impact; `fee` is paid on top.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// Open time of the bar; its end for what fills at its close.
    pub time: Timestamp,
    /// The instrument.
    pub symbol: Symbol,
    /// Direction.
    pub side: Side,
    /// Price per base asset, all frictions but the fee included.
    pub price: Price,
    /// Price without any friction: the bar's open, or the level.
    pub reference_price: Price,
    /// Base asset, above zero.
    pub quantity: Quantity,
    /// Paid to the exchange, in quote asset; what is taken in base asset counts at the reference price.
    pub fee: Money,
    /// Base asset that the exchange keeps as its fee, of `quantity` in a purchase, beside it in a sale; zero when the fee is paid
    /// in quote asset.
    pub fee_quantity: Quantity,
    /// Lost to half the spread, in quote asset.
    pub spread: Money,
    /// Lost to slippage and to the tick grid, in quote asset; below zero where the price was better than the reference.
    pub slippage: Money,
    /// Lost to the order's own market impact, in quote asset.
    pub impact: Money,
    /// Why.
    pub reason: FillReason,
    /// Number of the decision behind it, from 0; `None` for orders of the host's own.
    pub decision: Option<u64>,
    /// The strategy's own word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Box<str>>,
}

impl Fill {
    /// `reference_price × quantity`, in quote asset.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn reference_notional(&self) -> Result<Money, UnitsError> {
        self.reference_price.notional(self.quantity, Rounding::Nearest)
    }
}

impl Side {
    /// 1 for a buy, -1 for a sale.
    pub const fn sign(self) -> i128 {
        match self {
            Self::Buy => 1,
            Self::Sell => -1,
        }
    }

    /// The other side.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill() -> Fill {
        Fill {
            time: "2024-01-01T03:00".parse().unwrap(),
            symbol: "ETH/USDT".into(),
            side: Side::Buy,
            price: Price::from_f64(9.01).unwrap(),
            reference_price: Price::from_f64(9.0).unwrap(),
            quantity: Quantity::from_f64(3.0).unwrap(),
            fee: Money::from_f64(0.027).unwrap(),
            fee_quantity: Quantity::from_f64(0.003).unwrap(),
            spread: Money::ZERO,
            slippage: Money::from_f64(0.03).unwrap(),
            impact: Money::ZERO,
            reason: FillReason::TakeProfit,
            decision: Some(7),
            tag: Some("late".into()),
        }
    }

    const JSON: &str = concat!(
        r#"{"time":"2024-01-01T03:00:00Z","symbol":"ETH/USDT","side":"buy","price":9.01,"#,
        r#""reference_price":9.0,"quantity":3.0,"fee":0.027,"fee_quantity":0.003,"spread":0.0,"#,
        r#""slippage":0.03,"impact":0.0,"reason":"take_profit","decision":7,"tag":"late"}"#,
    );

    #[test]
    fn a_fill_in_json() {
        assert_eq!(serde_json::to_string(&fill()).unwrap(), JSON);
        assert_eq!(serde_json::from_str::<Fill>(JSON).unwrap(), fill());
    }

    #[test]
    fn a_fill_of_the_hosts_own_has_no_decision_and_no_tag() {
        let own = Fill { decision: None, tag: None, ..fill() };
        let json = JSON.replace(r#""decision":7,"tag":"late""#, r#""decision":null"#);
        assert_eq!(serde_json::to_string(&own).unwrap(), json);
        assert_eq!(serde_json::from_str::<Fill>(&json).unwrap(), own);
    }

    #[test]
    fn the_reference_notional_is_rounded_to_the_nearest_unit() {
        assert_eq!(fill().reference_notional().unwrap().to_string(), "27");
        let tiny = |units| Fill {
            reference_price: Price::from_f64(0.3).unwrap(),
            quantity: Quantity::from_units(units),
            ..fill()
        };
        // 0.3 and 0.6 of a unit.
        assert_eq!(tiny(1).reference_notional(), Ok(Money::ZERO));
        assert_eq!(tiny(2).reference_notional(), Ok(Money::from_units(1)));
    }
}
