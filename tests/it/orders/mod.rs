//! Orders and costs against tables that were worked out by hand.
//!
//! Each test has at most twelve bars. Each number of a table is derived in the comment beside it from the rules of the
//! engine: market orders fill at the next open, levels inside the bar, an amount buys `amount ÷ (price × (1 + fee))`.

mod invariants;
pub(crate) mod scenario;

mod adjusting;
mod ambiguity;
mod arriving;
mod carry;
mod cash;
mod detail_margin;
mod end_of_run;
mod fees;
mod gaps;
mod grid;
mod intrabar;
mod latency;
mod limit_orders;
mod market_orders;
mod missing_bars;
mod next_close;
mod participation;
mod protective_orders;
mod ruin;
mod short_positions;
mod sizing;
mod warm_up;
