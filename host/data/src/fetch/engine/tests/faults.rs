//! Sources that fail, contradict themselves or have another clock, and users who stop.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::desk::{Desk, fake_of, job, key, later, source};
use crate::fetch::fake::{Fake, Tells, hours};
use crate::fetch::{
    FetchEnd, FetchJob, FetchSettings, FetchStatus, MissingReason, Refresh, Stop, fetch,
};
use crate::source::SourceErrorKind;
use ct_core::units::Timestamp;

#[test]
fn a_series_that_is_up_to_date_is_not_locked_and_another_writer_is_waited_for() {
    let mut desk = Desk::new(35);
    let fake = Arc::new(Fake { clock: (35, Tells::Time), ..fake_of(0..100) });
    desk.fetch_now(&fake, 0);
    let editor = desk.store().edit(&key("BTC/USDT"), &mut || panic!("it is free")).unwrap();
    *desk.other_process.lock().unwrap() = Some(editor);
    desk.fetch_now(&fake, 0);
    assert!(desk.other_process.lock().unwrap().is_some());
    desk.hour = 36;
    assert_eq!(desk.fetch_now(&later(&fake, 36), 0).rows_added, 1);
    assert!(desk.other_process.lock().unwrap().is_none());
}

#[test]
fn the_reach_of_the_newest_bars_is_measured_by_the_clock_of_the_source() {
    for local_hour in [43, 50, 57, 500] {
        let desk = Desk::new(local_hour);
        let fake = Fake { clock: (50, Tells::Time), newest_rows: Some(10), ..fake_of(0..100) };
        let report = desk.fetch_now(&Arc::new(fake), 0);
        assert_eq!(report.missing.len(), 1, "{report:?}");
        assert_eq!(report.missing.first().unwrap().range, hours(0, 41));
        assert_eq!(desk.was_told("import a file"), 1);
        desk.assert_stored(41..50);
    }
}

#[test]
fn holes_and_listings_are_asked_for_again_and_then_known_to_be_empty() {
    let desk = Desk::new(50);
    let bars = (13..17).chain(18..30).chain(42..50);
    let fake = Arc::new(Fake { clock: (50, Tells::Time), ..fake_of(bars.clone()) });
    let report = desk.fetch_now(&fake, 0);
    assert!(matches!(report.status, FetchStatus::Updated));
    let empty = [hours(0, 13), hours(17, 18), hours(30, 42)];
    assert_eq!(report.empty, empty);
    desk.assert_stored(bars);
    let again = desk.fetch_now(&fake, 0);
    assert_eq!((again.requests, again.version), (0, report.version));
}

#[test]
fn a_clock_that_is_ahead_does_not_make_the_future_known() {
    let desk = Desk::new(500);
    let fake = Arc::new(Fake { clock: (35, Tells::Time), ..fake_of(0..100) });
    let report = desk.fetch_now(&fake, 0);
    assert_eq!((report.requests, report.empty.len()), (4, 0));
    desk.assert_stored(0..35);
    assert_eq!(desk.was_told("set this computer's clock"), 1);
    let fake = later(&fake, 37);
    assert_eq!(desk.fetch_now(&fake, 0).rows_added, 2);
    desk.assert_stored(0..37);
}

#[test]
fn a_clock_that_is_behind_hides_no_bars() {
    let desk = Desk::new(20);
    let fake = Arc::new(Fake { clock: (35, Tells::Time), ..fake_of(0..100) });
    desk.fetch_now(&fake, 0);
    desk.assert_stored(0..35);
    let fake = later(&fake, 47);
    let report = desk.fetch_now(&fake, 0);
    assert_eq!((report.rows_added, report.requests), (12, 2));
    desk.assert_stored(0..47);
}

#[test]
fn an_archive_that_fails_is_given_up_and_the_exchange_asked() {
    let desk = Desk::new(24 * 10);
    let exchange = Arc::new(Fake { clock: (24 * 10, Tells::Time), ..fake_of(0..24 * 10) });
    let archive = Arc::new(Fake {
        rows_max: (24 * 31, usize::MAX),
        fails: Some((0, SourceErrorKind::BadAnswer)),
        concurrency: 1,
        ..fake_of([])
    });
    let mut job = job(&exchange, 0, FetchEnd::Now);
    job.sources.archive = Some(source(&archive));
    assert!(matches!(desk.fetch(job).status, FetchStatus::Updated));
    desk.assert_stored(0..24 * 10);
    assert_eq!((archive.request_count(), desk.was_told("the exchange is asked instead")), (4, 4));
}

#[test]
fn a_failure_keeps_what_arrived_and_stops_no_other_job() {
    let desk = Desk::new(60);
    let clock = (60, Tells::Time);
    let fails = Some((3, SourceErrorKind::Timeout));
    let failing = Arc::new(Fake { clock, fails, concurrency: 1, ..fake_of(0..60) });
    let healthy = Arc::new(Fake { name: "healthy", clock, ..fake_of(0..60) });
    let other = FetchJob { key: key("ETH/USDT"), ..job(&healthy, 0, FetchEnd::Now) };
    let report = desk.fetch_all(vec![job(&failing, 0, FetchEnd::Now), other]);
    let [first, second] = report.series.as_slice() else { panic!("{report:?}") };
    assert!(matches!(first.status, FetchStatus::Failed(_)));
    assert_eq!((first.rows_held, failing.request_count()), (30, 4));
    assert_eq!((second.rows_held, second.missing.len()), (60, 0));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["series"][0]["status"], "failed");
    assert_eq!(json["series"][0]["error"], "fake: it was told to fail");
    assert_eq!(json["series"][0]["missing"][0]["reason"], "not_fetched");
    assert_eq!(json["series"][1]["status"], "updated");
    assert_eq!(desk.fetch_now(&later(&failing, 60), 0).rows_added, 30);
    desk.assert_stored(0..60);
}

#[test]
fn a_fallback_is_asked_only_if_allowed_and_only_after_failures_that_may_pass() {
    let clock = (60, Tells::Time);
    let other = || Fake { name: "other", clock, ..fake_of((0..40).chain(42..60)) };
    for (kind, allowed, asked) in [
        (SourceErrorKind::Unreachable, true, true),
        (SourceErrorKind::Unreachable, false, false),
        (SourceErrorKind::Symbol, true, false),
    ] {
        let desk = Desk::new(60);
        let fails = Some((2, kind));
        let failing = Arc::new(Fake { clock, fails, concurrency: 1, ..fake_of(0..60) });
        let other = Arc::new(other());
        let mut job = job(&failing, 0, FetchEnd::Now);
        if allowed {
            job.sources.fallbacks.push(source(&other));
        }
        let report = desk.fetch(job);
        assert_eq!(other.request_count() > 0, asked, "{kind:?}");
        assert_eq!(report.rows_held, if asked { 58 } else { 20 });
        assert_eq!(desk.was_told("other is asked for the rest"), usize::from(asked));
        if asked {
            // What the other one lacks, the exchange may have.
            assert!(matches!(report.status, FetchStatus::Partial), "{report:?}");
            assert_eq!(report.missing.first().unwrap().range, hours(40, 42));
            let spans: Vec<String> =
                desk.series().coverage().held().map(|span| span.source.to_string()).collect();
            assert_eq!(spans, ["fake", "other", "other"]);
            assert_eq!(desk.series().history().len(), 2);
            assert_eq!(desk.fetch_now(&later(&failing, 60), 0).rows_added, 2);
            desk.assert_stored(0..60);
        }
    }
}

#[test]
fn the_next_fallback_is_asked_when_one_fails_and_the_newest_bars_of_one_do_not_limit_the_next() {
    let clock = (60, Tells::Time);
    let desk = Desk::new(60);
    let down = Some((0, SourceErrorKind::Unavailable));
    let exchange = Arc::new(Fake { clock, fails: down, ..fake_of(0..60) });
    let unlisted = Some((0, SourceErrorKind::Symbol));
    let first = Arc::new(Fake { name: "first", clock, fails: unlisted, ..fake_of([]) });
    let newest = Fake {
        newest_rows: Some(10),
        fails: Some((1, SourceErrorKind::Timeout)),
        ..fake_of(0..60)
    };
    let second = Arc::new(Fake { name: "second", clock, rows_max: (5, usize::MAX), ..newest });
    let third = Arc::new(Fake { name: "third", clock, ..fake_of(0..60) });
    let mut job = job(&exchange, 0, FetchEnd::Now);
    job.sources.fallbacks = [&first, &second, &third].map(source).to_vec();
    let report = desk.fetch(job);
    assert!(matches!(report.status, FetchStatus::Updated), "{report:?}");
    assert_eq!(report.sources, ["second", "third"]);
    assert_eq!(second.asked().first(), Some(&(51, 56)));
    assert_eq!(desk.was_told("in place of the exchange"), 2);
    desk.assert_stored(0..60);
}

#[test]
fn the_later_state_of_a_contradictory_bar_is_kept_and_told() {
    let desk = Desk::new(30);
    let fake = Fake { contradictory: BTreeSet::from([4, 5, 25]), ..fake_of(0..30) };
    let fake = Arc::new(Fake { clock: (30, Tells::Time), ..fake });
    let report = desk.fetch_now(&fake, 0);
    desk.assert_stored(0..30);
    assert_eq!((report.conflicts, report.requests), (3, 3));
    assert_eq!(desk.was_told("in two versions"), 2);
    assert_eq!(desk.series().history().len(), 3);
}

#[test]
fn rows_that_are_no_bars_are_asked_for_again_and_never_stored() {
    let desk = Desk::new(30);
    let fake = Fake { unsound: [(4, 1), (15, 99)].into(), ..fake_of(0..30) };
    let fake = Arc::new(Fake { clock: (30, Tells::Time), concurrency: 1, ..fake });
    let report = desk.fetch_now(&fake, 0);
    assert!(matches!(report.status, FetchStatus::Partial));
    let missing = report.missing.first().unwrap();
    assert_eq!((missing.range, missing.reason), (hours(15, 16), MissingReason::Unsound));
    assert_eq!(desk.was_told("are no bars"), 1);
    desk.assert_stored((0..15).chain(16..30));
    let history = desk.series().history().len();
    desk.fetch_now(&fake, 0);
    assert_eq!(desk.series().history().len(), history);
    assert_eq!(desk.fetch_now(&later(&fake, 30), 0).rows_added, 1);
    desk.assert_stored(0..30);
}

#[test]
fn all_jobs_share_the_limits_of_a_source() {
    let desk = Desk::new(90);
    let fake = Fake { clock: (90, Tells::Time), slow: vec![3, 1, 2], ..fake_of(0..90) };
    let fake = Arc::new(fake);
    let jobs = ["A/B", "C/D", "E/F"]
        .map(|symbol| FetchJob { key: key(symbol), ..job(&fake, 0, FetchEnd::Now) });
    let report = desk.fetch_all(jobs.to_vec());
    assert!(report.series.iter().all(|series| series.rows_held == 90));
    assert_eq!(fake.under_way.lock().unwrap().1, 3);
}

#[test]
fn an_interrupted_fetch_keeps_what_arrived() {
    let desk = Desk::new(60);
    let clock = (60, Tells::Time);
    let stops = Some((3, desk.stop.clone()));
    let fake = Arc::new(Fake { clock, stops, concurrency: 1, slow: vec![1], ..fake_of(0..60) });
    let report = desk.fetch_now(&fake, 0);
    assert!(matches!(report.status, FetchStatus::Interrupted));
    assert_eq!((report.rows_held, fake.request_count()), (30, 4));
    let still_stopped = desk.fetch_now(&later(&fake, 60), 0);
    assert_eq!((still_stopped.rows_held, still_stopped.requests), (0, 0));
}

#[test]
fn a_fetch_can_be_moved_to_another_thread() {
    fn assert_send(_: &impl Send) {}
    let (desk, stop) = (Desk::new(0), Stop::new());
    let store = desk.store();
    let settings = FetchSettings { now: Timestamp::clamped(0), refresh: Refresh::Missing };
    assert_send(&fetch(&store, Vec::new(), settings, &stop, &|_| {}));
}
