//! What is at the path of a file that is to be written.

use std::fs::{self, FileType};
use std::io;
use std::path::Path;

use super::error::WriteProblem;

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing.
    Free,
    /// A file, or a link to anything, which would be replaced.
    Taken,
    /// A pipe, a terminal or the like, which is written to.
    Stream,
}

/// Folders in which the system names a process's own streams with links. Nobody else can make one there.
const STREAM_FOLDERS: [&str; 3] = ["/dev", "/dev/fd", "/proc/self/fd"];

/// True for a path such as `/dev/stdout`, whose links are followed.
pub(super) fn is_of_system(path: &Path) -> bool {
    let absolute = std::path::absolute(path).unwrap_or_default();
    STREAM_FOLDERS.iter().any(|folder| absolute.parent() == Some(Path::new(folder)))
}

impl Place {
    /// What is at `path`.
    pub(super) fn at(path: &Path) -> Result<Self, WriteProblem> {
        let found = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::Free),
            found => found?.file_type(),
        };
        if found.is_symlink() && is_of_system(path) {
            let stream = fs::metadata(path)?.file_type();
            // What the shell has opened for this process, a file included, is there to be written to.
            return if stream.is_file() { Ok(Self::Stream) } else { Self::of(stream) };
        }
        Self::of(found)
    }

    /// What is written when this is `found`.
    pub(super) fn of(found: FileType) -> Result<Self, WriteProblem> {
        if found.is_dir() {
            return Err(WriteProblem::NoFile("a folder"));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt;
            if found.is_block_device() {
                return Err(WriteProblem::NoFile("a disk"));
            }
            if found.is_socket() {
                return Err(WriteProblem::NoFile("a socket"));
            }
            if found.is_fifo() || found.is_char_device() {
                return Ok(Self::Stream);
            }
        }
        Ok(Self::Taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn devices_are_written_to_where_the_system_keeps_them() {
        let at = |path: &str| Place::at(Path::new(path)).unwrap();
        assert_eq!(at("/dev/null"), Place::Stream);
        assert_eq!(at("/dev/../dev/null"), Place::Stream);
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        assert_eq!(Place::at(&link).unwrap(), Place::Taken);
        assert_eq!(Place::at(&folder.path().join("none")).unwrap(), Place::Free);
        for (path, expected) in [("/dev", "is a folder"), ("/dev/fd", "is a folder")] {
            let refused = Place::at(Path::new(path)).unwrap_err();
            assert!(refused.to_string().contains(expected), "{refused}");
        }
    }

    #[test]
    fn only_the_systems_own_folders_are_of_the_system() {
        for path in ["/dev/stdout", "/dev/fd/63", "/proc/self/fd/1", "/dev/./null"] {
            assert!(is_of_system(Path::new(path)), "{path}");
        }
        for path in ["/dev/shm/stdout", "dev/stdout", "/tmp/dev/stdout", "/dev", "", "/"] {
            assert!(!is_of_system(Path::new(path)), "{path}");
        }
    }
}
