//! The hash of a price file, by which it is known again.

use std::path::Path;

use super::error::{FileError, FileProblem};
use crate::FileBudget;
use crate::regular_file::is_stream;

/// BLAKE3, in hexadecimal, of the bytes of the price file `path`; of one in a zip file, of what it unpacks to. `None` for a pipe,
/// which cannot be read again.
///
/// # Errors
/// [`FileError`] when it cannot be read.
pub fn file_hash(path: &Path, budget: &FileBudget) -> Result<Option<String>, FileError> {
    if is_stream(path) {
        return Ok(None);
    }
    let (file, _) = budget.open(path).map_err(|problem| FileProblem::from(problem).of(path))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file).map_err(|error| FileProblem::Io(error).of(path))?;
    Ok(Some(hasher.finalize().to_hex().to_string()))
}
