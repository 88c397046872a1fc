//! What risk or execution did not let through.

use serde::{Deserialize, Serialize};

use crate::market::Symbol;
use crate::units::Timestamp;

/// The rule that refused or cut an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The run does not allow short positions. Value and limit are exposures.
    ShortNotAllowed,
    /// The position would be larger than the maximum, in base asset.
    PositionUnits,
    /// The position would be worth more than the maximum, in quote asset.
    PositionNotional,
    /// The position would be more than its share of the equity.
    PositionEquity,
    /// The position would be more than its share of the bar's volume.
    PositionVolume,
    /// The positions together would be worth more than their share of the equity.
    GrossExposure,
    /// Long and short positions would differ by more than their share of the equity.
    NetExposure,
    /// The positions of a group would be more than its share of the equity.
    GroupExposure,
    /// Positions that move together would be more than their share of the equity.
    ClusterExposure,
    /// Too many instruments would be held at once.
    OpenPositions,
    /// Too many orders in one UTC day.
    OrdersPerDay,
    /// Too much would be traded in one UTC day, as a multiple of the equity at its start.
    TurnoverPerDay,
    /// The weights of the strategy's instruments ask for more than the leverage together. The value is their sum, the limit the
    /// leverage.
    Weights,
    /// The position would add more volatility than its budget. Value and limit are volatilities per year.
    RiskBudget,
    /// Sizing by risk needs a stop, and the decision has none. Value and limit are 0.
    NoStop,
    /// The decision's stop lies on the wrong side of the price, or at it. The value is the stop, the limit the price of the entry.
    StopWrongSide,
    /// There are too few prices to measure volatility, or it is zero where that makes no size. The value is the number of
    /// returns there are, the limit the number that is needed.
    VolatilityUnknown,
    /// The strategy's own record shows no edge. The value is the Kelly fraction, the limit 0.
    NoEdge,
    /// The account has lost too much since the start. For breakers, the value is the loss and the limit the level at which it
    /// tripped, as shares of equity.
    PortfolioStop,
    /// The account has lost too much in the UTC day.
    DailyLoss,
    /// The account has lost too much in the week.
    WeeklyLoss,
    /// The account has fallen too far from its peak.
    Drawdown,
    /// The instrument has lost too often in a row. Value and limit are trades.
    LosingStreak,
    /// The instrument cools down after an exit. The value is what is left of that, in hours, the limit the whole of it.
    CoolDown,
    /// The order is worth less than the minimum notional, in quote asset.
    NotionalMin,
    /// The order is smaller than the minimum quantity, in base asset.
    QuantityMin,
    /// The order is smaller than one lot, in base asset.
    Lot,
    /// Cash, or margin for a short or leveraged position, does not cover the order, in base asset.
    Cash,
    /// By the decision's close the order was to make the position no larger, and when it trades it would: the price is another one,
    /// or a stop has come first. Value and limit are what it aims at and what is held, in base asset.
    ReduceOnly,
    /// The host is still closing the position. The value is what is left of it, in base asset, the limit 0.
    Closing,
    /// The exchange has liquidated the position, and everything on its way with it. Value and limit are 0.
    Liquidation,
    /// The account is worth nothing any more. Value and limit are exposures.
    Ruin,
    /// The strategy of the instrument has failed. Value and limit are exposures.
    Fault,
    /// A stop or take-profit has ended the position that the order was to enlarge, to make smaller or to leave. Value and limit are 0.
    ProtectiveExit,
    /// The prices of the instrument have ended. Value and limit are 0.
    Delisted,
    /// A limit order was not reached in time. Value and limit are 0.
    Expired,
    /// The run was halted by hand: orders may only close positions, or make them smaller. Value and limit are 0.
    Halted,
    /// The run was frozen by hand: no decision is carried out. Value and limit are 0.
    Frozen,
}

impl Rule {
    /// Whether it holds for what all instruments have together, so that what is left for one depends on the others.
    pub(crate) const fn is_shared(self) -> bool {
        matches!(
            self,
            Self::Cash
                | Self::GrossExposure
                | Self::NetExposure
                | Self::GroupExposure
                | Self::ClusterExposure
                | Self::OpenPositions
                | Self::TurnoverPerDay
        )
    }
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// Open time of the bar on which the rule acted.
    pub time: Timestamp,
    /// The instrument.
    pub symbol: Symbol,
    /// Number of the decision that the order comes from, from 0; `None` for an order of the host's own.
    pub decision: Option<u64>,
    /// The rule.
    pub rule: Rule,
    /// What it did.
    pub verdict: Verdict,
    /// What the order would have led to, in the rule's own unit. `None` where that is no number, as for a share of an equity of
    /// zero.
    pub value: Option<f64>,
    /// What the rule allows, in the same unit: the most, or the least for a minimum. `None` where that is no number.
    pub limit: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(value: Option<f64>, limit: Option<f64>) -> Refusal {
        Refusal {
            time: "2024-01-01T03:00".parse().unwrap(),
            symbol: "BTC/USDT".into(),
            decision: Some(4),
            rule: Rule::GrossExposure,
            verdict: Verdict::Cut,
            value,
            limit,
        }
    }

    const JSON: &str = concat!(
        r#"{"time":"2024-01-01T03:00:00Z","symbol":"BTC/USDT","decision":4,"#,
        r#""rule":"gross_exposure","verdict":"cut","value":1.5,"limit":1.0}"#,
    );

    #[test]
    fn a_refusal_in_json() {
        let refusal = refusal(Some(1.5), Some(1.0));
        assert_eq!(serde_json::to_string(&refusal).unwrap(), JSON);
        assert_eq!(serde_json::from_str::<Refusal>(JSON).unwrap(), refusal);
    }

    #[test]
    fn what_is_no_number_is_null_and_is_read_again() {
        let refusal = Refusal { decision: None, ..refusal(None, None) };
        let json = JSON
            .replace(r#""decision":4"#, r#""decision":null"#)
            .replace(r#""value":1.5,"limit":1.0"#, r#""value":null,"limit":null"#);
        assert_eq!(serde_json::to_string(&refusal).unwrap(), json);
        assert_eq!(serde_json::from_str::<Refusal>(&json).unwrap(), refusal);
    }
}
