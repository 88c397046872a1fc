//! Limits, breakers and margin against tables that were worked out by hand.
//!
//! Each rule is shown to fire, to hold still just below its limit, and to deal with a breach inside a gap: missing bars, a jump
//! of the price, or both. Each test has at most twenty bars, and each number of a table is derived in the comment beside it. A
//! line that starts with a decision is what a rule refused or cut: the row, the rule, what the order would have led to, and the
//! limit.

mod calendar;

mod books;
mod budget;
mod clusters;
mod cool_down;
mod counts;
mod daily_loss;
mod drawdown;
mod enforcement;
mod exposure;
mod losing_streak;
mod margin;
mod minimums;
mod portfolio_stop;
mod position_limits;
mod rebalancing;
mod unfinished;
mod weekly_loss;
