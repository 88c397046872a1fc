//! `cargo xtask bench`: the benches, with fresh guests.

use anyhow::Result;

use crate::command::{plugins, setup};
use crate::process;

const BENCH: [&str; 3] = ["bench", "--package", "ct-benches"];

/// Benches that measure calls within a process.
const WITHIN_A_PROCESS: [&str; 4] = ["backtest", "csv", "data", "startup"];

/// Builds the guests and runs the benches of calls in a warm process.
///
/// # Errors
///
/// A guest or a bench does not build, or a bench fails.
pub(crate) fn of_calls(bench_arguments: &[String]) -> Result<()> {
    plugins::build_components(&setup::run()?)?;
    let benches = WITHIN_A_PROCESS.iter().flat_map(|name| ["--bench", name]);
    process::run(process::cargo(&BENCH).args(benches).args(bench_arguments))
}

/// Runs the bench of whole processes of the program.
///
/// # Errors
///
/// The program or the bench does not build, or the bench fails.
pub(crate) fn of_processes() -> Result<()> {
    process::run(&mut process::cargo(&["build", "--release", "--package", "ct-host-cli"]))?;
    process::run(process::cargo(&BENCH).args(["--bench", "processes"]))
}

/// Runs a year of minutes row after row.
///
/// # Errors
///
/// The bench does not build, or it fails.
pub(crate) fn of_a_year() -> Result<()> {
    process::run(process::cargo(&BENCH).args(["--bench", "year"]))
}
