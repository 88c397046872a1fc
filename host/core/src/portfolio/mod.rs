//! What the account holds: a double-entry ledger, positions and round trips.
//!
//! Books fills and nothing else; it neither decides nor prices anything.

mod account;
mod gross_exposure;
mod ledger;
mod open_trade;
mod position;

pub(crate) use account::Charge;
pub use account::{CostTotals, Portfolio};
pub use gross_exposure::GrossExposure;
pub use ledger::{Account, Ledger, Posting};
pub(crate) use open_trade::{PriceRange, Since};
pub use position::Position;
