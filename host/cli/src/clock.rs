//! The one place that reads the clock: how long a step took, and what time it is, which decides what is fetched. No result
//! of a run depends on it but the timing.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ct_host::units::Timestamp;

/// The time now, as this machine has it.
#[expect(clippy::disallowed_methods, reason = "the edge at which the time is read and passed on")]
pub(super) fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::clamped(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}

/// Measures from its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(
        clippy::disallowed_methods,
        reason = "the timing of a result is told apart from the result"
    )]
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// Milliseconds since the start.
    pub(super) fn elapsed_ms(self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1_000.0
    }
}
