//! `ct-host validate-data`: what is wrong with prices.

mod command;
mod show;

pub(super) use command::{Args, run};
