//! The vocabulary that risk, execution and engine share: decisions, fills, round trips, refusals.
//!
//! Plain data only. Who may make an order is decided in [`crate::risk`].

mod decision;
mod explained;
mod fill;
mod fill_rules;
mod refusal;
mod size;
mod sizing_basis;
mod trade;

pub use decision::{Action, Decision, Entry, Exposure, Levels};
pub use explained::Explained;
pub use fill::{Fill, FillReason, Side};
pub use fill_rules::{FillRules, GapFill, Intrabar, LimitFill, MarketFill};
pub use refusal::{Refusal, Rule, Verdict};
pub use size::Size;
pub use sizing_basis::SizingBasis;
pub use trade::{Direction, Trade};
