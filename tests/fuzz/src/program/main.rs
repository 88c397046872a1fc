//! Mutated inputs for the program that ships, given to it as its users would, in processes with limits on memory and time.
//! `cargo xtask fuzz --program CASES` starts it.
//!
//! Read the parts in this order: `seed`, `random` and `mutation` make inputs; `kind` lists their kinds; `single_files`,
//! `price_files`, `kept_prices` and `exchange_answers` give a `batch` of a kind to the program; `child` runs it, `verdict` judges
//! how it ended, `tally` counts; `run` does it for all kinds.

mod batch;
mod child;
mod exchange_answers;
mod kept_prices;
mod kind;
mod mutation;
mod price_files;
mod random;
mod run;
mod seed;
mod single_files;
mod tally;
mod verdict;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};

use run::Run;

fn main() -> ExitCode {
    match asked().and_then(|(run, cases)| run.all(cases)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// What the arguments ask for: a run and its number of cases.
fn asked() -> Result<(Run, u64)> {
    const EXPECTED: &str =
        "expected PROGRAM CASES SEED FOLDER, where FOLDER is for inputs that do harm";
    let mut words = std::env::args().skip(1);
    let mut word = || words.next().context(EXPECTED);
    let program = PathBuf::from(word()?);
    let [cases, seed] = [word()?, word()?];
    let faults = PathBuf::from(word()?);
    let cases = cases.parse().context(EXPECTED)?;
    Ok((Run::new(program, seed.parse().context(EXPECTED)?, faults)?, cases))
}

/// Writes one line about progress.
#[expect(clippy::print_stderr, reason = "a command line tool reports its progress here only")]
fn say(line: &str) {
    eprintln!("{line}");
}
