//! Writers of one series wait for each other; readers see one whole state, whatever writers do.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// Pages of each writer.
const PAGES: i64 = 60;

/// Bars of a page.
const PAGE_BARS: i64 = 5;

#[test]
fn two_writers_and_readers_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let is_done = AtomicBool::new(false);
    // Each has a store of its own, as two processes would.
    let write = |starts: &dyn Fn(i64) -> i64| {
        let store = Store::new(folder.path());
        for number in 0..PAGES {
            let start = starts(number) * PAGE_BARS;
            let mut editor = store.edit(&key(), &mut || ()).unwrap();
            editor.add(page(start..start + PAGE_BARS)).unwrap();
            if number % 3 == 0 {
                editor.finish().unwrap();
            }
        }
    };
    let look = || {
        let store = Store::new(folder.path());
        let mut rows_before = 0;
        while !is_done.load(Ordering::Relaxed) {
            let Some(series) = store.series(&key()).unwrap() else { continue };
            let bars = series.verified_bars().unwrap();
            let rows = bars.times().iter().map(|time| time / HOUR);
            let expected = bars_at(rows.map(|hour| hour * HOUR));
            assert_eq!(bars, Bars::new(key().interval, expected).unwrap());
            let held: i64 = series.coverage().held().map(|span| span.range.length_ms()).sum();
            assert_eq!(usize::try_from(held / HOUR).unwrap(), bars.len());
            assert!(bars.len() >= rows_before, "bars went away");
            rows_before = bars.len();
        }
    };
    std::thread::scope(|scope| {
        let readers = [scope.spawn(look), scope.spawn(look)];
        let writers = [
            scope.spawn(|| write(&|number| number)),
            scope.spawn(|| write(&|number| 2 * PAGES - 1 - number)),
        ];
        let written: Vec<bool> = writers.into_iter().map(|writer| writer.join().is_ok()).collect();
        is_done.store(true, Ordering::Relaxed);
        assert_eq!(written, [true, true]);
        for reader in readers {
            reader.join().unwrap();
        }
    });
    let store = Store::new(folder.path());
    let series = add(&store, []);
    assert_eq!(series.bars(), expected_bars(0..2 * PAGES * PAGE_BARS));
    let verification = store.verify(&[key()], &mut |_| ()).remove(0);
    assert!(verification.is_intact() && verification.orphans.is_empty(), "{verification:?}");
}

#[test]
fn an_open_series_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let series = add(&store, [page(0..10)]);
    let bars = series.bars();
    add(&store, [page(10..20)]);
    store.remove(&key()).unwrap();
    assert_eq!(series.verified_bars().unwrap(), expected_bars(0..10));
    assert_eq!(bars, expected_bars(0..10));
}

#[test]
fn who_waits_for_a_lock_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let editor = store.edit(&key(), &mut || panic!("nobody else is here")).unwrap();
    let (told, is_waiting) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            store.edit(&key(), &mut || told.send(()).unwrap()).unwrap().finish().unwrap().rows()
        });
        is_waiting.recv().unwrap();
        let mut editor = editor;
        editor.add(page(0..7)).unwrap();
        drop(editor);
        assert_eq!(second.join().unwrap(), 7);
    });
}
