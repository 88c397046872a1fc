//! When the next request to an exchange may be made.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::{Instant, sleep_until};

use super::event::{EventSink, SourceEvent};
use super::headroom::Pause;
use super::profile::Profile;
use super::settings::ExchangeSettings;

/// Pauses that only move the end of the one before by less than this are not told.
const TOLD_FROM: Duration = Duration::from_millis(250);

/// The pace of all requests to one exchange: evenly spaced, and none before the time that it set.
pub(super) struct Pace {
    source: String,
    limiter: DefaultDirectRateLimiter,
    not_before: Mutex<Option<Instant>>,
    wait_max: Duration,
    events: EventSink,
}

impl Pace {
    pub(super) fn new(profile: &Profile, settings: &ExchangeSettings, events: EventSink) -> Self {
        let spacing = match settings.requests_per_second {
            Some(rate) => Duration::from_secs(1) / rate.get(),
            None => Duration::from_mins(1) / profile.requests_per_minute.max(1),
        };
        let quota = Quota::with_period(spacing).unwrap_or(Quota::per_second(NonZeroU32::MAX));
        Self {
            source: profile.id.to_owned(),
            limiter: RateLimiter::direct(quota),
            not_before: Mutex::new(None),
            wait_max: settings.wait_max,
            events,
        }
    }

    /// Waits for the next turn.
    ///
    /// # Errors
    /// How long the exchange wants to be left alone, when that is longer than anybody would wait.
    pub(super) async fn turn(&self) -> Result<(), Duration> {
        loop {
            if let Some(until) = self.not_before() {
                let left = until.saturating_duration_since(Instant::now());
                if left > self.wait_max {
                    return Err(left);
                }
                sleep_until(until).await;
            }
            self.limiter.until_ready().await;
            // A request that was answered meanwhile may have set a later time.
            if self.not_before().is_none_or(|until| until <= Instant::now()) {
                return Ok(());
            }
        }
    }

    /// Lets no request through for a while. A pause that is already longer stays.
    pub(super) fn hold(&self, pause: Pause) {
        let Some(until) = Instant::now().checked_add(pause.delay) else { return };
        let earlier = {
            let mut not_before = self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
            let earlier = *not_before;
            *not_before = Some(earlier.map_or(until, |earlier| earlier.max(until)));
            earlier.unwrap_or_else(Instant::now)
        };
        let longer = until.saturating_duration_since(earlier);
        if longer >= TOLD_FROM && pause.delay <= self.wait_max {
            let Pause { delay, reason } = pause;
            (self.events)(SourceEvent::Waiting { source: self.source.clone(), delay, reason });
        }
    }

    fn not_before(&self) -> Option<Instant> {
        *self.not_before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
