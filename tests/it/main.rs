//! The integration tests: one file per property.
#![cfg(test)]

mod budgets;
mod cli;
mod collapses;
mod comovement;
mod config;
mod configured_runs;
mod cycles;
mod data_commands;
mod determinism;
mod earlier_runs;
mod embedding;
mod exchanges;
mod fetch_faults;
mod hostile_guests;
mod interrupted_fetches;
mod interrupts;
mod kept_prices;
mod layers;
mod ledger_balances;
mod limits_hold;
mod many_assets;
mod native_equals_wasm;
mod no_lookahead;
mod one_writer;
mod operated;
mod orders;
mod prebuilt;
mod program;
mod risk;
mod settings_documented;
mod several_strategies;
mod steps;
mod strangers;
mod vectorbt;
mod window_invariance;
