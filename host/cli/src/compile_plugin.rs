//! `ct-host compile-plugin`: the child of a run that reads and compiles a plugin file of a stranger. Not for users.

use std::io;

use super::failure::Failure;
use ct_host::plugin::serve_compiler;

/// Name of the command.
pub(super) const COMPILE_COMMAND: &str = "compile-plugin";

/// Answers the host that started this process.
///
/// # Errors
/// [`Failure::input`] when there is no such host.
pub(super) fn run() -> Result<(), Failure> {
    serve_compiler(io::stdin().lock(), io::stdout().lock()).map_err(|error| {
        Failure::input(format!(
            "{COMPILE_COMMAND} is what ct-host starts to read plugin files: {error}"
        ))
    })
}
