//! What was traded.

use serde::{Deserialize, Serialize};

use crate::market::Panel;
use crate::units::{Money, Price, Quantity, Timestamp};

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
    /// The run ended, with the option to close what is open.
    EndOfRun,
    /// The position was closed by hand.
    Manual,
}

/// Where in its bar a fill happened, as far as its time tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FillTime {
    /// At the open, or somewhere after it: its time is the bar's open time.
    #[default]
    Open,
    /// At the close: its time is the end of the bar.
    Close,
}

/// One execution. `price` includes spread, slippage and impact; `fee` is paid on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Row of the run, from 0.
    pub row: u32,
    /// Where in the bar of this row.
    pub time: FillTime,
    /// Place of the instrument in the panel.
    pub instrument: u32,
    /// Direction.
    pub side: Side,
    /// Why.
    pub reason: FillReason,
    /// Price per base asset, all frictions but the fee included.
    pub price: Price,
    /// Price without any friction: the bar's open, or the level.
    pub reference_price: Price,
    /// Base asset, above zero.
    pub quantity: Quantity,
    /// `reference_price × quantity`, in quote asset.
    pub reference_notional: Money,
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
    /// Number of the decision behind it, from 0; `None` for orders of the host's own.
    pub decision: Option<u64>,
    /// The decision's tag.
    pub tag: Option<Box<str>>,
}

impl FillTime {
    /// The time of a fill in `row` of `panel`.
    pub fn in_row(self, panel: &Panel, row: u32) -> Timestamp {
        let open = panel.time(row as usize);
        match self {
            Self::Open => open,
            Self::Close => {
                Timestamp::clamped(open.as_ms().saturating_add(panel.interval().as_ms()))
            }
        }
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
