//! One job, from what is known to the report.

use std::sync::atomic::AtomicU64;

use super::asker::{Asker, Link, Role};
use super::crawl::{Ended, crawl, limit_reach};
use super::event::{FetchEvent, FetchObserver};
use super::intake::{Intake, Taken};
use super::job::{FetchJob, FetchSettings, SymbolSource};
use super::notice::FetchNotice;
use super::plan::{Plan, all_time};
use super::report::{FetchError, FetchStatus, SeriesReport};
use super::session::Sessions;
use super::stop::Stop;
use super::writer::{Writer, Written};
use crate::source::SourceError;
use crate::store::{Store, StoreError};
use ct_core::units::Timestamp;

/// What all jobs of a fetch share.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) store: &'a Store,
    pub(super) sessions: &'a Sessions,
    pub(super) settings: FetchSettings,
    pub(super) stop: &'a Stop,
    pub(super) observe: FetchObserver<'a>,
}

/// Brings the series of `job` up to date, as far as that is possible.
pub(super) async fn fetch_series(context: Context<'_>, job: &FetchJob) -> SeriesReport {
    let requests = AtomicU64::new(0);
    let report = match run(context, job, &requests).await {
        Ok(report) => report,
        Err(error) => SeriesReport {
            status: FetchStatus::Failed(error),
            ..SeriesReport::of_nothing(job.key.clone())
        },
    };
    let report = SeriesReport { requests: requests.into_inner(), ..report };
    (context.observe)(FetchEvent::Finished { report: &report });
    report
}

async fn run(
    context: Context<'_>,
    job: &FetchJob,
    requests: &AtomicU64,
) -> Result<SeriesReport, FetchError> {
    let Context { store, stop, observe, .. } = context;
    let link = Link { key: &job.key, stop, observe, requests };
    let exchange = asker(context, link, &job.sources.exchange, Role::Exchange)?;
    if let Some(report) = up_to_date(context, job, &exchange)? {
        return Ok(report);
    }
    let waiting = || observe(FetchEvent::Waiting { key: &job.key });
    let opened = tokio::select! {
        biased;
        () = stop.wait() => None,
        opened = Writer::open(store, &job.key, waiting) => Some(opened?),
    };
    let Some((writer, missing)) = opened else {
        return Ok(SeriesReport {
            status: FetchStatus::Interrupted,
            ..SeriesReport::of_nothing(job.key.clone())
        });
    };
    let plan = Plan::new(job, &missing, context.settings.refresh);
    let mut intake = Intake::new(plan, writer, link);
    let archive = job.sources.archive.as_ref();
    // An archive without files of the interval is no failure.
    let archive = archive.and_then(|source| asker(context, link, source, Role::Archive).ok());
    let ended = match crawl(&exchange, archive.as_ref(), &mut intake).await {
        Err(Ended::Failed(error)) if error.kind.is_transient() => {
            ask_fallbacks(context, job, &exchange, error, &mut intake).await
        }
        ended => ended,
    };
    let clock = exchange.session.clock();
    Ok(report(job, intake.close().await, ended, clock)?)
}

fn asker<'a>(
    context: Context<'a>,
    link: Link<'a>,
    source: &'a SymbolSource,
    role: Role,
) -> Result<Asker<'a>, SourceError> {
    Asker::new(link, source, context.sessions, (link.key.interval, role))
}

/// The report on a series of which nothing is missing, as far as this computer's clock tells. It is not locked for that.
fn up_to_date(
    context: Context<'_>,
    job: &FetchJob,
    exchange: &Asker<'_>,
) -> Result<Option<SeriesReport>, StoreError> {
    let refresh = context.settings.refresh;
    let Some(series) = context.store.series(&job.key)? else { return Ok(None) };
    let clock = exchange.session.clock();
    let mut plan = Plan::new(job, &series.asked().missing(all_time()), refresh);
    limit_reach(exchange, None, &mut plan);
    if !plan.to_ask(clock).is_empty() || plan.end_beyond(clock).is_some() {
        return Ok(None);
    }
    exchange.tell_reach(&plan);
    let missing = plan.missing(clock);
    Ok(Some(SeriesReport {
        status: if missing.is_empty() { FetchStatus::UpToDate } else { FetchStatus::Partial },
        rows_held: series.rows(),
        missing,
        version: (series.rows() > 0).then(|| series.version().to_owned()),
        ..SeriesReport::of_nothing(job.key.clone())
    }))
}

/// Asks the sources that the user allowed for what the exchange could not give because of `error`.
async fn ask_fallbacks(
    context: Context<'_>,
    job: &FetchJob,
    exchange: &Asker<'_>,
    error: SourceError,
    intake: &mut Intake<'_>,
) -> Result<(), Ended> {
    for source in &job.sources.fallbacks {
        let next = source.source.name().to_owned();
        exchange.link.note(&FetchNotice::Fallback { error: error.clone(), next });
        let ended = match asker(context, exchange.link, source, Role::Fallback) {
            Ok(fallback) => ask_fallback(&fallback, intake).await,
            Err(error) => Err(Ended::Failed(error)),
        };
        match ended {
            Err(Ended::Failed(error)) => {
                exchange.link.note(&FetchNotice::FallbackFailed { error });
            }
            ended => return ended,
        }
    }
    Err(Ended::Failed(error))
}

async fn ask_fallback(fallback: &Asker<'_>, intake: &mut Intake<'_>) -> Result<(), Ended> {
    let before = intake.plan.clone();
    let ended = crawl(fallback, None, intake).await;
    intake.plan.reach_from = before.reach_from;
    for range in intake.plan.learnt_since(&before, fallback.session.clock()) {
        intake.record_fallback(fallback, range).await?;
    }
    ended
}

fn report(
    job: &FetchJob,
    taken: Taken,
    ended: Result<(), Ended>,
    clock: Timestamp,
) -> Result<SeriesReport, StoreError> {
    let Taken { plan, written, conflicts, empty, sources } = taken;
    let Written { added, rows_held, version } = written?;
    let missing = plan.missing(clock);
    let status = match ended {
        Err(Ended::Failed(error)) => FetchStatus::Failed(error.into()),
        Err(Ended::Stopped) if !missing.is_empty() => FetchStatus::Interrupted,
        _ if !missing.is_empty() => FetchStatus::Partial,
        _ if sources.is_empty() => FetchStatus::UpToDate,
        _ => FetchStatus::Updated,
    };
    Ok(SeriesReport {
        key: job.key.clone(),
        status,
        rows_added: added.rows_added,
        rows_held,
        requests: 0,
        revised: added.rows_revised,
        withdrawn: added.rows_withdrawn,
        conflicts,
        empty,
        missing,
        sources,
        version,
    })
}
