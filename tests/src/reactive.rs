//! A strategy whose every decision hangs on the last bit of its account.

use ct_host::engine::{
    AccountView, Columns, Needs, SavedState, Scope, Strategy, StrategyFault, Window,
};
use ct_host::order::Decision;

use crate::bars::SplitMix64;
use crate::random;

/// Decides at random, where chance is made of the row, its closes and the account: a window over which the account is not
/// constant, or a row too many in it, changes everything that follows.
#[derive(Clone, Debug)]
pub struct Reactive {
    seed: u64,
    rows_between: usize,
}

impl Reactive {
    /// A strategy that decides once in `rows_between` rows on average.
    pub const fn new(seed: u64, rows_between: usize) -> Self {
        Self { seed, rows_between }
    }

    /// Everything such a strategy needs: the closes and the account, of one instrument or of all.
    pub const fn needs(scope: Scope) -> Needs {
        Needs {
            columns: Columns::CLOSE,
            scope,
            reads_account: true,
            warm_up_rows: 0,
            settled_rows: 0,
        }
    }

    /// Chance for `instrument` on `row`.
    fn chance(
        &self,
        row: usize,
        instrument: usize,
        close: f64,
        account: &AccountView,
    ) -> SplitMix64 {
        let mut bits = vec![row as u64, instrument as u64, close.to_bits(), account.cash.to_bits()];
        for position in &account.positions {
            let working = u64::from(position.working);
            bits.extend([position.quantity.to_bits(), position.average_price.to_bits(), working]);
        }
        let mix = |seed, bits| SplitMix64(seed ^ bits).next_bits();
        SplitMix64(bits.into_iter().fold(self.seed, mix))
    }
}

impl Strategy for Reactive {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let Some(account) = account else { unreachable!("a window without an account") };
        for row in 0..window.rows {
            for instrument in 0..account.positions.len() {
                let place = instrument * window.rows + row;
                let close = window.close.get(place).copied().unwrap_or(f64::NAN);
                let absolute = window.first_row + row;
                let mut chance = self.chance(absolute, instrument, close, account);
                if chance.below(self.rows_between) == 0 {
                    decisions.push(random::decision(&mut chance, (absolute, instrument), close));
                }
            }
            if !decisions.is_empty() {
                return Ok(row + 1);
            }
        }
        Ok(window.rows)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        Ok(())
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        // It remembers nothing.
        Ok(Some(SavedState::default()))
    }

    fn load(&mut self, _state: &SavedState) -> Result<(), StrategyFault> {
        Ok(())
    }
}
