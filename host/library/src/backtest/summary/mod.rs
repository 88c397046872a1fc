//! From what the machine did to the result that is saved.

mod assembly;
mod costs;
mod stale_marks;
#[cfg(test)]
mod tests;

pub(crate) use assembly::settled_from;
pub(super) use assembly::{Made, result};
