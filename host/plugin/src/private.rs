//! Files and folders that nobody but this user can change.

use std::fs;
use std::io;
use std::path::Path;

/// Makes `folder` and those around it that are missing, for this user only.
#[cfg(unix)]
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// True when `folder` belongs to this user and nobody else may write to it.
#[cfg(unix)]
pub(super) fn is_own_folder(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|found| found.is_dir() && is_own(&found, 0o022))
}

/// True when `file` is a regular file of this user that nobody else may write to.
#[cfg(unix)]
pub(super) fn is_own_file(file: &Path) -> bool {
    fs::symlink_metadata(file).is_ok_and(|found| found.is_file() && is_own(&found, 0o022))
}

/// True when `file` is a regular file of this user that nobody else may read or write.
#[cfg(unix)]
pub(super) fn is_secret(file: &Path) -> bool {
    fs::symlink_metadata(file).is_ok_and(|found| found.is_file() && is_own(&found, 0o077))
}

#[cfg(unix)]
fn is_own(found: &fs::Metadata, others: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    found.uid() == rustix::process::geteuid().as_raw() && found.mode() & others == 0
}

/// Elsewhere nobody can tell whose file it is, so that nothing is kept.
#[cfg(not(unix))]
pub(super) fn is_own_folder(_folder: &Path) -> bool {
    false
}

#[cfg(not(unix))]
pub(super) fn is_own_file(_file: &Path) -> bool {
    false
}

#[cfg(not(unix))]
pub(super) fn is_secret(_file: &Path) -> bool {
    false
}
