//! From what the machine did to the result that is saved.

mod assembly;
mod costs;
mod execution;
mod incident;
#[cfg(test)]
mod tests;

pub(super) use assembly::{Made, result};
