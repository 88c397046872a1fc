//! The way of log lines and plot points out of a strategy.
//!
//! In a component they go to the host. Natively they are dropped, unless
//! [`testing::capture`](crate::testing::capture) listens.

/// How important a log line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For the author of the strategy.
    Debug,
    /// Normal events.
    Info,
    /// Something unexpected that the strategy can live with.
    Warn,
    /// Something that makes the strategy's decisions doubtful.
    Error,
}

#[cfg(target_arch = "wasm32")]
pub(crate) use crate::component::{log, plot};

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use crate::testing::{log, plot};
