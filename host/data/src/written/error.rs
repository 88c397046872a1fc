//! Why a file is not written.

use std::io;
use std::path::{Path, PathBuf};

/// A file that is not written.
#[derive(Debug, thiserror::Error)]
#[error("{} {problem}", .path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// Why not.
    pub problem: WriteProblem,
}

/// Why a file is not written, to be read behind its name.
#[derive(Debug, thiserror::Error)]
pub enum WriteProblem {
    /// Something is there that is to stay.
    #[error("is there and is not written over")]
    Exists,
    /// The same, but it was not there when the work began.
    #[error(
        "was made by somebody else meanwhile and is not written over: what was to be in it is in {}",
        .kept.display()
    )]
    Appeared {
        /// What was to be written.
        kept: PathBuf,
    },
    /// Something is there that no file takes the place of.
    #[error("is {0}: expected the name of a file")]
    NoFile(&'static str),
    /// A link on the way to it that may be somebody else's choice.
    #[error(
        "is reached through the link {}, which {fault}: if {} is meant, name it",
        .link.display(),
        .target.display()
    )]
    Link {
        /// The link.
        link: PathBuf,
        /// Why it is not followed.
        fault: &'static str,
        /// Where it leads.
        target: PathBuf,
    },
    /// The system refuses.
    #[error("cannot be written: {0}; check that the folder exists, may be written to and has room")]
    Io(#[from] io::Error),
}

impl WriteProblem {
    /// This problem of the file `path`.
    pub(super) fn of(self, path: &Path) -> WriteError {
        WriteError { path: path.to_owned(), problem: self }
    }
}
