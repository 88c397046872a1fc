//! `ct-host backtest`: one file for each group of flags, which turns them into checked types of the library.

mod account;
mod command;
mod costs;
mod files;
mod instrument;
mod kept;
mod output;
mod period;
mod prices;
mod strategy;

pub(super) use command::{Args, run};
pub(super) use strategy::built_in_bytes;
