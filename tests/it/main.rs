//! The integration tests: one file per property.

mod cli;
mod determinism;
mod hostile_guests;
mod layers;
mod ledger_balances;
mod native_equals_wasm;
mod orders;
mod prebuilt;
mod vectorbt;
mod window_invariance;
