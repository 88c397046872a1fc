//! `ct-host config schema`.

use crate::failure::Failure;
use crate::terminal::write_json;
use ct_host::config::schema;

/// Writes the JSON Schema of a configuration file.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn run() -> Result<(), Failure> {
    write_json(schema())
}
