//! Whether a fetch did what it should.

use crate::run::RunError;
use ct_data::fetch::{FetchError, FetchReport, FetchStatus};
use ct_data::source::SourceErrorKind;

/// Whether everything of `report` was fetched.
///
/// # Errors
/// [`RunError::Stopped`] when it was stopped; [`RunError::Input`] when all that failed is what the user asked for; [`RunError::Run`]
/// when anything else failed, with `advice`.
pub fn check_fetch(report: &FetchReport, advice: &str) -> Result<(), RunError> {
    if report.series.iter().any(|series| matches!(series.status, FetchStatus::Interrupted)) {
        return Err(interrupted());
    }
    let errors: Vec<&FetchError> = report
        .series
        .iter()
        .filter_map(|series| match &series.status {
            FetchStatus::Failed(error) => Some(error),
            _ => None,
        })
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    let reasons = reasons(&errors);
    if errors.iter().all(|error| is_usage(error)) {
        return Err(RunError::input(reasons));
    }
    let (failed, all) = (errors.len(), report.series.len());
    Err(RunError::run(match all {
        1 if advice.is_empty() => reasons,
        1 => format!("{reasons}; {advice}"),
        _ if advice.is_empty() => {
            format!("{failed} of {all} series could not be fetched: {reasons}")
        }
        _ => format!("{failed} of {all} series could not be fetched: {reasons}; {advice}"),
    }))
}

/// What is said when a fetch was stopped.
pub(super) fn interrupted() -> RunError {
    let message = "interrupted; what had arrived is kept, and the same command goes on from there";
    RunError::Stopped(message.to_owned())
}

/// Whether the user asked for what there is not.
const fn is_usage(error: &FetchError) -> bool {
    match error {
        FetchError::Source(error) => {
            matches!(error.kind, SourceErrorKind::Symbol | SourceErrorKind::Interval)
        }
        FetchError::Store(_) => false,
    }
}

/// Each reason once.
fn reasons(errors: &[&FetchError]) -> String {
    let mut reasons: Vec<String> = errors.iter().map(ToString::to_string).collect();
    reasons.dedup();
    reasons.join("; ")
}
