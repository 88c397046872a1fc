//! `ct-host backtest`: one file for each group of flags, which turns them into checked types of the library.

mod account;
mod command;
mod costs;
mod instrument;
mod output;
mod period;
mod prices;
mod strategy;
mod value;

pub(super) use command::{Args, run};
pub(super) use strategy::built_in_bytes;
