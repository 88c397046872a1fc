//! Winning and losing streaks.

use crate::metrics::Outcome;
use crate::order::Trade;

/// Most trades in a row, in the order of their exits, with the given outcome. Any other outcome
/// ends the streak.
pub fn longest_streak(trades: &[Trade], outcome: Outcome) -> u64 {
    let (mut longest, mut current) = (0, 0);
    for trade in trades {
        // A product in place of a branch: a processor cannot predict wins and losses.
        current = (current + 1) * u64::from(Outcome::of(trade) == outcome);
        longest = longest.max(current);
    }
    longest
}
