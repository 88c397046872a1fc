//! A file that somebody asked for.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::error::{WriteError, WriteProblem};
use super::folder::{folder_of, sync_folder};
use super::link::{check_links, open_unlinked};
use super::place::{Place, is_of_system};
use super::temporary::{Temporary, Untaken};

/// What happens to a file that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Kept,
    /// It is replaced; a link is replaced itself, and what it leads to stays as it is.
    #[default]
    Replaced,
}

/// Where a file is to be written. A pipe or a device such as a terminal is written to; everything else gets a new file, which
/// has its name when it is whole and on the disk.
///
/// ```
/// use ct_data::written::{Destination, Existing};
/// use std::io::Write;
/// let folder = tempfile::tempdir()?;
/// let file = Destination::new(folder.path().join("result.json"), Existing::Kept);
/// file.check()?; // before the work
/// file.write(|output| output.write_all(b"{}"))?;
/// assert!(file.check().is_err()); // now it is there
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    path: PathBuf,
    existing: Existing,
}

impl Destination {
    /// The file `path`; nothing is looked at or made.
    pub fn new(path: impl Into<PathBuf>, existing: Existing) -> Self {
        Self { path: path.into(), existing }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Finds out before the work whether the file can be written; leaves nothing behind.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn check(&self) -> Result<(), WriteError> {
        let checked = self.place().and_then(|place| match (place, self.existing) {
            (Place::Taken, Existing::Kept) => Err(WriteProblem::Exists),
            (Place::Stream, _) => Ok(()),
            (Place::Free | Place::Taken, _) => Ok(Temporary::beside(&self.path).map(drop)?),
        });
        checked.map_err(|problem| problem.of(&self.path))
    }

    /// Lets `write` fill the file, and gives its size in bytes. Whoever reads the file meanwhile sees what was there before; so
    /// does everybody after a failure. What is there although it is to be kept was made since [`Destination::check`]: then
    /// the new file stays beside it, under the name that the error tells.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn write(
        &self,
        write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> Result<u64, WriteError> {
        let written = self.place().and_then(|place| match place {
            Place::Stream => Ok(fill(&open_stream(&self.path)?, write)?),
            Place::Free | Place::Taken => self.write_whole(write),
        });
        written.map_err(|problem| problem.of(&self.path))
    }

    /// What is there now, on a way that may be gone.
    fn place(&self) -> Result<Place, WriteProblem> {
        if !is_of_system(&self.path) {
            check_links(folder_of(&self.path))?;
        }
        Place::at(&self.path)
    }

    fn write_whole(
        &self,
        write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> Result<u64, WriteProblem> {
        let temporary = Temporary::beside(&self.path)?;
        let bytes = fill(temporary.file(), write)?;
        match self.existing {
            Existing::Replaced => temporary.replace(&self.path)?,
            Existing::Kept => temporary.take(&self.path).map_err(|untaken| match untaken {
                Untaken::Taken(kept) => WriteProblem::Appeared { kept },
                Untaken::Io(error) => WriteProblem::Io(error),
            })?,
        }
        // Not every file system can; then a power cut may lose the name, as with any other program.
        let _ = sync_folder(folder_of(&self.path));
        Ok(bytes)
    }
}

/// The pipe or device `path`. It may have become something else since it was looked at, so that the opened file decides.
fn open_stream(path: &Path) -> Result<File, WriteProblem> {
    let mut options = OpenOptions::new();
    // A file that the shell has opened may have something in it.
    options.append(true);
    if is_of_system(path) {
        return Ok(options.open(path)?);
    }
    let opened = open_unlinked(&mut options, path)?;
    match Place::of(opened.metadata()?.file_type())? {
        Place::Stream => Ok(opened),
        Place::Free | Place::Taken => Err(WriteProblem::Exists),
    }
}

/// Lets `write` fill `file`, and counts the bytes.
fn fill(
    file: &File,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<u64> {
    let mut output = BufWriter::new(Counted { file, bytes: 0 });
    write(&mut output)?;
    Ok(output.into_inner().map_err(io::IntoInnerError::into_error)?.bytes)
}

/// A file, and the number of bytes that it took.
struct Counted<'a> {
    file: &'a File,
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.file.write(bytes)?;
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests;
