//! `ct-host fetch`: prices from exchanges into the data folder.

mod command;
mod show;

pub(super) use command::{Args, run};
