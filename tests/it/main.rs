//! The integration tests: one file per property.

mod orders;
mod window_invariance;
