//! Windows cut once more, at random places.

use ct_host::engine::{AccountView, SavedState, Strategy, StrategyFault, Window};
use ct_host::order::Decision;

use crate::bars::SplitMix64;

/// Hands its windows to a strategy in pieces of random lengths.
#[derive(Debug)]
pub struct RandomCuts<S> {
    strategy: S,
    instruments: usize,
    random: SplitMix64,
}

impl<S: Strategy> RandomCuts<S> {
    /// `strategy`, whose windows hold `instruments` instruments.
    pub const fn new(strategy: S, instruments: usize, seed: u64) -> Self {
        Self { strategy, instruments, random: SplitMix64(seed) }
    }

    /// The rows from `start` on, `rows` of them, of `whole`.
    fn piece(&self, whole: &Window<'_>, start: usize, rows: usize) -> Piece {
        let column = |values: &[f64]| {
            let blocks = values.chunks(whole.rows).take(self.instruments);
            blocks.flat_map(|block| block.iter().skip(start).take(rows)).copied().collect()
        };
        Piece {
            first_row: whole.first_row + start,
            rows,
            times: whole.times.iter().skip(start).take(rows).copied().collect(),
            columns: [whole.open, whole.high, whole.low, whole.close, whole.volume].map(column),
        }
    }
}

impl<S: Strategy> Strategy for RandomCuts<S> {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let mut consumed = 0;
        while consumed < window.rows {
            let longest = (window.rows - consumed).min(40);
            let rows = 1 + self.random.below(longest);
            let piece = self.piece(window, consumed, rows);
            let taken = self.strategy.advance(&piece.window(), account, decisions)?;
            consumed += taken;
            if account.is_some() && !decisions.is_empty() {
                break;
            }
            assert_eq!(taken, piece.rows, "rows left without a decision");
        }
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

/// Rows with columns of their own.
#[derive(Debug)]
struct Piece {
    first_row: usize,
    rows: usize,
    times: Vec<i64>,
    columns: [Vec<f64>; 5],
}

impl Piece {
    fn window(&self) -> Window<'_> {
        let [open, high, low, close, volume] = &self.columns;
        let (first_row, rows, times) = (self.first_row, self.rows, &self.times);
        Window { first_row, rows, times, open, high, low, close, volume }
    }
}
