//! `ct-host config check`.

use super::show::resolved;
use crate::cli::config_file::ConfigArgs;
use crate::cli::environment::Environment;
use crate::cli::failure::Failure;
use crate::cli::terminal::{Terminal, write_result};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigArgs,
}

/// Says that nothing is wrong.
///
/// # Errors
/// [`Failure::Input`] or [`Failure::Problems`] with everything that is.
pub(super) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    resolved(&arguments.config, environment, terminal)?;
    write_result(|output| writeln!(output, "no problems"))
}
