//! The command `ct-host`: everything it does is a call of the library.

use std::process::ExitCode;

/// Keeps the memory of one run for the next; the system's gives it back and pays for every page again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ct_host_cli::run(std::env::args_os())
}
