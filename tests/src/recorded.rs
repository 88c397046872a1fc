//! What a strategy decides, beside what comes of it.

use std::sync::{Mutex, PoisonError};

use ct_host::engine::{AccountView, SavedState, Strategy, StrategyFault, Window};
use ct_host::order::Decision;

/// Writes every decision of a strategy down, as the strategy made it.
#[derive(Debug)]
pub struct Recorded<'a, S> {
    strategy: S,
    record: &'a Mutex<Vec<Decision>>,
}

impl<'a, S> Recorded<'a, S> {
    /// `strategy`, whose decisions go to `record`.
    pub const fn new(strategy: S, record: &'a Mutex<Vec<Decision>>) -> Self {
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
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        record.extend(decisions.iter().skip(earlier).cloned());
        Ok(consumed)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        self.strategy.restart()
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        self.strategy.save()
    }

    fn load(&mut self, state: &SavedState) -> Result<(), StrategyFault> {
        self.strategy.load(state)
    }
}
