//! Why a command ends without success, and with which exit code.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use ct_host::data::validate::Severity;
use ct_host::run::RunError;

/// A command that did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The work itself failed, or was not to be done.
    Work(RunError),
    /// What was checked is not sound; the message was the command's result.
    Findings(Severity),
    /// Whoever read standard output has seen enough.
    OutputClosed,
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self::Work(error)
    }
}

impl Failure {
    /// Wrong usage, or input that `error` refuses.
    pub(super) fn input(error: impl Into<Box<dyn Error>>) -> Self {
        Self::Work(RunError::input(error))
    }

    /// The same for all the reasons in `messages`.
    pub(super) fn inputs(messages: Vec<String>) -> Self {
        Self::Work(RunError::inputs(messages))
    }

    /// Something that went wrong on the way, as `error` tells.
    pub(super) fn run(error: impl Into<Box<dyn Error>>) -> Self {
        Self::Work(RunError::run(error))
    }

    /// Standard output that `error` did not take.
    pub(super) fn output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::run(format!("standard output cannot be written: {error}")),
        }
    }

    /// What is shown to the user, each on a line of its own.
    pub(super) fn messages(&self) -> Vec<String> {
        match self {
            Self::Work(error) => error.messages(),
            Self::OutputClosed | Self::Findings(_) => Vec::new(),
        }
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            // A reader like `head` that stops early is no failure.
            Self::OutputClosed | Self::Findings(Severity::Note) => 0,
            Self::Work(RunError::Run(_)) => 1,
            Self::Work(RunError::Input(_) | RunError::Problems(_)) => 2,
            Self::Findings(Severity::Warning) => 3,
            Self::Findings(Severity::Error) => 4,
            Self::Work(RunError::Interrupted | RunError::Stopped(_)) => 130,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let failure = Failure::output(&io::ErrorKind::BrokenPipe.into());
        assert_eq!((failure.messages(), failure.exit_code()), (Vec::new(), ExitCode::SUCCESS));
        let full = Failure::output(&io::ErrorKind::StorageFull.into());
        assert_eq!(full.exit_code(), ExitCode::from(1));
    }
}
