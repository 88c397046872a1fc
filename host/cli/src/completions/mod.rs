//! `ct-host completions`: a script for a shell, and what the scripts ask for.
//!
//! A shell's script holds no commands and no flags: it asks this program what can stand at the end of the line so far. So what is
//! completed is what this program takes, and the values are those of this machine.

mod command;
mod line;
mod value;
mod word;

pub(crate) use command::{Args, LineArgs, answer, run};
pub(crate) use line::command_at;
