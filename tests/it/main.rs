//! The integration tests: one file per property.
#![cfg(test)]

mod budgets;
mod cli;
mod determinism;
mod hostile_guests;
mod layers;
mod ledger_balances;
mod native_equals_wasm;
mod no_lookahead;
mod orders;
mod prebuilt;
mod program;
mod vectorbt;
mod window_invariance;
