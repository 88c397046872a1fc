//! Round trips: from flat to flat.

use serde::{Deserialize, Serialize};

use super::{FillReason, FillTime, Side};
use crate::units::{Money, Quantity};

/// Direction of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Gains when the price rises.
    Long,
    /// Gains when the price falls.
    Short,
}

/// A position from its first fill until it was flat again.
#[derive(Clone, Debug, PartialEq)]
pub struct Trade {
    /// Place of the instrument in the panel.
    pub instrument: u32,
    /// Direction.
    pub direction: Direction,
    /// Row of the first fill.
    pub entry_row: u32,
    /// Row of the last fill.
    pub exit_row: u32,
    /// Where in its bar the first fill happened.
    pub entry_time: FillTime,
    /// Where in its bar the last fill happened.
    pub exit_time: FillTime,
    /// Base asset entered, after fees in base asset, and left, in all.
    pub quantity: Quantity,
    /// Quote asset paid (received, when short) for all entries: frictions included, fees not.
    pub entry_notional: Money,
    /// Quote asset received (paid, when short) for all exits: frictions included, fees not.
    pub exit_notional: Money,
    /// Profit at reference prices, before any friction.
    pub gross_pnl: Money,
    /// Profit after spread, slippage, impact, fees and carry.
    pub net_pnl: Money,
    /// Funding and interest paid on the position while it was held, and what its liquidation cost; below zero when received.
    pub carry: Money,
    /// Fees of all fills.
    pub fees: Money,
    /// Worst price against the position while it was held, as a share of the entry price, 0 or less.
    pub mae: f64,
    /// Best price in favour of the position while it was held, as a share of the entry price, 0 or more.
    pub mfe: f64,
    /// Why the position was left.
    pub exit_reason: FillReason,
}

impl Trade {
    /// Average price of the entries, in quote asset per base asset; fees not included.
    pub fn entry_price(&self) -> f64 {
        self.entry_notional.to_f64() / self.quantity.to_f64()
    }

    /// Average price of the exits, in quote asset per base asset; fees not included.
    pub fn exit_price(&self) -> f64 {
        self.exit_notional.to_f64() / self.quantity.to_f64()
    }

    /// Net profit as a share of the entry notional.
    pub fn return_on_notional(&self) -> f64 {
        self.net_pnl.to_f64() / self.entry_notional.to_f64()
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
