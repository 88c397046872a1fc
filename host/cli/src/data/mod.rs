//! `ct-host data`: what is kept, and looking after it. One file for each subcommand.

mod command;
mod export;
mod import;
mod list;
mod prune;
mod remove;
mod show;
mod snapshot;
mod verify;

pub(super) use command::{Args, run};
