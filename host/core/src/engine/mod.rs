//! The deterministic trading machine: rows of bars in, fills and equity out.
//!
//! For every row, in this order: funding and interest of a gap before it; market orders at the open (or, where that is the
//! rule, at the close); stops, take-profits and limits inside the bar, and liquidation where the margin ends; funding and
//! interest of the bar; positions are marked at the close; breakers look at equity; the strategies see the row and decide,
//! and risk makes orders of what they decide; rebalancing. Nothing decided in a row can trade before the next.
//!
//! The machine works in spans, not in rows: between two events the account is constant, so that a span's equity is one
//! vectorised pass and the strategy can take in the whole span at once. Any way of cutting rows into windows gives the
//! same bytes. It does not know that strategies are WebAssembly, reads no clock and does no IO.
//!
//! # Its parts
//!
//! Each stands on those before it and knows nothing of those after it.
//!
//! - `tape`: prices and settings, and questions about them. `bar` and `price_path` say what happens inside a bar, `triggers`
//!   where a bar reaches an order.
//! - `orders`: what waits to trade. `account`: what is held, and `book`, which does not know where an execution came from.
//!   `record`: all that was put out.
//! - `quote` and `venue`: what an order would trade now. They answer with executions and change nothing.
//! - `state`: account, orders, record and risk gate, and the few steps that they take together.
//! - `execution`, `market_orders`, `walk`, `contest`, `inside`, `liquidation`, `carry`, `breakers`, `decisions`, `rebalancing`: the
//!   steps of a row.
//! - `needs`, `window`, `strategy`: what strategies want to be told, what they are shown, and what they are. `member`, `call`,
//!   `strategies`: one of a run, one call of it, and all of them.
//! - `machine`: which step comes when. `check`: what must hold between two spans.

mod account;
mod bar;
mod breakers;
mod call;
mod carry;
mod check;
mod commands;
mod contest;
mod decisions;
mod delisting;
mod excursions;
mod execution;
mod exposure;
mod inside;
mod liquidation;
mod machine;
mod market_orders;
mod member;
mod needs;
mod orders;
mod outcome;
mod price_path;
mod quote;
mod rebalancing;
mod record;
mod state;
mod strategies;
mod strategy;
mod tape;
#[cfg(test)]
mod test_data;
#[cfg(test)]
mod test_documented;
#[cfg(test)]
mod test_market;
#[cfg(test)]
mod test_strategy;
mod triggers;
mod venue;
mod walk;
mod window;

pub use commands::Command;
pub use machine::{Machine, MachineError, Prices};
pub use member::Member;
pub use needs::{Columns, Needs, Scope};
use outcome::Listing;
pub use outcome::{AmbiguousBar, Closed, Delisting, Drained, FaultReport, Outcome, VolumeUse};
pub use strategies::{Strategies, StrategiesProgress};
pub use strategy::{AccountView, FaultKind, PositionView, SavedState, Strategy, StrategyFault};
pub use window::Window;
