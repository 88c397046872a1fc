//! Files that a command was asked to write: none is written over unless that was asked for too.

use std::path::Path;

use crate::failure::Failure;
use ct_host::data::written::{Destination, Existing, WriteError, WriteProblem};

#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct ForceArgs {
    /// Write over files that are there
    #[arg(long, short)]
    force: bool,
}

impl ForceArgs {
    /// What happens to files that are there.
    pub(super) const fn existing(self) -> Existing {
        if self.force { Existing::Replaced } else { Existing::Kept }
    }
}

/// Where the file `path` goes, found out before the work that leads to it.
///
/// # Errors
/// [`Failure::input`] when it cannot be written, or is there and is to stay.
pub(super) fn destination(path: &Path, existing: Existing) -> Result<Destination, Failure> {
    let destination = Destination::new(path, existing);
    destination.check().map(|()| destination).map_err(refused)
}

fn refused(error: WriteError) -> Failure {
    match error.problem {
        WriteProblem::Exists => Failure::input(format!(
            "{error}: name another file, or give --force to replace what is there already"
        )),
        _ => Failure::input(error),
    }
}
