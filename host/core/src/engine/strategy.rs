//! What the machine needs of a strategy.

use serde::{Deserialize, Serialize};

use super::Window;
use crate::order::Decision;

/// A strategy that is set up and ready to take in rows.
///
/// Implemented by sandboxed plugins, and by strategies that are linked natively. It can be moved to another thread, and between
/// two rows to another instance.
pub trait Strategy: Send {
    /// Takes in the rows of `window` and appends the decisions made on them, with absolute rows. Gives the number
    /// of rows taken in: all of them, or up to and including the first row with a decision when the strategy reads the
    /// account.
    ///
    /// # Errors
    /// A [`StrategyFault`]; the strategy is then not called again, except to [`restart`](Self::restart).
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault>;

    /// Goes back to the state before the first row.
    ///
    /// # Errors
    /// A [`StrategyFault`] when even that fails.
    fn restart(&mut self) -> Result<(), StrategyFault>;

    /// Everything that it remembers between two rows; `None` if it cannot say.
    ///
    /// # Errors
    /// A [`StrategyFault`]; the strategy is then not called again, except to [`restart`](Self::restart).
    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault>;

    /// Goes on where the strategy was that gave `state`, set up in the same way.
    ///
    /// # Errors
    /// A [`StrategyFault`] when it refuses the state. It may be half restored, and is then not called again, except to
    /// [`restart`](Self::restart).
    fn load(&mut self, state: &SavedState) -> Result<(), StrategyFault>;
}

/// What a strategy remembers between two rows, in a form of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedState {
    /// Version of the layout of `bytes`.
    pub version: u32,
    /// The strategy's own bytes.
    pub bytes: Vec<u8>,
}

/// The account as a strategy sees it: constant over every row of its window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountView {
    /// Quote asset at hand.
    pub cash: f64,
    /// One for each instrument of the window.
    pub positions: Vec<PositionView>,
}

/// A position as a strategy sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PositionView {
    /// Base asset; negative when short.
    pub quantity: f64,
    /// Average entry price before costs; 0 when flat.
    pub average_price: f64,
    /// An order of this instrument is waiting to fill.
    pub working: bool,
}

/// What went wrong inside a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// It refused its parameters or its saved state.
    Refused,
    /// It trapped: a panic, an access out of bounds, a division by zero, …
    Trapped,
    /// It used up its stack.
    StackOverflow,
    /// It asked for more memory than its limit.
    OutOfMemory,
    /// It did not come back in time.
    OutOfTime,
    /// It used up its instruction budget.
    OutOfFuel,
    /// It answered what the contract does not allow.
    BadOutput,
}

/// A failure inside a strategy. The host goes on without it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct StrategyFault {
    /// The kind of failure.
    pub kind: FaultKind,
    /// What happened and what was expected.
    pub detail: String,
}
