//! The subcommands of `ct-host data`.

use super::{export, import, list, prune, remove, show, snapshot, verify};
use crate::environment::Environment;
use crate::exchange_args::DataFolderArgs;
use crate::failure::Failure;
use crate::terminal::Terminal;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    folder: DataFolderArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the series and snapshots that are kept
    List(list::Args),
    /// Show what is held, empty and missing of series, and what happened to them
    Show(show::Args),
    /// Compare every checksum of every file
    Verify(verify::Args),
    /// Remove files that nothing needs any more
    Prune(prune::Args),
    /// Remove series; snapshots of them stay
    Remove(remove::Args),
    /// Pin series as they are now under a name
    Snapshot(snapshot::Args),
    /// Take prices in from files
    Import(import::Args),
    /// Write kept prices to a file
    Export(export::Args),
}

/// Runs a subcommand.
///
/// # Errors
/// A [`Failure`].
pub(crate) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    let kept = arguments.folder.kept(environment)?;
    let store = &kept.store;
    match &arguments.command {
        Command::List(arguments) => list::run(arguments, store, terminal),
        Command::Show(arguments) => show::run(arguments, &kept, terminal),
        Command::Verify(arguments) => verify::run(arguments, &kept, terminal),
        Command::Prune(arguments) => prune::run(arguments, store, terminal),
        Command::Remove(arguments) => remove::run(arguments, &kept, terminal),
        Command::Snapshot(arguments) => snapshot::run(arguments, &kept, terminal),
        Command::Import(arguments) => import::run(arguments, &kept, terminal),
        Command::Export(arguments) => export::run(arguments, &kept, terminal),
    }
}
