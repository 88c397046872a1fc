//! A folder for inputs that the program reads from files.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{fs, io};

use tempfile::TempDir;

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    folder_in_memory().unwrap_or_else(|error| unreachable!("no folder for inputs: {error}"))
});

/// A folder whose files are in memory, where that is possible.
///
/// # Errors
/// There is room for none.
pub fn folder_in_memory() -> io::Result<TempDir> {
    tempfile::tempdir_in(MEMORY).or_else(|_| tempfile::tempdir())
}

/// The folder of this process.
pub(crate) fn folder() -> &'static Path {
    FOLDER.path()
}

/// The file `name` in the folder, which then holds `bytes`. Each target has names of its own.
pub(crate) fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(name);
    if let Err(error) = fs::write(&path, bytes) {
        unreachable!("{}: {error}", path.display());
    }
    path
}
