//! Pages come in any order, overlap and are repeated; what is held is what the last of them said.

use proptest::prelude::*;

use super::*;
use crate::store::StoreError;
use crate::store::ledger::held_and_empty;
use crate::{Coverage, State};

/// Hours of the naive model.
const HOURS: i64 = 60;

/// A page of a source that has no bar in some of the hours and other prices than another source.
fn source_page(range: Range<i64>, missing: u64, source: usize) -> Addition {
    let is_held = |hour: i64| missing >> (hour % 60) & 1 == 0;
    // A bar off the grid now and then: sources have restarted at odd minutes.
    let late_ms = |hour: i64| if hour % 11 == 3 && !is_held(hour + 1) { 60_000 } else { 0 };
    let held = range.clone().filter(|hour| is_held(*hour));
    let mut rows = bars_at(held.map(|hour| hour * HOUR + late_ms(hour)));
    for volume in &mut rows.volume {
        *volume += source as f64;
    }
    let source = ["binance", "kraken"][source].to_owned();
    Addition { range: hours(range), rows, source, notes: Vec::new() }
}

fn pages() -> impl Strategy<Value = Vec<(i64, i64, u64, usize, bool)>> {
    let page = (0..HOURS, 0..20_i64, any::<u64>(), 0..2_usize, any::<bool>());
    proptest::collection::vec(page, 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_pages_leave_what_the_last_of_them_said(pages in pages()) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        let mut model: Vec<(i64, f64)> = Vec::new();
        let mut asked = Coverage::new();
        let mut editor = store.edit(&key(), &mut || ()).unwrap();
        for (from, length, missing, source, ends_session) in pages {
            let page = source_page(from..from + length, missing & missing.rotate_left(7), source);
            let mut next = model.clone();
            next.retain(|(time, _)| !page.range.contains(*time));
            next.extend(page.rows.time.iter().copied().zip(page.rows.volume.iter().copied()));
            next.sort_by_key(|(time, _)| *time);
            let overlaps = next.windows(2).any(|pair| pair[1].0 - pair[0].0 < HOUR);
            let added = editor.add(page.clone());
            prop_assert_eq!(added.is_err(), overlaps, "{:?}", added);
            if !overlaps {
                model = next;
                asked.set(page.range, State::Held, &page.source);
            }
            if ends_session {
                editor.finish().unwrap();
                editor = store.edit(&key(), &mut || ()).unwrap();
            }
            let times = model.iter().map(|(time, _)| *time);
            let exact: Coverage =
                held_and_empty(asked.spans().to_vec(), times, key().interval).into_iter().collect();
            prop_assert_eq!(editor.coverage(), &exact);
        }
        let series = editor.finish().unwrap();
        let Some(held) = store.series(&key()).unwrap() else {
            prop_assert!(asked.spans().is_empty(), "nothing is kept of {:?}", asked);
            return Ok(());
        };
        prop_assert_eq!(held.coverage(), series.coverage());
        prop_assert_eq!(held.asked(), &asked);
        let held = held.verified_bars().unwrap();
        let found: Vec<(i64, f64)> =
            held.times().iter().copied().zip(held.volume().iter().copied()).collect();
        prop_assert_eq!(found, model);
        prop_assert!(Bars::new(key().interval, copied(&held)).is_ok());
        let verification = store.verify(&[key()], &mut |_| ()).remove(0);
        prop_assert!(verification.is_intact(), "{:?}", verification);
        prop_assert!(verification.orphans.is_empty(), "{:?}", verification);
    }
}

#[test]
fn the_version_does_not_depend_on_how_the_bars_came() {
    let folders =
        [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let stores = folders.each_ref().map(|folder| Store::new(folder.path()));
    let at_once = add(&stores[0], [page(0..2_000)]);
    let forwards = add(&stores[1], (0..40).map(|number| page(number * 50..number * 50 + 50)));
    let backwards = (0..40).rev().map(|number| page(number * 50..number * 50 + 60));
    let backwards = add(&stores[2], backwards.chain([page(0..2_000)]));
    assert_eq!(at_once.version(), forwards.version());
    // The last page of the backward run is 10 bars longer.
    assert_ne!(at_once.version(), backwards.version());
    assert_eq!(backwards.bars().rows(0..2_000), at_once.bars());
    // Without the end of a session the version is the same.
    let mut editor = stores[1].edit(&key(), &mut || ()).unwrap();
    editor.add(page(2_000..2_010)).unwrap();
    drop(editor);
    assert_eq!(read(&stores[1]).version(), backwards.version());
}

#[test]
fn a_page_that_says_nothing_new_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    add(&store, [page(0..100)]);
    let before = files(&folder_of(&store));
    let mut editor = store.edit(&key(), &mut || ()).unwrap();
    let added = editor.add(page(20..60)).unwrap();
    assert_eq!(added, Added { rows_equal: 40, ..Added::default() });
    // Not even what a new manifest would say is the same: the files were not touched.
    fs::remove_file(folder_of(&store).join("manifest.json")).unwrap();
    editor.add(page(0..100)).unwrap();
    editor.finish().unwrap();
    assert!(!folder_of(&store).join("manifest.json").exists());
    restore(&folder_of(&store), &before);
}

#[test]
fn holes_that_were_asked_for_are_empty_and_the_rest_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let rows = bars_at([0, 1, 2, 7, 8].map(|hour| hour * HOUR));
    let series = add(&store, [page_of(0..10, rows), page_of(20..30, bars(0..0))]);
    let spans: Vec<(TimeRange, State)> =
        series.coverage().spans().iter().map(|span| (span.range, span.state)).collect();
    let expected = [
        (hours(0..3), State::Held),
        (hours(3..7), State::Empty),
        (hours(7..9), State::Held),
        (hours(9..10), State::Empty),
        (hours(20..30), State::Empty),
    ];
    assert_eq!(spans, expected);
    assert_eq!(series.coverage().missing(hours(0..40)), [hours(10..20), hours(30..40)]);
    assert_eq!(series.asked().missing(hours(0..40)), [hours(10..20), hours(30..40)]);
}

#[test]
fn rows_that_are_no_bars_of_the_range_are_refused_and_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    add(&store, [page(0..10)]);
    let before = files(&folder_of(&store));
    let mut editor = store.edit(&key(), &mut || ()).unwrap();
    let outside = editor.add(page_of(10..12, bars(10..13))).unwrap_err();
    assert!(matches!(outside, StoreError::OutsideRange { .. }), "{outside}");
    let mut descending = bars(10..12);
    descending.time.reverse();
    let unsound = editor.add(page_of(10..12, descending)).unwrap_err();
    assert!(matches!(unsound, StoreError::Unsound { .. }), "{unsound}");
    let mut odd = page_of(10..12, bars_at([10 * HOUR - 60_000]));
    odd.range = TimeRange::from_ms(10 * HOUR - 60_000, 12 * HOUR);
    let overlapping = editor.add(odd).unwrap_err();
    let message = overlapping.to_string();
    assert!(
        message.contains(
            "1970-01-01T09:59:00Z is closer than 1h to the held bar at 1970-01-01T09:00:00Z"
        ),
        "{message}"
    );
    editor.finish().unwrap();
    assert_eq!(files(&folder_of(&store)), before);
}

#[test]
fn minus_zero_is_zero() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let mut rows = bars(0..2);
    rows.volume = vec![-0.0, 0.0];
    let series = add(&store, [page_of(0..2, rows)]);
    assert!(series.bars().volume()[0].is_sign_positive());
}

#[test]
fn keys_of_unusual_names_are_kept_apart_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    assert!(store.keys().unwrap().is_empty());
    let symbols = ["BTC/USDT", "BTC-USDT", "btc/usdt", "CON", "..", "A/B:C", "Ω/€"];
    let mut keys: Vec<SeriesKey> = symbols
        .into_iter()
        .map(|symbol| SeriesKey { symbol: symbol.to_owned(), ..key() })
        .collect();
    for key in &keys {
        let mut editor = store.edit(key, &mut || ()).unwrap();
        editor.add(page(0..1)).unwrap();
        editor.finish().unwrap();
    }
    fs::create_dir_all(folder.path().join("Binance/btc/60m")).unwrap();
    fs::write(folder.path().join("Binance/btc/60m/manifest.json"), "").unwrap();
    keys.sort();
    assert_eq!(store.keys().unwrap(), keys);
    for key in &keys {
        assert_eq!(store.series(key).unwrap().unwrap().key(), key);
    }
}
