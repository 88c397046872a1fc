//! `ct-host config`: files to begin with, what holds and where it comes from, mistakes, and the schema.

mod check;
mod command;
mod init;
mod schema;
mod show;

pub(super) use command::{Args, run};
