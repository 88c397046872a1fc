//! Puts right what can be, and records every change.
//!
//! `settings` says what may be done, `record` is what was done; `drop`, `clip` and `fill` do it.

mod clip;
mod drop;
mod fill;
mod record;
mod repairing;
mod settings;

pub use fill::GapsTooLong;
pub use record::{Repair, RepairAction};
pub use repairing::{Repaired, repair};
pub use settings::{Clipping, ConflictRule, OffGridRule, RepairSettings};
