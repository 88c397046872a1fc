//! Results that were saved before.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::RunError;
use crate::backtest::RunResult;
use crate::report::{RESULT_BYTES_MAX, read_json};

/// A file with a result.
#[derive(Debug)]
pub struct SavedResult {
    /// Where it is.
    pub path: PathBuf,
    /// The file as it is.
    pub bytes: Vec<u8>,
    /// What it says.
    pub result: RunResult,
}

impl SavedResult {
    /// The result in the file `given`, or in the folder that `ct-host backtest --out` wrote.
    ///
    /// # Errors
    /// [`RunError::Input`] when the file is no result of this version, or larger than any.
    pub fn read(given: &Path) -> Result<Self, RunError> {
        let path = if given.is_dir() { given.join("result.json") } else { given.to_owned() };
        let located = |error: &dyn Display| RunError::input(format!("{}: {error}", path.display()));
        let bytes = read(&path).map_err(|error| {
            located(&format!(
                "cannot be read: {error}; expected a result that `ct-host backtest --json` wrote"
            ))
        })?;
        let result = read_json(&bytes).map_err(|error| located(&error))?;
        Ok(Self { path, bytes, result })
    }
}

/// The bytes of a file, or of a pipe that someone holds open for this program, up to the most that a result has.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if let Some(kind) = endless(path, &metadata) {
        return Err(io::Error::other(format!("it is {kind} and no file")));
    }
    check_length(metadata.len())?;
    let mut bytes = Vec::new();
    // It may have grown, and a pipe tells no length: one byte more shows that there is more.
    File::open(path)?.take(RESULT_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    check_length(bytes.len() as u64)?;
    Ok(bytes)
}

fn check_length(bytes: u64) -> io::Result<()> {
    if bytes <= RESULT_BYTES_MAX {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "it has {bytes} bytes or more, a result of this host has {RESULT_BYTES_MAX} at most"
    )))
}

/// What `path` is, if reading it may never end. A pipe that this program was started with has a writer; a named one may
/// wait for one for ever.
fn endless(path: &Path, metadata: &fs::Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    if kind.is_dir() {
        return Some("a folder");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        let is_inherited = path == Path::new("/dev/stdin") || path.starts_with("/dev/fd");
        if kind.is_char_device() || kind.is_block_device() {
            return Some("a device");
        }
        if (kind.is_fifo() || kind.is_socket()) && !is_inherited {
            return Some("a pipe");
        }
    }
    None
}
