//! Finds the first bar of a symbol with few requests, by its daily bars.

use super::asker::{Asker, Role};
use super::crawl::{Ended, how_it_ended};
use super::grid::DAY_MS;
use super::intake::Intake;
use super::notice::FetchNotice;
use super::report::{Missing, MissingReason};
use super::window::{Findings, Known};
use crate::TimeRange;
use ct_core::units::{Interval, Timestamp};

/// How long before the first daily bar shorter bars are still looked for.
const MARGIN_MS: i64 = DAY_MS;

/// When a long range lies before everything that is known, finds where the bars begin and takes the time before as empty.
/// Does nothing for a source without daily bars.
///
/// # Errors
/// What ended it early.
pub(super) async fn find_first_bar(
    asker: &Asker<'_>,
    intake: &mut Intake<'_>,
) -> Result<(), Ended> {
    let clock = asker.session.clock();
    let Some(range) = intake.plan.before_listing(clock, asker.limits) else { return Ok(()) };
    let Ok(day) = Interval::from_ms(DAY_MS) else { return Ok(()) };
    let Ok(daily) = asker.of_interval(day) else { return Ok(()) };
    if daily.limits.newest_rows.is_some() {
        return Ok(());
    }
    intake.count(clock);
    let empty_to = bars_begin(&daily, range).await?;
    let before = TimeRange::new(
        range.from,
        Timestamp::clamped(asker.grid.floor(empty_to.as_ms() - MARGIN_MS)).min(range.to),
    );
    if before.is_empty() {
        return Ok(());
    }
    let source = asker.name().to_owned();
    asker.link.note(&FetchNotice::FirstBar { source, time: before.to });
    if asker.role == Role::Fallback {
        // The exchange it stands in for may have earlier bars.
        let reason = MissingReason::NotFetched;
        intake.plan.set_aside(Missing { range: before, reason });
        return Ok(());
    }
    let known = vec![Known { range: before, rows: Vec::new() }];
    let findings = Findings { known, empty: vec![before], ..Findings::default() };
    Ok(intake.take(asker, findings).await?)
}

/// The open time of the first daily bar in `range`; without any, the end of the last day that is known to have none.
async fn bars_begin(daily: &Asker<'_>, range: TimeRange) -> Result<Timestamp, Ended> {
    let mut empty_to = range.from;
    for window in daily.grid.windows(daily.grid.aligned(range), daily.limits.rows_max) {
        let findings = daily.look_into(window).await;
        how_it_ended(daily)?;
        let first = findings.known.iter().find_map(|known| known.rows.first());
        if let Some(first) = first {
            return Ok(Timestamp::clamped(first.time));
        }
        let Some(known) = findings.known.last() else { break };
        empty_to = known.range.to;
    }
    Ok(empty_to)
}
