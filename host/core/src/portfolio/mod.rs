//! What the account holds: a double-entry ledger, positions and round trips.
//!
//! Books fills and nothing else; it neither decides nor prices anything.

mod account;
mod journey;
mod ledger;
mod position;

pub(crate) use account::Charge;
pub use account::{CostTotals, Portfolio};
pub use ledger::{Account, Ledger, Posting};
pub use position::Position;
