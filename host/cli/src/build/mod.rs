//! `ct-host build`: a strategy crate in, a plugin out.

mod cargo;
mod command;

pub(super) use command::{Args, build, run};
