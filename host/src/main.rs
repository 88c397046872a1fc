//! The command `ct-host`: everything it does is a call of the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    ct_host::cli::run(std::env::args_os())
}
