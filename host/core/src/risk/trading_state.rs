//! What an operator lets a run do.

/// What an operator lets a run do: everything, unless one of these holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TradingState {
    /// Orders may only close positions, or make them smaller.
    pub halted: bool,
    /// No decision is carried out. What works already, works on, and so do the levels that protect positions.
    pub frozen: bool,
}
