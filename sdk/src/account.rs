//! The account as the host shows it to a strategy.

/// What is held of one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Position {
    /// Base asset held; negative when short; 0 when flat.
    pub quantity: f64,
    /// Average entry price before costs, in the quote asset; 0 when flat.
    pub average_price: f64,
    /// Whether an order of this instrument is waiting to fill.
    pub working: bool,
}

impl Position {
    /// Whether nothing is held and no order is waiting.
    #[inline]
    pub fn is_idle(&self) -> bool {
        self.quantity == 0.0 && !self.working
    }

    /// What is held at `price`, in the quote asset; negative when short.
    #[inline]
    pub fn value(&self, price: f64) -> f64 {
        self.quantity * price
    }
}

/// The account after everything that happened up to and including the current row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Account<'a> {
    /// Quote asset that is not in positions.
    pub cash: f64,
    /// One position for each instrument of the run.
    pub positions: &'a [Position],
}
