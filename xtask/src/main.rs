//! The project's own commands: `cargo xtask <command>`.
//!
//! They set up the guest toolchain, build the plugins, and run what continuous integration runs.
//! This crate must not depend on `ct-host` or wasmtime, so that it stays quick to build.

mod command;
mod component;
mod console;
mod fuzz_target;
mod guest;
mod layout;
mod lock;
mod process;
mod source_hash;
mod toolchain;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use fuzz_target::Effort;

#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask", about = "Set-up, plugin build and checks of ct-host")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find the toolchain that builds plugins and the shells that tests type into, or install them.
    Setup,
    /// Build the built-in plugins and the test guests; refresh `plugins/prebuilt` where sources changed.
    Plugins {
        /// Build nothing: fail when `plugins/prebuilt` does not match its lock or the sources.
        #[arg(long)]
        check: bool,
    },
    /// Set up, check the plugins' lock, build the guests and run all tests.
    Test {
        /// Passed on to the test runner; with any, documentation tests are left out.
        #[arg(last = true)]
        runner_arguments: Vec<String>,
    },
    /// Run what continuous integration runs beside the tests: format, lints, docs, dependencies, lock.
    Check,
    /// Measure test coverage with `cargo llvm-cov`.
    Coverage {
        /// Passed on to `cargo llvm-cov`.
        #[arg(last = true)]
        tool_arguments: Vec<String>,
    },
    /// Try inputs that nobody thought of: with libFuzzer, or on the program that ships.
    Fuzz {
        /// Kinds of inputs, the folders of `tests/fuzz/seeds`; all of them when none is named.
        targets: Vec<String>,
        /// Seconds for each target.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// Inputs for each target, in place of a time.
        #[arg(long, conflicts_with = "seconds")]
        runs: Option<u64>,
        /// Give so many mutated inputs of all kinds to the program that ships, instead.
        #[arg(long, value_name = "CASES", conflicts_with_all = ["targets", "seconds", "runs"])]
        program: Option<u64>,
        /// Of the mutated inputs: the same number gives the same ones.
        #[arg(long, default_value_t = 1, requires = "program")]
        seed: u64,
    },
    /// Run the benches: of calls in a warm process, against a hand-written loop.
    Bench {
        /// Measure whole processes of the program, as a user waits for them.
        #[arg(long, conflicts_with = "bench_arguments")]
        process: bool,
        /// Run a year of minutes of twenty instruments, row after row, as a session does.
        #[arg(long, conflicts_with_all = ["process", "bench_arguments"])]
        year: bool,
        /// Passed on to `cargo bench`.
        #[arg(last = true)]
        bench_arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Setup => command::setup::run().map(drop),
        Command::Plugins { check: true } => command::plugins::check(),
        Command::Plugins { check: false } => command::plugins::build(),
        Command::Test { runner_arguments } => command::test::run(&runner_arguments),
        Command::Check => command::check::run(),
        Command::Coverage { tool_arguments } => command::coverage::run(&tool_arguments),
        Command::Fuzz { program: Some(cases), seed, .. } => command::fuzz::program(cases, seed),
        Command::Fuzz { targets, seconds, runs, .. } => {
            let effort = runs.map_or(Effort::Seconds(seconds), Effort::Runs);
            command::fuzz::targets(&targets, effort)
        }
        Command::Bench { year: true, .. } => command::bench::of_a_year(),
        Command::Bench { process: true, .. } => command::bench::of_processes(),
        Command::Bench { bench_arguments, .. } => command::bench::of_calls(&bench_arguments),
    }
}
