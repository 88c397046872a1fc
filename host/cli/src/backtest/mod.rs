//! `ct-host backtest`: one file for each group of flags, which says what they mean in the configuration. The run
//! itself is the library's.

mod account;
mod command;
mod costs;
mod engine;
mod fills;
mod instrument;
mod layers;
mod log;
mod output;
mod period;
mod prices;
mod risk;
mod strategy;

pub(super) use command::{Args, run};
pub(super) use layers::effective;
