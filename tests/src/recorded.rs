//! What a strategy has decided, beside what came of it.

use ct_host::engine::{AccountView, Strategy, StrategyFault, Window};
use ct_host::order::Decision;

/// Keeps every decision of a strategy.
#[derive(Debug)]
pub struct Recorded<S> {
    strategy: S,
    decisions: Vec<Decision>,
}

impl<S> Recorded<S> {
    /// `strategy`, which has not decided anything yet.
    pub const fn new(strategy: S) -> Self {
        Self { strategy, decisions: Vec::new() }
    }

    /// Every decision so far, in order.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }
}

impl<S: Strategy> Strategy for Recorded<S> {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let earlier = decisions.len();
        let consumed = self.strategy.advance(window, account, decisions)?;
        self.decisions.extend(decisions.iter().skip(earlier).cloned());
        Ok(consumed)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        self.decisions.clear();
        self.strategy.restart()
    }
}
