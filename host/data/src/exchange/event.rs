//! What a source has to say while it works.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::source::SourceError;
use ct_core::units::Timestamp;

/// Something that a user who waits should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceEvent {
    /// No request is made for a while, because the exchange wants that or soon would.
    Waiting {
        /// The source's name.
        source: String,
        /// How long.
        delay: Duration,
        /// Why.
        reason: String,
    },
    /// A request failed and is made again.
    Retrying {
        /// The source's name.
        source: String,
        /// Which try failed, from 1.
        attempt: u32,
        /// How long until the next.
        delay: Duration,
        /// How it failed.
        error: SourceError,
    },
    /// The rules of a symbol could not be fetched, so those of an earlier time are used.
    OldRules {
        /// The source's name.
        source: String,
        /// The symbol.
        symbol: String,
        /// When the rules were fetched.
        fetched: Timestamp,
        /// Why there are no newer ones.
        error: SourceError,
    },
}

impl fmt::Display for SourceEvent {
    /// One line for whoever waits.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { source, delay, reason } => {
                write!(formatter, "{source}: waiting {:.0} s: {reason}", delay.as_secs_f64().ceil())
            }
            Self::Retrying { attempt, delay, error, .. } => {
                let seconds = delay.as_secs_f64();
                write!(formatter, "{error}; try {attempt} failed, the next is in {seconds:.1} s")
            }
            Self::OldRules { symbol, fetched, error, .. } => {
                write!(formatter, "{error}; the rules of {symbol} are those of {fetched}")
            }
        }
    }
}

/// Where events go. It is called from several threads and must return at once.
pub type EventSink = Arc<dyn Fn(SourceEvent) + Send + Sync>;
