//! Between every decision and every order: sizing and limits.
//!
//! The only maker of an [`ApprovedOrder`]; execution takes nothing else.

mod approval;
mod limits;
mod sizing;

pub use approval::{Approval, ApprovedOrder, Cut};
pub use limits::{Limits, Shorting};
pub use sizing::{Size, Sizing};
