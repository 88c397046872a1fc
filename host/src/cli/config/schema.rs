//! `ct-host config schema`.

use crate::cli::failure::Failure;
use crate::cli::terminal::write_json;
use crate::config::schema;

/// Writes the JSON Schema of a configuration file.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn run() -> Result<(), Failure> {
    write_json(schema())
}
