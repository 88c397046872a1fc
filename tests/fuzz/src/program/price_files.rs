//! Price files: `validate-data` takes many, names those that it refuses, and reports on the others only when there are none.

use std::path::PathBuf;

use anyhow::Result;

use crate::batch::{Batch, Told, words};
use crate::verdict::Answer;

/// Gives all cases of `batch` to one process, and those that it does not refuse to a second one, which reports on them.
pub(crate) fn validated(batch: &mut Batch<'_>) -> Result<()> {
    let mut files = Vec::new();
    for case in batch.cases.clone() {
        files.push((case, batch.write_case(case)?));
    }
    let told = match validate(batch, &files)? {
        Ok(told) => told,
        Err(reason) => return singly(batch, &files, &reason),
    };
    if told.answer == Answer::Accepted {
        batch.tally.add_cases(Answer::Accepted, files.len());
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&told.errors);
    let is_refused = |(_, file): &(u64, PathBuf)| errors.contains(&*file.to_string_lossy());
    let (refused, readable): (Vec<_>, Vec<_>) = files.iter().cloned().partition(is_refused);
    if refused.is_empty() {
        return singly(batch, &files, "it names no file that it refuses");
    }
    batch.tally.add_cases(Answer::Refused, refused.len());
    if readable.is_empty() {
        return Ok(());
    }
    match validate(batch, &readable)? {
        Ok(told) if told.answer == Answer::Accepted => {
            batch.tally.add_cases(Answer::Accepted, readable.len());
            Ok(())
        }
        Ok(_) => singly(batch, &readable, "files that were read before are refused"),
        Err(reason) => singly(batch, &readable, &reason),
    }
}

/// Gives `files` to one process.
fn validate(
    batch: &mut Batch<'_>,
    files: &[(u64, PathBuf)],
) -> Result<std::result::Result<Told, String>> {
    batch.run(&words(["validate-data"], files.iter().map(|(_, file)| file)))
}

/// Gives each of `files`, which did harm together because of `reason`, to a process of its own.
fn singly(batch: &mut Batch<'_>, files: &[(u64, PathBuf)], reason: &str) -> Result<()> {
    let faults = batch.tally.faults;
    for (case, file) in files {
        match validate(batch, &[(*case, file.clone())])? {
            Ok(told) => batch.tally.add_cases(told.answer, 1),
            Err(reason) => {
                batch.tally.cases += 1;
                batch.keep_fault(*case, std::slice::from_ref(file), &reason)?;
            }
        }
    }
    if batch.tally.faults == faults {
        let all: Vec<PathBuf> = files.iter().map(|(_, file)| file.clone()).collect();
        batch.keep_fault(batch.cases.start, &all, &format!("only together: {reason}"))?;
    }
    Ok(())
}
