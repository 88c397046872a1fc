//! Brings many series up to date at once.

use futures_util::StreamExt;
use futures_util::stream;

use super::event::FetchObserver;
use super::job::{FetchJob, FetchSettings};
use super::report::FetchReport;
use super::series::{Context, fetch_series};
use super::session::Sessions;
use super::stop::Stop;
use crate::store::Store;

/// Series that are worked on at once: each has a thread that writes and a lock. Exchanges limit requests, not series.
const JOBS_AT_ONCE: usize = 32;

/// Brings the series of `jobs` up to date: asks their sources for exactly what is missing, keeps every page as it arrives,
/// and tells `observe` what happens. When one fails the others go on. When `stop` is set, what has arrived is kept and
/// nothing more is asked.
///
/// Must be called on a tokio runtime; it writes on the runtime's threads for blocking work. Given the same answers it
/// stores the same bars.
pub async fn fetch(
    store: &Store,
    jobs: Vec<FetchJob>,
    settings: FetchSettings,
    stop: &Stop,
    observe: FetchObserver<'_>,
) -> FetchReport {
    let sessions = Sessions::new(settings.now);
    let context = Context { store, sessions: &sessions, settings, stop, observe };
    // Collected first: a stream over a closure with a reference could not be moved to another thread.
    let fetches: Vec<_> = jobs.iter().map(|job| fetch_series(context, job)).collect();
    let series = stream::iter(fetches).buffered(JOBS_AT_ONCE);
    FetchReport { series: series.collect().await }
}

#[cfg(test)]
mod tests;
