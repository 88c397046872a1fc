//! What was traded, and what is held.

use serde::{Deserialize, Serialize};

use ct_core::order::{Direction, FillReason, Side};
use ct_core::units::{Money, Price, Quantity, Timestamp};

/// One fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FillRecord {
    /// Open time of the bar; its end for what fills at its close.
    pub time: Timestamp,
    /// Symbol.
    pub symbol: String,
    /// Direction.
    pub side: Side,
    /// Price, every friction but the fee included.
    pub price: Price,
    /// Price without friction.
    pub reference_price: Price,
    /// Base asset.
    pub quantity: Quantity,
    /// Fee, in quote asset; what was taken in base asset counts at the reference price.
    pub fee: Money,
    /// The part of `quantity` that the exchange kept as its fee; zero when the fee was paid in quote asset.
    pub fee_quantity: Quantity,
    /// Lost to half the spread, in quote asset.
    pub spread: Money,
    /// Lost to slippage, in quote asset.
    pub slippage: Money,
    /// Lost to market impact, in quote asset.
    pub impact: Money,
    /// Why.
    pub reason: FillReason,
    /// Number of the decision behind it, from 0; `None` for orders of the host's own.
    pub decision: Option<u64>,
    /// The strategy's own word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// One round trip, from flat to flat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TradeRecord {
    /// Symbol.
    pub symbol: String,
    /// Direction.
    pub direction: Direction,
    /// Time of the first fill.
    pub entry_time: Timestamp,
    /// Time of the last fill.
    pub exit_time: Timestamp,
    /// Bars from the first fill to the last.
    pub bars_held: u64,
    /// Base asset.
    pub quantity: Quantity,
    /// Average price of the entries.
    pub entry_price: f64,
    /// Average price of the exits.
    pub exit_price: f64,
    /// Profit before costs, in quote asset.
    pub gross_pnl: Money,
    /// Profit after costs, in quote asset.
    pub net_pnl: Money,
    /// Fees, in quote asset.
    pub fees: Money,
    /// Funding and interest while it was held, and what its liquidation cost, in quote asset; below zero when received.
    pub carry: Money,
    /// Net profit as a share of the entry notional.
    #[serde(rename = "return")]
    pub return_on_notional: f64,
    /// Worst price against the position while it was held, as a share of the entry price; 0 or less.
    pub mae: f64,
    /// Best price in favour of the position while it was held, as a share of the entry price; 0 or more.
    pub mfe: f64,
    /// Why the position was left.
    pub exit_reason: FillReason,
}

/// What is held of one instrument at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenPosition {
    /// Symbol.
    pub symbol: String,
    /// Base asset; negative when short.
    pub quantity: Quantity,
    /// Average entry price before costs.
    pub average_price: f64,
    /// Last close.
    pub mark: f64,
    /// Profit at the last close, before costs, in quote asset.
    pub unrealised_pnl: f64,
}
