//! Inputs that the program takes one at a time: configurations, results, plugins.

use anyhow::Result;

use crate::batch::{Batch, words};

/// `config check` and `config show` in turn.
pub(crate) fn configurations(batch: &mut Batch<'_>) -> Result<()> {
    const COMMANDS: [&[&str]; 2] =
        [&["config", "check", "--config"], &["config", "show", "--config"]];
    each(batch, &COMMANDS)
}

/// `report` in both of its forms and what `--from-run` makes of a result in turn.
pub(crate) fn results(batch: &mut Batch<'_>) -> Result<()> {
    const COMMANDS: [&[&str]; 3] =
        [&["report"], &["report", "--format", "markdown"], &["config", "show", "--from-run"]];
    each(batch, &COMMANDS)
}

/// `inspect`.
pub(crate) fn plugins(batch: &mut Batch<'_>) -> Result<()> {
    each(batch, &[&["inspect"]])
}

/// Runs them over the sample prices. A call that does not come back takes a second.
pub(crate) fn strategies(batch: &mut Batch<'_>) -> Result<()> {
    each(batch, &[&["backtest", "-q", "--set", "plugins.call_seconds_max=1", "--plugin"]])
}

/// Gives each case to one of `commands`, which end with the flag that takes a file.
fn each(batch: &mut Batch<'_>, commands: &[&[&str]]) -> Result<()> {
    for case in batch.cases.clone() {
        let file = batch.write_case(case)?;
        let turn = usize::try_from(case).unwrap_or_default() % commands.len();
        let command = commands.get(turn).copied().unwrap_or_default();
        match batch.run(&words(command, [&file]))? {
            Ok(told) => batch.tally.add_cases(told.answer, 1),
            Err(reason) => {
                batch.tally.cases += 1;
                batch.keep_fault(case, &[file], &reason)?;
            }
        }
    }
    Ok(())
}
