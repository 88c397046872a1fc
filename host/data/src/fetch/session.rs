//! What all jobs of a fetch share about one source: how many may ask at once, and what its clock shows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError};

use tokio::sync::Semaphore;

use super::notice::FetchNotice;
use ct_core::units::Timestamp;

/// A difference of clocks that is worth telling; smaller ones come from slow answers and rounded seconds.
const CLOCK_DIFFERENCE_MS_MAX: u64 = 30_000;

/// A source's clock that is further ahead is not believed: all the time until then would count as time without bars.
const CLOCK_AHEAD_MS_MAX: i64 = 10 * 366 * 86_400_000;
/// 2026-01-01. It is at least as late as this, whatever a computer shows whose clock was never set.
const LATE_ENOUGH_MS: i64 = 1_767_225_600_000;

/// The sources of a fetch.
#[derive(Debug)]
pub(super) struct Sessions {
    /// This computer's clock at the start.
    local: Timestamp,
    by_source: Mutex<BTreeMap<String, Arc<Session>>>,
}

/// One source.
#[derive(Debug)]
pub(super) struct Session {
    /// Requests that may be under way at once.
    pub(super) permits: Semaphore,
    /// This computer's clock at the start.
    local: Timestamp,
    /// The source's clock when it first answered.
    server: OnceLock<Timestamp>,
    /// The user was told that its clock is not believed.
    disbelief_told: Once,
}

impl Sessions {
    pub(super) const fn new(local: Timestamp) -> Self {
        Self { local, by_source: Mutex::new(BTreeMap::new()) }
    }

    /// The session of the source with this name. The first who asks for it sets how many may ask it at once.
    pub(super) fn of(&self, source: &str, concurrency: u32) -> Arc<Session> {
        let mut sessions = self.by_source.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.entry(source.to_owned()).or_insert_with(|| {
            let permits = usize::try_from(concurrency).unwrap_or(Semaphore::MAX_PERMITS);
            Arc::new(Session {
                permits: Semaphore::new(permits.clamp(1, Semaphore::MAX_PERMITS)),
                local: self.local,
                server: OnceLock::new(),
                disbelief_told: Once::new(),
            })
        });
        Arc::clone(session)
    }
}

impl Session {
    /// The source's clock as far as it is known, or else this computer's.
    pub(super) fn clock(&self) -> Timestamp {
        self.server.get().copied().unwrap_or(self.local)
    }

    /// Whether the source has told its time.
    pub(super) fn knows_clock(&self) -> bool {
        self.server.get().is_some()
    }

    /// Whether a time that the source tells as its own can be one.
    pub(super) fn believes(&self, server: Timestamp) -> bool {
        let latest_ms = self.local.as_ms().max(LATE_ENOUGH_MS).saturating_add(CLOCK_AHEAD_MS_MAX);
        server.as_ms() <= latest_ms
    }

    /// What is worth telling about a time that is not [believed](Self::believes), the first time.
    pub(super) fn disbelief(&self, source: &str, server: Timestamp) -> Option<FetchNotice> {
        let mut notice = None;
        self.disbelief_told.call_once(|| {
            let (source, local) = (source.to_owned(), self.local);
            notice = Some(FetchNotice::ClockNotBelieved { source, server, local });
        });
        notice
    }

    /// Takes the source's time, the first time it tells it; returns what is worth telling about it.
    pub(super) fn hear_clock(&self, source: &str, server: Timestamp) -> Option<FetchNotice> {
        self.server.set(server).ok()?;
        let difference_ms = server.as_ms().abs_diff(self.local.as_ms());
        (difference_ms > CLOCK_DIFFERENCE_MS_MAX).then(|| FetchNotice::ClockDiffers {
            source: source.to_owned(),
            server,
            local: self.local,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_of_another_age_is_not_believed_and_that_is_told_once() {
        for (local, server, is_believed) in [
            ("2026-05-01", "2026-05-01", true),
            ("2026-05-01", "2019-01-01", true),
            ("1970-01-01", "2030-01-01", true),
            ("2026-05-01", "2036-05-01", true),
            ("2026-05-01", "2037-01-01", false),
            ("1970-01-01", "9999-01-01", false),
        ] {
            let session = Sessions::new(local.parse().unwrap()).of("okx", 1);
            let server = server.parse().unwrap();
            assert_eq!(session.believes(server), is_believed, "{local} {server}");
            let told = session.disbelief("okx", server).unwrap().to_string();
            assert!(told.contains("this computer's is believed"), "{told}");
            assert_eq!(session.disbelief("okx", server), None);
        }
    }
}
