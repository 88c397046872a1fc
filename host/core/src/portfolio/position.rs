//! What is held of one instrument.

use crate::units::{Money, Quantity};

/// A position. Long: quantity and cost above zero; short: both below; flat: both zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Base asset.
    pub quantity: Quantity,
    /// What it cost at the reference prices of its entries, in quote asset.
    pub cost: Money,
}

impl Position {
    /// True when nothing is held.
    pub const fn is_flat(&self) -> bool {
        self.quantity.is_zero()
    }

    /// Average entry price before costs, in quote asset; 0 when flat.
    pub fn average_price(&self) -> f64 {
        if self.is_flat() { 0.0 } else { self.cost.to_f64() / self.quantity.to_f64() }
    }
}
