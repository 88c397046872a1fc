//! Why there is no result.

use std::error::Error;

use crate::backtest::BacktestError;
use crate::config::ConfigError;
use ct_core::engine::{FaultKind, MachineError};

/// Why there is no result, in words for whoever asked for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Input that cannot be used.
    #[error("{0}")]
    Input(String),
    /// The same, for several reasons that are told one by one.
    #[error("{}", .0.join("\n"))]
    Problems(Vec<String>),
    /// Something that went wrong on the way.
    #[error("{0}")]
    Run(String),
    /// Someone wanted to stop.
    #[error("interrupted; nothing was saved")]
    Interrupted,
    /// Someone wanted to stop, and there is more to say.
    #[error("{0}")]
    Stopped(String),
}

impl RunError {
    /// Input that `error` refuses.
    pub fn input(error: impl Into<Box<dyn Error>>) -> Self {
        Self::Input(chain(error.into().as_ref()))
    }

    /// Input that is refused for all the reasons in `messages`.
    pub fn inputs(messages: Vec<String>) -> Self {
        match <[String; 1]>::try_from(messages) {
            Ok([message]) => Self::Input(message),
            Err(several) => Self::Problems(several),
        }
    }

    /// A run that `error` ended.
    pub fn run(error: impl Into<Box<dyn Error>>) -> Self {
        Self::Run(chain(error.into().as_ref()))
    }

    /// What there is to say, each reason for itself.
    pub fn messages(&self) -> Vec<String> {
        match self {
            Self::Problems(messages) => messages.clone(),
            one => vec![one.to_string()],
        }
    }
}

impl From<Vec<ConfigError>> for RunError {
    /// What is wrong with a configuration.
    fn from(errors: Vec<ConfigError>) -> Self {
        Self::inputs(errors.iter().map(ToString::to_string).collect())
    }
}

impl From<BacktestError> for RunError {
    /// What was given wrongly is input; what happened in the run is not.
    fn from(error: BacktestError) -> Self {
        match &error {
            BacktestError::Settings(_) | BacktestError::Data(_) | BacktestError::Benchmark(_) => {
                Self::input(error)
            }
            BacktestError::Strategy { fault, .. } if fault.kind == FaultKind::Refused => {
                Self::input(error)
            }
            BacktestError::Machine(MachineError::Cancelled { .. }) => Self::Interrupted,
            BacktestError::Strategy { .. }
            | BacktestError::LookAhead { .. }
            | BacktestError::Machine(_) => Self::run(error),
        }
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
    use std::io;

    use super::*;
    use ct_core::engine::StrategyFault;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("inner ({0})")]
    struct Inner(#[source] io::Error);

    #[test]
    fn causes_follow_on_one_line_and_once() {
        let error = RunError::input(Outer(Inner(io::Error::other("disk on fire"))));
        assert_eq!(error.to_string(), "outer: inner (disk on fire)");
    }

    #[test]
    fn a_refused_parameter_is_wrong_input_and_a_trap_is_not() {
        let error = |kind| BacktestError::Strategy {
            strategy: "sma".to_owned(),
            fault: StrategyFault {
                kind,
                detail: "fast (50) must be less than slow (20)".to_owned(),
            },
        };
        assert_eq!(
            RunError::from(error(FaultKind::Refused)),
            RunError::Input("sma: fast (50) must be less than slow (20)".to_owned())
        );
        assert!(matches!(RunError::from(error(FaultKind::Trapped)), RunError::Run(_)));
        let cancelled = BacktestError::Machine(MachineError::Cancelled { row: 5 });
        assert_eq!(RunError::from(cancelled), RunError::Interrupted);
    }
}
