//! `ct-host backtest`: one file for each group of flags, which says what they mean in the configuration; then the prices
//! that the configuration names, and the run.

mod account;
mod command;
mod configuration;
mod costs;
mod earlier_run;
mod engine;
mod files;
mod fills;
mod instrument;
mod kept;
mod loading;
mod log;
mod output;
mod period;
mod prices;
mod request;
mod risk;
mod run;
mod strategy;

pub(super) use command::{Args, run};
pub(super) use strategy::built_in_bytes;
