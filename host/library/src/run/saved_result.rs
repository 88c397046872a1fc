//! Results that were saved before.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use super::RunError;
use crate::backtest::RunResult;
use crate::report::read_json;

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
    /// [`RunError::Input`] when the file is no result of this version.
    pub fn read(given: &Path) -> Result<Self, RunError> {
        let path = if given.is_dir() { given.join("result.json") } else { given.to_owned() };
        let located = |error: &dyn Display| RunError::input(format!("{}: {error}", path.display()));
        let bytes = fs::read(&path).map_err(|error| {
            located(&format!(
                "cannot be read: {error}; expected a result that `ct-host backtest --json` wrote"
            ))
        })?;
        let result = read_json(&bytes).map_err(|error| located(&error))?;
        Ok(Self { path, bytes, result })
    }
}
