//! `ct-host fetch`: prices from exchanges into the data folder. `fetcher` is what `backtest` uses too.

mod command;
mod fetcher;
mod outcome;
mod show;

pub(super) use command::{Args, run};
pub(super) use fetcher::{Fetcher, Wanted};
pub(super) use outcome::check;
