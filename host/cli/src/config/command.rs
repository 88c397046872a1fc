//! The command and its subcommands.

use clap::Subcommand;

use super::{check, init, schema, show};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::terminal::Terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a configuration file with every key and what it is for
    Init(init::Args),
    /// Show what holds, and where each value comes from
    Show(show::Args),
    /// Find everything that is wrong in file and environment
    Check(check::Args),
    /// Write the JSON Schema of the file, with which editors complete and check keys
    Schema,
}

/// # Errors
/// Those of the subcommands.
pub(crate) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    match &arguments.command {
        Command::Init(arguments) => init::run(arguments, terminal),
        Command::Show(arguments) => show::run(arguments, environment, terminal),
        Command::Check(arguments) => check::run(arguments, environment, terminal),
        Command::Schema => schema::run(),
    }
}
