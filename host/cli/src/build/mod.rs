//! `ct-host build`: a strategy crate in, a plugin out.

mod cargo;
mod command;
mod toolchain;

pub(super) use command::{Args, run};
