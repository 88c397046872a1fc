//! The one place that reads the clock: how long a step took, and what time it is, which decides what is fetched. No result
//! of a run depends on it but the timing.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ct_host::run::Clock;
use ct_host::units::Timestamp;

/// The time now, as this machine has it.
#[expect(clippy::disallowed_methods, reason = "the edge at which the time is read and passed on")]
pub(super) fn now() -> Timestamp {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::clamped(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}

/// The clock of this machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        now()
    }

    /// Since it was asked first.
    #[expect(
        clippy::disallowed_methods,
        reason = "the timing of a result is told apart from the result"
    )]
    fn elapsed(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}
