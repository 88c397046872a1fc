//! `cargo xtask test`: everything the tests need, then all tests.

use std::process::Command;

use anyhow::Result;

use crate::command::{plugins, setup};
use crate::process;

/// Runs, with the release profile that ships, the documentation tests, then the unit and integration tests, whose summary comes last.
///
/// Arguments go to the runner, `cargo nextest` where it is installed, else `cargo test`. They mostly select
/// tests, so with any the documentation tests are left out.
///
/// # Errors
///
/// The lock is stale, a guest does not build, or a test fails.
pub(crate) fn run(runner_arguments: &[String]) -> Result<()> {
    plugins::check()?;
    plugins::build_components(&setup::run()?)?;
    // Cargo builds a binary for the integration tests of its own package only; these are in another.
    process::run(&mut process::cargo(&["build", "--release", "--package", "ct-host-cli"]))?;
    if runner_arguments.is_empty() {
        process::run(&mut process::cargo(&["test", "--release", "--doc", "--workspace"]))?;
    }
    process::run(runner().args(runner_arguments))
}

/// The test runner; `cargo test` must not run documentation tests twice.
fn runner() -> Command {
    if process::probe(&mut process::cargo(&["nextest", "--version"])).is_some() {
        process::cargo(&["nextest", "run", "--release", "--workspace"])
    } else {
        process::cargo(&["test", "--release", "--workspace", "--tests"])
    }
}
