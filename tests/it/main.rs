//! The integration tests: one file per property.

mod orders;
mod vectorbt;
mod window_invariance;
