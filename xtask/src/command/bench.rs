//! `cargo xtask bench`: the benches, with fresh guests.

use anyhow::Result;

use crate::command::{plugins, setup};
use crate::process;

/// Benches that measure calls within a process.
const WITHIN_A_PROCESS: [&str; 4] = ["backtest", "csv", "data", "startup"];

/// Builds the guests and runs the benches: of calls in a warm process, or of whole processes.
///
/// # Errors
///
/// A guest, the program or a bench does not build, or a bench fails.
pub(crate) fn run(of_processes: bool, bench_arguments: &[String]) -> Result<()> {
    let bench = ["bench", "--package", "ct-benches"];
    if of_processes {
        process::run(&mut process::cargo(&["build", "--release", "--package", "ct-host-cli"]))?;
        return process::run(process::cargo(&bench).args(["--bench", "processes"]));
    }
    plugins::build_components(&setup::run()?)?;
    let benches = WITHIN_A_PROCESS.iter().flat_map(|name| ["--bench", name]);
    process::run(process::cargo(&bench).args(benches).args(bench_arguments))
}
