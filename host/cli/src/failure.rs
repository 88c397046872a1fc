//! Why a command ends without success, and with which exit code.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use ct_host::data::validate::Severity;

/// A command that did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Wrong usage, or input that cannot be used.
    Input(String),
    /// The same, for several reasons that are told one by one.
    Problems(Vec<String>),
    /// Something that went wrong on the way.
    Run(String),
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-C, when there is more to say.
    Stopped(String),
    /// What was checked is not sound; the message was the command's result.
    Findings(Severity),
    /// Whoever read standard output has seen enough.
    OutputClosed,
}

impl Failure {
    /// Input that `error` refuses.
    pub(super) fn input(error: impl Into<Box<dyn Error>>) -> Self {
        Self::Input(chain(error.into().as_ref()))
    }

    /// Input that is refused for all the reasons in `messages`.
    pub(super) fn inputs(messages: Vec<String>) -> Self {
        match <[String; 1]>::try_from(messages) {
            Ok([message]) => Self::Input(message),
            Err(several) => Self::Problems(several),
        }
    }

    /// A run that `error` ended.
    pub(super) fn run(error: impl Into<Box<dyn Error>>) -> Self {
        Self::Run(chain(error.into().as_ref()))
    }

    /// Standard output that `error` did not take.
    pub(super) fn output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::Run(format!("standard output cannot be written: {error}")),
        }
    }

    /// What is shown to the user; `None` when there is nothing, or more than one thing, to say.
    pub(super) fn message(&self) -> Option<&str> {
        match self {
            Self::Input(message) | Self::Run(message) | Self::Stopped(message) => Some(message),
            Self::Interrupted => Some("interrupted; nothing was saved"),
            Self::OutputClosed | Self::Findings(_) | Self::Problems(_) => None,
        }
    }

    /// What is shown to the user, each on a line of its own.
    pub(super) fn messages(&self) -> impl Iterator<Item = &str> {
        let problems = match self {
            Self::Problems(messages) => messages.as_slice(),
            _ => &[],
        };
        self.message().into_iter().chain(problems.iter().map(String::as_str))
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            // A reader like `head` that stops early is no failure.
            Self::OutputClosed | Self::Findings(Severity::Note) => 0,
            Self::Run(_) => 1,
            Self::Input(_) | Self::Problems(_) => 2,
            Self::Findings(Severity::Warning) => 3,
            Self::Findings(Severity::Error) => 4,
            Self::Interrupted | Self::Stopped(_) => 130,
        })
    }
}

/// The messages of `error` and of its causes on one line; a cause that its parent has already told is left out.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        cause = error.source();
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("inner ({0})")]
    struct Inner(#[source] io::Error);

    #[test]
    fn causes_follow_on_one_line_and_once() {
        let failure = Failure::input(Outer(Inner(io::Error::other("disk on fire"))));
        assert_eq!(failure.message(), Some("outer: inner (disk on fire)"));
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let failure = Failure::output(&io::ErrorKind::BrokenPipe.into());
        assert_eq!((failure.message(), failure.exit_code()), (None, ExitCode::SUCCESS));
        let full = Failure::output(&io::ErrorKind::StorageFull.into());
        assert_eq!(full.exit_code(), ExitCode::from(1));
    }
}
