//! What a strategy tells the host, and how far it got.

use serde::{Deserialize, Serialize};

/// One decision: made on a closed row, carried out from the open of the next row on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// Row within the window: 0 is the window's first row.
    pub row: u32,
    /// Index of the instrument in the run.
    pub instrument: u32,
    /// Exposure to hold, from -1 (all short) to 1 (all long). `None` keeps what is held and only
    /// replaces the stop and the take-profit.
    pub target: Option<f64>,
    /// Leave when the market trades at this price, against the position.
    pub stop: Option<f64>,
    /// Leave when the market trades at this price, in favour of the position.
    pub take_profit: Option<f64>,
    /// Enter with a limit order in place of a market order.
    pub limit: Option<LimitOrder>,
    /// Shown with the fill.
    pub tag: Option<&'static str>,
}

/// The limit order of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LimitOrder {
    /// Price of the order, in the quote asset.
    pub price: f64,
    /// The order expires when it has rested for this many rows without a fill. 0: it rests until
    /// the next decision replaces it.
    pub expires_after_rows: u32,
}

/// How far a strategy got in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows taken in: all of them, or up to and including the first row with a decision when the
    /// strategy reads the account.
    pub consumed_rows: u32,
}
