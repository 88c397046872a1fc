//! Asks a source for everything that is still missing, many pages at once, and takes each as it arrives.

use futures_util::StreamExt;
use futures_util::stream;

use super::archive_files::{FileSizes, archive_files};
use super::asker::Asker;
use super::intake::Intake;
use super::listing::find_first_bar;
use super::plan::Plan;
use super::writer::WriterStopped;
use crate::TimeRange;
use crate::source::SourceError;
use ct_core::units::Timestamp;

/// Why asking ended early.
#[derive(Clone, Debug)]
pub(super) enum Ended {
    /// The user wished it.
    Stopped,
    /// The source failed.
    Failed(SourceError),
    /// What arrived could not be kept.
    NotKept,
}

impl From<WriterStopped> for Ended {
    fn from(_: WriterStopped) -> Self {
        Self::NotKept
    }
}

/// Asks `asker` for everything that is missing; `archive` first, for the files that save requests.
///
/// # Errors
/// What ended it early. What arrived until then is taken.
pub(super) async fn crawl(
    asker: &Asker<'_>,
    archive: Option<&Asker<'_>>,
    intake: &mut Intake<'_>,
) -> Result<(), Ended> {
    // Whoever stands in for an exchange is asked for no more than the exchange would have been.
    let reach_before = intake.plan.reach_from;
    limit_reach(asker, reach_before, &mut intake.plan);
    find_first_bar(asker, intake).await?;
    if let Some(archive) = archive {
        intake.count(asker.session.clock());
        let sizes =
            FileSizes::new(asker.grid.interval, asker.limits.rows_max, archive.limits.rows_max);
        let files = archive_files(&intake.plan.to_ask(asker.session.clock()), sizes);
        take_all(archive, files.into_iter(), intake).await?;
    }
    if !asker.session.knows_clock() {
        ask_first_page(asker, intake).await?;
        limit_reach(asker, reach_before, &mut intake.plan);
    }
    asker.tell_reach(&intake.plan);
    intake.count(asker.session.clock());
    let missing = intake.plan.to_ask(asker.session.clock()).into_iter();
    let windows = missing.flat_map(|range| asker.grid.windows(range, asker.limits.rows_max));
    take_all(asker, windows, intake).await?;
    how_it_ended(asker)
}

/// What ended `asker`, if anything did.
pub(super) fn how_it_ended(asker: &Asker<'_>) -> Result<(), Ended> {
    if asker.link.stop.is_set() {
        return Err(Ended::Stopped);
    }
    asker.failure().map_or(Ok(()), |error| Err(Ended::Failed(error.clone())))
}

/// The first page alone: it tells the source's clock, by which the end of all others is set.
async fn ask_first_page(asker: &Asker<'_>, intake: &mut Intake<'_>) -> Result<(), Ended> {
    let clock = asker.session.clock();
    intake.count(clock);
    let after_end = intake.plan.end_beyond(clock).map(|end| {
        let length_ms = asker.grid.step_ms().saturating_mul(i64::from(asker.limits.rows_max));
        TimeRange::from_ms(end.as_ms(), end.as_ms().saturating_add(length_ms))
    });
    let first = intake.plan.to_ask(clock).into_iter().next().or(after_end);
    let window = first.and_then(|first| asker.grid.windows(first, asker.limits.rows_max).next());
    if let Some(window) = window {
        let findings = asker.look_into(window).await;
        intake.take(asker, findings).await?;
    } else if intake.plan.is_out_of_reach(clock) {
        // Only for the clock: if this computer's is ahead, the bars can be had after all.
        let end_ms = asker.grid.floor(clock.as_ms());
        asker.look_into(TimeRange::from_ms(end_ms - asker.grid.step_ms(), end_ms)).await;
    }
    how_it_ended(asker)
}

/// Leaves out what `asker` cannot give because it only has its newest bars.
pub(super) fn limit_reach(asker: &Asker<'_>, before: Option<Timestamp>, plan: &mut Plan) {
    if let Some(newest_rows) = asker.limits.newest_rows {
        plan.reach_from = before.max(Some(plan.reach(asker.session.clock(), newest_rows)));
    }
}

async fn take_all(
    asker: &Asker<'_>,
    windows: impl Iterator<Item = TimeRange>,
    intake: &mut Intake<'_>,
) -> Result<(), Ended> {
    let windows = windows.take_while(|_| !asker.has_ended());
    let at_once = usize::try_from(asker.limits.concurrency).unwrap_or(usize::MAX).max(1);
    let mut findings =
        stream::iter(windows.map(|window| asker.look_into(window))).buffer_unordered(at_once);
    while let Some(findings) = findings.next().await {
        intake.take(asker, findings).await?;
    }
    Ok(())
}
