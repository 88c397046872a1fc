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

mod booking;
mod call;
mod carry;
mod course;
mod decide;
mod desk;
mod execution;
mod feed;
mod inside;
mod liquidation;
mod machine;
mod occasion;
mod outcome;
mod quote;
mod rebalancing;
mod refusals;
mod resting;
mod setup;
mod strategy;
mod watch;
mod window;

pub use feed::{Feed, Member};
pub use machine::{Machine, MachineError};
pub use outcome::{FaultReport, Outcome};
pub use setup::{AtEnd, Setup};
pub use strategy::{
    AccountView, Columns, FaultKind, Needs, PositionView, Scope, Strategy, StrategyFault,
};
pub use window::Window;
