//! `ct-host completions`: what a shell needs to complete commands and flags.

use clap::CommandFactory;
use clap_complete::Shell;

use super::failure::Failure;
use super::root::Root;
use super::terminal::write_text;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Writes the completions.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn run(arguments: &Args) -> Result<(), Failure> {
    // Written to memory first: the generator panics when its output is closed.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Root::command(), "ct-host", &mut script);
    write_text(&String::from_utf8_lossy(&script))
}
