//! Asks one source for one series.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::event::{FetchEvent, FetchObserver};
use super::grid::Grid;
use super::job::SymbolSource;
use super::notice::FetchNotice;
use super::plan::Plan;
use super::session::{Session, Sessions};
use super::stop::Stop;
use super::window::{Findings, Proof, Window};
use crate::source::{Page, PageLimits, PageRequest, SourceError, SourceErrorKind};
use crate::{SeriesKey, TimeRange};
use ct_core::market::RawColumns;
use ct_core::units::{Interval, Timestamp};

/// How long after its close a bar may come, at most, before it counts as one that does not exist.
const LATE_MS_MAX: i64 = 30_000;

/// One source, asked for one symbol. When requests fail after their retries, or the user stops, no further one is sent.
#[derive(Debug)]
pub(super) struct Asker<'a> {
    pub(super) link: Link<'a>,
    pub(super) source: &'a SymbolSource,
    pub(super) session: Arc<Session>,
    pub(super) limits: PageLimits,
    pub(super) grid: Grid,
    pub(super) role: Role,
    failures: AtomicU32,
    /// The failure after which it is not asked any more.
    failure: OnceLock<SourceError>,
}

/// What a source is to the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It knows which bars there are. After a failure it is not asked any more.
    Exchange,
    /// It takes the place of the exchange after a failure, and knows nothing about bars that it does not have.
    Fallback,
    /// It has files, some of which may be missing; then the exchange is asked instead.
    Archive,
}

impl Role {
    /// Failures in a row after which the source is not asked any more.
    const fn failures_max(self) -> u32 {
        match self {
            Self::Exchange | Self::Fallback => 1,
            Self::Archive => 4,
        }
    }
}

/// What ties an [`Asker`] to the job it asks for.
#[derive(Clone, Copy)]
pub(super) struct Link<'a> {
    pub(super) key: &'a SeriesKey,
    pub(super) stop: &'a Stop,
    pub(super) observe: FetchObserver<'a>,
    /// Requests sent for the job, to all sources.
    pub(super) requests: &'a AtomicU64,
}

impl std::fmt::Debug for Link<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Link").field("key", self.key).finish_non_exhaustive()
    }
}

impl Link<'_> {
    /// Tells the user.
    pub(super) fn note(&self, notice: &FetchNotice) {
        (self.observe)(FetchEvent::Note { key: self.key, notice });
    }
}

impl<'a> Asker<'a> {
    /// Asks `source` for bars of an interval.
    ///
    /// # Errors
    /// The source has no bars of it.
    pub(super) fn new(
        link: Link<'a>,
        source: &'a SymbolSource,
        sessions: &Sessions,
        (interval, role): (Interval, Role),
    ) -> Result<Self, SourceError> {
        let limits = source.source.limits(interval)?;
        Ok(Self {
            link,
            source,
            session: sessions.of(source.source.name(), limits.concurrency),
            limits,
            grid: Grid::new(interval),
            role,
            failures: AtomicU32::new(0),
            failure: OnceLock::new(),
        })
    }

    pub(super) fn name(&self) -> &'a str {
        self.source.source.name()
    }

    /// Why nothing more is asked; `None` while it is.
    pub(super) fn failure(&self) -> Option<&SourceError> {
        self.failure.get()
    }

    /// Whether no further request is sent.
    pub(super) fn has_ended(&self) -> bool {
        self.failure.get().is_some() || self.link.stop.is_set()
    }

    /// What the source's answers prove.
    pub(super) const fn proof(&self) -> Proof {
        match (self.role, self.limits.newest_rows) {
            (Role::Archive, _) => Proof::RowsOnly,
            (Role::Fallback, _) => Proof::Substitute,
            (Role::Exchange, Some(_)) => Proof::NewestOnly,
            (Role::Exchange, None) => Proof::Complete,
        }
    }

    /// What the source's answers prove about `range`: a source that only has its newest bars has all of those that are more
    /// than a page away from its limit.
    fn proof_about(&self, range: TimeRange) -> Proof {
        match (self.proof(), self.limits.newest_rows) {
            (Proof::NewestOnly, Some(newest_rows)) => {
                let bars = i64::from(newest_rows) - i64::from(self.limits.rows_max);
                let sure_from_ms =
                    self.session.clock().as_ms().saturating_sub(bars * self.grid.step_ms());
                let is_sure = bars > 0 && range.from.as_ms() >= sure_from_ms;
                if is_sure { Proof::Complete } else { Proof::NewestOnly }
            }
            (proof, _) => proof,
        }
    }

    /// Asks until everything about `range` is known that can be known, or no further request is sent.
    pub(super) async fn look_into(&self, range: TimeRange) -> Findings {
        let mut window = Window::new(range, self.grid, self.proof_about(range));
        while let Some(request) = window.request() {
            let Some(page) = self.page(request).await else { break };
            let clock = page.server_time.unwrap_or_else(|| self.session.clock());
            window.answer(&page.rows, self.proven_to(&page.rows, clock));
        }
        window.findings()
    }

    /// The end of the time about which an answer of `rows` proves anything, when the source's clock shows `clock`. A bar
    /// that closed a moment ago may not be there yet, and is not missing for good.
    fn proven_to(&self, rows: &RawColumns, clock: Timestamp) -> Timestamp {
        let newest_ms = rows.time.last().copied().unwrap_or_default();
        let given_to = Timestamp::clamped(newest_ms.saturating_add(self.grid.step_ms()));
        let earlier = Timestamp::clamped(clock.as_ms() - LATE_MS_MAX);
        given_to.max(self.grid.closed_to(earlier)).min(self.grid.closed_to(clock))
    }

    /// Tells the user what of `plan` the source cannot give, because it only has its newest bars.
    pub(super) fn tell_reach(&self, plan: &Plan) {
        let range = plan.out_of_reach(self.session.clock());
        if let (Some(range), Some(newest_rows)) = (range, self.limits.newest_rows) {
            let source = self.name().to_owned();
            self.link.note(&FetchNotice::OutOfReach { source, range, newest_rows });
        }
    }

    /// The same source, asked for bars of another interval.
    ///
    /// # Errors
    /// It has no bars of it.
    pub(super) fn of_interval(&self, interval: Interval) -> Result<Self, SourceError> {
        Ok(Self {
            link: self.link,
            source: self.source,
            session: Arc::clone(&self.session),
            limits: self.source.source.limits(interval)?,
            grid: Grid::new(interval),
            role: Role::Exchange,
            failures: AtomicU32::new(0),
            failure: OnceLock::new(),
        })
    }

    /// One answer; `None` when there is none and no further request is sent.
    async fn page(&self, range: TimeRange) -> Option<Page> {
        let request =
            PageRequest { symbol: self.source.symbol.clone(), interval: self.grid.interval, range };
        let answer = async {
            // It cannot fail: nobody closes the permits.
            let _permit = self.session.permits.acquire().await;
            if self.has_ended() {
                return None;
            }
            self.link.requests.fetch_add(1, Ordering::Relaxed);
            Some(self.source.source.page(&request).await)
        };
        let answer = tokio::select! {
            biased;
            () = self.link.stop.wait() => None,
            answer = answer => answer,
        };
        match answer? {
            Ok(Page { rows, server_time }) => {
                self.failures.store(0, Ordering::Relaxed);
                let server_time = server_time.filter(|server| self.believes(*server));
                self.hear_clock(server_time);
                Some(Page { rows, server_time })
            }
            Err(error) => {
                self.bear(error);
                None
            }
        }
    }

    /// Whether a time that the source tells as its own can be one; tells the user if not.
    fn believes(&self, server: Timestamp) -> bool {
        let is_believed = self.session.believes(server);
        let notice = (!is_believed).then(|| self.session.disbelief(self.name(), server)).flatten();
        if let Some(notice) = notice {
            self.link.note(&notice);
        }
        is_believed
    }

    fn hear_clock(&self, server: Option<Timestamp>) {
        if let Some(notice) = server.and_then(|server| self.session.hear_clock(self.name(), server))
        {
            self.link.note(&notice);
        }
    }

    fn bear(&self, error: SourceError) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        let is_absent = matches!(error.kind, SourceErrorKind::Symbol | SourceErrorKind::Absent);
        if self.role == Role::Archive && !is_absent {
            self.link.note(&FetchNotice::ArchiveFailed { error: error.clone() });
        }
        if failures >= self.role.failures_max() {
            // Only the first is kept; those of requests under way most likely have the same cause.
            let _first = self.failure.set(error);
        }
    }
}
