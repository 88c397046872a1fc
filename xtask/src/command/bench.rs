//! `cargo xtask bench`: the benches, with fresh guests.

use anyhow::Result;

use crate::command::{plugins, setup};
use crate::process;

/// Builds the guests and runs `cargo bench`.
///
/// # Errors
///
/// A guest or a bench does not build, or a bench fails.
pub(crate) fn run(bench_arguments: &[String]) -> Result<()> {
    plugins::build_components(&setup::run()?)?;
    process::run(process::cargo(&["bench", "--package", "ct-benches"]).args(bench_arguments))
}
