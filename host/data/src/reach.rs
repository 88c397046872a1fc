//! Whether a host can be reached at all: one whose name is unknown, or that refuses connections, is not there in a minute
//! either.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Connections that are tried to a host that has never answered. Their delays are a few seconds together.
const CONNECTIONS_MAX: u32 = 3;

/// What is known of the way to a host. Requests at the same time share it.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// It has answered, whatever it said. What breaks later may come back.
    has_answered: AtomicBool,
    /// Connections that did not come about.
    failures: AtomicU32,
    /// When the latest of them was counted.
    counted: Mutex<Option<Instant>>,
}

impl Reach {
    /// The host has answered.
    pub(crate) fn answered(&self) {
        self.has_answered.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_answered(&self) -> bool {
        self.has_answered.load(Ordering::Relaxed)
    }

    /// Takes in how a request failed, whose tries are at least `apart`: requests that fail together fail of the same, and count once.
    pub(crate) fn failed(&self, error: &reqwest::Error, apart: Duration) {
        if error.is_connect() {
            // One that was waited for in vain has taken longer than all tries should.
            let failures = if error.is_timeout() { CONNECTIONS_MAX } else { 1 };
            self.count(failures, (Instant::now(), apart));
        }
    }

    fn count(&self, failures: u32, (now, apart): (Instant, Duration)) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.is_none_or(|last| now.saturating_duration_since(last) >= apart) {
            *counted = Some(now);
            self.failures.fetch_add(failures, Ordering::Relaxed);
        }
    }

    /// Whether no connection to the host has come about so far. What is tried again in this time is not told: one line says it
    /// all in the end.
    pub(crate) fn is_in_doubt(&self) -> bool {
        !self.has_answered() && self.failures.load(Ordering::Relaxed) > 0
    }

    /// Whether another try is not worth it.
    pub(crate) fn is_lost(&self) -> bool {
        !self.has_answered() && self.failures.load(Ordering::Relaxed) >= CONNECTIONS_MAX
    }
}

/// What to do about a host that cannot be reached.
pub(crate) const ADVICE: &str =
    "check the network, and the base URL and the proxy if you have named any";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_fail_together_are_one_try() {
        let (reach, start) = (Reach::default(), Instant::now());
        for (ms, lost) in [(0, false), (1, false), (2, false), (900, false), (2_000, true)] {
            reach.count(1, (start + Duration::from_millis(ms), Duration::from_millis(250)));
            assert_eq!(reach.is_lost(), lost, "after {ms} ms");
        }
        reach.answered();
        assert!(!reach.is_lost());
    }
}
