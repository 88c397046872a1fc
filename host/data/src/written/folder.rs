//! The folders in which files are written.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::error::{WriteError, WriteProblem};
use super::link::check_links;

/// The folder of the file `path`.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes `folder` and those above it, where they are not there.
///
/// # Errors
/// [`WriteProblem::Link`] and [`WriteProblem::Io`].
pub fn make_folder(folder: &Path) -> Result<(), WriteError> {
    let made = check_links(folder).and_then(|()| Ok(fs::create_dir_all(folder)?));
    made.map_err(|problem| problem.of(folder))
}

/// Makes `folder`, and those above it where they are not there.
///
/// # Errors
/// [`WriteProblem::Exists`] when anything is at `folder`; [`WriteProblem::Link`] and [`WriteProblem::Io`].
pub fn make_new_folder(folder: &Path) -> Result<(), WriteError> {
    make_folder(folder_of(folder))?;
    fs::create_dir(folder).map_err(|error| {
        let problem = match error.kind() {
            io::ErrorKind::AlreadyExists => WriteProblem::Exists,
            _ => WriteProblem::Io(error),
        };
        problem.of(folder)
    })
}

/// Makes the names in `folder` durable: those that were added, replaced or removed.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).and_then(|opened| opened.sync_all())
}

/// Elsewhere the system keeps the names of a folder in its own journal, and folders cannot be flushed.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
