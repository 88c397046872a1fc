//! What an operator lets a run do.

/// What an operator lets a run do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TradingState {
    /// Everything.
    #[default]
    Active,
    /// Orders may only close positions, or make them smaller.
    Halted,
    /// No decision is carried out. What works already, works on, and so do the levels that protect positions.
    Frozen,
}
