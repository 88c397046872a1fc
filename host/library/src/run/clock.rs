//! What time it is, for whoever must know: the library reads no clock.

use std::fmt::Debug;
use std::time::Duration;

use ct_core::units::Timestamp;

/// Tells the time. It decides which bars are closed and which are to be fetched; no result depends on it but its timing.
///
/// A [`Timestamp`] is a clock that stands still.
pub trait Clock: Debug + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// The time since some moment that stays the same. A clock that stands still times nothing.
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

impl Clock for Timestamp {
    fn now(&self) -> Timestamp {
        *self
    }
}
