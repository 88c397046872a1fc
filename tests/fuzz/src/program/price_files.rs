//! Price files: `validate-data` takes many, reads them one by one, stops at the first that it refuses, and reports on all when
//! it has read them.

use std::path::PathBuf;

use anyhow::Result;

use crate::batch::{Batch, words};
use crate::verdict::Answer;

/// Gives all cases of `batch` to as few processes as possible.
pub(crate) fn validated(batch: &mut Batch<'_>) -> Result<()> {
    let mut files = Vec::new();
    for case in batch.cases.clone() {
        files.push((case, batch.write_case(case)?));
    }
    let mut rest = files.as_slice();
    let mut readable = Vec::new();
    while !rest.is_empty() {
        match batch.run(&words(["validate-data"], rest.iter().map(|(_, file)| file)))? {
            Ok(told) if told.answer == Answer::Accepted => {
                batch.tally.add_cases(Answer::Accepted, rest.len());
                rest = &[];
            }
            Ok(told) => {
                let errors = String::from_utf8_lossy(&told.errors);
                let Some(refused) = rest.iter().position(|(_, file)| is_named(file, &errors))
                else {
                    singly(batch, rest, "it names no file that it refuses")?;
                    break;
                };
                let (read, others) = rest.split_at_checked(refused).unwrap_or_default();
                readable.extend_from_slice(read);
                batch.tally.add_cases(Answer::Accepted, read.len());
                batch.tally.add_cases(Answer::Refused, 1);
                rest = others.get(1..).unwrap_or_default();
            }
            Err(reason) => {
                singly(batch, rest, &reason)?;
                break;
            }
        }
    }
    reported(batch, &readable)
}

/// Reports on files that were read, but not reported on since one behind them was refused.
fn reported(batch: &mut Batch<'_>, readable: &[(u64, PathBuf)]) -> Result<()> {
    if readable.is_empty() {
        return Ok(());
    }
    let reason =
        match batch.run(&words(["validate-data"], readable.iter().map(|(_, file)| file)))? {
            Ok(told) if told.answer == Answer::Accepted => return Ok(()),
            Ok(_) => "files that were read before are refused".to_owned(),
            Err(reason) => reason,
        };
    let cases = batch.tally.clone();
    singly(batch, readable, &reason)?;
    // They were counted when they were read.
    batch.tally.cases = cases.cases;
    (batch.tally.accepted, batch.tally.refused) = (cases.accepted, cases.refused);
    Ok(())
}

/// Gives each of `files`, which did harm together because of `reason`, to a process of its own.
fn singly(batch: &mut Batch<'_>, files: &[(u64, PathBuf)], reason: &str) -> Result<()> {
    let faults = batch.tally.faults;
    for (case, file) in files {
        match batch.run(&words(["validate-data"], [file]))? {
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

/// Whether `errors` is about `file`.
fn is_named(file: &std::path::Path, errors: &str) -> bool {
    errors.contains(&*file.to_string_lossy())
}
