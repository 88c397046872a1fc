//! The one place that reads the clock: how long a step took. No result depends on it but the timing.

use std::time::Instant;

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
