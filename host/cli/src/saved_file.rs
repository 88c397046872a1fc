//! Files that are either whole or not there.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written: {error}; check that the folder exists and may be written to", .path.display())]
pub(super) struct SaveError {
    path: PathBuf,
    error: io::Error,
}

/// Writes the file `path` under another name first, so that nobody ever sees a part of it.
///
/// # Errors
/// [`SaveError`]; what was at `path` before is then still there.
pub(super) fn save(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), SaveError> {
    let temporary = temporary_path(path);
    let saved = write_whole(&temporary, write).and_then(|()| fs::rename(&temporary, path));
    saved.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        SaveError { path: path.to_owned(), error }
    })
}

/// Makes the folder `folder` if it is not there, and finds out whether files can be written into it.
///
/// # Errors
/// [`SaveError`].
pub(super) fn prepare_folder(folder: &Path) -> Result<(), SaveError> {
    fs::create_dir_all(folder)
        .map_err(|error| SaveError { path: folder.to_owned(), error })
        .and_then(|()| try_writing(&folder.join("result")))
}

/// Finds out whether the file `path` can be written, without touching what is there.
///
/// # Errors
/// [`SaveError`].
pub(super) fn try_writing(path: &Path) -> Result<(), SaveError> {
    let temporary = temporary_path(path);
    let refused = |error| SaveError { path: path.to_owned(), error };
    if path.is_dir() {
        return Err(refused(io::ErrorKind::IsADirectory.into()));
    }
    File::create(&temporary).and_then(|_| fs::remove_file(&temporary)).map_err(refused)
}

fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut output = BufWriter::new(File::create(path)?);
    write(&mut output)?;
    output.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// A hidden name beside `path` that no other process uses.
fn temporary_path(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let name =
            |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        fs::read_dir(folder).unwrap().map(name).collect()
    }

    #[test]
    fn a_file_that_was_not_finished_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.json");
        save(&path, |output| output.write_all(b"old")).unwrap();
        let failed = save(&path, |output| {
            output.write_all(b"half")?;
            Err(io::Error::other("disk full"))
        });
        assert!(failed.unwrap_err().to_string().contains("disk full"));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        save(&path, |output| output.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["result.json"]);
    }

    #[test]
    fn folders_are_made_and_tried() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        prepare_folder(&inner).unwrap();
        assert!(names(&inner).is_empty());
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(prepare_folder(&file).is_err());
        assert!(try_writing(&folder.path().join("none/file")).is_err());
        assert!(try_writing(folder.path()).is_err());
    }
}
