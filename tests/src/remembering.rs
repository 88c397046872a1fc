//! A strategy whose every decision hangs on all that it has seen, and one that fails where it was told.

use std::fmt;

use ct_host::engine::{
    AccountView, Columns, FaultKind, Needs, SavedState, Scope, Strategy, StrategyFault, Window,
};
use ct_host::order::Decision;

use crate::bars::SplitMix64;
use crate::random;

/// Decides at random, where chance is made of every row and close that it has seen since it began, and of the cash that it was told:
/// a row too many or too few, or one seen twice, changes everything that follows.
#[derive(Clone, Debug)]
pub struct Remembering {
    seed: u64,
    rows_between: usize,
    seen: u64,
}

impl Remembering {
    /// A strategy that decides once in `rows_between` rows on average.
    pub const fn new(seed: u64, rows_between: usize) -> Self {
        Self { seed, rows_between, seen: seed }
    }

    /// Everything such a strategy needs: the closes, and its account if it `reads_account`.
    pub const fn needs(reads_account: bool) -> Needs {
        let (columns, scope) = (Columns::CLOSE, Scope::Portfolio);
        Needs { columns, scope, reads_account, warm_up_rows: 0, settled_rows: 0 }
    }

    fn remember(&mut self, bits: u64) {
        self.seen = SplitMix64(self.seen ^ bits).next_bits();
    }
}

impl Strategy for Remembering {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        for place in 0..window.rows {
            let row = window.first_row + place;
            self.remember(row as u64);
            self.remember(account.map_or(0, |account| account.cash.to_bits()));
            for (instrument, closes) in window.close.chunks(window.rows).enumerate() {
                let close = closes.get(place).copied().unwrap_or(f64::NAN);
                self.remember(close.to_bits());
                let mut chance = SplitMix64(self.seen);
                if chance.below(self.rows_between) == 0 {
                    decisions.push(random::decision(&mut chance, (row, instrument), close));
                }
            }
            if account.is_some() && !decisions.is_empty() {
                return Ok(place + 1);
            }
        }
        Ok(window.rows)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        self.seen = self.seed;
        Ok(())
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        Ok(Some(SavedState { version: 1, bytes: self.seen.to_le_bytes().to_vec() }))
    }

    fn load(&mut self, state: &SavedState) -> Result<(), StrategyFault> {
        let Ok(bytes) = state.bytes.as_slice().try_into() else {
            let detail = format!("a state of {} bytes", state.bytes.len());
            return Err(StrategyFault { kind: FaultKind::Refused, detail });
        };
        self.seen = u64::from_le_bytes(bytes);
        Ok(())
    }
}

/// Another strategy that fails when it takes in a row.
pub struct Failing {
    strategy: Box<dyn Strategy>,
    row: Option<usize>,
}

impl Failing {
    /// `strategy`, failing at `row`, or never.
    pub const fn new(strategy: Box<dyn Strategy>, row: Option<usize>) -> Self {
        Self { strategy, row }
    }
}

impl fmt::Debug for Failing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Failing").field("row", &self.row).finish_non_exhaustive()
    }
}

impl Strategy for Failing {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let rows = window.first_row..window.first_row + window.rows;
        if self.row.is_some_and(|row| rows.contains(&row)) {
            let detail = "written down".to_owned();
            return Err(StrategyFault { kind: FaultKind::Trapped, detail });
        }
        self.strategy.advance(window, account, decisions)
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
