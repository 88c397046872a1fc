//! Ways of cutting the rows of a run into windows.

use super::bars::Random;

/// A window is never longer, as it is with the host.
pub(super) const WINDOW_ROWS_MAX: usize = 4096;

/// How many rows the next window has.
#[derive(Debug, Clone)]
pub(super) enum Cuts {
    /// As many as there are.
    Whole,
    /// One, as in live trading.
    OneRow,
    /// From 1 to 40.
    Random(Random),
}

impl Cuts {
    pub(super) fn random(seed: u64) -> Self {
        Self::Random(Random::new(seed))
    }

    pub(super) fn next_rows(&mut self) -> usize {
        match self {
            Self::Whole => WINDOW_ROWS_MAX,
            Self::OneRow => 1,
            Self::Random(random) => 1 + random.next() as usize % 40,
        }
    }
}
