//! What is asked for, and what is known afterwards.

use std::sync::Arc;

use super::desk::{Desk, at, fake_of, job, key, later, source};
use crate::SeriesKey;
use crate::fetch::fake::{Fake, HOUR, Tells, hours};
use crate::fetch::{FetchEnd, FetchJob, FetchStatus, MissingReason, Refresh};

#[test]
fn a_series_is_fetched_once_and_then_brought_up_to_date_with_one_request() {
    let mut desk = Desk::new(35);
    let fake = Arc::new(Fake { clock: (35, Tells::Time), ..fake_of(0..100) });
    let report = desk.fetch_now(&fake, 0);
    assert!(matches!(report.status, FetchStatus::Updated), "{report:?}");
    assert_eq!((report.rows_added, report.rows_held, report.requests), (35, 35, 4));
    assert_eq!(fake.asked(), [(0, 10), (10, 20), (20, 30), (30, 35)]);
    desk.assert_stored(0..35);

    let again = desk.fetch_now(&fake, 0);
    assert!(matches!(again.status, FetchStatus::UpToDate));
    assert_eq!((again.requests, again.version), (0, report.version.clone()));

    desk.hour = 37;
    let fake = later(&fake, 37);
    let update = desk.fetch_now(&fake, 0);
    assert_eq!((update.requests, update.rows_added), (1, 2));
    assert_eq!(fake.asked(), [(35, 37)]);
    // The bar that was still open at first is stored as it was when it closed.
    desk.assert_stored(0..37);
    assert_ne!(update.version, report.version);
}

#[test]
fn days_that_open_at_an_odd_hour_are_fetched_once() {
    const DAY: i64 = 24 * HOUR;
    let mut desk = Desk::new(20 * 24 + 16 + 12);
    let days = |now| {
        let (opens, clock) = ((DAY, 16 * HOUR), (now, Tells::Time));
        Arc::new(Fake { opens, clock, ..fake_of(0..100) })
    };
    let job = |fake: &Arc<Fake>| {
        let key = SeriesKey { interval: "1d".parse().unwrap(), ..key("BTC/USDT") };
        FetchJob { key, ..job(fake, 24, FetchEnd::Now) }
    };
    let fake = days(20);
    let report = desk.fetch(job(&fake));
    assert_eq!((report.rows_added, report.requests, report.empty.len()), (19, 2, 0));
    for hours_later in [0, 8] {
        desk.hour += hours_later;
        assert_eq!(desk.fetch(job(&fake)).requests, 0, "{hours_later} hours later");
    }
    desk.hour += 16;
    let update = desk.fetch(job(&days(21)));
    assert_eq!((update.rows_added, update.requests, update.rows_held), (1, 1, 20));
}

#[test]
fn exactly_what_is_missing_is_asked_for() {
    let desk = Desk::new(50);
    let fake = Arc::new(Fake { clock: (50, Tells::Time), ..fake_of(0..100) });
    desk.fetch(job(&fake, 10, at(15)));
    desk.fetch(job(&fake, 20, at(25)));
    let fake = later(&fake, 50);
    let report = desk.fetch(job(&fake, 5, at(28)));
    assert_eq!(fake.asked(), [(5, 10), (15, 20), (25, 28)]);
    assert_eq!(report.rows_added, 13);
    desk.assert_stored(5..28);
}

#[test]
fn an_end_that_is_still_to_come_is_cut_and_one_that_has_passed_is_kept() {
    let desk = Desk::new(35);
    let fake = Arc::new(Fake { clock: (35, Tells::Nothing), ..fake_of(0..100) });
    assert!(matches!(desk.fetch(job(&fake, 30, at(90))).status, FetchStatus::Updated));
    desk.assert_stored(30..35);
    desk.fetch(job(&fake, 20, at(22)));
    desk.assert_stored((20..22).chain(30..35));
}

#[test]
fn what_the_newest_bars_do_not_reach_is_missing_with_the_reason() {
    let mut desk = Desk::new(50);
    let fake = Fake { clock: (50, Tells::Time), newest_rows: Some(10), ..fake_of(0..100) };
    let fake = Arc::new(fake);
    let report = desk.fetch_now(&fake, 0);
    assert!(matches!(report.status, FetchStatus::Partial));
    assert_eq!((fake.asked(), report.empty.len()), (vec![(41, 50)], 0));
    let missing = report.missing.first().unwrap();
    assert_eq!((missing.range, missing.reason), (hours(0, 41), MissingReason::OutOfReach));
    assert_eq!(desk.was_told("import a file"), 1);
    let again = desk.fetch_now(&fake, 0);
    assert!(matches!(again.status, FetchStatus::Partial));
    assert_eq!((again.requests, again.rows_held), (0, 9));
    // Away for too long: what lies between can never be had, and is not taken as empty.
    desk.hour = 80;
    let fake = Fake { newest_rows: Some(10), ..fake_of(0..100) };
    let report = desk.fetch_now(&Arc::new(Fake { clock: (80, Tells::Time), ..fake }), 41);
    assert_eq!(report.missing.first().unwrap().range, hours(50, 71));
    desk.assert_stored((41..50).chain(71..80));
}

#[test]
fn a_young_coin_of_a_source_of_the_newest_bars_has_no_known_past() {
    let desk = Desk::new(50);
    let fake = Fake { clock: (50, Tells::Time), newest_rows: Some(10), ..fake_of(46..100) };
    let report = desk.fetch_now(&Arc::new(fake), 41);
    let missing = report.missing.first().unwrap();
    assert_eq!((missing.range, missing.reason), (hours(41, 46), MissingReason::OutOfReach));
    desk.assert_stored(46..50);
}

#[test]
fn years_before_the_listing_cost_a_few_requests() {
    let (listing, now) = (24 * 700 + 5, 24 * 705);
    let desk = Desk::new(now);
    let fake = Fake {
        clock: (now, Tells::Time),
        daily: true,
        rows_max: (100, usize::MAX),
        ..fake_of(listing..now)
    };
    let fake = Arc::new(fake);
    let report = desk.fetch_now(&fake, 0);
    desk.assert_stored(listing..now);
    assert_eq!(report.empty, [hours(0, listing)]);
    assert!(report.requests <= 24, "{}", report.requests);
    let nothing = Fake { daily: true, rows_max: (100, usize::MAX), ..fake_of([]) };
    let nothing = Arc::new(Fake { clock: (now, Tells::Time), ..nothing });
    let report = Desk::new(now).fetch_now(&nothing, 0);
    assert!(report.missing.is_empty() && report.requests <= 24, "{report:?}");
}

#[test]
fn whole_days_come_from_the_archive_and_the_rest_from_the_exchange() {
    let desk = Desk::new(24 * 5 + 3);
    let clock = (24 * 5 + 3, Tells::Time);
    let exchange = Arc::new(Fake { clock, ..fake_of(0..24 * 5 + 3) });
    // It has no file of the third day, and a hole that the exchange has not.
    let archive = Fake {
        name: "fake archive",
        clock,
        rows_max: (24 * 31, usize::MAX),
        ..fake_of((0..30).chain(31..24 * 2).chain(24 * 3..24 * 5))
    };
    let archive = Arc::new(archive);
    let mut job = job(&exchange, 20, FetchEnd::Now);
    job.sources.archive = Some(source(&archive));
    let report = desk.fetch(job);
    desk.assert_stored(20..24 * 5 + 3);
    assert_eq!(archive.asked(), [(24, 48), (48, 72), (72, 96), (96, 120)]);
    assert_eq!(exchange.asked(), [(20, 24), (30, 31), (48, 58), (58, 68), (68, 72), (120, 123)]);
    assert_eq!(report.sources, ["fake archive", "fake"]);
}

#[test]
fn a_refresh_finds_what_the_exchange_has_revised() {
    let mut desk = Desk::new(30);
    let clock = (30, Tells::Time);
    desk.fetch_now(&Arc::new(Fake { clock, more_volume: 1.0, ..fake_of(0..30) }), 0);
    let fake = Arc::new(Fake { clock, ..fake_of((0..12).chain(13..30)) });
    assert_eq!(desk.fetch_now(&fake, 0).requests, 0);
    desk.refresh = Refresh::Everything;
    let report = desk.fetch_now(&fake, 0);
    assert_eq!((report.rows_added, report.revised, report.withdrawn), (0, 29, 1));
    desk.assert_stored((0..12).chain(13..30));
}
