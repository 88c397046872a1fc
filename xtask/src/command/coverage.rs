//! `cargo xtask coverage`: which lines the tests reach.

use anyhow::{Context, Result};

use crate::command::{plugins, setup};
use crate::process;

/// Builds the guests and runs all tests under `cargo llvm-cov`.
///
/// # Errors
///
/// The tool is missing, a guest does not build, or a test fails.
pub(crate) fn run(tool_arguments: &[String]) -> Result<()> {
    process::probe(&mut process::cargo(&["llvm-cov", "--version"])).context(
        "no `cargo llvm-cov` here: run `cargo install --locked cargo-llvm-cov`, and either \
         `rustup component add llvm-tools` or set LLVM_COV and LLVM_PROFDATA to the tools of the \
         compiler's LLVM (`rustc --version --verbose` names it; Debian's package llvm-22 has 22)",
    )?;
    plugins::build_components(&setup::run()?)?;
    // The tests of the command run it as a program, which has to be there, built for coverage too.
    let run = ["llvm-cov", "run", "--no-report", "--package", "ct-host-cli", "--bin", "ct-host"];
    process::run(process::cargo(&run).args(["--", "strategies"]))?;
    process::run(process::cargo(&["llvm-cov", "--no-clean", "--workspace"]).args(tool_arguments))
}
