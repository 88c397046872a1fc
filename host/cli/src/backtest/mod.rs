//! `ct-host backtest`: one file for each group of flags, which says what they mean in the configuration; then the prices
//! that the configuration names, and the run.

mod account;
mod command;
mod costs;
mod earlier_run;
mod engine;
mod files;
mod fills;
mod instrument;
mod kept;
mod layers;
mod loading;
mod log;
mod output;
mod period;
mod pin;
mod prices;
mod request;
mod risk;
mod run;
mod strategy;

pub(super) use command::{Args, run};
pub(super) use layers::effective;
pub(super) use loading::are_kept;
pub(super) use strategy::{built_in_bytes, load, mistakes};
