//! `ct-host new`: a strategy crate that builds and passes its test as it is written.

mod command;
mod crate_name;
mod scaffold;
mod sdk;

pub(super) use command::{Args, run};
