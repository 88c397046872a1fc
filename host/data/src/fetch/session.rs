//! What all jobs of a fetch share about one source: how many may ask at once, and what its clock shows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::Semaphore;

use super::notice::FetchNotice;
use ct_core::units::Timestamp;

/// A difference of clocks that is worth telling; smaller ones come from slow answers and rounded seconds.
const CLOCK_DIFFERENCE_MS_MAX: u64 = 30_000;

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
