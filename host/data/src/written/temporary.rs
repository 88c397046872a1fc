//! A file while it is written: under a name of its own, beside the one that it will take.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Ending of a file that is still being written. What has it in a folder that is locked was left by a writer that died.
pub(crate) const TEMPORARY_SUFFIX: &str = ".tmp";

/// A file that is being written, and that is gone when it is dropped. Its name cannot be foretold, and the file is made anew:
/// what somebody put there before, a link or a file, is neither followed nor used.
#[derive(Debug)]
pub(crate) struct Temporary {
    file: NamedTempFile,
}

/// Why a file did not get its name.
#[derive(Debug)]
pub(super) enum Untaken {
    /// Something has that name; the file is left under the name that is told.
    Taken(PathBuf),
    Io(io::Error),
}

impl Temporary {
    /// A new file in the folder of `path`.
    pub(crate) fn beside(path: &Path) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".").suffix(TEMPORARY_SUFFIX);
        let options = new_file();
        let file = builder.make_in(super::folder::folder_of(path), |name| options.open(name))?;
        Ok(Self { file })
    }

    /// What is to be written into.
    pub(crate) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Flushes the file to the disk and gives it the name `path`, in place of whatever has it. The name itself is durable
    /// after [`sync_folder`](super::sync_folder).
    pub(crate) fn replace(self, path: &Path) -> io::Result<()> {
        self.file().sync_all()?;
        self.file.persist(path).map(drop).map_err(|refused| refused.error)
    }

    /// The same if nothing has the name `path`.
    pub(super) fn take(self, path: &Path) -> Result<(), Untaken> {
        self.file().sync_all().map_err(Untaken::Io)?;
        let Err(refused) = self.file.persist_noclobber(path) else { return Ok(()) };
        if refused.error.kind() == io::ErrorKind::AlreadyExists {
            let kept = refused.file.keep().map_err(|unkept| Untaken::Io(unkept.error))?;
            return Err(Untaken::Taken(kept.1));
        }
        // File systems like exFAT know neither a renaming that replaces nothing nor hard links.
        if fs::symlink_metadata(path).is_ok() {
            return Err(Untaken::Io(refused.error));
        }
        refused.file.persist(path).map(drop).map_err(|refused| Untaken::Io(refused.error))
    }

    /// Removes what dead writers left in `folder`. The caller holds the folder's lock, so that no writer is alive.
    pub(crate) fn remove_dead(folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().as_encoded_bytes().ends_with(TEMPORARY_SUFFIX.as_bytes()) {
                // What stays is harmless, and pruned later.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Of the rights that the process's umask leaves, not only its owner's as a temporary file has otherwise.
fn new_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o666);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_be_foretold_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let temporaries: Vec<Temporary> =
            (0..50).map(|_| Temporary::beside(&path).unwrap()).collect();
        let mut names: Vec<PathBuf> =
            temporaries.iter().map(|made| made.file.path().to_owned()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 50);
        let process = std::process::id().to_string();
        for name in names.iter().map(|name| name.file_name().unwrap().to_str().unwrap()) {
            let random =
                name.strip_prefix('.').and_then(|name| name.strip_suffix(TEMPORARY_SUFFIX));
            assert_eq!(random.map(str::len), Some(6), "{name}");
            assert!(!name.contains(&process) && !name.contains("a.json"), "{name}");
        }
        drop(temporaries);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_name_that_is_taken_stays_with_what_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let temporary = |text: &str| {
            let made = Temporary::beside(&path).unwrap();
            io::Write::write_all(&mut made.file(), text.as_bytes()).unwrap();
            made
        };
        temporary("first").take(&path).unwrap();
        let Err(Untaken::Taken(kept)) = temporary("second").take(&path) else { panic!("taken") };
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(fs::read_to_string(&kept).unwrap(), "second");
        temporary("third").replace(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "third");
        Temporary::remove_dead(folder.path());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
