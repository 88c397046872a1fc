//! Whatever the history and the habits of an exchange: what is stored is what it has.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::desk::{Desk, at, job};
use crate::fetch::Stop;
use crate::fetch::fake::{Fake, Gives, Tells};
use crate::source::SourceErrorKind;

/// What a source is like, apart from its bars.
#[derive(Clone, Debug)]
struct Habits {
    rows_max: (u32, usize),
    gives: Gives,
    beside: i64,
    blank: BTreeSet<usize>,
    contradictory: BTreeSet<i64>,
    slow: Vec<usize>,
    concurrency: u32,
}

fn habits() -> impl Strategy<Value = Habits> {
    let rows_max =
        prop_oneof![(5..40_u32).prop_map(|rows| (rows, usize::MAX)), (5..40_u32, 3..9_usize)];
    let gives = prop_oneof![Just(Gives::FirstRows), Just(Gives::LastRows), Just(Gives::Descending)];
    // Several requests are under way at once, so that single blank answers hardly ever meet the same question twice.
    let blank = proptest::collection::btree_set(0..60_usize, 0..2);
    let contradictory = proptest::collection::btree_set(0..150_i64, 0..5);
    (
        rows_max,
        gives,
        0..5_i64,
        blank,
        contradictory,
        proptest::collection::vec(0..4_usize, 1..5),
        1..5_u32,
    )
        .prop_map(|(rows_max, gives, beside, blank, contradictory, slow, concurrency)| {
            // Rows beside the range would use up a page that is cut off, and a bar in two states may be cut in between.
            let is_cut = rows_max.1 < usize::MAX;
            let (beside, contradictory) =
                if is_cut { (0, BTreeSet::new()) } else { (beside, contradictory) };
            Habits { rows_max, gives, beside, blank, contradictory, slow, concurrency }
        })
}

fn history() -> impl Strategy<Value = BTreeSet<i64>> {
    let dice = proptest::collection::vec(0.0..1.0_f64, 150);
    (dice, prop_oneof![Just(1.0), Just(0.97), Just(0.4)], 0..60_i64).prop_map(
        |(dice, share, listing)| {
            let held = (0..).zip(dice).filter(|(_, die)| *die < share).map(|(hour, _)| hour);
            held.filter(|hour| *hour >= listing).collect()
        },
    )
}

fn fake_with(habits: &Habits, bars: &BTreeSet<i64>) -> Fake {
    let Habits { rows_max, gives, beside, blank, contradictory, slow, concurrency } =
        habits.clone();
    let fake = Fake {
        rows_max,
        concurrency,
        gives,
        beside,
        blank,
        contradictory,
        slow,
        ..Fake::default()
    };
    Fake { bars: bars.clone(), clock: (149, Tells::Time), ..fake }
}

/// Requests that bring 149 hours up to date, at most: a window takes four; a page of a source that gives less than it
/// promised takes three; a blank answer takes one more; each cached part may add a window.
fn requests_max(habits: &Habits) -> usize {
    let window = usize::try_from(habits.rows_max.0).unwrap();
    let page = habits.rows_max.1.min(window) - 1;
    4 * (150 / window + 4) + 3 * (150 / page + 1) + habits.blank.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_stored_is_what_the_exchange_has(
        truth in history(),
        habits in habits(),
        cached in proptest::collection::vec((0..149_i64, 1..50_i64), 0..3),
    ) {
        let desk = Desk::new(149);
        for (from, bars) in cached {
            let clean = Fake { bars: truth.clone(), clock: (149, Tells::Time), ..Fake::default() };
            desk.fetch(job(&Arc::new(clean), from, at(from + bars)));
        }
        let fake = Arc::new(fake_with(&habits, &truth));
        let report = desk.fetch_now(&fake, 0);
        prop_assert!(report.missing.is_empty(), "{:?}", report);
        prop_assert!(fake.request_count() <= requests_max(&habits), "{}", fake.request_count());
        desk.assert_stored(truth.iter().copied().filter(|hour| *hour < 149));
        let again = desk.fetch_now(&fake, 0);
        prop_assert_eq!((again.requests, again.version), (0, report.version));
    }

    #[test]
    fn after_an_interruption_anywhere_the_next_fetch_comes_to_the_same_version(
        truth in history(),
        habits in habits(),
        at_request in 0..60_usize,
        fails in any::<bool>(),
    ) {
        let whole = Desk::new(149).fetch_now(&Arc::new(fake_with(&habits, &truth)), 0);
        let mut desk = Desk::new(149);
        let interrupted = if fails {
            let fails = Some((at_request, SourceErrorKind::Unreachable));
            Fake { fails, ..fake_with(&habits, &truth) }
        } else {
            let stops = Some((at_request, desk.stop.clone()));
            Fake { stops, ..fake_with(&habits, &truth) }
        };
        let first = desk.fetch_now(&Arc::new(interrupted), 0);
        desk.stop = Stop::new();
        let second = desk.fetch_now(&Arc::new(fake_with(&habits, &truth)), 0);
        prop_assert!(second.missing.is_empty(), "{:?} {:?}", first, second);
        prop_assert_eq!(second.version, whole.version);
        prop_assert_eq!(first.rows_held + second.rows_added, second.rows_held);
    }
}
