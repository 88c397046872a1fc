//! What a strategy decides, beside what comes of it.

use std::cell::RefCell;

use ct_host::engine::{AccountView, Strategy, StrategyFault, Window};
use ct_host::order::Decision;

/// Writes every decision of a strategy down, as the strategy made it.
#[derive(Debug)]
pub struct Recorded<'a, S> {
    strategy: S,
    record: &'a RefCell<Vec<Decision>>,
}

impl<'a, S> Recorded<'a, S> {
    /// `strategy`, whose decisions go to `record`.
    pub const fn new(strategy: S, record: &'a RefCell<Vec<Decision>>) -> Self {
        Self { strategy, record }
    }
}

impl<S: Strategy> Strategy for Recorded<'_, S> {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let earlier = decisions.len();
        let consumed = self.strategy.advance(window, account, decisions)?;
        self.record.borrow_mut().extend(decisions.iter().skip(earlier).cloned());
        Ok(consumed)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        self.strategy.restart()
    }
}
